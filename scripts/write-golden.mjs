// Writes spec/golden/*.json: arena images made with the reference drain, and what they mean. Deterministic.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createDrain } from '../dist/reference/index.js';
import { decodeImage, stretchesOf } from '../dist/spec/golden.js';
import { HEADER, fnv1a } from '../dist/spec/layout.js';
import { patternRecord } from '../dist/spec/records.js';

const SIZES = {
  slots: 2,
  indexCapacity: 4,
  detailCapacity: 8,
  windowRecords: 2,
  detailRecordBytes: 64,
  preRoll: 0,
  postRoll: 0,
};

/** A drain with `steps` played on it; what it delivered is dropped. */
function play(config, steps) {
  const drain = createDrain({ config: { ...SIZES, ...config }, sink: { write: (batch) => batch.count } });
  const next = new Map();
  const record = (lane, thread, join) => {
    const key = `${lane}${thread}`;
    const sequence = next.get(key) ?? 0;
    next.set(key, sequence + 1);
    return patternRecord(lane, SIZES.detailRecordBytes, thread, sequence, join);
  };
  const join = (threadId, weight = 1, priority = 0) => {
    const handle = drain.registry.register({ threadId, weight, priority });
    return {
      handle,
      index: (n) => Array.from({ length: n }, () => handle.emitIndex(record('index', threadId))),
      detail: (n) => Array.from({ length: n }, () => handle.emitDetail(record('detail', threadId))),
      begin: () => handle.beginSubmit({ index: [record('index', threadId, 0)], detail: [record('detail', threadId)] }),
    };
  };
  steps(join, drain);
  return drain.arena;
}

const sound = [
  ['fresh', 'A formatted arena without threads.', {}, () => undefined],
  ['one-event', 'Thread 7 has one index event.', {}, (join) => join(7).index(1)],
  ['full', 'A full index lane: the tail is a capacity ahead of the head.', {}, (join) => join(7).index(4)],
  [
    'wrapped',
    'Cursors that have passed 2^32 while records wait.',
    { initialCursor: 2 ** 32 - 2 },
    (join) => join(7).index(4),
  ],
  [
    'ring-wrapped',
    'The records that wait begin near the end of the ring and go on at its start.',
    {},
    (join, drain) => {
      const seven = join(7);
      seven.index(3);
      drain.drainIteration();
      seven.index(3);
    },
  ],
  ['unmarked', 'Detail in a sealed and an open window, none of it marked.', {}, (join) => join(7).detail(3)],
  [
    'marked',
    'A sealed marked window, and an open unmarked one after it.',
    {},
    (join) => {
      const seven = join(7);
      seven.handle.mark();
      seven.detail(3);
    },
  ],
  [
    'pre-roll',
    'A mark that reached back over two sealed windows.',
    { preRoll: 2 },
    (join) => {
      const seven = join(7);
      seven.detail(5);
      seven.handle.mark();
    },
  ],
  ['evicted', 'Six windows went through four places: the two oldest were evicted.', {}, (join) => join(7).detail(11)],
  [
    'held',
    'A submit that is begun and not committed: nothing of it is visible.',
    {},
    (join) => {
      const seven = join(7);
      seven.index(1);
      seven.begin();
    },
  ],
  [
    'leaving',
    'A thread that left with events in its lanes, its open window sealed.',
    {},
    (join) => {
      const seven = join(7);
      seven.index(2);
      seven.handle.mark();
      seven.detail(1);
      seven.handle.leave();
    },
  ],
  [
    'dead',
    'A thread declared dead: LEAVING, its marked window still open.',
    {},
    (join, drain) => {
      const seven = join(7);
      seven.index(2);
      seven.handle.mark();
      seven.detail(1);
      drain.declareDead(seven.handle.slot, seven.handle.generation);
    },
  ],
  [
    'two-threads',
    'Two threads, of which the first slot is in its second generation.',
    {},
    (join, drain) => {
      const one = join(1);
      join(2, 3, 5).index(2);
      one.handle.leave();
      drain.drainIteration();
      join(3).index(1);
    },
  ],
];

/** What a drain delivers that attaches to this image. */
function delivered(arena) {
  const copy = new SharedArrayBuffer(arena.byteLength);
  new Uint8Array(copy).set(new Uint8Array(arena));
  const lanes = new Map();
  const sink = {
    write({ threadId, lane, recordBytes, spans, count }) {
      const key = `${threadId} ${lane}`;
      const lane_ = lanes.get(key) ?? { thread: threadId, lane, sequences: [] };
      lanes.set(key, lane_);
      for (const span of spans) {
        for (let at = 0; at < span.length; at += recordBytes)
          lane_.sequences.push(new DataView(span.buffer, span.byteOffset + at).getUint32(0, true));
      }
      return count;
    },
  };
  const drain = createDrain({ config: {}, arena: copy, sink });
  for (let turn = 0; turn < 8; turn += 1) drain.drainIteration();
  return [...lanes.values()];
}

mkdirSync('spec/golden', { recursive: true });
const write = (vector) => writeFileSync(`spec/golden/${vector.name}.json`, `${JSON.stringify(vector, null, 1)}\n`);
for (const [name, what, config, steps] of sound) {
  const arena = play(config, steps);
  write({
    name,
    what,
    bytes: arena.byteLength,
    image: stretchesOf(new Uint8Array(arena)),
    slots: decodeImage(arena),
    delivers: delivered(arena),
  });
}

/** Images that must be refused: a sound one, changed. */
const fix = (view, buffer) => view.setUint32(HEADER.checksum, fnv1a(new Uint8Array(buffer, 0, HEADER.checksum)), true);
const bad = [
  ['foreign', 'Other magic bytes.', 'ARENA_FOREIGN', (view) => view.setUint8(0, 0x58)],
  [
    'other-version',
    'Layout version 3, with its checksum.',
    'ARENA_VERSION',
    (view, buffer) => (view.setUint32(HEADER.layoutVersion, 3, true), fix(view, buffer)),
  ],
  [
    'corrupt',
    'A header that does not match its checksum.',
    'ARENA_CORRUPT',
    (view) => view.setUint32(HEADER.slots, 3, true),
  ],
  [
    'impossible',
    'A capacity that is no power of two, with its checksum.',
    'ARENA_CORRUPT',
    (view, buffer) => (view.setUint32(HEADER.indexCapacity, 3, true), fix(view, buffer)),
  ],
  ['truncated', 'One cache line short.', 'ARENA_TRUNCATED', undefined],
];
for (const [name, what, refused, spoil] of bad) {
  const arena = play({}, (join) => join(7).index(1));
  spoil?.(new DataView(arena), arena);
  const bytes = arena.byteLength - (spoil === undefined ? 64 : 0);
  write({ name, what, bytes, image: stretchesOf(new Uint8Array(arena, 0, bytes)), refused });
}
