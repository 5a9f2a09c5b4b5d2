/** The model: goes through the calls of one sequence and says which promise the first wrong answer breaks. */
import {
  DrainError,
  changedConfig,
  type DrainConfig,
  type HistoryRecord,
  type RecordOf,
  type Step,
} from '../../spec/index.js';
import { measured } from './books.js';
import { HistoryMismatch, callsOf, type Call } from './calls.js';
import * as producer from './producers.js';
import type { Script } from './script.js';
import { iterated, stoppedDrain, told, visitedByHand } from './turns.js';
import { Violation, expectOutcome, violated } from './violation.js';
import { DrainBooks, World } from './world.js';

const MAKES_VISITS: ReadonlySet<string> = new Set(['turn', 'settle', 'visit', 'stop']);

/** Goes through calls, and through what happened inside them. @throws Violation */
function perform(world: World, calls: readonly Call[]): void {
  for (const call of calls) {
    if (!MAKES_VISITS.has(call.step.op)) for (const item of call.inside) if (item.kind === 'event') told(world, item);
    for (const one of call.records) answer(world, call, one);
  }
}

function answer(world: World, call: Call, { record, at }: Call['records'][number]): void {
  const { step } = call;
  const thread = 'thread' in step && step.thread !== undefined ? world.threads.get(step.thread) : undefined;
  switch (record.type) {
    case 'register':
      producer.registered(world, record, step as Extract<Step, { op: 'register' }>, at);
      break;
    case 'emit':
      if (step.op === 'emitSize') producer.emittedWrong(world, thread!, record, step.bytes, at);
      else producer.emitted(world, thread!, record, at);
      break;
    case 'submit':
      producer.submitted(world, thread!, record, at);
      break;
    case 'mark':
    case 'seal':
      producer.markedOrSealed(world, thread!, record, at);
      break;
    case 'leave':
      producer.leftThread(world, thread!, record, at);
      break;
    case 'weight':
      producer.weighed(world, thread!, record, at);
      break;
    case 'priority':
      producer.prioritised(world, thread!, record, at);
      break;
    case 'configure':
      configured(world, record, at);
      break;
    case 'dead':
      producer.declaredDead(thread!, record, at);
      break;
    case 'acquire':
      acquired(world, record, at);
      break;
    case 'release':
      released(world, record, at);
      break;
    case 'iteration':
      iterated(world, call, perform);
      break;
    case 'visit':
      visitedByHand(world, call, step as Extract<Step, { op: 'visit' }>, perform);
      break;
    case 'stop':
      stoppedDrain(world, call, step as Extract<Step, { op: 'stop' }>, perform);
      break;
    case 'metrics':
      measured(world, record, at);
      lookedTwice(world, record, at);
      return;
    case 'sink':
      world.sink = record;
      break;
    case 'advance':
      world.elapsed += record.ns;
      break;
    case 'create':
      expectOutcome(
        'QUEUE-EXCLUSIVE',
        `drain ${record.drain}, attached to the arena,`,
        record.outcome,
        ['accepted'],
        at,
      );
      world.drains.set(record.drain, new DrainBooks(world.given));
      break;
    default:
  }
  world.lastMetrics = undefined;
}

function lookedTwice(world: World, record: RecordOf<'metrics'>, at: number): void {
  const told = JSON.stringify(record);
  if (world.lastMetrics !== undefined && world.lastMetrics !== told)
    violated('METRIC-PEEK', 'metrics that are read twice in a row differ', world.lastMetrics, told, at);
  world.lastMetrics = told;
}

/** All or nothing, as resolveConfig says. */
function configured(world: World, { drain, changes, outcome }: RecordOf<'configure'>, at: number): void {
  const books = world.drains.get(drain)!;
  const asked = changes as Partial<DrainConfig>;
  let expected = 'accepted';
  try {
    changedConfig({ ...books.config, ...books.changes }, asked);
  } catch (error) {
    if (!(error instanceof DrainError)) throw error;
    expected = error.code;
  }
  const who = `drain ${drain}: configure of ${JSON.stringify(changes)}`;
  expectOutcome('FAIR-RECONFIGURE', who, outcome, [expected], at);
  if (outcome === 'accepted') world.reconfigure(drain, asked);
}

function acquired(world: World, { drain, thread: id, acquired: took }: RecordOf<'acquire'>, at: number): void {
  const { slot } = world.threads.get(id)!;
  const { sure, perhaps } = world.holders();
  const who = `drain ${drain}: tryAcquireDrain of slot ${slot}`;
  const occupant = sure.find((thread) => thread.slot === slot);
  if (occupant === undefined) {
    const maybe = perhaps.find((thread) => thread.slot === slot);
    if (took && maybe !== undefined) maybe.holder = drain;
    return;
  }
  const free = world.isFree(occupant);
  if (took !== free)
    violated(
      'QUEUE-TRY-NONBLOCKING',
      `${who} (thread ${occupant.id}) said ${took}, and the queue was ${free ? 'free' : 'held'}`,
      free,
      took,
      at,
    );
  if (!took) return;
  occupant.holder = drain;
  if (world.frames.length > 0) world.touched.add(occupant);
}

function released(world: World, { drain, thread: id, outcome }: RecordOf<'release'>, at: number): void {
  const { slot } = world.threads.get(id)!;
  const held = [...world.threads.values()].find((thread) => thread.slot === slot && thread.holder === drain);
  const who = `drain ${drain}: releaseDrain of slot ${slot}`;
  expectOutcome('QUEUE-TRY-NONBLOCKING', who, outcome, [held === undefined ? 'NOT_HOLDING' : 'accepted'], at);
  if (held === undefined) return;
  held.holder = undefined;
  held.stuck = false;
}

/** The first promise that a history breaks, if it breaks one. */
export function judgeHistory(script: Script, history: readonly HistoryRecord[]): Violation | undefined {
  try {
    const at = history.findIndex(({ type }) => type === 'threw');
    const threw = history[at];
    if (threw?.type === 'threw')
      violated(
        'ITER-LIFECYCLE',
        `${threw.during} did what the contract does not allow: ${threw.message}`,
        'a result or a typed error',
        threw.message,
        at,
      );
    perform(new World(script.setup), callsOf(history, script.steps, script.nested));
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    if (error instanceof HistoryMismatch)
      return new Violation('ITER-LIFECYCLE', error.message, 'what the scenario asks for', error.message, error.at);
    throw error;
  }
}
