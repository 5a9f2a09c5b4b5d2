/**
 * Evidence after the fact. A checker that only keeps runs of sequences knows that an event was lost, not which line accepted
 * it; so it asks, and one more pass over the history answers what all of them asked.
 */
import type { HistoryRecord, Lane } from '../../spec/index.js';
import type { Finding } from './finding.js';

/** Which record was the first to tell this of an event? `delivered`: handed to the sink; `acknowledged`: and taken by it. */
export interface Question {
  readonly kind: 'accepted' | 'rejected' | 'staged' | 'delivered' | 'acknowledged';
  readonly thread: number;
  readonly lane: Lane;
  readonly sequence: number;
}

/** The record's index, and what its producer was told. */
export interface Answer {
  readonly record: number;
  readonly outcome: string;
}

/** A fault whose evidence is still to be found. */
export interface Suspicion {
  readonly questions: readonly Question[];
  /** `answers`: one for each question, in their order; undefined where no record tells it. */
  tell(answers: readonly (Answer | undefined)[]): Finding;
}

/** Answers questions while a history passes by once more. */
export class Answers {
  readonly #byLane = new Map<string, { question: Question; answer: Answer | undefined }[]>();
  readonly #all = new Map<Question, { question: Question; answer: Answer | undefined }>();

  constructor(questions: Iterable<Question>) {
    for (const question of questions) {
      const one = { question, answer: undefined };
      this.#all.set(question, one);
      const key = keyOf(question.thread, question.lane);
      const others = this.#byLane.get(key);
      if (others === undefined) this.#byLane.set(key, [one]);
      else others.push(one);
    }
  }

  get asked(): boolean {
    return this.#all.size > 0;
  }

  observe(record: HistoryRecord, at: number): void {
    if (record.type === 'emit') {
      const kind = record.outcome === 'accepted' ? 'accepted' : 'rejected';
      this.#tell(record.thread, record.lane, kind, record.from, record.count, { record: at, outcome: record.outcome });
    } else if (record.type === 'submit') {
      const { phase, outcome } = record;
      const kind = outcome !== 'accepted' ? 'rejected' : phase === 'begin' ? 'staged' : 'accepted';
      for (const lane of ['index', 'detail'] as const)
        this.#tell(record.thread, lane, kind, record[lane][0], record[lane][1], { record: at, outcome });
    } else if (record.type === 'batch') {
      let left = record.acknowledged;
      for (const run of record.runs) {
        if ('torn' in run) {
          left -= 1;
          continue;
        }
        const answer = { record: at, outcome: 'delivered' };
        const taken = Math.max(0, Math.min(run.count, left));
        this.#tell(run.thread ?? record.thread, record.lane, 'delivered', run.from, run.count, answer);
        this.#tell(run.thread ?? record.thread, record.lane, 'acknowledged', run.from, taken, answer);
        left -= run.count;
      }
    }
  }

  of(suspicion: Suspicion): Finding {
    return suspicion.tell(suspicion.questions.map((question) => this.#all.get(question)?.answer));
  }

  #tell(thread: number, lane: Lane, kind: Question['kind'], from: number, count: number, answer: Answer): void {
    for (const one of this.#byLane.get(keyOf(thread, lane)) ?? []) {
      const { question } = one;
      if (one.answer !== undefined || question.kind !== kind) continue;
      if (from <= question.sequence && question.sequence < from + count) one.answer = answer;
    }
  }
}

const keyOf = (thread: number, lane: Lane): string => `${thread} ${lane}`;

/** The findings of suspicions about a history that is at hand. */
export function settle(history: readonly HistoryRecord[], suspicions: readonly Suspicion[]): Finding[] {
  const answers = new Answers(suspicions.flatMap(({ questions }) => questions));
  if (answers.asked) history.forEach((record, at) => answers.observe(record, at));
  return suspicions.map((one) => answers.of(one));
}
