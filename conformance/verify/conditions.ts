/** What rules of whole histories need of one: in its header, and of how it was recorded. */
import { DEFAULT_CONFIG, POLICIES } from '../../spec/index.js';
import { without } from './rule.js';
import type { Facts } from './facts.js';

/** The header must give these numbers. */
export const given =
  (...names: string[]) =>
  ({ config }: Facts): string | undefined => {
    const missing = names.filter((name) => typeof config[name] !== 'number');
    return missing.length === 0 ? undefined : `the header's config does not give ${missing.join(', ')}`;
  };

export const nested = (facts: Facts): string | undefined =>
  facts.nested ? 'something happened while a visit was under way' : undefined;
export const oneDrain = ({ severalDrains }: Facts): string | undefined =>
  severalDrains ? 'several drains shared the arena' : undefined;
export const turns = without('there are no iterations', (facts) => facts.count('iteration'));
export const detail = without('no detail event was accepted', ({ accepted }) => accepted.detail);
export const marks = without('nothing was marked', ({ marked }) => marked);
export const windows = given('windowRecords', 'detailCapacity', 'preRoll', 'postRoll');
/** Without a mark no window is to be delivered, whatever its size. */
export const markedWindows = (facts: Facts): string | undefined => (facts.marked === 0 ? undefined : windows(facts));
export const metrics = without('there are no metrics', (facts) => facts.count('metrics'));
export const policy = ({ policies }: Facts): string | undefined => {
  const unknown = policies.find((name) => !(POLICIES as readonly string[]).includes(name));
  return unknown === undefined ? undefined : `nothing is known of the policy '${unknown}'`;
};
/** What the policies in force take a turn's quantum from. */
export const quanta = (facts: Facts): string | undefined => {
  const { config, policies } = facts;
  const named = config['policy'] === undefined ? [DEFAULT_CONFIG.policy, ...policies] : policies;
  return given(...new Set(named.map((name) => (name === 'adaptive' ? 'quantumMax' : 'quantum'))))(facts);
};
/** Bounds of policies in which nobody goes before another. */
export const oneLine = (facts: Facts): string | undefined =>
  policy(facts) ??
  (facts.policies.includes('priority') ? "under the policy 'priority' threads of different classes differ" : undefined);

/** Shares over a whole history are of weights that stay as they are. */
export const steadyWeights = without(
  'weights or limits changed',
  (facts) => facts.count('weight') + facts.count('configure') === 0,
);
