// Producer: groups that become visible all at once, under the submit queue.
#include "atomics.hpp"
#include "error.hpp"
#include "producer.hpp"

namespace drainproof {

drain_status Producer::check_group(const drain_group& group) const {
  if (group.index_bytes % kIndexRecordBytes != 0)
    return fail(DRAIN_RECORD_SIZE, "the group's index records have " + std::to_string(group.index_bytes) + " bytes");
  if (has_detail() && group.detail_bytes % arena_->config().detail_record_bytes != 0)
    return fail(DRAIN_RECORD_SIZE, "the group's detail records have " + std::to_string(group.detail_bytes) + " bytes");
  return DRAIN_ACCEPTED;
}

void Producer::free_queue() {
  // A CAS: the stop's deadline or a declared death may have taken the queue from us.
  swap_seq(arena_->slot(slot_, Slot::queue), QueueState::producer, QueueState::free);
}

drain_status Producer::try_begin(const drain_group& group) {
  if (const drain_status status = check_idle()) return status;
  // Pairs with the drain's CAS FREE to DRAIN: while we hold the queue no visit begins, and the acquire half makes the
  // last visit's heads and freed windows ours to see.
  if (!swap_seq(arena_->slot(slot_, Slot::queue), QueueState::free, QueueState::producer)) return DRAIN_QUEUE_BUSY;
  // Pairs with stop's CAS of the state. Dekker with the queue word: either we see that the thread must go, or the
  // final drain sees our queue and waits for the commit.
  if (load_seq(arena_->slot(slot_, Slot::state)) != active_word_) {
    free_queue();
    return gone();
  }
  const std::uint64_t index = group.index_bytes / kIndexRecordBytes;
  const std::uint64_t detail = group.detail_bytes / arena_->config().detail_record_bytes;
  drain_status status = DRAIN_ACCEPTED;
  if (!index_has_room(index))
    status = DRAIN_LANE_FULL;
  else if (group.detail_bytes > 0 && !has_detail())
    status = DRAIN_NO_DETAIL_LANE;
  else if (detail > windows_.room())
    status = DRAIN_DETAIL_FULL;
  if (status != DRAIN_ACCEPTED) {
    free_queue();
    return status;
  }
  staged_index_ = static_cast<std::uint32_t>(index);
  staged_detail_ = static_cast<std::uint32_t>(detail);
  if (index > 0) copy_index(index_tail_, group.index, staged_index_);
  const auto* record = static_cast<const std::uint8_t*>(group.detail);
  for (std::uint32_t i = 0; i < staged_detail_; ++i)
    windows_.write(record + std::size_t{i} * arena_->config().detail_record_bytes, detail_tail_ + i);
  holding_ = true;
  return DRAIN_ACCEPTED;
}

void Producer::reject_group(const drain_group& group) {
  reject(Slot::indexRejected, static_cast<std::uint32_t>(group.index_bytes / kIndexRecordBytes));
  if (!has_detail()) return;  // nothing was attempted in a lane that is not there
  reject(Slot::detailRejected, static_cast<std::uint32_t>(group.detail_bytes / arena_->config().detail_record_bytes));
}

drain_status Producer::begin_submit(const drain_group& group) {
  if (const drain_status status = check_group(group)) return status;
  const drain_status status = try_begin(group);
  if (status == DRAIN_LANE_FULL || status == DRAIN_DETAIL_FULL || status == DRAIN_NO_DETAIL_LANE) reject_group(group);
  return status;
}

drain_status Producer::submit(const drain_group& group, std::uint32_t timeout_ms) {
  if (timeout_ms == 0) {
    const drain_status status = begin_submit(group);
    return status == DRAIN_ACCEPTED ? commit_submit() : status;
  }
  if (const drain_status status = check_group(group)) return status;
  drain_status cause = DRAIN_ACCEPTED;  // of the last attempt
  const auto attempt = [&] { return cause = try_begin(group); };
  const drain_status status = patiently(timeout_ms, attempt(), attempt);
  if (cause == DRAIN_LANE_FULL || cause == DRAIN_DETAIL_FULL || cause == DRAIN_NO_DETAIL_LANE) reject_group(group);
  return status == DRAIN_ACCEPTED ? commit_submit() : status;
}

drain_status Producer::commit_submit() {
  if (!holding_) return DRAIN_NOT_HOLDING;
  holding_ = false;
  std::uint32_t& queue = arena_->slot(slot_, Slot::queue);
  // A first look, so that a thread declared dead does not touch a lane that has a new owner; the CAS below decides.
  bool ours = generation_of(load_acquire(arena_->slot(slot_, Slot::state))) == generation_;
  if (ours && load_acquire(queue) == QueueState::producer) {
    // No visit reads the tails before the queue is free, so both lanes become visible at once.
    store_seq(arena_->slot(slot_, Slot::indexTail), index_tail_ + staged_index_);
    store_seq(arena_->slot(slot_, Slot::detailTail), detail_tail_ + staged_detail_);
    windows_.seal_full();
    // Pairs with the drain's CAS FREE to DRAIN: publishes tails, windows and records. seq_cst: the load of `sleeping`
    // follows.
    if (swap_seq(queue, QueueState::producer, QueueState::free)) {
      index_tail_ += staged_index_;
      detail_tail_ += staged_detail_;
      announce();
      return DRAIN_ACCEPTED;
    }
    store_seq(arena_->slot(slot_, Slot::indexTail), index_tail_);
    store_seq(arena_->slot(slot_, Slot::detailTail), detail_tail_);
  }
  // Pairs with stop's CAS PRODUCER to REVOKED: the tails are back, so a later stop() may visit the slot.
  if (ours) swap_seq(queue, QueueState::revoked, QueueState::free);
  return gone();
}

}  // namespace drainproof
