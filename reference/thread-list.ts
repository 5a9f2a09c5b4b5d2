/** A doubly linked list of threads: every operation costs the same, however many there are. */

/** An item's place; it is in one list at most. Only ThreadList writes it. */
export interface Links<T extends Links<T>> {
  list: ThreadList<T> | undefined;
  before: T | undefined;
  after: T | undefined;
}

export class ThreadList<T extends Links<T>> {
  #head: T | undefined;
  #tail: T | undefined;
  #length = 0;

  get head(): T | undefined {
    return this.#head;
  }

  get length(): number {
    return this.#length;
  }

  /** Puts an item that is in no list at the tail. */
  push(item: T): void {
    item.list = this;
    item.before = this.#tail;
    item.after = undefined;
    if (this.#tail === undefined) this.#head = item;
    else this.#tail.after = item;
    this.#tail = item;
    this.#length += 1;
  }

  /** Takes an item of this list out of it. */
  remove(item: T): void {
    if (item.before === undefined) this.#head = item.after;
    else item.before.after = item.after;
    if (item.after === undefined) this.#tail = item.before;
    else item.after.before = item.before;
    item.list = undefined;
    item.before = item.after = undefined;
    this.#length -= 1;
  }

  /** Takes the head out, if there is one. */
  shift(): T | undefined {
    const item = this.#head;
    if (item !== undefined) this.remove(item);
    return item;
  }
}
