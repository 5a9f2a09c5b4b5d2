import type { Fault } from './fault.js';

/** One fault of the native drain: lines of native/core/ replaced. */
export interface NativeFault extends Omit<Fault, 'edits'> {
  readonly base: 'native';
  /** Replacements in files of native/core/: `find` stands there exactly once. */
  readonly edits: readonly {
    readonly file: `${string}.${'cpp' | 'hpp'}`;
    readonly find: string;
    readonly replace: string;
  }[];
}

/** A fault of either drain. */
export type AnyFault = Fault | NativeFault;

/** The drain that a fault is made of. */
export function baseOf(fault: AnyFault): 'reference' | 'native' {
  return 'base' in fault ? fault.base : 'reference';
}
