// THREAD-REGISTRY-FULL: register() throws REGISTRY_FULL when every slot is taken, and succeeds again after one
// was reclaimed.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-REGISTRY-FULL',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      register(1),
      register(2),
      register(3),
      emit(1, 'index', 3),
      emit(2, 'index', 3),
      leave(1),
      settle(4096),
      register(4),
      emit(4, 'index', 3),
      register(5),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const told = new Map(
        recordsOf(history, 'register').map(({ record, at }) => [record.thread, { outcome: record.outcome, at }]),
      );
      const wanted = { 1: 'accepted', 2: 'accepted', 3: 'REGISTRY_FULL', 4: 'accepted', 5: 'REGISTRY_FULL' };
      const wrong = Object.entries(wanted).flatMap(([thread, outcome]) => {
        const seen = told.get(Number(thread));
        if (seen?.outcome === outcome) return [];
        const message = `thread ${thread} registered with a registry of two slots and was told '${seen?.outcome ?? 'nothing'}'`;
        return [finding('registry', message, outcome, seen?.outcome ?? 'nothing', [seen?.at ?? 0])];
      });
      return [...wrong, ...findLoss(history)];
    });
  },
});
