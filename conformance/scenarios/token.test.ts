import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Scenario } from '../../spec/index.js';
import { emit, free, register, stepped } from './build.js';
import { TokenError, decodeToken, encodeToken } from './token.js';

const pack = (value: unknown): string => `dp1.${deflateRawSync(JSON.stringify(value)).toString('base64url')}`;

test('a token goes there and back, for both modes', () => {
  for (const scenario of [
    stepped({ quantum: 3 }, register(1), emit(1, 'index', 9)),
    free({}, [{ threadId: 1, events: 3 }]),
  ]) {
    const token = encodeToken('LANE-ORDER', scenario);
    expect(token).toMatch(/^dp1\.[\w-]+$/);
    expect(decodeToken(token)).toEqual({ id: 'LANE-ORDER', scenario: Scenario.parse(scenario) });
  }
});

test.each([
  ['another text', 'hello'],
  ['a cut token', encodeToken('LANE-ORDER', stepped({}, register(1))).slice(0, -9)],
  ['an unknown requirement', pack({ id: 'NOPE', scenario: stepped({}) })],
  ['a scenario of another version', pack({ id: 'LANE-ORDER', scenario: { version: 9, mode: 'stepped', steps: [] } })],
])('%s is refused with a reason', (_, token) => {
  expect(() => decodeToken(token)).toThrow(TokenError);
  expect(() => decodeToken(token)).toThrow(/expected the whole token/);
});
