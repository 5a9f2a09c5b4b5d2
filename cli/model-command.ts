import { randomInt } from 'node:crypto';
import pc from 'picocolors';
import { SubjectClient } from '../conformance/client/subject-client.js';
import {
  MODEL_LIMITS,
  checkDifference,
  checkModel,
  type ModelOptions,
  type ModelResult,
} from '../conformance/model/check-model.js';
import { renderModelFailure } from '../conformance/model/render.js';
import { programName, resolveDrain, type DrainTarget } from '../conformance/runner/drains.js';
import { isErrorCode } from '../spec/index.js';
import { EXIT, type Streams } from './program.js';
import { refusedBy } from './refused.js';
import { UsageError } from './select.js';

/** Flags of `drainproof model`. */
export interface ModelFlags {
  readonly impl?: string[];
  readonly runs: number;
  readonly commands: number;
  readonly seed?: number;
  readonly path?: string;
  readonly replayPath?: string;
  readonly differential?: boolean;
}

const LARGEST_SEED = 2 ** 31 - 1;
/** No further sequence begins after this long for one drain, ms. */
const LONGEST_MS = 300_000;

interface Opened {
  readonly target: DrainTarget;
  readonly client: SubjectClient;
  readonly claims: readonly string[];
}

/** `drainproof model`: sequences of commands against the model; the result is the exit code. */
export async function modelCommand(flags: ModelFlags, streams: Streams): Promise<number> {
  if (flags.runs < 1 || flags.commands < 1) throw new UsageError('--runs and --commands are whole numbers from 1.');
  if (flags.path !== undefined && !/^\d+(:\d+)*$/.test(flags.path))
    throw new UsageError(`--path '${flags.path}' is no path; expected numbers and colons, as a failure printed them.`);
  if (flags.path !== undefined && flags.seed === undefined)
    throw new UsageError('--path replays a case of one seed; give --seed too.');
  const seed = flags.seed ?? randomInt(1, LARGEST_SEED);
  const options: ModelOptions = {
    seed,
    runs: flags.runs,
    commands: flags.commands,
    limitMs: LONGEST_MS,
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.replayPath === undefined ? {} : { replayPath: flags.replayPath }),
  };
  const targets = (flags.impl ?? ['reference', 'native']).map((given) => resolveDrain(given));
  const differential = flags.differential === true;
  if (differential && targets.length !== 2)
    throw new UsageError('--differential compares two drains; give --impl twice, or not at all.');
  const opened: Opened[] = [];
  try {
    for (const target of targets) opened.push(await open(target));
    const ok = differential
      ? await judge(opened, flags, seed, streams, () => {
          const [first, second] = opened as [Opened, Opened];
          const claims = first.claims.filter((name) => second.claims.includes(name));
          return checkDifference(first.client, second.client, claims, options);
        })
      : await judgeEach(opened, flags, seed, streams, options);
    return ok ? EXIT.asDeclared : EXIT.notAsDeclared;
  } finally {
    for (const { client } of opened) await client.close();
  }
}

async function open(target: DrainTarget): Promise<Opened> {
  const client = new SubjectClient(target.command, { limits: MODEL_LIMITS });
  const answer = await client.open();
  if (answer.ok) return { target, client, claims: answer.value.capabilities };
  await client.close();
  const { code, message } = answer.fault;
  throw refusedBy(target.given, isErrorCode(code) ? code : 'IMPL_UNREADABLE', message);
}

async function judgeEach(
  opened: readonly Opened[],
  flags: ModelFlags,
  seed: number,
  streams: Streams,
  options: ModelOptions,
): Promise<boolean> {
  let ok = true;
  for (const one of opened)
    ok = (await judge([one], flags, seed, streams, () => checkModel(one.client, one.claims, options))) && ok;
  return ok;
}

async function judge(
  drains: readonly Opened[],
  { commands }: ModelFlags,
  seed: number,
  { out }: Streams,
  check: () => Promise<ModelResult>,
): Promise<boolean> {
  const names = drains.map(({ target }) => target.name).join(' and ');
  const started = performance.now();
  const { sequences, failure } = await check();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const scale = `${sequences} sequences in ${seconds} s (seed ${seed})`;
  if (failure === undefined) {
    out.write(
      `${pc.green('✓')} ${names}: ${drains.length > 1 ? 'the same histories' : 'every answer is one that the model allows'}; ${scale}\n`,
    );
    return true;
  }
  const impls = drains.map(({ target }) => `--impl ${target.given}`).join(' ');
  const again = `${programName()} model ${impls}${drains.length > 1 ? ' --differential' : ''} --commands ${commands}`;
  out.write(`${pc.red('✗')} ${names}: ${scale}\n${renderModelFailure(failure, again)}`);
  return false;
}
