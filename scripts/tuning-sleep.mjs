// What one event waits for while the drain sleeps, and what an idle drain costs: two threads, one event at a time.
import { setTimeout } from 'node:timers/promises';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { median } from './tuning-stepped.mjs';

const modules = { reference: '../dist/reference/index.js', native: '../dist/native/index.js' };
const EVENTS = 41;
const IDLE_MS = 400;
/** Longest sleeps, ms; 0: the drain never sleeps. */
const POINTS = [0, 1, 2, 5, 10, 20, 50];

const cells = (buffer) => ({
  stop: new Int32Array(buffer, 0, 1),
  count: new Int32Array(buffer, 4, 1),
  ns: new Float64Array(buffer, 8),
});
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** The drain's thread: as reference/drain-thread-worker.ts, or asleep whatever comes (`waking` false). */
async function drainThread({ path, arena, shared, sleepMs, waking }) {
  const { createDrain } = await import(path);
  const { stop, count, ns } = cells(shared);
  const write = ({ spans, count: n }) => {
    const emitted = new DataView(spans[0].buffer, spans[0].byteOffset).getBigUint64(0, true);
    ns[count[0]] = Number(process.hrtime.bigint() - emitted);
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
    return n;
  };
  const drain = createDrain({ config: CONFIG, arena, sink: { write } });
  Atomics.store(stop, 0, 2);
  Atomics.notify(stop, 0);
  while (Atomics.load(stop, 0) !== 1) {
    if (drain.drainIteration().delivered > 0 || sleepMs === 0) continue;
    if (waking) drain.waitForWork(sleepMs);
    else sleep(sleepMs);
  }
  drain.close();
}

const CONFIG = { slots: 2, indexCapacity: 64, detailCapacity: 0 };

async function measure(path, sleepMs, waking) {
  const { createDrain } = await import(path);
  const own = createDrain({ config: CONFIG, sink: { write: () => 0 } });
  const shared = new SharedArrayBuffer(8 + 8 * EVENTS);
  const { stop, count, ns } = cells(shared);
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: { path, arena: own.arena, shared, sleepMs, waking },
  });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  await new Promise((resolve) => worker.once('online', resolve));
  while (Atomics.load(stop, 0) !== 2) await setTimeout(5);
  const handle = own.registry.register({ threadId: 1 });
  const record = new Uint8Array(32);
  for (let i = 0; i < EVENTS; i += 1) {
    sleep(3 + ((i * 7919) % 13) + (sleepMs > 5 ? (i * 31) % sleepMs : 0)); // at any moment of a sleep
    new DataView(record.buffer).setBigUint64(0, process.hrtime.bigint(), true);
    handle.emitIndex(record);
    while (Atomics.load(count, 0) === i) Atomics.wait(count, 0, i, 1000);
  }
  const before = process.cpuUsage();
  sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  Atomics.store(stop, 0, 1);
  await ended;
  own.close();
  const latencies = [...ns].map((value) => value / 1000);
  return {
    p50: median(latencies),
    p90: latencies.toSorted((a, b) => a - b)[Math.floor(EVENTS * 0.9)],
    cpu: (user + system) / 10 / IDLE_MS,
  };
}

export async function sleepCurve() {
  const kinds = ['reference, woken', 'reference, asleep', 'native, woken', 'native, asleep'];
  const seen = Object.fromEntries(kinds.map((kind) => [kind, POINTS.map(() => [])]));
  for (let turn = 0; turn < 3; turn += 1)
    for (const kind of kinds)
      for (const [i, ms] of POINTS.entries()) {
        const [drain, how] = kind.split(', ');
        seen[kind][i].push(await measure(new URL(modules[drain], import.meta.url).href, ms, how === 'woken'));
      }
  const at = (kind, i, field) => median(seen[kind][i].map((one) => one[field]));
  const lines = (field) => kinds.map((name) => ({ name, points: POINTS.map((ms, i) => [ms, at(name, i, field)]) }));
  const round = (value) => String(Number(value.toPrecision(3)));
  return {
    title: 'Sleep: one event at a time; the emit wakes the drain, or it sleeps on',
    x: 'longest sleep, ms (0: never)',
    panels: [
      { title: 'from emit to sink, µs (median)', lines: lines('p50'), log: true },
      { title: 'CPU of an idle drain, per cent of a core', lines: lines('cpu') },
    ],
    head: ['sleep ms', ...kinds.flatMap((kind) => [`${kind}: µs`, 'P90', 'CPU %'])],
    rows: POINTS.map((ms, i) => [
      ms,
      ...kinds.flatMap((kind) => ['p50', 'p90', 'cpu'].map((field) => round(at(kind, i, field)))),
    ]),
  };
}

if (!isMainThread) await drainThread(workerData);
