/** Drains that do not what they say: none may earn a pass where it matters. */
import type { Variant } from '../broken/fault.js';

export const LYING_DRAINS: readonly Variant[] = [];
