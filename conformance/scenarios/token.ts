import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Scenario, requirementById, type ScenarioInput } from '../../spec/index.js';

const PREFIX = 'dp1.';
const LARGEST = 64 * 1024 * 1024;

/** What a replay token holds: a requirement and the scenario that it failed on. */
export interface Replay {
  readonly id: string;
  readonly scenario: Scenario;
}

/** A token that cannot be replayed; the message says why and what a token looks like. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

/** The token: self-contained, safe to paste into a shell. */
export function encodeToken(id: string, scenario: ScenarioInput): string {
  return PREFIX + deflateRawSync(JSON.stringify({ id, scenario })).toString('base64url');
}

/** @throws TokenError for anything that encodeToken did not make */
export function decodeToken(token: string): Replay {
  const bad = (why: string): TokenError =>
    new TokenError(
      `the replay token ${why}; expected the whole token as a report printed it (it begins with '${PREFIX}')`,
    );
  if (!token.startsWith(PREFIX)) throw bad(`does not begin with '${PREFIX}'`);
  let content: unknown;
  try {
    const packed = Buffer.from(token.slice(PREFIX.length), 'base64url');
    content = JSON.parse(inflateRawSync(packed, { maxOutputLength: LARGEST }).toString());
  } catch {
    throw bad('is damaged or cut off');
  }
  const { id, scenario } = content as { id?: unknown; scenario?: unknown };
  if (typeof id !== 'string' || requirementById(id) === undefined)
    throw bad(`names the unknown requirement ${String(id)}`);
  const parsed = Scenario.safeParse(scenario);
  if (!parsed.success) throw bad('holds a scenario that this version does not understand');
  return { id, scenario: parsed.data };
}
