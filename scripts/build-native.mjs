// Builds native/build/drainproof.node with make and g++, and says plainly what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = process.env.CXX ?? 'g++';
const missing = [];
for (const tool of ['make', compiler]) {
  if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0) missing.push(tool);
}
if (missing.length > 0) {
  console.error(`The native drain cannot be built: ${missing.join(' and ')} not found.`);
  console.error('Install a C++20 compiler (g++ 11 or later) and make, then run this again:');
  console.error('  Debian, Ubuntu: sudo apt-get install g++ make');
  console.error('  Fedora:         sudo dnf install gcc-c++ make');
  console.error('The rest of drainproof works without it.');
  process.exit(1);
}
if (!existsSync(join(root, 'node_modules', 'node-api-headers', 'include', 'node_api.h'))) {
  console.error('The native drain cannot be built: node-api-headers is not installed. Run: npm install');
  process.exit(1);
}
const { status } = spawnSync('make', ['-s', '-C', join(root, 'native'), `-j${availableParallelism()}`, 'addon'], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
