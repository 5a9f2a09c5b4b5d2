import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LoadError } from './load-error.js';
import { checkLoad, configOf, parseLoad, type LoadInput } from './load.js';

const group = { name: 'a', count: 2, arrivals: { kind: 'backlogged' } } as const;
const load = (rest: object): unknown => ({ version: 1, groups: [group], ...rest });

test('defaults are filled in', () => {
  const checked = checkLoad({ version: 1, groups: [group] } satisfies LoadInput, 'here');
  expect(checked).toMatchObject({
    visits: 100_000,
    seed: 1,
    costs: { visitNs: 100, eventNs: 5, sinkNs: 200, skipNs: 30 },
  });
  expect(checked.groups[0]).toMatchObject({ weight: 1, priority: 0, heldChance: 0, arrivals: { pending: 100_000 } });
  expect(configOf(checked)).toMatchObject({ quantum: 256, maxSkips: 4, detailCapacity: 0 });
});

test.each([
  [load({ version: 2 }), 'version'],
  [load({ groups: [] }), 'groups'],
  [load({ groups: [{ ...group, weight: 0 }] }), 'groups.0.weight'],
  [load({ groups: [{ ...group, name: '<b>' }] }), 'a name of 1 to 24'],
  [load({ groups: [{ ...group, arrivals: { kind: 'rarely' } }] }), 'groups.0.arrivals'],
  [load({ groups: [group, group] }), "two groups are called 'a'"],
  [load({ groups: [{ ...group, node: 1 }] }), 'runs on node 1'],
  [load({ groups: [{ ...group, joinNs: 5, leaveNs: 5 }] }), 'leaves at 5 ns'],
  [
    load({
      groups: [
        { ...group, count: 65_536 },
        { ...group, name: 'b' },
      ],
    }),
    'it has 65538 threads',
  ],
  [load({ config: { quantum: 0 } }), 'quantum is 0'],
  [load({ config: { quantumMin: 9, quantumMax: 8 } }), 'quantumMax is 8'],
  [load({ config: { slots: 4 } }), 'config'],
  [load({ costs: { visitNs: 0 } }), 'costs.visitNs'],
  [[], 'the load'],
])('%j is refused: %s', (value, words) => {
  expect(() => checkLoad(value, 'load.json')).toThrow(LoadError);
  expect(() => checkLoad(value, 'load.json')).toThrow(words);
  expect(() => checkLoad(value, 'load.json')).toThrow(/^load\.json: /);
});

test.each([
  ['{', 'it is no JSON ('],
  ['[1]', 'it is no JSON object'],
  ['null', 'it is no JSON object'],
])('the text %j is refused', (text, words) => {
  expect(() => parseLoad(text, 'load.json')).toThrow(words);
});

test('a refusal tells what was expected and what to do', () => {
  try {
    parseLoad('{', 'load.json');
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ source: 'load.json', expected: 'one JSON object', action: 'mend it by hand' });
  }
});

test('the example of docs/tuning.md can be used', () => {
  const load = parseLoad(readFileSync('docs/examples/load.json', 'utf8'), 'load.json');
  expect(load.groups.map(({ name, count }) => `${count} ${name}`)).toEqual([
    '48 workers',
    '4 busy',
    '8 bursts',
    '3 control',
    '1 late',
  ]);
});
