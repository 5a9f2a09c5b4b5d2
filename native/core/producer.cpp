#include "producer.hpp"

#include <algorithm>
#include <cstring>

#include "atomics.hpp"
#include "config.hpp"
#include "error.hpp"
#include "wait.hpp"

namespace drainproof {

Producer::Producer(std::shared_ptr<Arena> arena, std::uint32_t slot, std::uint32_t generation, std::uint32_t thread_id)
    : arena_(std::move(arena)),
      slot_(slot),
      generation_(generation),
      thread_id_(thread_id),
      active_word_(state_word(generation, SlotState::active)),
      ready_(ready_bit(*arena_, slot)),
      windows_(*arena_, slot),
      index_tail_(arena_->config().initial_cursor),
      detail_tail_(index_tail_),
      head_seen_(index_tail_) {}

drain_status Producer::gone() const {
  // Pairs with the drain's store in stop(); the state word was changed after it, and we have seen that.
  return load_seq(arena_->header(Header::stopState)) != StopState::running ? DRAIN_STOPPED : DRAIN_STALE_HANDLE;
}

drain_status Producer::check() const {
  if (left_) return DRAIN_THREAD_LEFT;
  // Pairs with the CAS that ends ACTIVE (stop, declare_dead). Only a first look: what decides is the second one,
  // after the record was published.
  if (load_acquire(arena_->slot(slot_, Slot::state)) != active_word_) return gone();
  return DRAIN_ACCEPTED;
}

drain_status Producer::check_idle() const {
  const drain_status status = check();
  return status == DRAIN_ACCEPTED && holding_ ? DRAIN_ALREADY_HOLDING : status;
}

bool Producer::closed_without(std::uint32_t close_offset, std::uint32_t old_tail, std::uint32_t capacity) const {
  // Pairs with stop's and declare_dead's CAS of the state word. Dekker: our tail was stored seq_cst before this
  // seq_cst load; the drain changes the state before it loads the tail. So either we see the change here, or the
  // drain's final snapshot contains our record.
  const std::uint32_t word = load_seq(arena_->slot(slot_, Slot::state));
  if (word == active_word_) return false;
  if (generation_of(word) != generation_) return true;  // declared dead, and the slot has a new owner already
  // Pairs with the final drain's CAS of the same word: whoever comes first decides where the lane ends.
  std::uint64_t closed = 0;
  if (cas_seq(arena_->close_word(slot_, close_offset), closed, kClosed | (old_tail + 1u))) return false;
  const std::uint32_t beyond = static_cast<std::uint32_t>(closed) - old_tail;
  return beyond < 1 || beyond > capacity;
}

void Producer::reject(std::uint32_t offset, std::uint32_t records) {
  std::uint32_t& word = arena_->slot(slot_, offset);
  // A counter with one writer; readers want no more than some recent value.
  store_relaxed(word, load_relaxed(word) + records);
}

// Work was published: seq_cst, so that the loads here do not move before it.
void Producer::announce() {
  ready_.set();
  wake_drain(*arena_);
}

bool Producer::index_has_room(std::uint64_t records) {
  const std::uint32_t capacity = arena_->config().index_capacity;
  if (index_tail_ - head_seen_ + records <= capacity) return true;
  // Pairs with the drain's store of the head after the sink's acknowledgement: its reads of those records are over.
  head_seen_ = load_acquire(arena_->slot(slot_, Slot::indexHead));
  return index_tail_ - head_seen_ + records <= capacity;
}

void Producer::copy_index(std::uint32_t at, const void* records, std::uint32_t count) {
  const std::uint32_t capacity = arena_->config().index_capacity;
  const std::uint32_t place = at & (capacity - 1);
  const std::uint32_t before_wrap = std::min(count, capacity - place);
  const auto* from = static_cast<const std::uint8_t*>(records);
  std::uint8_t* lane = arena_->index_records(slot_);
  std::memcpy(lane + std::size_t{place} * kIndexRecordBytes, from, std::size_t{before_wrap} * kIndexRecordBytes);
  if (before_wrap < count)
    std::memcpy(lane, from + std::size_t{before_wrap} * kIndexRecordBytes,
                std::size_t{count - before_wrap} * kIndexRecordBytes);
}

drain_status Producer::try_index(const void* record) {
  if (const drain_status status = check_idle()) return status;
  if (!index_has_room(1)) return DRAIN_LANE_FULL;
  const std::uint32_t tail = index_tail_;
  std::memcpy(
      arena_->index_records(slot_) + std::size_t{tail & (arena_->config().index_capacity - 1)} * kIndexRecordBytes,
      record, kIndexRecordBytes);
  std::uint32_t& word = arena_->slot(slot_, Slot::indexTail);
  // Pairs with the drain's load in its snapshot: publishes the record. seq_cst, not release: the loads of the state
  // and of `sleeping` that follow must not move before it.
  store_seq(word, tail + 1);
  if (closed_without(Slot::indexClose, tail, arena_->config().index_capacity)) {
    store_seq(word, tail);
    return gone();
  }
  index_tail_ = tail + 1;
  announce();
  return DRAIN_ACCEPTED;
}

drain_status Producer::emit_index(const void* record, std::size_t bytes, std::uint32_t timeout_ms) {
  if (bytes != kIndexRecordBytes)
    return fail(DRAIN_RECORD_SIZE, "an index record has " + std::to_string(bytes) + " bytes");
  drain_status status = try_index(record);
  if (status != DRAIN_LANE_FULL) return status;
  if (timeout_ms > 0) status = patiently(timeout_ms, status, [&] { return try_index(record); });
  if (status == DRAIN_LANE_FULL || status == DRAIN_TIMED_OUT) reject(Slot::indexRejected, 1);
  return status;
}

drain_status Producer::try_detail(const void* record) {
  if (const drain_status status = check_idle()) return status;
  const std::uint32_t tail = detail_tail_;
  if (!windows_.write(record, tail)) return DRAIN_DETAIL_FULL;
  std::uint32_t& word = arena_->slot(slot_, Slot::detailTail);
  // Pairs with the drain's load in its snapshot: publishes record and window. seq_cst as in try_index.
  store_seq(word, tail + 1);
  windows_.seal_full();
  if (closed_without(Slot::detailClose, tail, arena_->config().detail_capacity)) {
    store_seq(word, tail);
    windows_.unwrite();
    return gone();
  }
  detail_tail_ = tail + 1;
  announce();
  return DRAIN_ACCEPTED;
}

drain_status Producer::emit_detail(const void* record, std::size_t bytes, std::uint32_t timeout_ms) {
  if (!has_detail()) {  // a lane that is not there has no record size
    const drain_status status = check_idle();
    return status == DRAIN_ACCEPTED ? DRAIN_NO_DETAIL_LANE : status;
  }
  if (bytes != arena_->config().detail_record_bytes)
    return fail(DRAIN_RECORD_SIZE, "a detail record has " + std::to_string(bytes) + " bytes");
  drain_status status = try_detail(record);
  if (status != DRAIN_DETAIL_FULL) return status;
  if (timeout_ms > 0) status = patiently(timeout_ms, status, [&] { return try_detail(record); });
  if (status == DRAIN_DETAIL_FULL || status == DRAIN_TIMED_OUT) reject(Slot::detailRejected, 1);
  return status;
}

drain_status Producer::mark() {
  if (const drain_status status = check_idle()) return status;
  if (!has_detail()) return DRAIN_NO_DETAIL_LANE;
  windows_.mark();
  announce();
  return DRAIN_ACCEPTED;
}

drain_status Producer::seal() {
  if (const drain_status status = check_idle()) return status;
  if (!has_detail()) return DRAIN_NO_DETAIL_LANE;
  windows_.seal_open();
  // A sealed marked window is work.
  announce();
  return DRAIN_ACCEPTED;
}

drain_status Producer::leave() {
  if (left_) return fail(DRAIN_THREAD_LEFT, "thread " + std::to_string(thread_id_) + " leaves a second time");
  if (holding_) return fail(DRAIN_ALREADY_HOLDING, "thread " + std::to_string(thread_id_) + " leaves inside a submit");
  left_ = true;
  std::uint32_t& word = arena_->slot(slot_, Slot::state);
  // Whoever else ended our ACTIVE owns the slot's way out; the window is not ours to seal any more.
  if (load_acquire(word) == active_word_) {
    windows_.seal_open();
    // Pairs with the drain's load of the state: everything we published is visible to the final drain.
    if (swap_seq(word, active_word_, state_word(generation_, SlotState::leaving))) note_leaving(*arena_, slot_);
  }
  wake_drain(*arena_);
  return DRAIN_ACCEPTED;
}

drain_status Producer::set_weight(std::uint32_t weight) {
  if (weight < 1 || weight > kMaxWeight) return fail(DRAIN_INVALID_WEIGHT, "weight is " + std::to_string(weight));
  if (const drain_status status = check()) return status;
  // Pairs with the load in Scheduler::share_of: a value on its own, which publishes nothing.
  store_relaxed(arena_->slot(slot_, Slot::weight), weight);
  return DRAIN_ACCEPTED;
}

drain_status Producer::set_priority(std::uint32_t priority) {
  if (priority >= DRAIN_PRIORITY_CLASSES)
    return fail(DRAIN_INVALID_PRIORITY, "priority is " + std::to_string(priority));
  if (const drain_status status = check()) return status;
  // Pairs with the load in Scheduler::enqueue, likewise.
  store_relaxed(arena_->slot(slot_, Slot::priority), priority);
  return DRAIN_ACCEPTED;
}

}  // namespace drainproof
