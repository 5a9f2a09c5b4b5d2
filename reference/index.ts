/** The reference drain: the contract of spec/contract.ts, to be read. */
import {
  CAPABILITIES,
  CONTRACT_VERSION,
  type Capability,
  type Drain,
  type DrainModule,
  type DrainOptions,
  type ThreadRegistry,
} from '../spec/contract.js';
import { attachArena } from './arena.js';
import { DrainIterator } from './drain-iterator.js';
import { ReferenceRegistry } from './registry.js';

export { Arena, attachArena, createArena } from './arena.js';
export { ReferenceThreadHandle } from './thread-handle.js';
export { DrainIterator } from './drain-iterator.js';
export { DrainThread, DrainThreadError, type DrainThreadOptions } from './drain-thread.js';
export { ReferenceRegistry } from './registry.js';
export { MemorySink, type KeptBatch } from './memory-sink.js';

export const contractVersion = CONTRACT_VERSION;
export const name = 'reference';
export const version = '0.1.0';
export const capabilities = (Object.keys(CAPABILITIES) as Capability[]).filter(
  (capability) => capability !== 'producer-threads',
);

/** A drain over a new arena, or over `options.arena`. @throws DrainError for a bad configuration or arena */
export function createDrain(options: DrainOptions): Drain {
  return new DrainIterator(options);
}

/** The registry of the arena that `drain.shareRegistry()` gave, in any thread. */
export function openRegistry(shared: unknown): ThreadRegistry {
  return new ReferenceRegistry(attachArena(shared as SharedArrayBuffer));
}

export const implementation: DrainModule = { contractVersion, name, version, capabilities, createDrain, openRegistry };
export default implementation;
