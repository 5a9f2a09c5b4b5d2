/** The scenario asks for what this host cannot do: the suite's fault, not the drain's. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}
