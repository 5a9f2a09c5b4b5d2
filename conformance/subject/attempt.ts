import { HistoryRecord, isErrorCode } from '../../spec/index.js';

export type Append = (record: HistoryRecord) => void;

const MESSAGE_KEPT = 400;

/** The code of the error table that `error` carries, if any. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return isErrorCode(code) ? code : undefined;
}

export function messageOf(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
  return message.slice(0, MESSAGE_KEPT);
}

/** What became of a call: its value, a code of the error table, or something that the contract does not allow. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string }
  | { readonly ok: false; readonly code: undefined; readonly message: string };

export function attempt<T>(call: () => T): Attempt<T> {
  try {
    return { ok: true, value: call() };
  } catch (error) {
    const code = codeOf(error);
    return code === undefined
      ? { ok: false, code, message: messageOf(error) }
      : { ok: false, code, message: error instanceof Error ? error.message : code };
  }
}

export const threw = (during: string, message: string): HistoryRecord => ({ type: 'threw', during, message });

/** Calls what may not throw at all: undefined, and a `threw` record, when it does. */
export function mustNotThrow<T>(append: Append, during: string, call: () => T): T | undefined {
  const result = attempt(call);
  if (result.ok) return result.value;
  append(threw(during, result.message));
  return undefined;
}

/** The same for a call that must give something: undefined is as good as a throw. */
export function mustGive<T>(append: Append, during: string, call: () => T): T | undefined {
  const result = attempt(call);
  if (result.ok && result.value !== undefined) return result.value;
  append(threw(during, result.ok ? 'it returned undefined' : result.message));
  return undefined;
}

/** Calls what may throw a code of the table: `accepted` or the code; undefined, and a `threw` record, for all else. */
export function outcomeOf(append: Append, during: string, call: () => void): string | undefined {
  const result = attempt(call);
  if (result.ok) return 'accepted';
  if (result.code === undefined) append(threw(during, result.message));
  return result.code;
}

/** Appends a record whose numbers a drain gave: `threw` in its place when they are none of the contract. */
export function appendGiven(append: Append, during: string, record: object): void {
  const checked = HistoryRecord.safeParse(record);
  if (checked.success) {
    append(checked.data);
    return;
  }
  const issue = checked.error.issues[0]!;
  append(threw(during, `it gave ${issue.path.join('.')}: ${issue.message}`));
}

/** Whatever a drain returned, as something whose members can be asked for. */
export const members = <T extends object>(value: T): Partial<T> =>
  typeof value === 'object' && value !== null ? value : {};
