// Checks that the native sources are formatted as native/.clang-format says; --write formats them.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const write = process.argv.includes('--write');
const files = ['include', 'core', 'load', 'bridge', 'tests'].flatMap((folder) =>
  readdirSync(join(root, 'native', folder))
    .filter((name) => /\.(c|h|cpp|hpp)$/.test(name))
    .map((name) => join('native', folder, name)),
);
// The package's own launcher: it knows the binary for this platform.
const require = createRequire(import.meta.url);
const packageFile = require.resolve('clang-format-node/package.json');
const { bin } = require(packageFile);
const launcher = join(dirname(packageFile), typeof bin === 'string' ? bin : bin['clang-format']);
const mode = write ? ['-i'] : ['--dry-run', '--Werror'];
const { status, error } = spawnSync(process.execPath, [launcher, ...mode, ...files], { cwd: root, stdio: 'inherit' });
if (error) throw error;
if (status !== 0 && !write) console.error('Format with: node scripts/lint-native-format.mjs --write');
process.exit(status ?? 1);
