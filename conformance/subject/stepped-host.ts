import {
  DEFAULT_CONFIG,
  HISTORY_VERSION,
  resolveConfig,
  type Drain,
  type DrainConfig,
  type DrainModule,
  type HistoryRecord,
  type RecordOf,
  type Scenario,
  type Step,
  type SteppedScenario,
} from '../../spec/index.js';
import { attempt, members, mustNotThrow, type Append } from './attempt.js';
import { BatonHands } from './baton.js';
import { MovableHands, type Hands } from './hands.js';
import { Stage } from './stage.js';
import { performStep } from './steps.js';

/** A drain's module and where it was loaded from. */
export interface Hosted {
  readonly module: DrainModule;
  readonly path: string;
}

/** A record size that the host can work with, even when a drain took one that it should have refused. */
const readableBytes = (bytes: unknown): number =>
  Number.isSafeInteger(bytes) && (bytes as number) >= 32 && (bytes as number) % 4 === 0
    ? (bytes as number)
    : DEFAULT_CONFIG.detailRecordBytes;

/** The first record; and the configuration with its defaults, as far as it is sound. */
export function headerOf(scenario: Scenario): { header: RecordOf<'history'>; config: DrainConfig } {
  const given = scenario.config as Partial<DrainConfig>;
  const resolved = attempt(() => resolveConfig(given));
  const config = resolved.ok ? resolved.value : { ...DEFAULT_CONFIG, ...given };
  const hostConfig = { ...config, detailRecordBytes: readableBytes(config.detailRecordBytes) };
  const stated = resolved.ok ? { ...resolved.value } : scenario.config;
  return {
    header: { type: 'history', version: HISTORY_VERSION, mode: scenario.mode, config: stated },
    config: hostConfig,
  };
}

/** A drain that has less room than it was asked for says so in `drain.config`: it is held to that, down to the half of what was asked. */
export function declared(header: RecordOf<'history'>, drain: unknown): RecordOf<'history'> {
  const says = attempt(() => members(members(drain as Partial<Drain>).config ?? {}));
  const has = says.ok ? (says.value as Partial<DrainConfig>).indexCapacity : undefined;
  const asked = header.config['indexCapacity'];
  if (typeof has !== 'number' || typeof asked !== 'number') return header;
  if (!Number.isInteger(has) || has >= asked || has < asked / 2) return header;
  return { ...header, config: { ...header.config, indexCapacity: has } };
}

/** Who moves the threads: workers when the scenario asks for real threads or the handles are not movable. */
function handsFor(hosted: Hosted, scenario: SteppedScenario, drain: Drain, detailRecordBytes: number): Hands {
  const claims = new Set<string>(hosted.module.capabilities);
  const real = scenario.threads === 'real' || !claims.has('movable-handles');
  if (real && claims.has('threads')) return new BatonHands(hosted.path, () => drain.shareRegistry(), detailRecordBytes);
  return new MovableHands(drain.registry, detailRecordBytes);
}

/** Runs a stepped scenario: the same history each time, byte for byte. */
export function runStepped(hosted: Hosted, scenario: SteppedScenario, append: Append): void {
  const { header, config } = headerOf(scenario);
  const nested = new Map<number, Step[]>();
  for (const { write, steps } of scenario.duringBatch) nested.set(write, [...(nested.get(write) ?? []), ...steps]);
  // The header comes first, and what the drain has is known only when it is made.
  let early: HistoryRecord[] | undefined = [];
  const later: Append = (record) => {
    if (early === undefined) append(record);
    else early.push(record);
  };
  const stage = new Stage({ module: hosted.module, config, nested, append: later, perform: performStep });
  const drain = stage.openDrain(0, scenario.config as Partial<DrainConfig>);
  for (const record of [declared(header, drain), ...early]) append(record);
  early = undefined;
  if (drain !== undefined) {
    stage.hands = handsFor(hosted, scenario, drain, config.detailRecordBytes);
    try {
      for (const step of scenario.steps) performStep(stage, step);
    } finally {
      stage.hands.close();
      for (const opened of stage.drains.values()) {
        mustNotThrow(append, 'close', () => {
          opened.close();
        });
      }
    }
  }
  append({ type: 'end', reason: 'complete' });
}
