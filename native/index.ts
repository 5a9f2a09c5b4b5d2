/** The native drain as a module of the contract. */
import { CAPABILITIES, CONTRACT_VERSION } from '../spec/contract.js';
import type { Capability, DrainModule } from '../spec/contract.js';
import { createDrain } from './drain.js';
import { startProducers } from './producers.js';
import { openRegistry } from './registry.js';

export const contractVersion = CONTRACT_VERSION;
export const name = 'native';
export const version = '0.1.0';
export const capabilities = Object.keys(CAPABILITIES) as readonly Capability[];
export { createDrain, openRegistry, startProducers };

export const implementation: DrainModule = {
  contractVersion,
  name,
  version,
  capabilities,
  createDrain,
  openRegistry,
  startProducers,
};
export default implementation;
