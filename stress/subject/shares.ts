/** How evenly the threads of a load are served, over delivered / ideal: of windows and of the whole measured part. */
import { jainIndex, maxMinShares } from '../../spec/bounds.js';
import type { StressLoad } from '../../spec/stress.js';
import { COUNT, type Board, type Member } from './board.js';

export interface Evenness {
  readonly jain?: number;
  readonly minShare?: number;
}

/** Counts of each thread at one moment. */
interface Mark {
  readonly delivered: readonly number[];
}

/** Events accepted so far, of each of these threads. */
export type Accepted = (members: readonly Member[]) => readonly number[];

export class Shares {
  readonly #members: readonly Member[];
  readonly #weights: readonly number[];
  readonly #load: StressLoad;
  readonly #accepted: Accepted;
  readonly #board: Board;

  /** Threads that come and go, or live several lives, have no share of a window: they are left out. */
  constructor(load: StressLoad, members: readonly Member[], board: Board, accepted: Accepted) {
    this.#load = load;
    this.#board = board;
    this.#accepted = accepted;
    this.#members = members.filter(({ group }) => {
      const { life, joinMs, stepMs, leaveMs } = load.groups[group]!;
      return life === undefined && joinMs === 0 && stepMs === 0 && leaveMs === undefined;
    });
    this.#weights = this.#members.map(({ group }) => this.#load.groups[group]!.weight);
  }

  mark(): Mark {
    return { delivered: this.#members.map((member) => this.#board.sumOf(member, COUNT.delivered)) };
  }

  /** Since a mark. Of demand: what waited at the mark or was accepted since. */
  since({ delivered: before }: Mark): Evenness {
    const delivered = this.#members.map((member, i) => this.#board.sumOf(member, COUNT.delivered) - before[i]!);
    const accepted = this.#accepted(this.#members);
    const demands = delivered.map((one, i) => Math.max(accepted[i]! - before[i]!, one));
    const total = delivered.reduce((sum, one) => sum + one, 0);
    const ideal = maxMinShares(demands, this.#weights, total);
    const shares = delivered.flatMap((one, i) => (ideal[i]! > 0 ? [one / ideal[i]!] : []));
    return shares.length < 2 ? {} : { jain: jainIndex(shares), minShare: Math.min(...shares) };
  }
}
