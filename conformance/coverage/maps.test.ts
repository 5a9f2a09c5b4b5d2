import libCoverage from 'istanbul-lib-coverage';
import { describe, expect, it } from 'vitest';
import { coverageEnvironment } from './environment.js';
import { gcovCoverage, type GcovData } from './gcov-map.js';
import { commonFolder, coverageRecords, nameIn, uncoveredRanges } from './records.js';

const NATIVE = '/drain/native';

/** One object's data: `visit` is a template with two instances, `unused` never ran. */
function object(more: Partial<GcovData['files'][number]> = {}): GcovData {
  return {
    current_working_directory: NATIVE,
    files: [
      {
        file: 'core/visit.hpp',
        functions: [
          { demangled_name: 'visit<int>', start_line: 3, end_line: 8, execution_count: 2 },
          { demangled_name: 'visit<long>', start_line: 3, end_line: 8, execution_count: 0 },
          { demangled_name: 'unused', start_line: 10, end_line: 12, execution_count: 0 },
        ],
        lines: [
          { line_number: 3, count: 2, branches: [] },
          {
            line_number: 4,
            count: 2,
            branches: [
              { count: 2, throw: false },
              { count: 0, throw: false },
              { count: 0, throw: true },
            ],
          },
          {
            line_number: 5,
            count: 0,
            branches: [
              { count: 0, throw: false },
              { count: 0, throw: true },
            ],
          },
          { line_number: 10, count: 0, branches: [] },
          { line_number: 12, count: 0, branches: [] },
        ],
        ...more,
      },
      { file: '/usr/include/c++/12/vector', functions: [], lines: [{ line_number: 1, count: 1, branches: [] }] },
      { file: '../node_modules/api/api.h', functions: [], lines: [{ line_number: 1, count: 1, branches: [] }] },
      { file: 'node_modules/api/api.h', functions: [], lines: [{ line_number: 1, count: 1, branches: [] }] },
    ],
  };
}

const recordsOf = (objects: readonly GcovData[]) =>
  coverageRecords(libCoverage.createCoverageMap(gcovCoverage(objects, NATIVE)), { drain: 'native', folder: NATIVE });

describe('gcov data as a coverage map', () => {
  it('keeps the drain’s own sources, and no edge that only an exception takes', () => {
    expect(recordsOf([object()])).toEqual([
      {
        type: 'coverage',
        drain: 'native',
        file: 'core/visit.hpp',
        lines: { covered: 2, total: 5 },
        branches: { covered: 1, total: 2 },
        functions: { covered: 1, total: 2 },
        uncovered: [[5, 12]],
      },
    ]);
  });

  it('adds up what several objects counted of one header', () => {
    const other = object({
      functions: [{ demangled_name: 'unused', start_line: 10, end_line: 12, execution_count: 1 }],
      lines: [
        {
          line_number: 4,
          count: 1,
          branches: [
            { count: 0, throw: false },
            { count: 1, throw: false },
          ],
        },
        { line_number: 10, count: 1, branches: [] },
      ],
    });
    expect(recordsOf([object(), other])[0]).toMatchObject({
      lines: { covered: 3, total: 5 },
      branches: { covered: 2, total: 2 },
      functions: { covered: 2, total: 2 },
      uncovered: [
        [5, 5],
        [12, 12],
      ],
    });
  });

  it('merges runs as any coverage map does', () => {
    const map = libCoverage.createCoverageMap(gcovCoverage([object()], NATIVE));
    map.merge(gcovCoverage([object()], NATIVE));
    const [path] = map.files();
    expect(map.fileCoverageFor(path!).getLineCoverage()).toMatchObject({ 3: 4, 4: 4, 5: 0 });
  });
});

describe('coverage records', () => {
  it('name files relative to the folder above all of them', () => {
    expect(commonFolder(['/a/b/core/x.cpp', '/a/b/y.ts', '/a/b/core/deep/z.hpp'])).toBe('/a/b');
    expect(commonFolder(['/a/x.ts', '/b/x.ts'])).toBe('/');
    expect(commonFolder(['/a/b/only.js'])).toBe('/a/b');
    expect(commonFolder([])).toBe('/');
    expect(nameIn('/a', '/a/b/c.ts')).toBe('b/c.ts');
    expect(nameIn('/a/c.ts', '/a/c.ts')).toBe('c.ts');
  });

  it('join lines that nothing reached across lines without code', () => {
    const file = { getLineCoverage: () => ({ 9: 0, 1: 0, 2: 0, 5: 0, 7: 3, 12: 0 }) };
    expect(uncoveredRanges(file)).toEqual([
      [1, 5],
      [9, 12],
    ]);
    expect(uncoveredRanges({ getLineCoverage: () => ({}) })).toEqual([]);
  });

  it('carry the family when they are of one', () => {
    const map = libCoverage.createCoverageMap(gcovCoverage([object()], NATIVE));
    expect(coverageRecords(map, { drain: 'd', folder: NATIVE, family: 'LANE' })[0]).toMatchObject({ family: 'LANE' });
  });
});

describe('the environment of a measured subject', () => {
  const addons = { native: { path: '/n/build/coverage/a.node', objects: '/n/build/coverage', sources: '/n' } };
  const plan = { root: '/tmp/raw', addons, lastCheck: undefined };

  it('sends each family’s data to a folder of its own', () => {
    expect(coverageEnvironment(plan, 'mine', 'LANE')).toEqual({ NODE_V8_COVERAGE: '/tmp/raw/mine/LANE/v8' });
  });
  it('loads the addon that counts, and strips the path of its objects', () => {
    expect(coverageEnvironment(plan, 'native', 'LOSS')).toEqual({
      NODE_V8_COVERAGE: '/tmp/raw/native/LOSS/v8',
      DRAINPROOF_NATIVE_ADDON: '/n/build/coverage/a.node',
      GCOV_PREFIX: '/tmp/raw/native/LOSS/gcov',
      GCOV_PREFIX_STRIP: '3',
    });
  });
});
