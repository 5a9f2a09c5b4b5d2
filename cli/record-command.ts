import { createWriteStream, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { SubjectClient } from '../conformance/client/subject-client.js';
import { describeFault } from '../conformance/faults.js';
import { isSettled } from '../conformance/checkers/index.js';
import { resolveDrain } from '../conformance/runner/drains.js';
import {
  emit,
  free,
  leave,
  mark,
  register,
  settle,
  stepped,
  stop,
  threads,
  turn,
} from '../conformance/scenarios/build.js';
import { decodeToken } from '../conformance/scenarios/token.js';
import { Scenario, type HistoryRecord, type ScenarioInput } from '../spec/index.js';
import { EXIT, type Streams } from './program.js';
import { UsageError } from './select.js';

/** Flags of `drainproof record`. */
export interface RecordFlags {
  readonly impl: string;
  readonly scenario?: string;
  readonly replay?: string;
  readonly free?: boolean;
  readonly out?: string;
}

/** A little of everything: what a recorded history looks like. */
const EXAMPLE: ScenarioInput = stepped(
  { quantum: 8, indexCapacity: 16, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 },
  ...[register(1), register(2), emit(1, 'index', 20), emit(2, 'index', 3), turn()],
  ...[emit(1, 'detail', 6), mark(1), emit(1, 'index', 2), leave(2), settle(64), stop()],
);

/** The same with real threads. */
const FREE_EXAMPLE: ScenarioInput = free(
  { detailCapacity: 0, slots: 4, indexCapacity: 256 },
  threads(4).map((threadId) => ({ threadId, events: 10_000 })),
);

/** `drainproof record`: plays a scenario on a drain and writes its history, one record a line. */
export async function recordCommand(flags: RecordFlags, streams: Streams): Promise<number> {
  const scenario = Scenario.parse(chosen(flags));
  const target = resolveDrain(flags.impl);
  const client = new SubjectClient(target.command);
  const answer = await client.run(scenario);
  await client.close();
  const history = answer.ok ? named(answer.value, target.name) : answer.fault.history;
  const lines = history.map((record) => `${JSON.stringify(record)}\n`);
  if (flags.out === undefined) streams.out.write(lines.join(''));
  else await write(flags.out, lines);
  if (!answer.ok) {
    streams.err.write(`error: ${describeFault(answer.fault).message}; what was recorded until then has no \`end\`\n`);
    return EXIT.notAsDeclared;
  }
  if (flags.out !== undefined) {
    streams.err.write(
      `${lines.length} records of ${target.name} in ${flags.out}; judge them: drainproof verify ${flags.out}\n`,
    );
  }
  return EXIT.asDeclared;
}

function chosen({ scenario, replay, free: racing }: RecordFlags): ScenarioInput {
  if (Number(scenario !== undefined) + Number(replay !== undefined) + Number(racing === true) > 1)
    throw new UsageError('--scenario, --replay and --free each name a scenario; give one of them.');
  if (replay !== undefined) return decodeToken(replay).scenario;
  if (scenario === undefined) return racing === true ? FREE_EXAMPLE : EXAMPLE;
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(scenario, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it is no JSON';
    throw new UsageError(
      `The scenario '${scenario}' cannot be read (${why}). Expected a JSON file (spec/schemas/scenario.schema.json).`,
    );
  }
  const checked = Scenario.safeParse(given);
  if (checked.success) return given as ScenarioInput;
  const issue = checked.error.issues[0]!;
  throw new UsageError(
    `The scenario '${scenario}' is none: ${issue.path.map(String).join('.')}: ${issue.message}. Expected the format of spec/schemas/scenario.schema.json.`,
  );
}

/** The history under the drain's name, its end told as it is: a scenario may stop while events are pending. */
function named(history: readonly HistoryRecord[], subject: string): HistoryRecord[] {
  const settled = isSettled(history) || history.some(({ type }) => type === 'stop');
  return history.map((record) => {
    if (record.type === 'history') return { ...record, subject };
    return record.type === 'end' && record.reason === 'complete' && !settled
      ? { ...record, reason: 'unsettled' }
      : record;
  });
}

async function write(path: string, lines: readonly string[]): Promise<void> {
  const file = createWriteStream(path);
  const opened = once(file, 'open').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `'${path}' cannot be written (${error.code ?? 'unknown'}). Name a file in a folder that exists.`,
    );
  });
  await opened;
  const packed = path.endsWith('.gz') ? createGzip() : undefined;
  packed?.pipe(file);
  const sink = packed ?? file;
  for (const line of lines) if (!sink.write(line)) await once(sink, 'drain');
  sink.end();
  await once(file, 'close');
}
