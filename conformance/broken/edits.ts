/** Edits that several drains made from the reference need. */
import type { Variant } from './fault.js';

/** Lists of threads that can be sorted. */
export const SORTABLE_LISTS: Variant['edits'][number] = {
  file: 'thread-list.ts',
  find: '  /** Takes the head out',
  replace: `  sort(order: (a: T, b: T) => number): void {
    const all = [];
    for (let one = this.shift(); one !== undefined; one = this.shift()) all.push(one);
    for (const one of all.sort(order)) this.push(one);
  }

  /** Takes the head out`,
};
