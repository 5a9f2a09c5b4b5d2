import { defineConfig } from 'vitest/config';

/**
 * For Stryker (`npm run mutation`): the checkers' own unit tests, from their TypeScript sources, because those are what it
 * mutates. Without soundness.test.ts: generated histories kill by luck, and a score must be the same on every run. Not isolated:
 * each mutant's run loads the modules once, not once for each test file.
 */
export default defineConfig({
  test: {
    include: ['conformance/checkers/*.test.ts'],
    exclude: ['conformance/checkers/soundness.test.ts'],
    testTimeout: 20_000,
    isolate: false,
  },
});
