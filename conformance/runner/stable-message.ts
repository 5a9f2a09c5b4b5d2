/** Failure messages without what changes from run to run, so that a known failure is known again. */

const WORD = /\w+(?:\.\w+)*/g;
/** Numbers in a row: a range or a list of any length. */
const ROW = /#(?:(?:, ?| to |–|-)#)+/g;

/**
 * The message with `#` for each word with a digit in it (a count, a sequence, a time, an address, bytes in hex), and one
 * `#` for a range or a list of them; one event or many read alike: `thread #, index lane: event # was delivered twice`.
 */
export function stableMessage(message: string): string {
  return message
    .replace(WORD, (word) => (/\d/.test(word) ? '#' : word))
    .replace(ROW, '#')
    .replace(/\bevents #/g, 'event #')
    .replace(/\bwere\b/g, 'was');
}

/** Whether a failure's message begins as a declared one does, numbers aside. */
export function beginsAs(message: string, declared: string): boolean {
  return stableMessage(message).startsWith(stableMessage(declared));
}
