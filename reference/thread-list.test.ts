import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ThreadList, type Links } from './thread-list.js';

class Item implements Links<Item> {
  list: ThreadList<Item> | undefined;
  before: Item | undefined;
  after: Item | undefined;
  readonly name: number;
  constructor(name: number) {
    this.name = name;
  }
}

function namesIn(list: ThreadList<Item>): number[] {
  const names: number[] = [];
  for (let item = list.head; item !== undefined; item = item.after) names.push(item.name);
  return names;
}

test('two lists do what two arrays do, whoever is pushed, taken or removed', () => {
  const step = fc.record({
    what: fc.constantFrom('push' as const, 'shift' as const, 'remove' as const),
    list: fc.nat(1),
    item: fc.nat(6),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const items = Array.from({ length: 7 }, (_, name) => new Item(name));
      const lists = [new ThreadList<Item>(), new ThreadList<Item>()];
      const arrays: number[][] = [[], []];
      for (const { what, list, item: name } of steps) {
        const item = items[name]!;
        if (what === 'push' && item.list === undefined) {
          lists[list]!.push(item);
          arrays[list]!.push(name);
        } else if (what === 'shift') expect(lists[list]!.shift()?.name).toBe(arrays[list]!.shift());
        else if (what === 'remove' && item.list !== undefined) {
          const array = arrays[lists.indexOf(item.list)]!;
          array.splice(array.indexOf(name), 1);
          item.list.remove(item);
        }
        expect(lists.map(namesIn)).toEqual(arrays);
        expect(lists.map((one) => one.length)).toEqual(arrays.map((one) => one.length));
        expect(items.map((one) => lists.indexOf(one.list!))).toEqual(
          items.map((one) => arrays.findIndex((array) => array.includes(one.name))),
        );
      }
    }),
  );
});

test('backwards it is the same list', () => {
  const list = new ThreadList<Item>();
  const items = [0, 1, 2, 3].map((name) => new Item(name));
  for (const item of items) list.push(item);
  list.remove(items[1]!);
  const names: number[] = [];
  for (let item: Item | undefined = items[3]; item !== undefined; item = item.before) names.push(item.name);
  expect(names).toEqual([3, 2, 0]);
});
