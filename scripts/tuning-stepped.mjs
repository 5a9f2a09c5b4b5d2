// Curves that need no second thread: this one emits, then drains.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as native from '../dist/native/index.js';
import * as reference from '../dist/reference/index.js';
import { mix32 } from '../dist/spec/index.js';

const drains = { reference, native };
const THREADS = 64;
const CAPACITY = 1024;
const RUNS = 9;
const record = new Uint8Array(32);

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const round = (value) => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3))));

function open(module, config, write) {
  const drain = module.createDrain({
    config: { slots: THREADS, indexCapacity: CAPACITY, detailCapacity: 0, ...config },
    sink: { write },
  });
  const handles = Array.from({ length: THREADS }, (_, i) => drain.registry.register({ threadId: i + 1 }));
  return { drain, handles };
}

/** A sink that copies what it is given, as a queue or a file's buffer would. */
function copyingSink() {
  const kept = new Uint8Array(1 << 20);
  let at = 0;
  return ({ spans, count }) => {
    for (const span of spans) {
      if (at + span.length > kept.length) at = 0;
      kept.set(span, at);
      at += span.length;
    }
    return count;
  };
}

/** Fills every lane, then drains all: ns for each event, and the median of the iterations in which everybody had work, us. */
function drainFull({ drain, handles }, each = CAPACITY) {
  for (const handle of handles) for (let i = 0; i < each; i += 1) handle.emitIndex(record);
  const iterations = [];
  let delivered = 0;
  let ns = 0;
  while (delivered < THREADS * each) {
    const began = process.hrtime.bigint();
    const done = drain.drainIteration();
    const took = Number(process.hrtime.bigint() - began);
    ns += took;
    delivered += done.delivered;
    if (done.visits === THREADS) iterations.push(took / 1000);
  }
  return { nsPerEvent: ns / delivered, iterationUs: median(iterations) };
}

/** Every point of every drain `RUNS` times, in turn; the medians. `make(module, x)` opens, `run(opened)` measures numbers by name. */
function measureAll(points, make, run) {
  const seen = Object.fromEntries(Object.keys(drains).map((name) => [name, points.map(() => [])]));
  for (let turn = 0; turn < RUNS; turn += 1)
    for (const [name, module] of Object.entries(drains))
      points.forEach((x, i) => {
        const opened = make(module, x);
        run(opened); // warm
        seen[name][i].push(run(opened));
        opened.drain.close();
      });
  return (name, i, field) => median(seen[name][i].map((one) => one[field]));
}

const line = (points, of) =>
  Object.keys(drains).map((name) => ({ name, points: points.map((x, i) => [x, of(name, i)]) }));

export function quantumCurve() {
  const points = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
  const at = measureAll(
    points,
    (module, quantum) => open(module, { quantum }, copyingSink()),
    (opened) => drainFull(opened, CAPACITY),
  );
  const speed = (name, i) => 1000 / at(name, i, 'nsPerEvent');
  return {
    title: 'Quantum: 64 backlogged threads, lanes of 1,024',
    x: 'quantum, events',
    panels: [
      { title: 'throughput, million events per second', lines: line(points, speed) },
      {
        title: 'one iteration, µs: the longest wait of a quiet thread',
        lines: line(points, (name, i) => at(name, i, 'iterationUs')),
      },
    ],
    head: ['quantum', 'reference M/s', 'native M/s', 'reference iteration µs', 'native iteration µs'],
    rows: points.map((x, i) => [
      x,
      round(speed('reference', i)),
      round(speed('native', i)),
      round(at('reference', i, 'iterationUs')),
      round(at('native', i, 'iterationUs')),
    ]),
  };
}

export function batchCurve() {
  const points = [1, 2, 4, 8, 16, 32, 64, 128, 256];
  const folder = mkdtempSync(join(tmpdir(), 'drainproof-tuning-'));
  const file = openSync(join(folder, 'events'), 'w');
  // one write of the system for each batch, always at the beginning: the file does not grow
  const writing = ({ spans, count }) => {
    for (const span of spans) writeSync(file, span, 0, span.length, 0);
    return count;
  };
  const fixed = (batch) => ({
    policy: 'adaptive',
    quantum: 1024,
    quantumMin: 1024,
    quantumMax: 1024,
    batchMin: batch,
    batchMax: batch,
  });
  const at = measureAll(
    points,
    (module, batch) => open(module, fixed(batch), writing),
    (opened) => drainFull(opened, 256),
  );
  closeSync(file);
  rmSync(folder, { recursive: true });
  const cost = (name, i) => at(name, i, 'nsPerEvent');
  return {
    title: 'Batch: a sink that writes each batch into a file',
    x: 'events in a batch',
    panels: [
      { title: 'ns for each event', lines: line(points, cost), log: true },
      {
        title: 'µs for each batch',
        lines: line(points, (name, i) => (cost(name, i) * points[i]) / 1000),
        log: true,
      },
    ],
    head: ['batch', 'reference ns/event', 'native ns/event', 'reference µs/batch', 'native µs/batch'],
    rows: points.map((x, i) => [
      x,
      ...['reference', 'native'].map((name) => round(cost(name, i))),
      ...['reference', 'native'].map((name) => round((cost(name, i) * x) / 1000)),
    ]),
  };
}

/** Rounds of a load of bursts, an iteration after each: no clock, so the same on every machine. */
function bursts(module, indexCapacity, retries) {
  const { drain, handles } = open(module, { indexCapacity, quantum: 256 }, ({ count }) => count);
  const owed = handles.map(() => 0);
  let refused = 0;
  let events = 0;
  let waiting = 0;
  for (let turn = 0; turn < 400; turn += 1) {
    handles.forEach((handle, i) => {
      const draw = mix32((turn << 8) ^ i);
      const fresh = draw % 32 === 0 ? 1024 : (draw >>> 5) % 96;
      events += fresh;
      let left = fresh + owed[i];
      while (left > 0 && handle.emitIndex(record) === 'accepted') left -= 1;
      refused += retries ? 0 : left;
      owed[i] = retries ? left : 0;
      waiting += owed[i];
    });
    drain.drainIteration();
  }
  drain.close();
  return retries ? waiting / events : (refused * 100) / events;
}

export function capacityCurve() {
  const points = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
  const of = {};
  for (const [name, module] of Object.entries(drains))
    of[name] = points.map((capacity) => ({
      dropped: bursts(module, capacity, false),
      wait: bursts(module, capacity, true),
    }));
  const cells = (field) => (x, i) => Object.keys(drains).map((name) => round(of[name][i][field]));
  return {
    title: 'Capacity: 0 to 95 events a thread and iteration, one in 32 times 1,024; quantum 256',
    x: 'records of an index lane',
    panels: [
      { title: 'per cent refused, where producers drop', lines: line(points, (name, i) => of[name][i].dropped) },
      {
        title: 'iterations an event waits at its producer, where they retry',
        lines: line(points, (name, i) => Math.max(0.01, of[name][i].wait)),
        log: true,
      },
    ],
    head: ['capacity', 'reference dropped %', 'native dropped %', 'reference wait', 'native wait'],
    rows: points.map((x, i) => [x, ...cells('dropped')(x, i), ...cells('wait')(x, i)]),
  };
}
