import { DrainError, type ErrorCode } from '../spec/index.js';

/** What a drain's process says when it refuses to begin, as an error of ours: it tells the code and what to do already. */
export function refusedBy(given: string, code: ErrorCode, message: string): DrainError {
  const [before, after] = new DrainError(code, '\0').message.split('\0') as [string, string];
  let wrong = message.replace(/^DrainError: /, '');
  if (wrong.startsWith(before)) wrong = wrong.slice(before.length);
  if (wrong.endsWith(after)) wrong = wrong.slice(0, -after.length);
  return new DrainError(code, wrong.includes(given) ? wrong : `${given}: ${wrong}`);
}
