/**
 * The one table of error and outcome codes.
 *
 * `number` is the value in the C ABI (`drain_status`); `name` is the stable name that
 * histories, TypeScript and reports use. A code's number is never reused.
 */
export const ERROR_TABLE = [
  {
    name: 'LANE_FULL',
    number: 1,
    expected: 'free space in the index lane',
    action: 'let the drain turn, raise indexCapacity, or emit with a timeout',
  },
  {
    name: 'DETAIL_FULL',
    number: 2,
    expected: 'a free or unmarked window in the detail lane',
    action: 'let the drain turn, mark less, or raise detailCapacity',
  },
  { name: 'QUEUE_BUSY', number: 3, expected: 'a free submit queue', action: 'try again, or submit with a timeout' },
  {
    name: 'STOPPED',
    number: 4,
    expected: 'a drain that has not been stopped',
    action: 'emit and register before stop() only',
  },
  {
    name: 'THREAD_LEFT',
    number: 5,
    expected: 'a thread that has not left',
    action: 'register again to get a new handle',
  },
  {
    name: 'STALE_HANDLE',
    number: 6,
    expected: 'the generation the slot has now',
    action: 'register again; the slot was reclaimed or its thread declared dead',
  },
  { name: 'REGISTRY_FULL', number: 7, expected: 'a free slot', action: 'let leaving threads drain, or raise slots' },
  {
    name: 'TIMED_OUT',
    number: 8,
    expected: 'room before the timeout',
    action: 'let the drain turn more often, or wait longer',
  },
  {
    name: 'NO_DETAIL_LANE',
    number: 9,
    expected: 'a configuration with detailCapacity > 0',
    action: 'configure a detail lane',
  },
  { name: 'NOT_HOLDING', number: 10, expected: 'a submit that was begun', action: 'call beginSubmit() first' },
  { name: 'ALREADY_HOLDING', number: 11, expected: 'no submit under way', action: 'commit the submit that was begun' },
  {
    name: 'RECORD_SIZE',
    number: 20,
    expected: 'a record of exactly the configured size',
    action: 'pass 32 bytes to the index lane, detailRecordBytes to the detail lane',
  },
  { name: 'INVALID_CAPACITY', number: 21, expected: 'a power of two from 2 to 2^24', action: 'choose a power of two' },
  {
    name: 'INVALID_QUANTUM',
    number: 22,
    expected: 'an integer from 1 (2 with a detail lane) to 2^24',
    action: 'choose a quantum in that range',
  },
  {
    name: 'INVALID_WEIGHT',
    number: 23,
    expected: 'an integer from 1 to 1024',
    action: 'choose a weight in that range',
  },
  {
    name: 'INVALID_SLOTS',
    number: 24,
    expected: 'an integer from 1 to 65536',
    action: 'choose a number of slots in that range',
  },
  {
    name: 'UNKNOWN_POLICY',
    number: 25,
    expected: "'round-robin', 'weighted-fair', 'priority' or 'adaptive'",
    action: 'choose one of these policies',
  },
  {
    name: 'INVALID_WINDOW',
    number: 26,
    expected: 'a power of two that divides detailCapacity into at least 2 windows, preRoll and postRoll from 0 to 2^16',
    action: 'choose windowRecords <= detailCapacity / 2',
  },
  {
    name: 'INVALID_RECORD_BYTES',
    number: 27,
    expected: 'a multiple of 8 from 32 to 65536',
    action: 'choose a detail record size in that range',
  },
  {
    name: 'INVALID_ARGUMENT',
    number: 28,
    expected: 'an argument in its documented range',
    action: 'see the docstring of the call',
  },
  {
    name: 'INVALID_PRIORITY',
    number: 29,
    expected: 'an integer from 0 to 7',
    action: 'choose a priority in that range; 7 is served first',
  },
  {
    name: 'ARENA_TOO_SMALL',
    number: 40,
    expected: 'an arena of at least arenaBytes(config) bytes',
    action: 'allocate arenaBytes(config) bytes or ask for fewer slots',
  },
  {
    name: 'ARENA_FOREIGN',
    number: 41,
    expected: "the magic bytes 'DRNPROOF'",
    action: 'pass an arena that drainproof formatted',
  },
  {
    name: 'ARENA_VERSION',
    number: 42,
    expected: 'arena layout version 2',
    action: 'format the arena with this version of drainproof',
  },
  {
    name: 'ARENA_CORRUPT',
    number: 43,
    expected: 'a header whose checksum and offsets agree',
    action: 'do not use this arena; its header was overwritten',
  },
  {
    name: 'ARENA_TRUNCATED',
    number: 44,
    expected: 'as many bytes as the header states',
    action: 'map the whole arena',
  },
  {
    name: 'ARENA_MISMATCH',
    number: 45,
    expected: 'a configuration equal to the one the arena was formatted with',
    action: 'attach with the configuration of the arena',
  },
  {
    name: 'IMPL_UNREADABLE',
    number: 60,
    expected: 'a module or program that can be loaded',
    action: 'check the path and run it on its own',
  },
  {
    name: 'IMPL_SHAPE',
    number: 61,
    expected: 'a module that exports the drain contract',
    action: 'export contractVersion, name, version, capabilities, createDrain and openRegistry',
  },
] as const;

/** Stable name of an error or outcome. */
export type ErrorCode = (typeof ERROR_TABLE)[number]['name'];

/** What an attempt to emit or submit was told: accepted, or the cause of its rejection. */
export type EmitOutcome = 'accepted' | ErrorCode;

const BY_NAME = new Map<string, (typeof ERROR_TABLE)[number]>(ERROR_TABLE.map((row) => [row.name, row]));
const BY_NUMBER = new Map<number, (typeof ERROR_TABLE)[number]>(ERROR_TABLE.map((row) => [row.number, row]));

/** True for a name of the table. */
export function isErrorCode(name: unknown): name is ErrorCode {
  return typeof name === 'string' && BY_NAME.has(name);
}

/** Number of a code in the C ABI. */
export function errorNumber(code: ErrorCode): number {
  return BY_NAME.get(code)!.number;
}

/** Outcome of a C ABI status: 0 is accepted. Throws RangeError for a number outside the table. */
export function outcomeOfNumber(status: number): EmitOutcome {
  if (status === 0) return 'accepted';
  const row = BY_NUMBER.get(status);
  if (row === undefined) throw new RangeError(`status ${status} is not in the error table`);
  return row.name;
}

/** A typed error: `code` is stable; the message says what was wrong, what was expected and what to do. */
export class DrainError extends Error {
  override readonly name = 'DrainError';
  readonly code: ErrorCode;
  readonly expected: string;
  readonly action: string;

  constructor(code: ErrorCode, wrong: string) {
    const row = BY_NAME.get(code)!;
    super(`${code}: ${wrong}; expected ${row.expected}; ${row.action}`);
    this.code = code;
    this.expected = row.expected;
    this.action = row.action;
  }
}
