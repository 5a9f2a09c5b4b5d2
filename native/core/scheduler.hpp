// Who has the next turn, and how much it may take: deficit round robin over lines of backlogged threads. Twin of
// reference/scheduler.ts.
//
// Whoever is at the head of a line has its turn and then goes to the tail, so that choosing costs the same however many
// threads there are. Round robin, weighted fair and adaptive have one line; priority has one for each class, and one
// for final drains. Nothing here knows of lanes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "adaptive.hpp"
#include "arena.hpp"
#include "slot_list.hpp"
#include "tracked.hpp"

namespace drainproof {

class Scheduler {
 public:
  Scheduler(const Arena& arena, std::vector<Tracked>& slots, const drain_config& config);

  // Events a visit may take per unit of weight.
  std::uint32_t quantum() const { return sizes_ ? sizes_->quantum() : config_.quantum; }
  // Records of one batch at most; 0: no limit but the visit's.
  std::uint32_t batch() const { return sizes_ ? sizes_->batch() : 0; }
  // Number of the iteration under way, or of the last one; from 1.
  std::uint64_t iteration() const { return iteration_; }
  // Of any thread so far, in visits of others.
  std::uint64_t longest_wait() const { return longest_wait_; }
  // The thread's weight where weights count, else 1; as the slot has it now.
  std::uint32_t share_of(std::uint32_t slot) const;

  // Before threads are discovered: those that have waited long enough rise.
  void begin_iteration();
  // A thread that has become backlogged joins the tail of its line.
  void join(std::uint32_t slot);
  // A thread is leaving now: if it waits in a level, its turns are those of a final drain from here on.
  void leaves(std::uint32_t slot);
  // Whose turn it is; kNone when everybody has had one in this iteration.
  std::uint32_t next() const;
  // Takes the thread that next() named out of its line.
  void take(std::uint32_t slot);
  // Adds the credit of one turn.
  void add_credit(std::uint32_t slot);
  // A full visit begins: how many visits of others the thread has waited for.
  void begin_visit(std::uint32_t slot);
  // It was given all that it had: whatever comes now, its backlog is a new one, of the next iteration.
  void caught_up(std::uint32_t slot);
  // After a visit, with work left: to the tail, whatever waiting had raised it to.
  void put_back(std::uint32_t slot);
  // After a skip: up by a class; skipped too often, it is first in the next iteration.
  void put_back_skipped(std::uint32_t slot);
  // Out of its list, if it is in one.
  void remove(std::uint32_t slot);
  // The threads promoted in this iteration come before those promoted earlier.
  void end_iteration() { first_.prepend(promoted_); }
  // What the iteration that ended has seen.
  void observe(const IterationLoad& load);
  // Other rules from here on, between two iterations. Everybody keeps its place as far as the new policy has it.
  void configure(const drain_config& config);
  // Calls act(slot) for every thread that waits in a list; only between iterations.
  template <class Act>
  void for_each(Act act) const;

 private:
  static constexpr std::uint32_t kTop = 7;
  bool by_priority() const { return config_.policy == DRAIN_PRIORITY; }
  bool is_leaving(std::uint32_t slot) const;
  // Who had a turn went to a tail: when the head of a line had its turn, all of the line had.
  bool is_open(const SlotList& line) const { return !line.empty() && slots_[line.head()].turn != iteration_; }
  void enqueue(std::uint32_t slot);
  void enter(std::uint32_t slot, std::uint32_t level);
  void push_first(SlotList& list, std::uint32_t slot);

  const Arena& arena_;
  std::vector<Tracked>& slots_;
  drain_config config_;
  std::optional<AdaptiveSizes> sizes_;
  SlotList first_;                // skipped too often in an earlier iteration
  SlotList promoted_;             // the same, in this one
  SlotList finals_;               // final drains (priority)
  std::vector<SlotList> levels_;  // by class
  std::uint32_t waiting_ = 0;     // bit c: levels_[c] is not empty
  bool last_was_final_ = false;   // the last selection from finals and levels
  std::uint64_t iteration_ = 0;
  std::uint64_t visits_ = 0;  // full ones: what threads wait for
  std::uint64_t longest_wait_ = 0;
};

template <class Act>
void Scheduler::for_each(Act act) const {
  const auto walk = [&](const SlotList& list) {
    for (std::uint32_t slot = list.head(); slot != Tracked::kNone; slot = slots_[slot].next) act(slot);
  };
  walk(first_);
  walk(finals_);
  for (const SlotList& line : levels_) walk(line);
}

}  // namespace drainproof
