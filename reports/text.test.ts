import { describe, expect, it } from 'vitest';
import { columns, cut, duration, html, pad, plain, plural, thousands, wrap } from './text.js';

describe('text', () => {
  it('makes harmful characters visible', () => {
    expect(plain('a\u001b[31m\nb\r\t\u0000\u009b\u202e\ud800x\udc00 😀')).toBe(
      'a\\u001b[31m\\nb\\r\\t\\u0000\\u009b\\u202e\\ud800x\\udc00 😀',
    );
    expect(html('<script>alert("1")</script>&\'`')).toBe(
      '&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;&#96;',
    );
  });

  it('measures, cuts, pads and wraps by columns', () => {
    expect(columns('ab漢😀e\u0301')).toBe(7);
    expect(cut('abc', 3)).toBe('abc');
    expect(cut('abcdef', 4)).toBe('abc…');
    expect(cut('漢漢漢', 4)).toBe('漢…');
    expect(cut('abc', 0)).toBe('');
    expect(pad('漢', 4)).toBe('漢  ');
    expect(pad('abc', 2)).toBe('abc');
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
    expect(wrap('漢字', 3)).toEqual(['漢', '字']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it.each([
    [Number.NaN, '–'],
    [-1, '–'],
    [0, '0 ms'],
    [0.3, '<1 ms'],
    [12.4, '12 ms'],
    [1234, '1.2 s'],
    [59_940, '59.9 s'],
    [125_000, '2 min 5 s'],
    [3_725_000, '1 h 2 min'],
  ])('tells %d ms as %s', (ms, words) => expect(duration(ms)).toBe(words));

  it('counts', () => {
    expect(thousands(1234567)).toBe('1,234,567');
    expect(plural(1, 'retry', 'retries')).toBe('1 retry');
    expect(plural(2000, 'event')).toBe('2,000 events');
  });
});
