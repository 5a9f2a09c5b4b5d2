import { describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../contract.js';
import { FAMILIES, REQUIREMENTS, familyOf, requirementById } from './index.js';

const sources = new Set(REQUIREMENTS.flatMap(({ source }) => source));

describe('requirements', () => {
  test('ids are unique and belong to a family', () => {
    expect(new Set(REQUIREMENTS.map(({ id }) => id)).size).toBe(REQUIREMENTS.length);
    for (const { id } of REQUIREMENTS) {
      expect(id).toMatch(/^[A-Z]+(-[A-Z0-9]+)+$/);
      expect(Object.keys(FAMILIES)).toContain(familyOf(id));
    }
    expect(new Set(REQUIREMENTS.map(({ id }) => familyOf(id)))).toEqual(new Set(Object.keys(FAMILIES)));
  });

  test('there are at least 50, and each says what, why, whence, and where to look', () => {
    expect(REQUIREMENTS.length).toBeGreaterThanOrEqual(50);
    for (const requirement of REQUIREMENTS) {
      expect(requirement.text, requirement.id).toMatch(/^\S.{20,}\.$/s);
      for (const text of [requirement.title, requirement.rationale, requirement.lookAt])
        expect(text.length, requirement.id).toBeGreaterThan(8);
      expect(requirement.source.length, requirement.id).toBeGreaterThan(0);
      for (const need of requirement.needs) expect(Object.keys(CAPABILITIES), requirement.id).toContain(need);
    }
  });

  test('every task of days 1 and 2 and tasks 3.1 and 3.2 of the seed is covered', () => {
    for (const task of ['1.1', '1.2', '1.3', '1.4', '2.1', '2.2', '2.3', '2.4', '3.1', '3.2'])
      expect(sources).toContain(`seed ${task}`);
  });

  test('at least 20 of the 34 bugs are covered', () => {
    expect([...sources].filter((source) => /^bug \d+$/.test(source)).length).toBeGreaterThanOrEqual(20);
  });

  test('an id finds its requirement', () => {
    expect(requirementById('LANE-ORDER')?.title).toBe('order within a thread');
    expect(requirementById('NOPE')).toBeUndefined();
  });
});
