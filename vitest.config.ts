import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, longest first: begun at the end, one of them would run alone, beside an idle core. */
const LONG = [
  'conformance/broken/broken',
  'conformance/odd/odd',
  'cli/misbehaving',
  'conformance/broken/commands',
  'cli/stress-command',
  'stress/broken/broken',
  'cli/declare',
  'conformance/subject/free',
  'conformance/model/model',
  'conformance/checks-robust',
].map((name) => `/dist/${name}.test.js`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? LONG.length : at;
    };
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** Judges both drains by every check, with threads that race: beside other tests it would take four times as long. */
const ALONE = 'dist/cli/run-command.test.js';
const BUILT = ['dist/broken-*/**', 'dist/odd-*/**', 'dist/lying-*/**'];

// Tests run compiled, from dist/: worker threads and child processes run the same files, and c8 maps all of them back.
export default defineConfig({
  test: {
    // texts are compared: neither a terminal nor CI colours them
    env: { NO_COLOR: '1' },
    testTimeout: 300_000,
    hookTimeout: 60_000,
    pool: 'threads',
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    server: { deps: { external: [/\/dist\/(?!.*\.test\.js$)/] } },
    projects: [
      { extends: true, test: { name: 'alone', include: [ALONE], sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['dist/**/*.test.js'],
          exclude: [ALONE, ...BUILT],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
