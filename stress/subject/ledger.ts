/** The counts of a stress run, of both ends and of the drain itself. */
import type { LaneLedger } from '../../spec/contract.js';
import type { StressLedger } from '../../spec/stress.js';
import { COUNT, type Board } from './board.js';

/** `told`: at the end, when nothing may be on its way; without it what is accepted and not delivered is no loss yet. */
export function ledgerOf(
  board: Board,
  { duplicated, wrong }: { readonly duplicated: number; readonly wrong: number },
  { whole, told }: { readonly whole: boolean; readonly told?: LaneLedger | undefined },
): StressLedger {
  const [accepted, rejected] = [board.sum(COUNT.accepted), board.sum(COUNT.rejected)];
  return {
    attempted: accepted + rejected,
    accepted,
    rejected,
    retries: board.sum(COUNT.retries),
    delivered: board.sum(COUNT.delivered),
    lost: whole ? lostOf(board) : 0,
    duplicated,
    wrong,
    ...(told && {
      told: {
        accepted: told.accepted,
        rejected: told.rejected,
        delivered: told.delivered,
        pending: told.pending,
        evicted: told.evicted,
        left: told.left,
      },
    }),
  };
}

/** Accepted and never delivered: id by id, so that what one thread got twice does not make up for another's loss. */
function lostOf(board: Board): number {
  let lost = 0;
  for (let id = 1; id < board.ids; id += 1)
    lost += Math.max(0, board.get(id, COUNT.accepted) - board.get(id, COUNT.delivered));
  return lost;
}
