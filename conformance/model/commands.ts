/**
 * The commands of the model: what may be done to a drain and its threads, misuse included. A command's guard asks only
 * for what makes it mean something (the thread was told to register, somebody is dead before he is declared so).
 */
import type { Command } from 'fast-check';
import type { StepInput } from '../../spec/index.js';
import type { Plan, Script } from './script.js';

export type ModelCommand = Command<Plan, Script>;
type Guard = (plan: Readonly<Plan>) => boolean;

/** A command that is one step of the scenario, or a few. */
export class Steps implements ModelCommand {
  readonly steps: readonly StepInput[];
  readonly #guard: Guard;
  readonly #notes: (plan: Plan) => void;

  constructor(steps: readonly StepInput[], guard: Guard = () => true, notes: (plan: Plan) => void = () => undefined) {
    this.steps = steps;
    this.#guard = guard;
    this.#notes = notes;
  }

  check(plan: Readonly<Plan>): boolean {
    return this.#guard(plan);
  }

  /** What later guards must know of it. */
  note(plan: Plan): void {
    this.#notes(plan);
  }

  run(plan: Plan, script: Script): void {
    this.note(plan);
    script.add(...this.steps);
  }

  toString(): string {
    return this.steps.map(describeStep).join('; ');
  }
}

/** Commands that happen while the n-th write of the sink is under way, if it comes to that. */
export class During implements ModelCommand {
  readonly #write: number;
  readonly #commands: readonly Steps[];

  constructor(write: number, commands: readonly Steps[]) {
    this.#write = write;
    this.#commands = commands;
  }

  check(plan: Readonly<Plan>): boolean {
    const tried = plan.copy();
    return (
      !plan.writes.has(this.#write) &&
      this.#commands.every((command) => {
        const means = command.check(tried);
        command.note(tried);
        return means;
      })
    );
  }

  run(plan: Plan, script: Script): void {
    plan.writes.add(this.#write);
    for (const command of this.#commands) command.note(plan);
    script.during(
      this.#write,
      this.#commands.flatMap(({ steps }) => steps),
    );
  }

  toString(): string {
    return `during write ${this.#write}: { ${this.#commands.map(String).join('; ')} }`;
  }
}

const rest = (values: readonly (string | undefined)[]): string =>
  values.filter((value) => value !== undefined).join(', ');
const unless = <T>(usual: T, value: T | undefined, name = ''): string | undefined =>
  value === undefined || value === usual ? undefined : `${name}${String(value)}`;

/** A step in the words of a call. */
export function describeStep(step: StepInput): string {
  switch (step.op) {
    case 'register':
      return `register(${rest([`${step.thread}`, unless(1, step.weight, 'weight '), unless(0, step.priority, 'priority ')])})`;
    case 'emit':
      return `emit(${rest([`${step.thread}`, step.lane, unless(1, step.count)])})`;
    case 'emitSize':
      return `emit(${step.thread}, ${step.lane}, a record of ${step.bytes} bytes)`;
    case 'submit':
    case 'begin':
      return `${step.op}(${rest([`${step.thread}`, `${step.index} index`, unless('0 detail', `${step.detail ?? 0} detail`)])})`;
    case 'turn':
      return `turn(${rest([unless(1, step.times), unless(0, step.drain, 'drain ')])})`;
    case 'settle':
      return `settle(${rest([unless(0, step.drain, 'drain ')])})`;
    case 'visit':
      return `visit(${rest([`${step.thread}`, `at most ${step.maxEvents}`, unless(0, step.drain, 'drain ')])})`;
    case 'acquire':
    case 'release':
      return `${step.op}(${rest([`${step.thread}`, unless(0, step.drain, 'drain ')])})`;
    case 'openDrain':
      return `openDrain(${step.drain})`;
    case 'sink': {
      const words = [
        step.take === undefined ? undefined : `takes ${step.take}`,
        step.times === undefined ? undefined : `${step.times} times`,
        step.thread === undefined ? undefined : `thread ${step.thread}`,
        step.costNs === undefined ? undefined : `${step.costNs} ns a write`,
      ];
      return `sink(${rest([step.behaviour, ...words])})`;
    }
    case 'advance':
      return `advance(${step.ns} ns)`;
    case 'stop':
      return `stop(${rest([unless(undefined, step.deadlineNs, 'deadline ns '), unless(0, step.drain, 'drain ')])})`;
    case 'metrics':
      return `metrics(${rest([unless(0, step.drain, 'drain ')])})`;
    case 'attach':
      return `attach(${step.change})`;
    case 'setWeight':
      return `setWeight(${step.thread}, ${step.weight})`;
    case 'setPriority':
      return `setPriority(${step.thread}, ${step.priority})`;
    case 'configure': {
      const fields = Object.entries(step.changes).map(([name, value]) => `${name} ${value}`);
      return `configure(${rest([...fields, unless(0, step.drain, 'drain ')])})`;
    }
    default:
      return `${step.op}(${step.thread})`;
  }
}
