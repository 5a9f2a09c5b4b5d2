/** The scheduler on its own, under a described load, in virtual time. */
export { ARRANGEMENTS, type Arrangement } from './arrangement.js';
export { drawSimulation } from './drawing.js';
export { LoadError } from './load-error.js';
export { checkLoad, jsonOf, parseLoad, type Load, type LoadGroup, type LoadInput } from './load.js';
export { simulate, type SimulationResult } from './simulate.js';
export { renderSimulation } from './tables.js';
