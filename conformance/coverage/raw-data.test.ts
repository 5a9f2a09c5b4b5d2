import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import libCoverage from 'istanbul-lib-coverage';
import { afterAll, describe, expect, it } from 'vitest';
import { coverageEnvironment } from './environment.js';
import { gcovCoverage } from './gcov-map.js';
import { CoverageError, buildMeasuredAddon, readGcov } from './gcov-run.js';
import { coverageRecords } from './records.js';
import { keepScriptsOf, scriptCoverage } from './script-coverage.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drainproof-raw-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('scripts', () => {
  const main = write(
    'drain/main.mjs',
    `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { both } from './both.mjs';
import { other } from '../elsewhere.mjs';
import { inside } from './node_modules/dependency/index.mjs';
both(isMainThread);
if (isMainThread) new Worker(new URL(import.meta.url)).once('message', () => process.exit(0));
else setInterval(() => parentPort.postMessage(other() + inside()), 10); // never ends by itself
`,
  );
  write('drain/both.mjs', `export function both(main) {\n  if (main) return 1;\n  return 2;\n}\n`);
  write('drain/never.mjs', `export function never() {\n  return 1;\n}\n`);
  write('drain/main.test.mjs', `throw new Error('not part of the drain');\n`);
  write('drain/node_modules/dependency/index.mjs', `export const inside = () => 1;\n`);
  write('elsewhere.mjs', `export const other = () => 1;\n`);
  const raw = join(folder, 'v8');
  const kept = join(folder, 'kept');
  const drain = join(folder, 'drain');

  it('count what the main thread and its workers ran, and files that nothing loaded', async () => {
    const { status } = spawnSync(process.execPath, [main], { env: { ...process.env, NODE_V8_COVERAGE: raw } });
    expect(status).toBe(0);
    writeFileSync(join(raw, 'coverage-half.json'), '{"result":[{"url"');
    writeFileSync(join(raw, 'coverage-other.json'), '{"result":[]}');
    writeFileSync(join(raw, 'coverage-odd.json'), '{}');
    keepScriptsOf(drain, raw, kept);
    expect(readdirSync(kept)).toHaveLength(2);
    const map = await scriptCoverage(kept, { folder: drain, all: true });
    const records = coverageRecords(map, { drain: 'mine', folder: drain });
    expect(records.map(({ file, lines }) => [file, lines.covered, lines.total])).toEqual([
      ['both.mjs', 4, 4],
      ['main.mjs', 7, 7],
      ['never.mjs', 0, 3],
    ]);
    const loaded = await scriptCoverage(kept, { folder: drain, all: false });
    expect(loaded.files().sort()).toEqual([join(drain, 'both.mjs'), main]);
  });

  it('that wrote nothing count nothing', async () => {
    const none = join(folder, 'none');
    keepScriptsOf(drain, join(folder, 'missing'), none);
    expect(existsSync(none)).toBe(true);
    expect((await scriptCoverage(none, { folder: drain, all: false })).files()).toEqual([]);
  });
});

describe('native code', () => {
  const native = join(folder, 'native');
  write('native/core/tiny.hpp', `inline int half(int x) {\n  if (x % 2)\n    return -1;\n  return x / 2;\n}\n`);
  write(
    'native/core/one.cpp',
    `#include "tiny.hpp"\nint two();\nint main() { return half(4) == 2 && two() == -1 ? 0 : 1; }\n`,
  );
  write('native/core/two.cpp', `#include "tiny.hpp"\nint two() { return half(3); }\nint never() { return 1; }\n`);
  write(
    'native/Makefile',
    `FLAGS = --coverage -O0 -fno-exceptions
coverage-addon: build/coverage/drainproof.node
build/coverage/drainproof.node: build/coverage/core/one.cpp.o build/coverage/core/two.cpp.o
	g++ $(FLAGS) -o $@ $^
build/coverage/%.cpp.o: %.cpp
	@mkdir -p $(@D)
	g++ $(FLAGS) -c -o $@ $<
`,
  );

  it('counts into the folder that the environment names, and objects that never ran count as not reached', () => {
    const addon = buildMeasuredAddon(native);
    const plan = { root: folder, addons: { native: addon }, lastCheck: undefined };
    const env = { ...process.env, ...coverageEnvironment(plan, 'native', 'LANE') };
    expect(spawnSync(addon.path, { env }).status).toBe(0);
    const recordsIn = (raw: string) =>
      coverageRecords(libCoverage.createCoverageMap(gcovCoverage(readGcov(addon, raw), addon.sources)), {
        drain: 'native',
        folder: native,
      });
    const counted = recordsIn(join(folder, 'native/LANE/gcov'));
    expect(counted.map(({ file, lines, functions }) => [file, lines.covered, lines.total, functions.covered])).toEqual([
      ['core/one.cpp', 1, 1, 1],
      ['core/tiny.hpp', 4, 4, 1],
      ['core/two.cpp', 1, 2, 1],
    ]);
    expect(counted[1]!.branches).toEqual({ covered: 2, total: 2 });
    const never = recordsIn(join(folder, 'native/LOSS/gcov'));
    expect(never.map(({ lines }) => lines.covered)).toEqual([0, 0, 0]);
  });

  it('that cannot be built is named, with what it takes', () => {
    write('broken/Makefile', 'coverage-addon:\n\t@echo no compiler here >&2; exit 1\n');
    const build = (name: string) => () => buildMeasuredAddon(join(folder, name));
    expect(build('broken')).toThrow(CoverageError);
    expect(build('broken')).toThrow(/no compiler here[^]*make, g\+\+ and the gcov/);
    expect(build('nowhere')).toThrow(/gcov --version' failed: .*ENOENT/);
  });
});
