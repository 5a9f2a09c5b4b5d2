/** What `drainproof verify` says of one history: verdicts, the lines that show faults, what could not be decided. */
import pc from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import type { Decision, Verification } from '../conformance/verify/verify.js';
import { describeRecord } from './describe.js';
import { MARKS } from './marks.js';
import { plain, plural, thousands, wrap } from './text.js';

export interface VerificationOptions {
  /** Absent: as the terminal and NO_COLOR say. */
  readonly color?: boolean;
  /** Columns; absent: 100. */
  readonly width?: number;
  /** Why each undecided requirement is undecided. */
  readonly verbose?: boolean;
}

const EVIDENCE = 6;

export function renderVerification(told: Verification, options: VerificationOptions = {}): string {
  const colors = options.color === undefined ? pc : pc.createColors(options.color);
  const width = Math.max(40, options.width ?? 100);
  const { source, records, events, mode, subject, cut } = told;
  const of = subject === undefined ? '' : ` of ${subject}`;
  const size = `${thousands(events)} events accepted in ${plural(records, 'record')}, ${mode}${of}`;
  const blocks = [`${colors.bold(plain(source))}: ${plain(size)}`];
  const by = (verdict: Decision['verdict']): Decision[] => told.decisions.filter((one) => one.verdict === verdict);
  for (const decision of by('fail')) blocks.push(failed(decision, colors, width));
  blocks.push(listed(colors.green(MARKS.pass.mark), 'kept', by('pass'), width));
  blocks.push(options.verbose === true ? reasons(by('undecided'), width) : undecided(by('undecided'), width));
  if (cut !== undefined) {
    const words = `The history breaks off: ${cut}. The verdicts hold for the ${thousands(records)} records before.`;
    blocks.push(
      wrap(plain(words), width)
        .map((line) => colors.yellow(line))
        .join('\n'),
    );
  }
  blocks.push(summary(told, colors));
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** True when something was decided, nothing failed, and the history is whole. */
export function isSound({ decisions, cut }: Verification): boolean {
  const passed = decisions.some(({ verdict }) => verdict === 'pass');
  return passed && cut === undefined && decisions.every(({ verdict }) => verdict !== 'fail');
}

function failed({ requirement, failure, lines }: Decision, colors: Colors, width: number): string {
  const out = [`${colors.red(`${MARKS.fail.mark} fail`)}  ${colors.bold(requirement.id)}`];
  const add = (label: string, text: string): void => {
    const parts = wrap(plain(text), width - 14);
    parts.forEach((line, i) => out.push(`  ${colors.dim((i === 0 ? label : '').padEnd(11))} ${line}`));
  };
  add('required', requirement.text);
  if (failure !== undefined) {
    add('found', failure.message);
    add('expected', failure.expected);
    add('seen', failure.seen);
    failure.evidence.slice(0, EVIDENCE).forEach((at, i) => {
      const record = failure.history[at];
      if (record !== undefined) add(`line ${lines[i]}`, describeRecord(record));
    });
    if (lines.length > EVIDENCE) add('', `and ${plural(lines.length - EVIDENCE, 'more line')}`);
  }
  add('look at', requirement.lookAt);
  return out.join('\n');
}

function listed(mark: string, what: string, decisions: readonly Decision[], width: number): string {
  if (decisions.length === 0) return '';
  const ids = decisions.map(({ requirement }) => requirement.id).join(', ');
  const [head, ...rest] = wrap(`${what}: ${ids}`, width - 2);
  return [`${mark} ${head}`, ...rest.map((line) => `  ${line}`)].join('\n');
}

/** Undecided requirements by their reason, those that always need scenarios of their own in one line. */
function undecided(decisions: readonly Decision[], width: number): string {
  const byReason = new Map<string, string[]>();
  for (const { requirement, reason } of decisions) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), requirement.id]);
  }
  const lines = [...byReason].flatMap(([reason, ids]) => {
    const names = ids.length > 6 ? `${ids.length} requirements` : ids.join(', ');
    const [head, ...rest] = wrap(`not decided: ${names}: ${plain(reason)}`, width - 2);
    return [`${MARKS['not-applicable'].mark} ${head}`, ...rest.map((line) => `  ${line}`)];
  });
  return lines.join('\n');
}

function reasons(decisions: readonly Decision[], width: number): string {
  return decisions
    .flatMap(({ requirement, reason }) => {
      const [head, ...rest] = wrap(`${requirement.id}: ${plain(reason)}`, width - 2);
      return [`${MARKS['not-applicable'].mark} ${head}`, ...rest.map((line) => `  ${line}`)];
    })
    .join('\n');
}

function summary(told: Verification, colors: Colors): string {
  const decided = told.decisions.filter(({ verdict }) => verdict !== 'undecided');
  const faults = decided.filter(({ verdict }) => verdict === 'fail').length;
  if (decided.length === 0) return colors.bold(colors.red('Nothing could be decided from this history.'));
  if (faults > 0)
    return colors.bold(colors.red(`${faults} of ${plural(decided.length, 'decided requirement')} failed.`));
  const whole = told.cut === undefined ? 'kept.' : 'kept as far as the history goes.';
  const words = `${plural(decided.length, 'decided requirement')} ${whole}`;
  return colors.bold(told.cut === undefined ? colors.green(words) : colors.yellow(words));
}
