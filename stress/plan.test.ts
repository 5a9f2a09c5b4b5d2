import { describe, expect, test } from 'vitest';
import { PROFILES, SCENARIO_IDS, planTasks, scenarioOf, type Task } from './plan.js';
import { SATURATION_THREADS } from './saturation.js';
import { ALL_SCENARIOS, SCENARIOS, SOAK } from './scenarios.js';

const { quick, standard, soak } = PROFILES;
const names = (tasks: readonly Task[]): (string | number)[] =>
  tasks.map((task) => ('scenario' in task ? task.scenario.id : task.saturation));
const ids = SCENARIOS.map(({ id }) => id);

describe('tasks', () => {
  test('of a profile are its scenarios, and the curve where it has time for one', () => {
    expect(names(planTasks(quick, {}))).toEqual(ids);
    expect(names(planTasks(standard, {}))).toEqual([...ids, ...SATURATION_THREADS]);
    expect(names(planTasks(soak, {}))).toEqual(['soak']);
  });
  test('of named scenarios are those alone', () => {
    expect(names(planTasks(standard, { only: [SOAK, SCENARIOS[3]!] }))).toEqual(['soak', ids[3]]);
    expect(planTasks(standard, { only: [] })).toEqual([]);
  });
  test('of the curve are the curve alone, whatever the profile, and beside scenarios that are named', () => {
    for (const profile of [quick, standard])
      expect(names(planTasks(profile, { saturation: true }))).toEqual([...SATURATION_THREADS]);
    expect(names(planTasks(quick, { saturation: true, only: [SOAK] }))).toEqual(['soak', ...SATURATION_THREADS]);
    expect(names(planTasks(standard, { saturation: false }))).toEqual([...ids, ...SATURATION_THREADS]);
  });
  test.each([1, 2, 3, 7, 40])('in %i parts each is done once, and parts are as long as each other', (of) => {
    const all = planTasks(standard, {});
    const parts = Array.from({ length: of }, (_, i) => planTasks(standard, { shard: { index: i + 1, of } }));
    const dealt = parts.flat();
    expect(dealt).toHaveLength(all.length);
    expect(new Set(names(dealt))).toEqual(new Set(names(all)));
    const sizes = parts.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
  test('a part is every n-th, from its own on', () => {
    expect(names(planTasks(quick, { shard: { index: 2, of: 5 } }))).toEqual(ids.filter((_, i) => i % 5 === 1));
  });
});

test('profiles measure at least once and no more often than they may', () => {
  for (const { repeats, most, seconds, about } of Object.values(PROFILES)) {
    expect(repeats).toBeGreaterThanOrEqual(1);
    expect(most).toBeGreaterThanOrEqual(repeats);
    expect(seconds).toBeGreaterThan(0);
    expect(about).not.toBe('');
  }
});

test('a scenario is found by its id, the soak too; no other name finds one', () => {
  expect(SCENARIO_IDS).toEqual([...ids, 'soak']);
  for (const one of ALL_SCENARIOS) expect(scenarioOf(one.id)).toBe(one);
  expect([scenarioOf('Soak'), scenarioOf(''), scenarioOf('toString')]).toEqual([undefined, undefined, undefined]);
});
