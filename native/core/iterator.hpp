// The drain: finds threads with work, gives them turns, delivers, reclaims.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "adaptive.hpp"
#include "arena.hpp"
#include "atomics.hpp"
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
  // At once, or at the end of the iteration under way.
  drain_status configure(const drain_config& asked);
  const drain_config& config() const { return config_; }
  void metrics(DrainMetrics* metrics, drain_thread_metrics* threads, std::uint32_t capacity);

  const std::shared_ptr<Arena>& arena() const { return arena_; }
  // True while a callback of this drain may be running.
  bool busy() const { return busy_; }

 private:
  enum class Turn { visited, skipped, reclaimed, gone };
  // What a visit delivered, and what its snapshot held; events.
  struct Delivery {
    std::uint64_t taken, held;
  };
  // Where a slot's lanes stand for one visit.
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
  drain_truncation limit_reached(std::uint64_t start) const;
  void settle(std::uint32_t slot, Turn turn);
  void count(std::uint64_t took_ns);
  void apply_changes();
  void report(drain_thread_event_kind kind, std::uint32_t slot, std::uint64_t held_ns = 0);
  std::uint64_t now() const;
  void pause(std::uint64_t ns) const;
  // discover.cpp
  std::uint32_t meet(std::uint32_t slot, bool may_forget);
  void discover();
  void look_at(std::uint32_t slot, bool is_ready);
  bool sees_work() const;
  bool has_changed(std::uint32_t version) const { return seen_version_ != version; }
  template <class Look>
  bool any_candidate(bool all, Look look) const;
  bool keeps_work(std::uint32_t slot);
  void set_up(Tracked* fresh, std::uint32_t slot, std::uint32_t word) const;
  void track(std::uint32_t slot, std::uint32_t word);
  void forget(std::uint32_t slot);
  bool has_work(std::uint32_t slot, std::uint32_t word) const;
  // visit.cpp
  Turn visit(std::uint32_t slot, bool stopping);
  Turn skip(std::uint32_t slot);
  void count_visit(std::uint32_t slot);
  Snapshot snapshot(std::uint32_t slot, std::uint32_t word);
  std::uint32_t close_lane(std::uint32_t slot, std::uint32_t close_offset, std::uint32_t tail_offset);
  std::uint64_t count_deliverable(std::uint32_t slot, bool final, std::uint32_t detail_tail) const;
  bool oldest_deliverable(std::uint32_t slot, const Snapshot& shot, Deliverable* oldest) const;
  Delivery deliver(std::uint32_t slot, const Snapshot& shot, std::uint64_t allowance);
  std::uint64_t deliver_index(std::uint32_t slot, std::uint32_t head, std::uint32_t count);
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
  // fairness_window.cpp
  void end_window();
  std::vector<std::uint32_t> window_threads();
  double service_lag(const std::vector<std::uint32_t>& threads) const;
  std::uint64_t window_demand(std::uint32_t slot, std::uint32_t word) const;
  double last_share(const Tracked& t) const { return t.share_of == window_.windows ? t.share : 1; }

  const std::shared_ptr<Arena> arena_;
  drain_config config_;
  const drain_callbacks callbacks_;
  std::optional<drain_config> changes_;  // of configure(), to be applied at the end of the iteration
  std::vector<Tracked> slots_;
  Scheduler scheduler_;
  std::optional<std::uint32_t> seen_version_;  // registryVersion at the last discovery
  bool busy_ = false;
  bool metered_ = false;  // in an iteration that the sizes of `adaptive` learn from: writes are timed

  drain_iteration_result round_{};  // of the iteration or call under way
  IterationLoad load_;              // of the iteration under way
  DrainMetrics counts_{};           // its counters; the ledgers are computed when asked for
  LaneTotal gone_index_;
  LaneTotal gone_detail_;

  drain_fairness_metrics window_{0, 0, 1, 1, 0, 0, 0, 0};  // the last whole one
  std::uint64_t window_visits_ = 0;                        // of the one that has begun
  std::uint64_t window_began_ = 1;                         // number of its first iteration
  std::vector<std::uint32_t> served_;                      // slots that something was delivered from in it
};

// Calls look(slot, is its ready bit set) from slot 0 upwards, until it returns true: for every slot, or for those alone
// whose bits are set.
template <class Look>
bool Iterator::any_candidate(bool all, Look look) const {
  for (std::uint32_t index = 0; index < arena_->ready_words(); ++index) {
    // Pairs with the OR in ReadyBit::set: whoever sees the bit sees the work. Who misses it has it left for the next
    // time; wait_for_work misses none, because `sleeping` was stored before, and the producer loads that after its OR.
    const std::uint32_t ready = load_seq(arena_->ready(index));
    for (std::uint32_t left = all ? ~0u : ready; left != 0; left &= left - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(left));
      const std::uint32_t slot = index * 32 + bit;
      if (slot >= config_.slots) break;
      if (look(slot, (ready >> bit & 1) != 0)) return true;
    }
  }
  return false;
}

}  // namespace drainproof
