/** Where what is measured goes, and the environment that makes a subject write it there. */
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from '../client/limits.js';

/** Part of the context of a measured run: plain data, because it goes to the runner's worker. */
export interface CoveragePlan {
  /** Folder of raw data: `<root>/<drain>/<family>/`. */
  readonly root: string;
  /** Of drains whose native code is measured too, by name: the addon that was built for it. */
  readonly addons: Readonly<Record<string, MeasuredAddon>>;
  /** The check after which everything is written. */
  readonly lastCheck: string | undefined;
}

/** An addon that counts what it runs (gcov). */
export interface MeasuredAddon {
  readonly path: string;
  /** Folder of its object files and their notes. */
  readonly objects: string;
  /** Folder that the paths of its sources are relative to. */
  readonly sources: string;
}

/** Raw data of a drain from one family's checks. */
export function rawFolder(root: string, drain: string, family: string): { readonly v8: string; readonly gcov: string } {
  return { v8: join(root, drain, family, 'v8'), gcov: join(root, drain, family, 'gcov') };
}

/** What a subject's process gets in its environment while a family's checks run. */
export function coverageEnvironment(plan: CoveragePlan, drain: string, family: string): Record<string, string> {
  const { v8, gcov } = rawFolder(plan.root, drain, family);
  const addon = plan.addons[drain];
  if (addon === undefined) return { NODE_V8_COVERAGE: v8 };
  return {
    NODE_V8_COVERAGE: v8,
    DRAINPROOF_NATIVE_ADDON: addon.path,
    GCOV_PREFIX: gcov,
    GCOV_PREFIX_STRIP: String(addon.objects.split('/').filter((part) => part !== '').length),
  };
}

/**
 * For a process whose coverage nobody reads: a drain that is broken on purpose, or one that other tests count already.
 * While V8 counts, drains take several times as long.
 */
export const UNCOUNTED: Readonly<Record<string, string>> = { NODE_V8_COVERAGE: '' };

/** A measured drain is slower, and its process writes what was counted before it ends. */
export const MEASURED_LIMITS: Limits = {
  openMs: 3 * DEFAULT_LIMITS.openMs,
  steppedMs: 5 * DEFAULT_LIMITS.steppedMs,
  freeMs: 5 * DEFAULT_LIMITS.freeMs,
  closeMs: 60_000,
};
