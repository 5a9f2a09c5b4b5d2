import { defineConfig } from 'vitest/config';

// Tests run compiled, from dist/: worker threads and child processes run the same files, and c8 maps all of them back.
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: ['dist/broken-*/**', 'dist/odd-*/**', 'dist/lying-*/**'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\/(?!.*\.test\.js$)/] } },
  },
});
