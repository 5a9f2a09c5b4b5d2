// FAIR-JAIN: Under saturation Jain’s index over delivered / fair share (zeros included) is above 0.9 and the
// smallest share is at least 0.9.
import { defineCheck } from '../../check.js';
import { delivering, findShareFaults } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'FAIR-JAIN',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 8 },
      ...threads(24).map((id) => register(id)),
      ...threads(24).map((id) => emit(id, 'index', 600)),
      turn(30),
    ),
    // demands that differ by 64 times
    stepped(
      { detailCapacity: 0, quantum: 8 },
      ...threads(7).map((id) => register(id)),
      ...threads(7).map((id) => emit(id, 'index', 2 ** (id + 2))),
      turn(12),
    ),
  ],
  judge(history) {
    return delivering(history, () => findShareFaults(history, { minShare: 0.9, minJain: 0.9 }));
  },
});
