/** Generated scenarios for the THREAD family: threads come, emit and go, in few slots. */
import fc, { type Arbitrary } from 'fast-check';
import type { ScenarioInput, StepInput } from '../../spec/index.js';
import { cursors } from './arbitrary-lane.js';
import { declareDead, emit, kill, leave, register, settle, turn } from './build.js';

/** What happens next; `who` counts among the threads that have come so far. */
type Move =
  | { readonly kind: 'join' }
  | { readonly kind: 'settle' }
  | { readonly kind: 'emit'; readonly who: number; readonly count: number }
  | { readonly kind: 'leave' | 'die'; readonly who: number }
  | { readonly kind: 'turn'; readonly count: number };

const who = fc.nat(7);
const join: Arbitrary<Move> = fc.constant({ kind: 'join' });
const emits: Arbitrary<Move> = fc.record({
  kind: fc.constant('emit' as const),
  who,
  count: fc.integer({ min: 1, max: 12 }),
});

export interface LivesOptions {
  /** Some threads die instead of leaving (capability `death`). */
  readonly deaths?: boolean;
  /** Threads come, emit and leave during batches too. */
  readonly nested?: boolean;
}

/** Steps of the moves; threads are numbered as they come, from `first`. */
function stepsOf(moves: readonly Move[], first: number): StepInput[] {
  let next = first;
  return moves.flatMap((move): StepInput[] => {
    if (move.kind === 'turn') return [turn(move.count)];
    if (move.kind === 'settle') return [settle(4096)];
    if (move.kind === 'join') return [register(next++)];
    if (next === first) return [];
    const thread = next - 1 - (move.who % (next - first));
    if (move.kind === 'emit') return [emit(thread, 'index', move.count)];
    return move.kind === 'leave' ? [leave(thread)] : [kill(thread), declareDead(thread)];
  });
}

/** Ends settled. Threads that come during a batch have numbers from 1000 up. */
export function lives({ deaths = false, nested = false }: LivesOptions = {}): Arbitrary<ScenarioInput> {
  const leaves: Arbitrary<Move> = fc.record({ kind: fc.constant('leave' as const), who });
  const dies: Arbitrary<Move> = fc.record({ kind: fc.constant('die' as const), who });
  const turns: Arbitrary<Move> = fc.record({
    kind: fc.constant('turn' as const),
    count: fc.integer({ min: 1, max: 3 }),
  });
  const goes = deaths ? fc.oneof(leaves, dies) : leaves;
  const move = fc.oneof(
    { weight: 3, arbitrary: join },
    { weight: 5, arbitrary: emits },
    { weight: 3, arbitrary: goes },
    { weight: 3, arbitrary: turns },
    { weight: 1, arbitrary: fc.constant<Move>({ kind: 'settle' }) },
  );
  const inner = fc.oneof(join, emits, goes);
  return fc
    .record({
      slots: fc.integer({ min: 1, max: 4 }),
      quantum: fc.integer({ min: 1, max: 9 }),
      indexCapacity: fc.constantFrom(4, 16, 64),
      initialCursor: cursors,
      moves: fc.array(move, { minLength: 3, maxLength: 40, size: 'max' }),
      during: nested
        ? fc.array(fc.tuple(fc.nat(6), fc.array(inner, { minLength: 1, maxLength: 4 })), { maxLength: 3 })
        : fc.constant<[number, Move[]][]>([]),
    })
    .map(({ moves, during, ...config }) => ({
      mode: 'stepped',
      config: { ...config, detailCapacity: 0 },
      steps: [register(1), emit(1, 'index', 3), ...stepsOf(moves, 2), settle(4096)],
      duringBatch: during.map(([write, some], i) => ({ write, steps: stepsOf(some, 1000 * (i + 1)) })),
    }));
}
