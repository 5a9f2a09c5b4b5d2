// A registered thread's end of its lanes. One thread uses it at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "arena.hpp"
#include "clock.hpp"
#include "ready.hpp"
#include "windows.hpp"

namespace drainproof {

class Producer {
 public:
  Producer(std::shared_ptr<Arena> arena, std::uint32_t slot, std::uint32_t generation, std::uint32_t thread_id);

  drain_status emit_index(const void* record, std::size_t bytes, std::uint32_t timeout_ms);
  drain_status emit_detail(const void* record, std::size_t bytes, std::uint32_t timeout_ms);
  drain_status begin_submit(const drain_group& group);
  drain_status commit_submit();
  drain_status submit(const drain_group& group, std::uint32_t timeout_ms);
  drain_status mark();
  drain_status seal();
  drain_status leave();
  drain_status set_weight(std::uint32_t weight);
  drain_status set_priority(std::uint32_t priority);

  std::uint32_t slot() const { return slot_; }
  std::uint32_t generation() const { return generation_; }
  std::uint32_t thread_id() const { return thread_id_; }

 private:
  bool has_detail() const { return arena_->windows() > 0; }
  drain_status check() const;
  drain_status check_idle() const;
  drain_status gone() const;
  bool closed_without(std::uint32_t close_offset, std::uint32_t old_tail, std::uint32_t capacity) const;
  bool index_has_room(std::uint64_t records);
  void copy_index(std::uint32_t at, const void* records, std::uint32_t count);
  drain_status try_index(const void* record);
  drain_status try_detail(const void* record);
  void announce();
  drain_status check_group(const drain_group& group) const;
  drain_status try_begin(const drain_group& group);
  void free_queue();
  void reject(std::uint32_t offset, std::uint32_t records);
  void reject_group(const drain_group& group);
  template <class Attempt>
  drain_status patiently(std::uint32_t timeout_ms, drain_status first, Attempt attempt);

  const std::shared_ptr<Arena> arena_;
  const std::uint32_t slot_;
  const std::uint32_t generation_;
  const std::uint32_t thread_id_;
  const std::uint32_t active_word_;
  const ReadyBit ready_;
  DetailWindows windows_;
  std::uint32_t index_tail_;   // what the arena's word says: we are its only writer
  std::uint32_t detail_tail_;  // likewise
  std::uint32_t head_seen_;    // the drain's cursor when we last looked; reloaded only when the lane looks full
  std::uint32_t staged_index_ = 0;
  std::uint32_t staged_detail_ = 0;
  bool holding_ = false;
  bool left_ = false;
};

// Repeats `attempt` while there is no room, until the timeout; any other outcome ends it.
template <class Attempt>
drain_status Producer::patiently(std::uint32_t timeout_ms, drain_status first, Attempt attempt) {
  drain_status status = first;
  const std::uint64_t end = real_now_ns() + std::uint64_t{timeout_ms} * 1'000'000;
  Backoff backoff;
  while (status == DRAIN_LANE_FULL || status == DRAIN_DETAIL_FULL || status == DRAIN_QUEUE_BUSY) {
    if (real_now_ns() >= end) return DRAIN_TIMED_OUT;
    backoff.wait();
    status = attempt();
  }
  return status;
}

}  // namespace drainproof
