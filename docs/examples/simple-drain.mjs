// A drain in one page: queues in memory, one thread, the core of the contract and nothing more.
//     npx drainproof run --impl docs/examples/simple-drain.mjs
// It claims only that its handles may be used from any place; what needs more is not applicable to it.

export const contractVersion = 1;
export const name = 'simple';
export const version = '1.0.0';
export const capabilities = ['movable-handles'];

const DEFAULTS = {
  slots: 64,
  indexCapacity: 1024,
  quantum: 256,
  maxIterationVisits: 0,
  maxIterationEvents: 0,
  maxIterationNs: 0,
  maxBackoffIterations: 64,
};

function refuse(code, message) {
  throw Object.assign(new Error(`${code}: ${message}`), { code });
}

function checkConfig(config) {
  const power = (value) => Number.isInteger(value) && value >= 2 && value <= 2 ** 24 && (value & (value - 1)) === 0;
  if (!Number.isInteger(config.slots) || config.slots < 1 || config.slots > 65536)
    refuse('INVALID_SLOTS', `slots is ${config.slots}`);
  if (!power(config.indexCapacity)) refuse('INVALID_CAPACITY', `indexCapacity is ${config.indexCapacity}`);
  if (config.detailCapacity && !power(config.detailCapacity))
    refuse('INVALID_CAPACITY', `detailCapacity is ${config.detailCapacity}`);
  if (!Number.isInteger(config.quantum) || config.quantum < 1)
    refuse('INVALID_QUANTUM', `quantum is ${config.quantum}`);
  if (config.policy && !['round-robin', 'weighted-fair'].includes(config.policy))
    refuse('UNKNOWN_POLICY', `policy is ${config.policy}`);
}

export function createDrain({ config: given, sink, environment }) {
  const config = { ...DEFAULTS, ...given };
  checkConfig(config);
  const now = () => environment?.now() ?? process.hrtime.bigint();
  const pause = (ns) => environment?.pause(ns);
  const slots = new Array(config.slots).fill(null); // what holds each slot
  const generations = new Array(config.slots).fill(0);
  let order = []; // threads, the next to be visited first
  let stopped = false;
  let busy = false;

  const registry = {
    register({ threadId, weight = 1 }) {
      if (stopped) refuse('STOPPED', 'the drain was stopped');
      if (!Number.isInteger(weight) || weight < 1 || weight > 1024) refuse('INVALID_WEIGHT', `weight is ${weight}`);
      const slot = slots.indexOf(null);
      if (slot === -1) refuse('REGISTRY_FULL', `all ${config.slots} slots are taken`);
      generations[slot] += 1;
      const thread = {
        threadId,
        slot,
        generation: generations[slot],
        queue: [],
        leaving: false,
        failures: 0,
        backoff: 0,
      };
      slots[slot] = thread;
      order.push(thread);
      return handleOf(thread);
    },
  };

  function handleOf(thread) {
    const refusal = () =>
      thread.leaving ? (thread.left ? 'THREAD_LEFT' : 'STOPPED') : stopped ? 'STOPPED' : undefined;
    const none = () => refusal() ?? 'NO_DETAIL_LANE';
    return {
      slot: thread.slot,
      generation: thread.generation,
      threadId: thread.threadId,
      emitIndex(record) {
        if (record.length !== 32) refuse('RECORD_SIZE', `the record has ${record.length} bytes`);
        const no = refusal();
        if (no !== undefined) return no;
        if (thread.queue.length === config.indexCapacity) return 'LANE_FULL';
        thread.queue.push(record.slice());
        return 'accepted';
      },
      emitDetail: none,
      mark: none,
      seal: none,
      beginSubmit: none,
      commitSubmit: () => 'NOT_HOLDING',
      submit: none,
      leave() {
        if (thread.left) refuse('THREAD_LEFT', `thread ${thread.threadId} left before`);
        thread.left = thread.leaving = true;
      },
    };
  }

  function visit(thread, result, final) {
    result.visits += 1;
    if (thread.backoff > 0 && !final) {
      thread.backoff -= 1;
      return;
    }
    const offered = Math.min(thread.queue.length, config.quantum);
    if (offered > 0) {
      const bytes = new Uint8Array(32 * offered);
      for (let i = 0; i < offered; i += 1) bytes.set(thread.queue[i], 32 * i);
      const { threadId, slot, generation } = thread;
      let taken = 0;
      try {
        const answer = sink.write({
          threadId,
          slot,
          generation,
          lane: 'index',
          recordBytes: 32,
          count: offered,
          spans: [bytes],
        });
        if (Number.isInteger(answer) && answer >= 0 && answer <= offered) taken = answer;
      } catch {
        // a sink that throws took nothing
      }
      result.batches += 1;
      result.delivered += taken;
      thread.queue.splice(0, taken);
      if (taken === 0) {
        result.sinkFailures += 1;
        thread.failures += 1;
        thread.backoff = Math.min(2 ** (thread.failures - 1), config.maxBackoffIterations);
      } else thread.failures = thread.backoff = 0;
    }
    if (thread.leaving && thread.queue.length === 0) {
      slots[thread.slot] = null;
      order = order.filter((other) => other !== thread);
      result.reclaimed += 1;
    }
  }

  function iterate(limits, final) {
    const result = { visits: 0, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0, truncated: 'no' };
    if (busy) return result;
    busy = true;
    const started = now();
    const waiting = order.filter((thread) => thread.queue.length > 0 || thread.leaving);
    for (const thread of waiting) {
      if (result.visits > 0 && limits) {
        if (config.maxIterationVisits > 0 && result.visits >= config.maxIterationVisits) result.truncated = 'visits';
        else if (config.maxIterationEvents > 0 && result.delivered >= config.maxIterationEvents)
          result.truncated = 'events';
        else if (config.maxIterationNs > 0 && now() - started >= BigInt(config.maxIterationNs))
          result.truncated = 'time';
        if (result.truncated !== 'no') break;
      }
      order = order.filter((other) => other !== thread);
      order.push(thread); // to the tail: the others come first now
      visit(thread, result, final);
    }
    busy = false;
    return result;
  }

  return {
    config,
    registry,
    shareRegistry: () => registry,
    drainIteration: () => iterate(true, false),
    tryAcquireDrain: () => false,
    releaseDrain: () => refuse('NOT_HOLDING', 'this drain has no submit queue'),
    drainThreadLanes: () => refuse('NOT_HOLDING', 'this drain has no submit queue'),
    waitForWork: () => order.some((thread) => thread.queue.length > 0),
    declareDead: () => refuse('STALE_HANDLE', 'this drain cannot be told of deaths'),
    stop({ deadlineNs = 5_000_000_000 } = {}) {
      if (busy) return { delivered: 0, leftIndex: 0, leftDetail: 0, complete: false };
      stopped = true;
      for (const thread of order) thread.leaving = true;
      const started = now();
      let delivered = 0;
      while (order.length > 0) {
        const pass = iterate(false, true);
        delivered += pass.delivered;
        if (now() - started >= BigInt(deadlineNs)) break;
        if (pass.delivered + pass.reclaimed === 0) pause(1_000_000n);
      }
      const leftIndex = order.reduce((sum, thread) => sum + thread.queue.length, 0);
      return { delivered, leftIndex, leftDetail: 0, complete: order.length === 0 };
    },
    metrics: () => refuse('INVALID_ARGUMENT', 'this drain keeps no metrics'),
    close() {
      order = [];
    },
  };
}

export function openRegistry(shared) {
  return shared;
}
