/** A history with every kind of record in it, well and badly ended; for tests of whatever reads histories. */
import { HistoryRecord, type HistoryInput } from '../spec/history.js';

const ledger = { attempted: 9, accepted: 8, rejected: 1, delivered: 8, pending: 0, evicted: 0, left: 0 };
const place = { thread: 1, slot: 0, generation: 3 };
const batch = { type: 'batch', ...place, lane: 'index', count: 4, acknowledged: 4 } as const;
const counters = { visits: 3, skips: 1, batches: 2, sinkFailures: 0, registered: 1, reclaimed: 0, jain: 1 };

const turned = { type: 'iteration', skips: 0, delivered: 4, batches: 1, sinkFailures: 0, reclaimed: 0 } as const;

const RECORDS: HistoryInput[] = [
  { type: 'history', version: 1, mode: 'free', config: {} },
  { type: 'create', outcome: 'CONFIG_SLOTS', drain: 1, message: 'no <slots>' },
  { type: 'register', thread: 1, outcome: 'accepted', slot: 0, weight: 3 },
  { type: 'register', thread: 2, outcome: 'REGISTRY_FULL' },
  { type: 'emit', thread: 1, lane: 'index', from: 7, count: 1, outcome: 'accepted', retries: 1 },
  { type: 'emit', thread: 1, lane: 'index', from: 8, count: 2, outcome: 'LANE_FULL', retries: 2 },
  { type: 'submit', phase: 'begin', thread: 1, index: [0, 2], detail: [0, 0], outcome: 'accepted' },
  { type: 'submit', phase: 'commit', thread: 1, index: [0, 2], detail: [0, 1], outcome: 'accepted' },
  { type: 'submit', phase: 'submit', thread: 1, index: [0, 2], detail: [0, 1], outcome: 'QUEUE_BUSY' },
  { type: 'joins', thread: 1, pairs: [[0, 0]] },
  { type: 'mark', thread: 1, at: 1, outcome: 'accepted' },
  { type: 'mark', thread: 1, at: 4, outcome: 'STOPPED' },
  { type: 'seal', thread: 1, at: 4, outcome: 'accepted' },
  { type: 'leave', thread: 1, outcome: 'accepted' },
  { type: 'leave', thread: 1, outcome: 'THREAD_LEFT' },
  { type: 'kill', thread: 1, during: 'submit' },
  { type: 'dead', thread: 1, outcome: 'accepted' },
  { ...batch, runs: [{ from: 0, count: 4 }] },
  { ...batch, runs: [], acknowledged: 1, batches: 2, malformed: 'spans of 31 bytes' },
  {
    ...batch,
    drain: 1,
    runs: [
      { from: 0, count: 2, thread: 9 },
      { torn: true, at: 2, hex: 'ab'.repeat(20) },
    ],
  },
  { ...batch, runs: Array.from({ length: 12 }, (_, i) => ({ from: i * 2, count: 1 })) },
  { ...batch, runs: [{ torn: true, at: 0, hex: 'abcd' }] },
  { ...turned, visits: 1, truncated: 'time' },
  { ...turned, visits: 2, truncated: 'no' },
  { type: 'acquire', thread: 1, acquired: true },
  { type: 'acquire', thread: 1, acquired: false },
  { type: 'release', thread: 1, outcome: 'accepted' },
  { type: 'visit', thread: 1, delivered: 2, outcome: 'accepted' },
  { type: 'thread-event', event: 'reclaimed', ...place },
  { type: 'sink', behaviour: 'partial', take: 2, thread: 1, costNs: 5 },
  { type: 'sink', behaviour: 'accept' },
  { type: 'advance', ns: 1000 },
  { type: 'stop', delivered: 4, leftIndex: 1, leftDetail: 0, complete: false },
  { type: 'stop', delivered: 0, leftIndex: 0, leftDetail: 0, complete: true },
  { type: 'metrics', iterations: 1, ...counters, index: ledger, detail: ledger, threads: [] },
  { type: 'life', thread: 1, startedNs: 5, endedNs: 25, ended: 'left' },
  { type: 'attach', change: 'magic', outcome: 'ARENA_FOREIGN', message: 'not an arena' },
  { type: 'threw', during: 'stop', message: 'TypeError: x' },
  { type: 'end', reason: 'stalled' },
  { type: 'end' },
];

export function everyRecord(): HistoryRecord[] {
  return RECORDS.map((record) => HistoryRecord.parse(record));
}
