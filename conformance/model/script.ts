/** What the commands of one sequence write: the steps of a scenario, and what the guards of later commands look at. */
import type { DrainConfig, ScenarioInput, Step, StepInput } from '../../spec/index.js';
import { Step as StepSchema } from '../../spec/index.js';

type Given = Partial<Record<keyof DrainConfig, number | string>>;

/** A drain's sizes for one sequence, and what the drain claims. */
export interface Setup {
  readonly config: Given;
  readonly claims: ReadonlySet<string>;
}

/**
 * The marker that begins what happens during a write: without it nobody could tell a call's own result from that of
 * a call made inside the sink. Time does not move.
 */
export const NESTED: StepInput = { op: 'advance', ns: 0 };

/** What is sure before a drain has answered anything: the guards of the commands ask for no more. */
export class Plan {
  /** Threads that were told to register; whether they could is the drain's answer. */
  readonly asked = new Set<number>();
  readonly killed = new Set<number>();
  /** Writes of the sink that have steps of their own already. */
  readonly writes = new Set<number>();
  readonly drains = new Set([0]);
  stops = 0;

  /** To try what commands would come to. */
  copy(): Plan {
    const copy = new Plan();
    for (const name of ['asked', 'killed', 'writes', 'drains'] as const)
      for (const value of this[name]) copy[name].add(value);
    copy.stops = this.stops;
    return copy;
  }
}

/** The scenario as it grows. */
export class Script {
  readonly steps: Step[] = [];
  readonly nested = new Map<number, readonly Step[]>();
  readonly setup: Setup;

  constructor(setup: Setup) {
    this.setup = setup;
  }

  add(...steps: readonly StepInput[]): void {
    this.steps.push(...steps.map((step) => StepSchema.parse(step)));
  }

  /** Steps that happen while the n-th write of the sink is under way, if there is one. */
  during(write: number, steps: readonly StepInput[]): void {
    this.nested.set(
      write,
      [NESTED, ...steps].map((step) => StepSchema.parse(step)),
    );
  }

  scenario(): ScenarioInput {
    return {
      mode: 'stepped',
      config: { ...this.setup.config },
      steps: this.steps,
      duringBatch: [...this.nested].map(([write, steps]) => ({ write, steps: [...steps] })),
    };
  }
}

const settle = { op: 'settle', limit: 4096 } as const;

/** What every sequence ends with: whoever holds lets go, the sink is well, everything is delivered, and the drain stops. */
export function epilogue(plan: Plan, { claims }: Setup): StepInput[] {
  const threads = [...plan.asked];
  const drains = [...plan.drains];
  const look: StepInput[] = claims.has('metrics') ? [{ op: 'metrics' }] : [];
  const letGo = claims.has('submit')
    ? threads.flatMap((thread): StepInput[] => [
        { op: 'commit', thread },
        ...drains.map((drain) => ({ op: 'release', thread, drain }) as const),
      ])
    : [];
  const bury = [...plan.killed].map((thread) => ({ op: 'declareDead', thread }) as const);
  return [
    { op: 'sink', behaviour: 'accept' },
    ...letGo,
    ...bury,
    { op: 'turn', times: 8 },
    settle,
    ...look,
    { op: 'stop' },
    ...threads.map((thread) => ({ op: 'emit', thread, lane: 'index' }) as const),
    { op: 'turn' },
    { op: 'stop' },
    ...look,
  ];
}
