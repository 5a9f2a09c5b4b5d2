// Builds both halves at once: native/build/drainproof.node (make, g++) and dist/ (tsc).
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const half = (...args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => resolve(code ?? 1));
  });
const codes = await Promise.all([
  half(join(root, 'scripts', 'build-native.mjs')),
  half(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'),
]);
process.exitCode = codes.find((code) => code !== 0) ?? 0;
