/** What a drain answers that is asked to attach to an arena which was changed. */
import type { HistoryRecord } from '../../spec/index.js';
import { finding, type Finding } from './finding.js';
import { recordsOf } from './judging.js';

/** Attempts to attach that were not refused with the code of their change; or a sound arena that was refused. */
export function findAttachFaults(
  history: readonly HistoryRecord[],
  codes: Readonly<Record<string, string>>,
): Finding[] {
  const attempts = recordsOf(history, 'attach');
  const sound = attempts.find(({ record }) => record.change === 'none');
  if (sound?.record.outcome !== 'accepted') {
    const message = `a sound arena was refused with ${sound?.record.outcome ?? 'no answer'}`;
    return [finding('attach', message, 'accepted', sound?.record.outcome ?? 'nothing', [sound?.at ?? 0])];
  }
  return attempts.flatMap(({ record: { change, outcome }, at }) => {
    const wanted = codes[change.split(':')[0]!];
    if (change === 'none' || outcome === wanted) return [];
    const message = `an arena with the change '${change}' was answered with '${outcome}'`;
    return [finding('attach', message, wanted ?? '', outcome, [at])];
  });
}
