/** Pure checkers: a history in, findings out. */
export { analyse, type Analysis, type Attempt, type Delivery, type LaneHistory } from './analysis.js';
export { findDisorder, findDuplicates, findLoss, findPhantoms } from './delivery.js';
export { classTurns, findMonopolies, findOvertakings, type Overtaking } from './classes.js';
export { findWindowFairnessFaults } from './fair-windows.js';
export { findLagFaults, findShareFaults, serviceLag, shares, type Lag, type LagBound, type Share } from './fairness.js';
export { finding, type Finding } from './finding.js';
export { findGroupFaults, findJoinFaults } from './groups.js';
export { findMalformed, findMisattribution, findTorn } from './integrity.js';
export { acknowledged, delivering, findWrongOutcome, iterationEnd, recordsOf } from './judging.js';
export { findImbalance, findLedgerFaults, findLeftFaults, findUntruth } from './ledger.js';
export { acceptedEvents, overlap, rejectedEvents, retriesOf, wrapped } from './preconditions.js';
export { isSettled } from './settled.js';
export { RunSet, describeRun, type Run } from './runs.js';
export { findRacingShareFaults, racingWindows } from './racing-windows.js';
export { Regime } from './regime.js';
export { findIterationFaults, findStopFaults } from './turns.js';
export { findUnservedThreads } from './unserved.js';
export { isWhole, visitsOf, walk, type VisitHistory } from './visits.js';
export {
  findAgeingFaults,
  findEventWaitFaults,
  findLateJoins,
  findWaitFaults,
  longestWait,
} from './waits.js';
export { findUnmarkedDetail, findWindowFaults, windowsOf, type WindowHistory } from './windows.js';
