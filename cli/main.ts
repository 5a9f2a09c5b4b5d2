#!/usr/bin/env node
import { runCli } from './program.js';

// Whoever read the output has enough of it (`drainproof list | head`): what is left to do is done, its exit code counts.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await runCli(process.argv);
