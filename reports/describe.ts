/** Each record of a history as one short sentence. */
import type { BatchRun, HistoryRecord } from '../spec/history.js';
import { plural } from './text.js';

/** Consecutive sequences: `7`, or `4–7`. */
export function span(from: number, count: number): string {
  if (count === 0) return 'none';
  return count === 1 ? `${from}` : `${from}–${from + count - 1}`;
}

/** Delivered runs: `0–3, 8, torn at 4`. */
export function spans(runs: readonly BatchRun[], limit = 8): string {
  const words = runs.slice(0, limit).map((run) => {
    if ('torn' in run) return `torn at ${run.at} (${run.hex.slice(0, 32)}${run.hex.length > 32 ? '…' : ''})`;
    const join = run.join === undefined ? '' : ` with detail ${span(run.join, run.count)}`;
    return span(run.from, run.count) + join + (run.thread === undefined ? '' : ` of thread ${run.thread}`);
  });
  if (runs.length > limit) words.push(`${runs.length - limit} more`);
  return words.join(', ') || 'nothing';
}

const of = (drain: number): string => (drain === 0 ? 'the drain' : `drain ${drain}`);
const because = (message: string | undefined): string => (message === undefined ? '' : ` (${message})`);
const ENDS = {
  complete: 'end',
  stalled: 'end: nothing moved any more',
  unsettled: 'end: the recording ended, and events may be pending',
} as const;
const PHASES = { begin: 'takes its queue for', commit: 'commits', submit: 'submits' } as const;

/** The most a `joins` or `metrics` line needs; the rest is in the results file. */
export function describeRecord(r: HistoryRecord): string {
  switch (r.type) {
    case 'history': {
      const config = Object.entries(r.config).map(([name, value]) => `${name} ${value}`);
      return `${r.mode} run${r.subject === undefined ? '' : ` of ${r.subject}`}: ${config.join(', ') || 'no settings'}`;
    }
    case 'create':
      return `${of(r.drain)} is made: ${r.outcome}${because(r.message)}`;
    case 'register':
      return `thread ${r.thread} registers: ${r.outcome}${placeOf(r)}${r.weight === 1 ? '' : `, weight ${r.weight}`}${classOf(r.priority)}`;
    case 'emit': {
      const retries = r.retries === 0 ? '' : `, after ${plural(r.retries, 'retry', 'retries')}`;
      return `thread ${r.thread} emits ${r.lane} ${span(r.from, r.count)}: ${r.outcome}${retries}`;
    }
    case 'submit': {
      const group = `index ${span(...r.index)}, detail ${span(...r.detail)}`;
      return `thread ${r.thread} ${PHASES[r.phase]} ${group}: ${r.outcome}`;
    }
    case 'joins':
      return `thread ${r.thread} joined ${plural(r.pairs.length, 'index event')} to details`;
    case 'mark':
      return `thread ${r.thread} marks after ${plural(r.at, 'detail event')}: ${r.outcome}`;
    case 'seal':
      return `thread ${r.thread} seals after ${plural(r.at, 'detail event')}: ${r.outcome}`;
    case 'leave':
      return `thread ${r.thread} leaves: ${r.outcome}`;
    case 'weight':
      return `thread ${r.thread} sets its weight to ${r.weight}: ${r.outcome}`;
    case 'priority':
      return `thread ${r.thread} sets its priority to ${r.priority}: ${r.outcome}`;
    case 'kill':
      return `thread ${r.thread} is killed (${r.during})`;
    case 'dead':
      return `${of(0)} is told that thread ${r.thread} is dead: ${r.outcome}`;
    default:
      return describeDrain(r);
  }
}

type ProducerType =
  | 'history'
  | 'create'
  | 'register'
  | 'emit'
  | 'submit'
  | 'joins'
  | 'mark'
  | 'seal'
  | 'leave'
  | 'weight'
  | 'priority'
  | 'kill'
  | 'dead';

function describeDrain(r: Exclude<HistoryRecord, { type: ProducerType }>): string {
  switch (r.type) {
    case 'batch': {
      const taken = r.acknowledged === r.count ? '' : `; the sink took ${r.acknowledged} of ${r.count}`;
      const merged = r.batches === 1 ? '' : ` in ${r.batches} batches`;
      const bad = r.malformed === undefined ? '' : `; malformed: ${r.malformed}`;
      return `${of(r.drain)} delivers ${r.lane} of thread ${r.thread}: ${spans(r.runs)}${merged}${taken}${bad}`;
    }
    case 'iteration': {
      const seen = `${plural(r.visits, 'visit')}, ${plural(r.skips, 'skip')}, ${r.delivered} delivered`;
      return `${of(r.drain)} turned: ${seen}${r.truncated === 'no' ? '' : `, cut short by ${r.truncated}`}`;
    }
    case 'acquire':
      return `${of(r.drain)} ${r.acquired ? 'takes' : 'cannot take'} the queue of thread ${r.thread}`;
    case 'release':
      return `${of(r.drain)} gives back the queue of thread ${r.thread}: ${r.outcome}`;
    case 'visit':
      return `${of(r.drain)} visits thread ${r.thread}: ${r.delivered} delivered, ${r.outcome}`;
    case 'thread-event':
      return `${of(r.drain)} reports thread ${r.thread} ${r.event}${placeOf(r)}${heldFor(r.heldNs)}`;
    case 'sink': {
      const thread = r.thread === undefined ? '' : ` for thread ${r.thread}`;
      const take = r.take === undefined ? '' : `, takes ${r.take}`;
      return `the sink now does: ${r.behaviour}${thread}${take}${r.costNs === undefined ? '' : `, ${r.costNs} ns each`}`;
    }
    case 'advance':
      return `time moves on by ${r.ns} ns`;
    case 'stop': {
      const left = `${r.leftIndex} index and ${r.leftDetail} detail left`;
      return `${of(r.drain)} stops: ${r.delivered} delivered, ${left}, ${r.complete ? 'complete' : 'not complete'}`;
    }
    case 'metrics': {
      const words = [
        plural(r.iterations, 'iteration'),
        plural(r.visits, 'visit'),
        ...(r.sinkFailures === 0 ? [] : [plural(r.sinkFailures, 'sink failure')]),
        `index ${ledgerOf(r.index)}`,
        `detail ${ledgerOf(r.detail)}`,
        ...(r.fairness === undefined || r.fairness.windows === 0 ? [] : [fairnessOf(r.fairness)]),
      ];
      return `metrics of ${of(r.drain)}: ${words.join(', ')}`;
    }
    case 'configure': {
      const changes = Object.entries(r.changes).map(([name, value]) => `${name} ${value}`);
      return `${of(r.drain)} is told ${changes.join(', ') || 'nothing'}: ${r.outcome}${because(r.message)}`;
    }
    case 'window':
      return `a window of ${of(r.drain)} ends: ${plural(r.threads.length, 'thread')}, ${sumOf(r.threads)} delivered so far`;
    case 'life':
      return `thread ${r.thread} lived ${r.endedNs - r.startedNs} ns and ended: ${r.ended}`;
    case 'attach':
      return `attach to an arena (${r.change === 'none' ? 'unchanged' : r.change}): ${r.outcome}${because(r.message)}`;
    case 'threw':
      return `${r.during} threw: ${r.message}`;
    case 'end':
      return ENDS[r.reason];
  }
}

/** What was accepted and delivered; the other columns where there is something in them. */
function ledgerOf(ledger: Extract<HistoryRecord, { type: 'metrics' }>['index']): string {
  const others = (['rejected', 'pending', 'evicted', 'left'] as const).filter((column) => ledger[column] > 0);
  const more = others.map((column) => `, ${ledger[column]} ${column}`).join('');
  return `${ledger.accepted} accepted and ${ledger.delivered} delivered${more}`;
}

/** The last window of fairness. */
function fairnessOf(window: NonNullable<Extract<HistoryRecord, { type: 'metrics' }>['fairness']>): string {
  const { windows, jain, minShare, serviceLag, longestWait } = window;
  return `window ${windows} Jain ${jain}, least share ${minShare}, lag ${serviceLag}, longest wait ${longestWait}`;
}

const sumOf = (threads: readonly { delivered: number }[]): number =>
  threads.reduce((sum, { delivered }) => sum + delivered, 0);
const heldFor = (ns: number | undefined): string => (ns === undefined ? '' : `, held for ${ns} ns`);
const classOf = (priority: number | undefined): string => (priority === undefined ? '' : `, priority ${priority}`);

function placeOf(r: { slot?: number | undefined; generation?: number | undefined }): string {
  if (r.slot === undefined) return '';
  return ` (slot ${r.slot}${r.generation === undefined ? '' : `, generation ${r.generation}`})`;
}
