import type { Requirement } from './requirement.js';

export const LEDGER_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'LEDGER-BALANCE',
    level: 'MUST',
    title: 'the books balance',
    text: 'At rest, for every thread and lane: attempted = accepted + rejected, and accepted = delivered + pending + evicted + left.',
    rationale: '75 % was lost once, and no counter moved.',
    source: ['brief Ledger', 'bug 27'],
    needs: ['metrics'],
    lookAt: 'a loss without a counter',
  },
  {
    id: 'LEDGER-TRUE',
    level: 'MUST',
    title: 'the books are true',
    text: 'The ledger’s accepted, rejected and delivered counts equal what the producers were told and what the sink acknowledged.',
    rationale: 'A ledger that balances with itself may still be invented.',
    source: ['brief Ledger', 'bug 27', 'bug 28'],
    needs: ['metrics'],
    lookAt: 'counters that are derived from each other',
  },
  {
    id: 'LEDGER-EVICTED',
    level: 'MUST',
    title: 'evictions are counted',
    text: 'Every unmarked detail record that was given up is in the evicted count of its lane, and none that was delivered is.',
    rationale: 'Every loss has a cause and a count.',
    source: ['brief Ledger'],
    needs: ['metrics', 'detail'],
    lookAt: 'the counter in the eviction and in the reclaim',
  },
  {
    id: 'LEDGER-LEFT',
    level: 'MUST',
    title: 'what stop left is counted',
    text: 'What a stop() with a deadline left undelivered is in the left count, and no longer pending.',
    rationale: 'The last loss is the easiest to forget.',
    source: ['brief Ledger', 'brief Stop'],
    needs: ['metrics'],
    lookAt: 'the end of stop',
  },
];
