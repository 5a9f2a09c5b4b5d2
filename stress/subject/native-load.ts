/** A load on the drain's native producer threads: programs in, counts out. */
import { LifeResult, OpenProgram, type EmitRun } from '../../spec/load.js';
import type { StressLoad } from '../../spec/stress.js';
import { COUNT, type Board, type Member } from './board.js';

/** True for a load that native threads can play: closed loops of so many events, or open loops; everybody there from beginning to end. */
export function isNativeLoad({ groups }: Pick<StressLoad, 'groups'>): boolean {
  const closed = groups.every(({ arrivals }) => arrivals.kind === 'closed' && arrivals.events > 0);
  const open = groups.every(({ arrivals, whenFull }) => arrivals.kind !== 'closed' && whenFull === 'wait');
  const stays = groups.every(
    ({ life, joinMs, stepMs, leaveMs }) => life === undefined && joinMs === 0 && stepMs === 0 && leaveMs === undefined,
  );
  return stays && (closed || open);
}

/** What each thread does. `beginNs`: when the load begins. */
export function nativePrograms(load: StressLoad, members: readonly Member[], beginNs: number): OpenProgram[] {
  const endNs = beginNs + Math.round((load.warmupMs + load.durationMs) * 1e6);
  return members.map(({ group, place, firstId }) => {
    const { arrivals, threads, weight } = load.groups[group]!;
    const plain = { threadId: firstId, weight, events: arrivals.kind === 'open' ? 0 : arrivals.events };
    if (arrivals.kind === 'closed') return OpenProgram.parse(plain);
    const burst = arrivals.kind === 'burst';
    const tickNs = Math.round((burst ? arrivals.everyMs : arrivals.tickMs) * 1e6);
    const ratePerSecond = burst ? (arrivals.events * 1e9) / tickNs : arrivals.rate;
    // the threads of a group tick one after another; bursts come together
    const fromNs = beginNs + (burst ? 0 : Math.round((place / threads) * tickNs));
    return OpenProgram.parse({ ...plain, open: { ratePerSecond, tickNs, beginNs: fromNs, endNs } });
  });
}

/** Puts what the threads were told on the board. @returns what was wrong with it, in words */
export function bookLives(board: Board, told: readonly unknown[]): string[] {
  return told.flatMap((one) => {
    const parsed = LifeResult.safeParse(one);
    if (!parsed.success) return [`startProducers() told no life: ${parsed.error.issues[0]!.message}`];
    const { threadId, registered, index, ended } = parsed.data;
    if (registered !== 'accepted') return [`thread ${threadId} could not register: ${registered}`];
    if (!(threadId >= 1 && threadId < board.ids))
      return [`startProducers() told of thread ${threadId}, which was not asked for`];
    const sum = (of: (run: EmitRun) => number): number => index.reduce((all, run) => all + of(run), 0);
    board.set(
      threadId,
      COUNT.accepted,
      sum(({ outcome, count }) => (outcome === 'accepted' ? count : 0)),
    );
    board.set(
      threadId,
      COUNT.rejected,
      sum(({ outcome, count }) => (outcome === 'accepted' ? 0 : count)),
    );
    board.set(
      threadId,
      COUNT.retries,
      sum(({ retries }) => retries),
    );
    board.set(threadId, COUNT.lives, 1);
    return ended === 'leave' ? [] : [`thread ${threadId} ended with '${ended}'`];
  });
}
