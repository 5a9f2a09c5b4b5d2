/** Each record of a history as one short line, for terminals, pages and evidence. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { describeRun } from './runs.js';

const run = (from: number, count: number): string => (count === 0 ? 'nothing' : describeRun({ from, count }));
const on = (drain: number): string => (drain === 0 ? 'the drain' : `drain ${drain}`);
const why = (message: string | undefined): string => (message === undefined ? '' : ` (${message})`);

export function describeRecord(record: HistoryRecord): string {
  return 'drain' in record ? ofDrain(record) : ofThread(record);
}

type DrainRecord = Extract<HistoryRecord, { drain: number }>;

function ofThread(record: Exclude<HistoryRecord, DrainRecord>): string {
  switch (record.type) {
    case 'history':
      return `a ${record.mode} history, version ${record.version}${record.subject === undefined ? '' : `, of ${record.subject}`}`;
    case 'register': {
      const place = record.slot === undefined ? '' : `, slot ${record.slot}, generation ${record.generation ?? '?'}`;
      return `thread ${record.thread} registers with weight ${record.weight}: ${record.outcome}${place}`;
    }
    case 'emit': {
      const retries = record.retries === 0 ? '' : ` after ${record.retries} retries`;
      return `thread ${record.thread} emits ${record.lane} ${run(record.from, record.count)}: ${record.outcome}${retries}`;
    }
    case 'submit':
      return `thread ${record.thread} ${record.phase}s index ${run(...record.index)}, detail ${run(...record.detail)}: ${record.outcome}`;
    case 'joins':
      return `thread ${record.thread} joined ${record.pairs.length} index events to detail events`;
    case 'mark':
    case 'seal':
      return `thread ${record.thread} ${record.type}s after ${record.at} detail events: ${record.outcome}`;
    case 'leave':
      return `thread ${record.thread} leaves: ${record.outcome}`;
    case 'kill':
      return `thread ${record.thread} is killed (${record.during})`;
    case 'dead':
      return `thread ${record.thread} is declared dead: ${record.outcome}`;
    case 'sink': {
      const take = record.take === undefined ? '' : `, ${record.take} at most`;
      const whose = record.thread === undefined ? '' : `, thread ${record.thread} only`;
      const cost = record.costNs === undefined ? '' : `, ${record.costNs} ns a write`;
      return `from here the sink: ${record.behaviour}${take}${whose}${cost}`;
    }
    case 'advance':
      return `${record.ns} ns pass`;
    case 'life':
      return `thread ${record.thread} lived for ${record.endedNs - record.startedNs} ns and ended: ${record.ended}`;
    case 'attach':
      return `a drain attaches to the arena (change: ${record.change}): ${record.outcome}${why(record.message)}`;
    case 'threw':
      return `${record.during} threw: ${record.message}`;
    case 'end':
      return `the history ends: ${record.reason}`;
  }
}

function ofDrain(record: DrainRecord): string {
  switch (record.type) {
    case 'create':
      return `${on(record.drain)} is made: ${record.outcome}${why(record.message)}`;
    case 'batch':
      return ofBatch(record);
    case 'iteration': {
      const cut = record.truncated === 'no' ? '' : `, cut short by ${record.truncated}`;
      return `${on(record.drain)} iterates: ${record.visits} visits, ${record.skips} skips, ${record.delivered} events in ${record.batches} batches, ${record.sinkFailures} sink failures, ${record.reclaimed} reclaimed${cut}`;
    }
    case 'acquire':
      return `${on(record.drain)} tries the queue of thread ${record.thread}: ${record.acquired ? 'acquired' : 'busy'}`;
    case 'release':
      return `${on(record.drain)} releases the queue of thread ${record.thread}: ${record.outcome}`;
    case 'visit':
      return `${on(record.drain)} visits thread ${record.thread} by hand: ${record.outcome}, ${record.delivered} events`;
    case 'thread-event':
      return `${on(record.drain)} reports thread ${record.thread} ${record.event} (slot ${record.slot}, generation ${record.generation})`;
    case 'stop': {
      const left = `${record.leftIndex} index and ${record.leftDetail} detail events left`;
      return `${on(record.drain)} stops: ${record.complete ? 'complete' : 'incomplete'}, ${record.delivered} events delivered, ${left}`;
    }
    case 'metrics': {
      const { index, detail } = record;
      return `metrics of ${on(record.drain)}: index ${index.delivered} of ${index.accepted} delivered, detail ${detail.delivered} of ${detail.accepted}, Jain ${record.jain}`;
    }
  }
}

function ofBatch({ drain, thread, lane, count, runs, acknowledged, batches, malformed }: RecordOf<'batch'>): string {
  const shown = runs.slice(0, 4).map((one) => {
    if ('torn' in one) return `torn bytes at ${one.at}`;
    const whose = one.thread === undefined ? '' : ` of thread ${one.thread}`;
    return `${run(one.from, one.count)}${whose}${one.join === undefined ? '' : ` joined to ${one.join}`}`;
  });
  const more = runs.length > 4 ? ', ...' : '';
  const merged = batches === 1 ? 'a batch' : `${batches} batches`;
  return `${on(drain)} hands over ${merged} of thread ${thread}, ${lane} ${shown.join(', ')}${more}: ${acknowledged} of ${count} taken${malformed === undefined ? '' : `, malformed: ${malformed}`}`;
}
