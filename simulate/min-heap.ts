/** A binary heap: the smallest key first. Among equal keys the order is fixed by what was pushed and popped. */
export class MinHeap<T> {
  readonly #keys: number[] = [];
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Smallest key; Infinity when empty. */
  get topKey(): number {
    return this.#keys[0] ?? Infinity;
  }

  get top(): T | undefined {
    return this.#items[0];
  }

  clear(): void {
    this.#keys.length = this.#items.length = 0;
  }

  push(key: number, item: T): void {
    let at = this.#items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#keys[parent]! <= key) break;
      this.#put(at, this.#keys[parent]!, this.#items[parent]!);
      at = parent;
    }
    this.#put(at, key, item);
  }

  pop(): T | undefined {
    const top = this.#items[0];
    const key = this.#keys.pop();
    const item = this.#items.pop();
    const size = this.#items.length;
    if (key === undefined || size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#keys[child + 1]! < this.#keys[child]!) child += 1;
      if (this.#keys[child]! >= key) break;
      this.#put(at, this.#keys[child]!, this.#items[child]!);
      at = child;
    }
    this.#put(at, key, item!);
    return top;
  }

  #put(at: number, key: number, item: T): void {
    this.#keys[at] = key;
    this.#items[at] = item;
  }
}
