// The drain: finds threads with work, gives them turns, delivers, reclaims.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "arena.hpp"
#include "scheduler.hpp"
#include "tracked.hpp"

namespace drainproof {

class Iterator {
 public:
  // `config`: the arena's geometry with this drain's own policy and limits.
  Iterator(std::shared_ptr<Arena> arena, const drain_config& config, const drain_callbacks& callbacks);

  drain_iteration_result iterate();
  drain_stop_result stop(std::uint64_t deadline_ns);
  bool try_acquire(std::uint32_t slot);
  drain_status release(std::uint32_t slot);
  drain_status drain_lanes(std::uint32_t slot, std::uint64_t max_events, std::uint64_t* delivered);
  bool wait_for_work(std::uint32_t timeout_ms);
  drain_status declare_dead(std::uint32_t slot, std::uint32_t generation);
  void metrics(DrainMetrics* metrics, drain_thread_metrics* threads, std::uint32_t capacity);

  const std::shared_ptr<Arena>& arena() const { return arena_; }
  // True while a callback of this drain may be running.
  bool busy() const { return busy_; }

 private:
  enum class Turn { visited, skipped, reclaimed, gone };
  // Where a slot's lanes stand for one visit.
  // What a visit delivered, and whether that was all that its snapshot held.
  struct Delivery {
    std::uint64_t taken = 0;  // events
    bool exhausted = false;
  };
  struct Snapshot {
    std::uint32_t index_head, index_tail, detail_tail;
    bool final;
  };
  // A window that the visit may deliver from.
  struct Deliverable {
    std::uint32_t place, sequence, visible, released;
  };
  // Sums of one lane over threads that are gone.
  struct LaneTotal {
    std::uint64_t accepted = 0, rejected = 0, delivered = 0, evicted = 0, left = 0;
  };

  // iterator.cpp
  drain_iteration_result pass(bool stopping);
  std::uint32_t meet(std::uint32_t slot, bool may_forget);
  void discover();
  void set_up(Tracked* fresh, std::uint32_t slot, std::uint32_t word) const;
  void track(std::uint32_t slot, std::uint32_t word);
  void forget(std::uint32_t slot);
  bool has_work(std::uint32_t slot, std::uint32_t word) const;
  void report(drain_thread_event_kind kind, std::uint32_t slot);
  std::uint64_t now() const;
  void pause(std::uint64_t ns) const;
  // visit.cpp
  Turn visit(std::uint32_t slot, bool stopping);
  void count_visit(Tracked& t);
  Snapshot snapshot(std::uint32_t slot, std::uint32_t word);
  std::uint32_t close_lane(std::uint32_t slot, std::uint32_t close_offset, std::uint32_t tail_offset);
  std::uint64_t count_deliverable(std::uint32_t slot, bool final, std::uint32_t detail_tail) const;
  bool oldest_deliverable(std::uint32_t slot, const Snapshot& shot, Deliverable* oldest) const;
  Delivery deliver(std::uint32_t slot, const Snapshot& shot, std::uint64_t allowance);
  std::uint64_t deliver_index(std::uint32_t slot, const Snapshot& shot, std::uint32_t count);
  std::uint64_t deliver_window(std::uint32_t slot, const Deliverable& window, std::uint32_t count);
  std::uint32_t hand_over(Tracked& t, const drain_batch& batch);
  bool is_empty(std::uint32_t slot, const Snapshot& shot) const;
  void reclaim(std::uint32_t slot, const Snapshot& shot);
  // stop.cpp
  void turn_all_leaving();
  bool any_thread() const;
  void count_left(drain_stop_result* result);
  // metrics.cpp
  drain_thread_metrics thread_metrics(std::uint32_t slot, const Tracked& t, std::uint32_t word,
                                      std::uint64_t* demand) const;
  std::uint64_t pending_detail(std::uint32_t slot, std::uint32_t tail) const;
  std::uint32_t final_tail(std::uint32_t slot, std::uint32_t close_offset, std::uint32_t tail_offset) const;
  static void add(LaneTotal* total, const drain_lane_ledger& ledger);

  const std::shared_ptr<Arena> arena_;
  const drain_config config_;
  const drain_callbacks callbacks_;
  const Credits credits_;
  std::vector<Tracked> slots_;
  SlotList backlog_;
  SlotList promoted_;
  std::uint64_t full_visits_ = 0;  // visits that were no mere back-off: what threads wait for
  bool busy_ = false;

  drain_iteration_result round_{};  // of the iteration or call under way
  DrainMetrics counts_{};           // its counters; the ledgers are computed when asked for
  LaneTotal gone_index_;
  LaneTotal gone_detail_;
};

}  // namespace drainproof
