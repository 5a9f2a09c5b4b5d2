/** Faults of the native drain: memory ordering, threads, lifetime. */
import type { NativeFault } from '../native-fault.js';

/** A drain that nobody woke looks at no lane: without this its caller's next turn would hide a lost wake-up. */
const SLEEPS_ON: NativeFault['edits'] = [
  {
    file: 'iterator.cpp',
    find: '  discover();\n  for (',
    replace: '  if (stopping || load_seq(arena_->header(Header::sleeping)) != 2) discover();\n  for (',
  },
  {
    file: 'stop.cpp',
    find: '  store_seq(sleeping, 0u);\n  if (!woken) return sees_work();',
    replace: '  store_seq(sleeping, woken ? 0u : 2u);\n  if (!woken) return false;',
  },
];

export const NATIVE_FAULTS: readonly NativeFault[] = [
  {
    name: 'native-tail-before-record',
    base: 'native',
    what: 'An emit publishes the tail, then copies the record.',
    requirement: 'LOSS-NOT-TORN',
    phrase: 'visible before it was written',
    racy: true,
    edits: [
      {
        file: 'producer.cpp',
        find: '  std::memcpy(\n      arena_->index_records(slot_)',
        replace:
          '  store_seq(arena_->slot(slot_, Slot::indexTail), tail + 1);\n  std::memcpy(\n      arena_->index_records(slot_)',
      },
    ],
  },
  {
    name: 'native-head-before-sink',
    base: 'native',
    what: 'The head is released before the sink reads the batch, and put right afterwards.',
    requirement: 'LANE-RELEASE-AFTER-ACK',
    phrase: 'space that the sink had not acknowledged',
    bug: 'bug 11',
    edits: [
      {
        file: 'visit.cpp',
        find: '  const std::uint32_t acknowledged = hand_over(t, batch);\n  t.index.delivered',
        replace:
          '  store_release(arena_->slot(slot, Slot::indexHead), head + count);\n  const std::uint32_t acknowledged = hand_over(t, batch);\n  if (acknowledged < count) store_release(arena_->slot(slot, Slot::indexHead), head + acknowledged);\n  t.index.delivered',
      },
    ],
  },
  {
    name: 'native-no-second-look',
    base: 'native',
    what: 'An emit does not look at its slot again after it published.',
    requirement: 'STOP-UNDER-LOAD',
    phrase: 'accepted and never delivered',
    racy: true,
    edits: [
      {
        file: 'producer.cpp',
        find: '  if (word == active_word_) return false;\n',
        replace: '  if (word != 0) return false;\n',
      },
    ],
  },
  {
    name: 'native-generation-kept',
    base: 'native',
    what: 'A slot keeps its generation from life to life (ABA).',
    requirement: 'THREAD-REUSE-AFTER-DRAIN',
    phrase: 'under generation',
    bug: 'bug 23',
    edits: [
      {
        file: 'registry.cpp',
        find: '(generation_of(seen) + 1) & kGenerationMask',
        replace: '(generation_of(seen) + 0) & kGenerationMask',
      },
    ],
  },
  {
    name: 'native-early-reclaim',
    base: 'native',
    what: 'A leaver is reclaimed after one visit of its final drain.',
    requirement: 'THREAD-CHURN',
    phrase: 'accepted and never delivered',
    bug: 'bug 19',
    edits: [{ file: 'visit.cpp', find: 'if (shot.final && is_empty(slot, shot)) {', replace: 'if (shot.final) {' }],
  },
  {
    name: 'native-last-event-skipped',
    base: 'native',
    what: 'The lane of a leaver is closed one record before its tail.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    bug: 'bug 17',
    edits: [
      {
        file: 'visit.cpp',
        find: '  const std::uint32_t tail = load_seq(arena_->slot(slot, tail_offset));',
        replace:
          '  const std::uint32_t there = load_seq(arena_->slot(slot, tail_offset));\n  const std::uint32_t tail = there == load_seq(arena_->slot(slot, Slot::indexHead)) ? there : there - 1;',
      },
    ],
  },
  {
    name: 'native-two-owners',
    base: 'native',
    what: 'A visit takes no notice of another drain that holds the queue.',
    requirement: 'QUEUE-EXCLUSIVE',
    phrase: 'two drains held one thread',
    bug: 'bug 28',
    edits: [
      {
        file: 'visit.cpp',
        find: '  if (!swap_seq(queue, QueueState::free, QueueState::drain)) return',
        replace:
          '  if (!swap_seq(queue, QueueState::free, QueueState::drain) && load_seq(queue) != QueueState::drain) return',
      },
    ],
  },
  {
    name: 'native-wide-cursors',
    base: 'native',
    what: 'The capacity test is done in 64 bits: past 2^32 the lane looks full for ever.',
    requirement: 'LANE-WRAP',
    phrase: 'across the wrap of the cursors',
    bug: 'bug 7',
    edits: [
      {
        file: 'producer.cpp',
        find: '  if (index_tail_ - head_seen_ + records <= capacity) return true;',
        replace: '  if (std::uint64_t{index_tail_} - head_seen_ + records <= capacity) return true;',
      },
      {
        file: 'producer.cpp',
        find: '  return index_tail_ - head_seen_ + records <= capacity;',
        replace: '  return std::uint64_t{index_tail_} - head_seen_ + records <= capacity;',
      },
    ],
  },
  {
    name: 'native-one-too-many',
    base: 'native',
    what: 'The lane takes one record more than it holds.',
    requirement: 'LOSS-TINY-LANES',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'producer.cpp',
        find: '  return index_tail_ - head_seen_ + records <= capacity;',
        replace: '  return index_tail_ - head_seen_ + records <= capacity + 1;',
      },
    ],
  },
  {
    name: 'native-torn-at-the-end',
    base: 'native',
    what: 'A group that wraps is copied from its first record again after the wrap.',
    requirement: 'QUEUE-GROUP-VISIBLE',
    phrase: 'of a group was never delivered, and others of the group were',
    edits: [
      {
        file: 'producer.cpp',
        find: '    std::memcpy(lane, from + std::size_t{before_wrap} * kIndexRecordBytes,',
        replace: '    std::memcpy(lane, from,',
      },
    ],
  },
  {
    name: 'native-mark-lost-at-seal',
    base: 'native',
    what: 'A window that was marked while it was open is sealed unmarked.',
    requirement: 'LANE-SEAL',
    phrase: 'is marked and sealed, and its event',
    edits: [
      {
        file: 'windows.cpp',
        find: 'swap_seq(state, WindowState::openMarked, WindowState::sealedMarked);',
        replace: 'swap_seq(state, WindowState::openMarked, WindowState::sealed);',
      },
    ],
  },
  {
    name: 'native-window-order-unsigned',
    base: 'native',
    what: 'The age of windows is compared without regard to the wrap.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'was drained after window',
    bug: 'bug 7',
    edits: [
      {
        file: 'visit.cpp',
        find: 'static_cast<std::int32_t>(sequence - oldest->sequence) >= 0',
        replace: 'sequence >= oldest->sequence',
      },
    ],
  },
  {
    name: 'native-marked-recycled',
    base: 'native',
    what: 'A marked window that the drain has not taken is opened again.',
    requirement: 'LANE-MARKED-PINNED',
    phrase: 'only marked windows were left',
    bug: 'bug 29',
    edits: [
      {
        file: 'windows.cpp',
        find: '    if (state != WindowState::sealed) continue;\n    const std::uint32_t distance = next',
        replace:
          '    if (state != WindowState::sealed && state != WindowState::sealedMarked) continue;\n    const std::uint32_t distance = next',
      },
    ],
  },
  {
    name: 'native-jain-without-zeros',
    base: 'native',
    what: 'The fairness index leaves out threads with nothing delivered.',
    requirement: 'METRIC-JAIN',
    phrase: 'the metrics give a fairness index',
    bug: 'Jain without zeros',
    edits: [
      {
        file: 'fairness.cpp',
        find: 'if (!(threads[i].demand > 0 && ideal[i] > 0)) continue;',
        replace: 'if (!(threads[i].delivered > 0 && ideal[i] > 0)) continue;',
      },
    ],
  },
  {
    name: 'native-credit-thrown-away',
    base: 'native',
    what: 'A skip throws the credit away.',
    requirement: 'FAIR-LAG-SKIPS',
    phrase: 'with a queue that was held',
    bug: 'credit thrown away on a skip',
    edits: [
      {
        file: 'visit.cpp',
        find: '  scheduler_.add_credit(slot);\n  const std::uint64_t time',
        replace: '  t.credit = 0;\n  const std::uint64_t time',
      },
    ],
  },
  {
    name: 'native-no-look-before-sleep',
    base: 'native',
    what: 'The drain is slow to say that it sleeps, and does not look again before it does.',
    requirement: 'QUEUE-WAKE',
    phrase: 'beside a sleeping drain',
    racy: true,
    bug: 'bug 12',
    edits: [
      ...SLEEPS_ON,
      {
        file: 'stop.cpp',
        find: '  store_seq(sleeping, 1u);\n',
        replace: '  pause(100000);\n  store_seq(sleeping, 1u);\n',
      },
      {
        file: 'stop.cpp',
        find: '  if (sees_work()) {\n    store_seq(sleeping, 0u);\n    return true;\n  }\n',
        replace: '',
      },
    ],
  },
  {
    name: 'native-wakes-nobody',
    base: 'native',
    what: 'A producer takes the sleeping flag for a wake-up that was given already, and wakes nobody.',
    requirement: 'QUEUE-WAKE',
    phrase: 'were delivered by stop() only',
    bug: 'bug 13',
    edits: [
      ...SLEEPS_ON,
      { file: 'wait.cpp', find: '  add_seq(sequence, 1u);\n  wake_slices(&sequence);\n', replace: '' },
    ],
  },
  {
    name: 'native-head-hoisted',
    base: 'native',
    what: 'The producer reads the head once and keeps it, as a compiler may do with a plain cursor.',
    requirement: 'LANE-WHOLE-CAPACITY',
    phrase: 'were writable again',
    bug: 'bug 10',
    edits: [
      {
        file: 'producer.cpp',
        find: '  head_seen_ = load_acquire(arena_->slot(slot_, Slot::indexHead));\n',
        replace: '',
      },
    ],
  },
  {
    name: 'native-end-not-agreed',
    base: 'native',
    what: 'A producer that loses the race for the end of its lane says accepted all the same.',
    requirement: 'STOP-UNDER-LOAD',
    phrase: 'accepted and never delivered',
    racy: true,
    edits: [
      {
        file: 'producer.cpp',
        find: '  return beyond < 1 || beyond > capacity;',
        replace: '  return beyond > 0xffffff00u && capacity == 0;',
      },
    ],
  },
  {
    name: 'native-window-freed-early',
    base: 'native',
    what: 'A marked window is free before the sink has read it.',
    requirement: 'LANE-MARKED-PINNED',
    phrase: 'a marked window was evicted',
    edits: [
      {
        file: 'visit.cpp',
        find: '                          count,       1u,   {records, nullptr}, {count * bytes, 0}};\n',
        replace:
          '                          count,       1u,   {records, nullptr}, {count * bytes, 0}};\n  store_release(arena_->window(slot, window.place, Window::state), WindowState::free);\n',
      },
    ],
  },
  {
    name: 'native-slot-stays-drained',
    base: 'native',
    what: 'From its third life on a slot is never free again.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    bug: 'bug 25',
    edits: [
      {
        file: 'visit.cpp',
        find: '  swap_seq(state, state_word(generation, SlotState::drained), state_word(generation, SlotState::free));',
        replace:
          '  if (generation < 3) swap_seq(state, state_word(generation, SlotState::drained), state_word(generation, SlotState::free));',
      },
    ],
  },
  {
    name: 'native-list-loses-its-end',
    base: 'native',
    what: 'Taking the last thread out of a list of backlogged ones leaves the end of the list at it: the process dies.',
    requirement: 'THREAD-JOIN-NEXT',
    phrase: 'was ended by SIGSEGV',
    bug: 'bug 24',
    edits: [
      {
        file: 'slot_list.hpp',
        find: '    (t.next == Tracked::kNone ? tail_ : slots[t.next].previous) = t.previous;\n',
        replace: '    if (t.next != Tracked::kNone) slots[t.next].previous = t.previous;\n',
      },
      { file: 'slot_list.hpp', find: 'return head_ == Tracked::kNone;', replace: 'return tail_ == Tracked::kNone;' },
    ],
  },
  {
    name: 'native-rich-after-losing-weight',
    base: 'native',
    what: 'Credit above the cap of a weight that fell is kept.',
    requirement: 'FAIR-REWEIGH',
    phrase: 'events in one visit',
    edits: [
      {
        file: 'scheduler.cpp',
        find: '  credit = std::min(credit + turn, (std::uint64_t{config_.max_skips} + 1) * turn);',
        replace: '  credit = std::max(credit, std::min(credit + turn, (std::uint64_t{config_.max_skips} + 1) * turn));',
      },
    ],
  },
  {
    name: 'native-nobody-ages',
    base: 'native',
    what: 'Waiting never raises anybody.',
    requirement: 'FAIR-AGEING',
    phrase: 'beside threads of higher classes thread',
    edits: [
      {
        file: 'scheduler.cpp',
        find: 'while (!line.empty() && slots_[line.head()].due <= iteration_) {',
        replace: 'while (!line.empty() && slots_[line.head()].due == 0) {',
      },
    ],
  },
  {
    name: 'native-finals-first',
    base: 'native',
    what: 'Final drains go before everybody else.',
    requirement: 'FAIR-FINAL-CLASS',
    phrase: 'two final drains in a row',
    edits: [
      {
        file: 'scheduler.cpp',
        find: 'if (is_open(finals_) && !(last_was_final_ && level != Tracked::kNone)) return finals_.head();',
        replace: 'if (is_open(finals_)) return finals_.head();',
      },
    ],
  },
  {
    name: 'native-configure-loses-the-last',
    base: 'native',
    what: 'Another policy loses the thread at the end of the line.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'with limits that changed',
    edits: [
      {
        file: 'scheduler.cpp',
        find: '  for (const std::uint32_t slot : waiting) enqueue(slot);',
        replace:
          '  for (const std::uint32_t slot : waiting) {\n    enqueue(slot);\n    if (slot == waiting.back() && waiting.size() > 1) {\n      remove(slot);\n      slots_[slot].list = Tracked::List::finals;\n    }\n  }',
      },
    ],
  },
];
