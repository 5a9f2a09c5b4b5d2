/** Written scenarios once more, under each policy beside round-robin that a drain may claim. */
import { DEFAULT_CONFIG, type Capability, type ScenarioInput } from '../../spec/index.js';

interface Further {
  readonly needs: readonly Capability[];
  readonly scenarios: readonly ScenarioInput[];
}

const quantumOf = ({ config = {} }: ScenarioInput): number => Number(config['quantum'] ?? DEFAULT_CONFIG.quantum);

const POLICIES: readonly { readonly needs: Capability; config(scenario: ScenarioInput): object }[] = [
  { needs: 'weights', config: () => ({ policy: 'weighted-fair' }) },
  { needs: 'priorities', config: () => ({ policy: 'priority' }) },
  {
    needs: 'adaptive',
    // of one size, and in one batch a visit: what a judge says of the quantum still holds
    config: (scenario) => ({
      policy: 'adaptive',
      quantumMin: quantumOf(scenario),
      quantumMax: quantumOf(scenario),
      batchMax: Math.max(quantumOf(scenario), DEFAULT_CONFIG.batchMax),
    }),
  },
];

/** For `also`: these scenarios, which need `needs`, under every policy. All threads are of one weight and class there. */
export const underPolicies = (scenarios: readonly ScenarioInput[], needs: readonly Capability[] = []): Further[] =>
  POLICIES.map((policy) => ({
    needs: [...needs, policy.needs],
    scenarios: scenarios.map((one): ScenarioInput => ({
      ...one,
      config: { ...one.config, ...policy.config(one) },
    })),
  }));
