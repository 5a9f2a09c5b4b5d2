/** What a history holds, counted as it passes by: from it follows what can be decided. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { MOVES } from '../checkers/ledger.js';
import { isRealStop } from '../checkers/settled.js';

/** Calls that a thread is told the end of, its own or the drain's. */
type Call = RecordOf<'emit' | 'submit' | 'mark' | 'register'>;
const isCall = (record: HistoryRecord): record is Call =>
  record.type === 'submit' ||
  record.type === 'mark' ||
  record.type === 'register' ||
  (record.type === 'emit' && record.count > 0);

export class Facts {
  mode: 'stepped' | 'free' = 'stepped';
  config: Readonly<Record<string, number | string>> = {};
  subject: string | undefined;
  end: RecordOf<'end'>['reason'] | undefined;
  /** Events that producers were told are accepted, by lane. */
  readonly accepted = { index: 0, detail: 0 };
  /** Attempts that were told so, by outcome. */
  readonly outcomes = new Map<string, number>();
  /** Records by type. */
  readonly records = new Map<HistoryRecord['type'], number>();
  /** Records that batches held; batches of which the sink took nothing, or a part. */
  delivered = 0;
  refusedBatches = 0;
  partialBatches = 0;
  /** Batches that followed one of the same lane that was refused, or taken in part. */
  offeredAgain = 0;
  continued = 0;
  /** Submits that put index and detail events together; submits that held their queue. */
  joined = 0;
  /** Index events were delivered with their detail's sequence: the recorder tells it. */
  joinsTold = false;
  begun = 0;
  /** Groups that were begun, or accepted. */
  groups = 0;
  /** Marks that were accepted, or may have been. */
  marked = 0;
  /** Index emits and groups that were told that their lane is full. */
  full = 0;
  left = 0;
  /** Who left, and who was declared dead. */
  readonly gone = new Set<number>();
  readonly died = new Set<number>();
  /** Calls of leave() by threads that had left. */
  leftAgain = 0;
  /** Emits, marks and submits of threads that had left; emits, submits and registrations after a stop(). */
  afterLeave = 0;
  afterStop = 0;
  completeStop = false;
  /** There was a stop that took effect. */
  stopped = false;
  /** The last metrics were taken at rest, as far as the lines tell. */
  metricsAtRest = false;
  nonsense = false;
  severalDrains = false;
  /** Policies in force at some time. */
  readonly policies: string[] = [];
  #actedInTurn = false;
  /** Who has left and not come again. */
  readonly #away = new Set<number>();
  /** Lanes whose last batch was not taken whole. */
  readonly #untaken = new Map<string, 'refused' | 'in part'>();
  /** A batch of a turn that has not ended yet. */
  #inTurn = false;

  /** The history tells where turns of the drain end. */
  get turns(): number {
    return this.count('iteration') + this.count('visit') + this.count('stop');
  }

  /** Producers or drains acted while a visit was under way: from inside the sink. */
  get nested(): boolean {
    return this.#actedInTurn && this.turns > 0;
  }

  count(type: HistoryRecord['type']): number {
    return this.records.get(type) ?? 0;
  }

  observe(record: HistoryRecord): void {
    this.records.set(record.type, this.count(record.type) + 1);
    if ('drain' in record && record.drain > 0) this.severalDrains = true;
    if ('outcome' in record) this.outcomes.set(record.outcome, (this.outcomes.get(record.outcome) ?? 0) + 1);
    this.#turn(record);
    if (record.type === 'metrics') this.metricsAtRest = true;
    else if (this.mode === 'free' && MOVES.has(record.type)) this.metricsAtRest = false;
    if (isCall(record)) this.#call(record);
    switch (record.type) {
      case 'history':
        this.mode = record.mode;
        this.config = record.config;
        this.#policy(record.config);
        this.subject = record.subject;
        break;
      case 'configure':
        if (record.outcome === 'accepted') this.#policy(record.changes);
        break;
      case 'emit':
        if (record.outcome === 'accepted') this.accepted[record.lane] += record.count;
        break;
      case 'submit':
        this.#submit(record);
        break;
      case 'batch':
        this.delivered += record.count;
        this.joinsTold ||= record.runs.some((run) => 'join' in run && run.join !== undefined);
        if (record.count > 0) this.#offered(record);
        break;
      case 'leave':
        if (this.#away.has(record.thread)) this.leftAgain += 1;
        if (record.outcome === 'accepted') {
          this.left += 1;
          this.gone.add(record.thread);
          this.#away.add(record.thread);
        }
        break;
      case 'dead':
        if (record.outcome === 'accepted') this.died.add(record.thread);
        break;
      case 'stop':
        this.completeStop ||= record.complete;
        this.stopped ||= isRealStop(record);
        break;
      case 'sink':
        this.nonsense ||= record.behaviour === 'nonsense';
        break;
      case 'joins':
        this.joined += record.pairs.length;
        break;
      case 'end':
        this.end = record.reason;
        break;
      default:
    }
  }

  #policy({ policy }: Readonly<Record<string, number | string>>): void {
    if (policy !== undefined) this.policies.push(String(policy));
  }

  #submit({ phase, outcome, index, detail }: RecordOf<'submit'>): void {
    if (outcome !== 'accepted') return;
    this.groups += 1;
    if (phase === 'begin') {
      this.begun += 1;
      return;
    }
    this.accepted.index += index[1];
    this.accepted.detail += detail[1];
    this.joined += Math.min(index[1], detail[1]);
  }

  #call(record: Call): void {
    const { type, thread, outcome } = record;
    if (outcome === 'unknown') return void (this.marked += Number(type === 'mark'));
    if (type !== 'register' && this.#away.has(thread)) this.afterLeave += 1;
    if (type !== 'mark' && this.stopped) this.afterStop += 1;
    if (outcome === 'accepted') {
      if (type === 'mark') this.marked += 1;
      if (type === 'register') this.#away.delete(thread);
    } else if (outcome === 'LANE_FULL' && type !== 'mark') this.full += 1;
  }

  #offered({ thread, lane, count, acknowledged }: RecordOf<'batch'>): void {
    if (acknowledged === count && this.#untaken.size === 0) return;
    const key = `${thread} ${lane}`;
    const before = this.#untaken.get(key);
    if (before === 'refused') this.offeredAgain += 1;
    else if (before === 'in part') this.continued += 1;
    if (acknowledged >= count) return void this.#untaken.delete(key);
    if (acknowledged === 0) this.refusedBatches += 1;
    else this.partialBatches += 1;
    this.#untaken.set(key, acknowledged === 0 ? 'refused' : 'in part');
  }

  #turn(record: HistoryRecord): void {
    if (record.type === 'batch') {
      this.#inTurn = true;
      this.#actedInTurn ||= record.nested !== undefined;
    } else if (record.type === 'iteration' || record.type === 'visit' || record.type === 'stop') this.#inTurn = false;
    else if (record.type !== 'thread-event' && record.type !== 'end') this.#actedInTurn ||= this.#inTurn;
  }
}
