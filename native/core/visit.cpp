// Iterator: one thread's turn.
#include <algorithm>

#include "atomics.hpp"
#include "error.hpp"
#include "iterator.hpp"
#include "ready.hpp"
#include "windows.hpp"

namespace drainproof {

void Iterator::count_visit(std::uint32_t slot) {
  scheduler_.begin_visit(slot);
  ++slots_[slot].visits;
  ++round_.visits;
  ++load_.visits;
  ++window_visits_;
}

Iterator::Turn Iterator::skip(std::uint32_t slot) {
  Tracked& t = slots_[slot];
  ++t.skips_in_row;
  ++t.skips;
  ++round_.skips;
  scheduler_.add_credit(slot);
  const std::uint64_t time = now();
  if (t.skips_in_row == 1) {
    t.skipped_at = time;
    t.stuck = false;
  } else if (config_.stuck_after_ns > 0 && !t.stuck && time - t.skipped_at >= config_.stuck_after_ns) {
    t.stuck = true;
    report(DRAIN_THREAD_QUEUE_STUCK, slot, time - t.skipped_at);
  }
  return Turn::skipped;
}

Iterator::Turn Iterator::visit(std::uint32_t slot, bool stopping) {
  Tracked& t = slots_[slot];
  if (t.backoff > 0 && !stopping) {
    --t.backoff;
    ++round_.visits;
    return Turn::visited;
  }
  std::uint32_t& queue = arena_->slot(slot, Slot::queue);
  // Pairs with the producer's CAS in begin and commit: never while a group is half written; and with other drains.
  if (!swap_seq(queue, QueueState::free, QueueState::drain)) return skip(slot);
  // Pairs with leave, stop, declare_dead: acquires all that the thread published before. seq_cst for the final drain:
  // the tails are loaded after the state (see Producer::closed_without).
  const std::uint32_t word = load_seq(arena_->slot(slot, Slot::state));
  if (generation_of(word) != t.generation ||
      (state_of(word) != SlotState::active && state_of(word) != SlotState::leaving)) {
    swap_seq(queue, QueueState::drain, QueueState::free);
    ++round_.visits;
    return Turn::gone;
  }
  scheduler_.add_credit(slot);
  t.skips_in_row = 0;
  count_visit(slot);
  const Snapshot shot = snapshot(slot, word);
  const Delivery done = deliver(slot, shot, t.credit);
  load_.pending += done.held;
  // Whoever ran empty starts again: a thread that always has a little more must not hoard.
  t.credit = done.taken == done.held ? 0 : t.credit - done.taken;
  if (done.taken == done.held) scheduler_.caught_up(slot);
  if (shot.final && is_empty(slot, shot)) {
    reclaim(slot, shot);
    return Turn::reclaimed;
  }
  // Pairs with the next owner's CAS. Nobody but the owner changes a DRAIN queue, so a store is enough.
  store_release(queue, QueueState::free);
  return Turn::visited;
}

std::uint32_t Iterator::close_lane(std::uint32_t slot, std::uint32_t close_offset, std::uint32_t tail_offset) {
  // Pairs with the producer's store of the tail (seq_cst, before its second look at the state).
  const std::uint32_t tail = load_seq(arena_->slot(slot, tail_offset));
  std::uint64_t closed = 0;
  // Pairs with the producer's CAS in closed_without: the first of the two says where the lane ends.
  if (cas_seq(arena_->close_word(slot, close_offset), closed, kClosed | tail)) return tail;
  return static_cast<std::uint32_t>(closed);
}

Iterator::Snapshot Iterator::snapshot(std::uint32_t slot, std::uint32_t word) {
  Snapshot shot{};
  shot.final = state_of(word) == SlotState::leaving;
  // Only drains write it, and this one holds the queue.
  shot.index_head = load_relaxed(arena_->slot(slot, Slot::indexHead));
  if (shot.final) {
    shot.index_tail = close_lane(slot, Slot::indexClose, Slot::indexTail);
    shot.detail_tail = close_lane(slot, Slot::detailClose, Slot::detailTail);
  } else {
    // Pair with the producer's stores of the tails: acquire the records below them. Once a visit: what comes later
    // waits for the next one.
    shot.index_tail = load_acquire(arena_->slot(slot, Slot::indexTail));
    shot.detail_tail = load_acquire(arena_->slot(slot, Slot::detailTail));
  }
  slots_[slot].index.see(shot.index_tail);
  slots_[slot].detail.see(shot.detail_tail);
  return shot;
}

std::uint64_t Iterator::count_deliverable(std::uint32_t slot, bool final, std::uint32_t detail_tail) const {
  // A window's sequence is stored before nextWindow, and that before the tail: nothing below the tail is missed.
  if (arena_->windows() == 0 || load_seq(arena_->slot(slot, Slot::nextWindow)) == config_.initial_cursor) return 0;
  std::uint64_t records = 0;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place) {
    // Pairs with the producer's seal and mark: acquires the descriptor and the records.
    const std::uint32_t state = load_acquire(arena_->window(slot, place, Window::state));
    if (state != WindowState::sealedMarked && !(final && state == WindowState::openMarked)) continue;
    const std::uint32_t visible = visible_records(*arena_, slot, place, detail_tail);
    // Only drains write it, and the queue orders them.
    const std::uint32_t released = load_relaxed(arena_->window(slot, place, Window::released));
    if (visible > released) records += visible - released;
  }
  return records;
}

bool Iterator::oldest_deliverable(std::uint32_t slot, const Snapshot& shot, Deliverable* oldest) const {
  bool found = false;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place) {
    // Pairs as in count_deliverable.
    const std::uint32_t state = load_acquire(arena_->window(slot, place, Window::state));
    if (state != WindowState::sealedMarked && !(shot.final && state == WindowState::openMarked)) continue;
    const std::uint32_t visible = visible_records(*arena_, slot, place, shot.detail_tail);
    const std::uint32_t released = load_relaxed(arena_->window(slot, place, Window::released));
    if (visible <= released) continue;
    const std::uint32_t sequence = load_relaxed(arena_->window(slot, place, Window::sequence));
    // Sequences wrap: only their difference, as a signed number, is an order.
    if (found && static_cast<std::int32_t>(sequence - oldest->sequence) >= 0) continue;
    *oldest = {place, sequence, visible, released};
    found = true;
  }
  return found;
}

Iterator::Delivery Iterator::deliver(std::uint32_t slot, const Snapshot& shot, std::uint64_t allowance) {
  const std::uint64_t detail = count_deliverable(slot, shot.final, shot.detail_tail);
  const std::uint64_t index = shot.index_tail - shot.index_head;
  const std::uint64_t index_share = std::min(index, allowance - std::min(detail, allowance / 2));
  const std::uint64_t most = scheduler_.batch() > 0 ? scheduler_.batch() : allowance;  // records of one batch
  std::uint64_t taken = 0;
  while (taken < index_share) {
    const std::uint64_t count = std::min(index_share - taken, most);
    const std::uint64_t acknowledged =
        deliver_index(slot, shot.index_head + static_cast<std::uint32_t>(taken), static_cast<std::uint32_t>(count));
    taken += acknowledged;
    if (acknowledged < count) return {taken, index + detail};
  }
  std::uint64_t detail_share = std::min(detail, allowance - taken);
  Deliverable window{};
  // Looked for afresh each time: the sink may have marked an older one.
  while (detail_share > 0 && oldest_deliverable(slot, shot, &window)) {
    const std::uint64_t count = std::min({detail_share, most, std::uint64_t{window.visible - window.released}});
    const std::uint64_t acknowledged = deliver_window(slot, window, static_cast<std::uint32_t>(count));
    taken += acknowledged;
    detail_share -= acknowledged;
    if (acknowledged < count) break;
  }
  return {taken, index + detail};
}

std::uint64_t Iterator::deliver_index(std::uint32_t slot, std::uint32_t head, std::uint32_t count) {
  Tracked& t = slots_[slot];
  const std::uint32_t place = head & (config_.index_capacity - 1);
  const std::uint32_t first = std::min(count, config_.index_capacity - place);
  const std::uint8_t* lane = arena_->index_records(slot);
  const drain_batch batch{t.thread_id,
                          slot,
                          t.generation,
                          DRAIN_INDEX_LANE,
                          kIndexRecordBytes,
                          count,
                          first < count ? 2u : 1u,
                          {lane + std::size_t{place} * kIndexRecordBytes, lane},
                          {std::size_t{first} * kIndexRecordBytes, std::size_t{count - first} * kIndexRecordBytes}};
  const std::uint32_t acknowledged = hand_over(t, batch);
  t.index.delivered += acknowledged;
  // Pairs with the producer's load in index_has_room: the sink's reads are over, the records may be overwritten.
  if (acknowledged > 0) store_release(arena_->slot(slot, Slot::indexHead), head + acknowledged);
  return acknowledged;
}

std::uint64_t Iterator::deliver_window(std::uint32_t slot, const Deliverable& window, std::uint32_t count) {
  Tracked& t = slots_[slot];
  const std::size_t bytes = config_.detail_record_bytes;
  const std::uint8_t* records = arena_->window_records(slot, window.place) + window.released * bytes;
  const drain_batch batch{t.thread_id, slot, t.generation,       DRAIN_DETAIL_LANE, config_.detail_record_bytes,
                          count,       1u,   {records, nullptr}, {count * bytes, 0}};
  const std::uint32_t acknowledged = hand_over(t, batch);
  if (acknowledged == 0) return 0;
  t.detail.delivered += acknowledged;
  const std::uint32_t released = window.released + acknowledged;
  // Read by other drains under the queue, and by whoever looks at the metrics.
  store_release(arena_->window(slot, window.place, Window::released), released);
  // `count` and not `visible`: a window sealed just now may hold records above the tail of our snapshot. The staged
  // records of a dead thread's window never come below it; reclaim frees that one.
  if (released == load_relaxed(arena_->window(slot, window.place, Window::count)))
    // Pairs with the producer's loads in room and place_to_open: the sink's reads are over.
    store_release(arena_->window(slot, window.place, Window::state), WindowState::free);
  return acknowledged;
}

std::uint32_t Iterator::hand_over(Tracked& t, const drain_batch& batch) {
  ++round_.batches;
  const std::uint64_t start = metered_ ? now() : 0;
  const std::int64_t answer = callbacks_.sink(callbacks_.user, &batch);
  if (metered_) load_.write_ns += now() - start;
  const std::uint32_t acknowledged =
      answer >= 0 && answer <= std::int64_t{batch.count} ? static_cast<std::uint32_t>(answer) : 0;
  round_.delivered += acknowledged;
  load_.acknowledged += acknowledged;
  if (acknowledged > 0) {
    if (!t.served) served_.push_back(batch.slot);
    t.served = true;
    t.failures_in_row = 0;
    return acknowledged;
  }
  ++round_.sink_failures;
  const std::uint32_t doublings = std::min(t.failures_in_row, 31u);
  t.backoff = std::min(1u << doublings, config_.max_backoff_iterations);
  ++t.failures_in_row;
  return 0;
}

bool Iterator::is_empty(std::uint32_t slot, const Snapshot& shot) const {
  return load_relaxed(arena_->slot(slot, Slot::indexHead)) == shot.index_tail &&
         count_deliverable(slot, true, shot.detail_tail) == 0;
}

void Iterator::reclaim(std::uint32_t slot, const Snapshot& shot) {
  Tracked& t = slots_[slot];
  std::uint64_t unused = 0;
  // What is pending now is unmarked detail: it goes with its thread.
  drain_thread_metrics last = thread_metrics(slot, t, state_word(t.generation, SlotState::leaving), &unused);
  last.detail.evicted += pending_detail(slot, shot.detail_tail);
  last.index.left = last.detail.left = 0;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place)
    // Pairs with the loads of the slot's next owner; the CAS to FREE below orders it anyway.
    store_release(arena_->window(slot, place, Window::state), WindowState::free);
  std::uint32_t& state = arena_->slot(slot, Slot::state);
  // LEAVING ends only here, and we hold the queue: the CAS cannot fail.
  swap_seq(state, state_word(t.generation, SlotState::leaving), state_word(t.generation, SlotState::drained));
  add(&gone_index_, last.index);
  add(&gone_detail_, last.detail);
  if (!t.leaving) report(DRAIN_THREAD_LEAVING, slot);  // it left after this iteration had looked
  ++counts_.reclaimed;
  ++round_.reclaimed;
  const std::uint32_t generation = t.generation;
  report(DRAIN_THREAD_RECLAIMED, slot);
  t = Tracked{};
  // Pairs with the next owner's CAS; before FREE, so that a successor never finds a queue that is taken.
  store_release(arena_->slot(slot, Slot::queue), QueueState::free);
  // Pairs with the CAS in Registry::try_claim: hands the slot with all our reads and writes over to its next owner.
  swap_seq(state, state_word(generation, SlotState::drained), state_word(generation, SlotState::free));
  note_change(*arena_);
}

drain_status Iterator::release(std::uint32_t slot) {
  if (slot >= config_.slots || !slots_[slot].held)
    return fail(DRAIN_NOT_HOLDING, "this drain does not hold the queue of slot " + std::to_string(slot));
  slots_[slot].held = false;
  // Pairs with the next owner's CAS: publishes heads and windows.
  store_release(arena_->slot(slot, Slot::queue), QueueState::free);
  return DRAIN_ACCEPTED;
}

drain_status Iterator::drain_lanes(std::uint32_t slot, std::uint64_t max_events, std::uint64_t* delivered) {
  *delivered = 0;
  if (busy_) return DRAIN_ACCEPTED;
  if (slot >= config_.slots || !slots_[slot].held)
    return fail(DRAIN_NOT_HOLDING, "this drain does not hold the queue of slot " + std::to_string(slot));
  if (max_events < 1 || max_events > (std::uint64_t{1} << 31))
    return fail(DRAIN_INVALID_ARGUMENT, "maxEvents is " + std::to_string(max_events));
  busy_ = true;
  round_ = drain_iteration_result{};
  // As in visit().
  const std::uint32_t word = load_seq(arena_->slot(slot, Slot::state));
  *delivered = deliver(slot, snapshot(slot, word), max_events).taken;
  counts_.batches += round_.batches;
  counts_.sink_failures += round_.sink_failures;
  busy_ = false;
  apply_changes();
  return DRAIN_ACCEPTED;
}

}  // namespace drainproof
