/** Generated scenarios for the THREAD family: threads come, emit and go, in few slots. */
import fc, { type Arbitrary } from 'fast-check';
import type { ScenarioInput, StepInput } from '../../spec/index.js';
import { cursors } from './arbitrary-lane.js';
import { declareDead, emit, kill, leave, mark, register, settle, turn } from './build.js';

/** What happens next; `who` counts among the threads that have come so far. */
type Move =
  | { readonly kind: 'join' }
  | { readonly kind: 'settle' }
  | { readonly kind: 'emit' | 'detail'; readonly who: number; readonly count: number }
  | { readonly kind: 'leave' | 'die' | 'mark'; readonly who: number }
  | { readonly kind: 'turn'; readonly count: number };

const who = fc.nat(7);
const join: Arbitrary<Move> = fc.constant({ kind: 'join' });
const emitsTo = (kind: 'emit' | 'detail'): Arbitrary<Move> =>
  fc.record({ kind: fc.constant(kind), who, count: fc.integer({ min: 1, max: 12 }) });
const emits = emitsTo('emit');
const marks: Arbitrary<Move> = fc.record({ kind: fc.constant('mark' as const), who });

export interface LivesOptions {
  /** Some threads die instead of leaving (capability `death`). */
  readonly deaths?: boolean;
  /** Threads come, emit and leave during batches too. */
  readonly nested?: boolean;
  /** Detail events and marks, and windows for them (capability `detail`). */
  readonly detail?: boolean;
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
    if (move.kind === 'detail') return [emit(thread, 'detail', move.count)];
    if (move.kind === 'mark') return [mark(thread)];
    return move.kind === 'leave' ? [leave(thread)] : [kill(thread), declareDead(thread)];
  });
}

/** Ends settled. Threads that come during a batch have numbers from 1000 up. */
export function lives({ deaths = false, nested = false, detail = false }: LivesOptions = {}): Arbitrary<ScenarioInput> {
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
    ...(detail
      ? [
          { weight: 4, arbitrary: emitsTo('detail') },
          { weight: 2, arbitrary: marks },
        ]
      : []),
  );
  const windows = detail
    ? fc.record({
        detailCapacity: fc.constantFrom(8, 16),
        windowRecords: fc.constantFrom(2, 4),
        detailRecordBytes: fc.constant(64),
        preRoll: fc.nat(4),
        postRoll: fc.nat(2),
      })
    : fc.constant({ detailCapacity: 0 });
  const inner = fc.oneof(join, emits, goes);
  return fc
    .record({
      slots: fc.integer({ min: 1, max: 4 }),
      quantum: fc.integer({ min: 1, max: 9 }),
      indexCapacity: fc.constantFrom(4, 16, 64),
      initialCursor: cursors,
      windows,
      moves: fc.array(move, { minLength: 3, maxLength: 40, size: 'max' }),
      during: nested
        ? fc.array(fc.tuple(fc.nat(6), fc.array(inner, { minLength: 1, maxLength: 4 })), { maxLength: 3 })
        : fc.constant<[number, Move[]][]>([]),
    })
    .map(({ moves, during, windows: lanes, ...config }) => ({
      mode: 'stepped',
      config: { ...config, ...lanes },
      steps: [register(1), emit(1, 'index', 3), ...stepsOf(moves, 2), settle(4096)],
      duringBatch: during.map(([write, some], i) => ({ write, steps: stepsOf(some, 1000 * (i + 1)) })),
    }));
}
