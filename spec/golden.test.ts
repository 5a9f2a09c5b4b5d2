import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { GoldenVector, decodeImage, imageOf, stretchesOf } from './golden.js';

const FOLDER = fileURLToPath(new URL('../../spec/golden/', import.meta.url));
const vectors = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => GoldenVector.parse(JSON.parse(readFileSync(FOLDER + name, 'utf8'))));

describe('golden vectors', () => {
  test('there are sound ones and ones to refuse, each under its own name', () => {
    expect(vectors.filter(({ refused }) => refused === undefined).length).toBeGreaterThanOrEqual(12);
    expect(new Set(vectors.map(({ refused }) => refused)).size).toBeGreaterThanOrEqual(5);
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
  });

  test.each(vectors.filter(({ refused }) => refused === undefined).map((vector) => [vector.name, vector] as const))(
    '%s means by the layout alone what it says',
    (_name, vector) => {
      const image = imageOf(vector);
      expect(decodeImage(image)).toEqual(vector.slots);
      expect(stretchesOf(new Uint8Array(image))).toEqual(vector.image);
    },
  );
});

describe('decoding', () => {
  const one = vectors.find(({ name }) => name === 'one-event')!;
  const marked = vectors.find(({ name }) => name === 'marked')!;
  const flip = (vector: GoldenVector, hex: string): SharedArrayBuffer => {
    const image = imageOf(vector);
    const bytes = new Uint8Array(image);
    const at = Buffer.from(bytes).lastIndexOf(Buffer.from(hex, 'hex'));
    bytes[at]! ^= 1;
    return image;
  };
  test('refuses what is no arena, and records that are torn', () => {
    expect(() => decodeImage(new SharedArrayBuffer(64))).toThrow(/no arena/);
    expect(() => decodeImage(flip(one, one.image.at(-2)![1].slice(0, 32)))).toThrow(/index record at cursor 0 is torn/);
    expect(() => decodeImage(flip(marked, marked.image.at(-2)![1].slice(0, 32)))).toThrow(/detail record .* is torn/);
  });
});
