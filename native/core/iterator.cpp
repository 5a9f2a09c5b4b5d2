#include "iterator.hpp"

#include <algorithm>

#include "atomics.hpp"
#include "clock.hpp"
#include "config.hpp"

namespace drainproof {

Iterator::Iterator(std::shared_ptr<Arena> arena, const drain_config& config, const drain_callbacks& callbacks)
    : arena_(std::move(arena)),
      config_(config),
      callbacks_(callbacks),
      slots_(config.slots),
      scheduler_(*arena_, slots_, config) {}

std::uint64_t Iterator::now() const {
  return callbacks_.now ? callbacks_.now(callbacks_.user) : real_now_ns();
}

void Iterator::pause(std::uint64_t ns) const {
  if (callbacks_.pause)
    callbacks_.pause(callbacks_.user, ns);
  else
    real_pause_ns(ns);
}

void Iterator::report(drain_thread_event_kind kind, std::uint32_t slot, std::uint64_t held_ns) {
  if (!callbacks_.thread_event) return;
  const drain_thread_event event{kind, slots_[slot].thread_id, slot, slots_[slot].generation, held_ns};
  callbacks_.thread_event(callbacks_.user, &event);
}

drain_iteration_result Iterator::iterate() {
  if (busy_) return drain_iteration_result{};
  busy_ = true;
  const drain_iteration_result result = pass(false);
  busy_ = false;
  return result;
}

drain_truncation Iterator::limit_reached(std::uint64_t start) const {
  if (round_.visits == 0) return DRAIN_TRUNCATED_NO;  // the first visit is always made
  if (config_.max_iteration_visits > 0 && round_.visits >= config_.max_iteration_visits) return DRAIN_TRUNCATED_VISITS;
  if (config_.max_iteration_events > 0 && round_.delivered >= config_.max_iteration_events)
    return DRAIN_TRUNCATED_EVENTS;
  if (config_.max_iteration_ns > 0 && now() - start >= config_.max_iteration_ns) return DRAIN_TRUNCATED_TIME;
  return DRAIN_TRUNCATED_NO;
}

drain_iteration_result Iterator::pass(bool stopping) {
  round_ = drain_iteration_result{};
  load_ = IterationLoad{};
  metered_ = !stopping && scheduler_.batch() > 0;
  const std::uint64_t start = now();
  scheduler_.begin_iteration();
  discover();
  for (std::uint32_t slot = scheduler_.next(); slot != Tracked::kNone; slot = scheduler_.next()) {
    if (!stopping) round_.truncated = limit_reached(start);
    if (round_.truncated != DRAIN_TRUNCATED_NO) break;
    scheduler_.take(slot);
    settle(slot, visit(slot, stopping));
  }
  scheduler_.end_iteration();
  load_.took_ns = now() - start;
  if (metered_) scheduler_.observe(load_);
  metered_ = false;
  count(load_.took_ns);
  end_window();
  apply_changes();
  return round_;
}

void Iterator::settle(std::uint32_t slot, Turn turn) {
  if (turn == Turn::reclaimed) return;
  if (turn == Turn::gone) {
    forget(slot);
  } else if (!keeps_work(slot)) {
    slots_[slot].credit = 0;
  } else if (turn == Turn::skipped) {
    scheduler_.put_back_skipped(slot);
  } else {
    scheduler_.put_back(slot);
  }
}

void Iterator::count(std::uint64_t took_ns) {
  ++counts_.iterations;
  counts_.visits += round_.visits;
  counts_.skips += round_.skips;
  counts_.batches += round_.batches;
  counts_.sink_failures += round_.sink_failures;
  counts_.iteration_ns += took_ns;
  counts_.longest_iteration_ns = std::max(counts_.longest_iteration_ns, took_ns);
}

drain_status Iterator::configure(const drain_config& asked) {
  if (const drain_status status = check_change(config_, asked)) return status;
  changes_ = asked;
  if (!busy_) apply_changes();
  return DRAIN_ACCEPTED;
}

void Iterator::apply_changes() {
  if (!changes_) return;
  config_ = *changes_;
  changes_.reset();
  scheduler_.configure(config_);
}

bool Iterator::try_acquire(std::uint32_t slot) {
  if (slot >= config_.slots) return false;
  // From inside a callback the lists are in use: a slot that another drain reclaimed is forgotten later.
  const std::uint32_t word = meet(slot, !busy_);
  if (word == 0) return false;
  std::uint32_t& queue = arena_->slot(slot, Slot::queue);
  // Pairs with the producer's CAS in commit, and other drains' release: their heads are ours to see.
  if (!swap_seq(queue, QueueState::free, QueueState::drain)) return false;
  // Another drain may have reclaimed the slot between the two: then the queue is not that thread's any more.
  const std::uint32_t after = load_seq(arena_->slot(slot, Slot::state));
  if (after != word && after != state_word(generation_of(word), SlotState::leaving)) {
    swap_seq(queue, QueueState::drain, QueueState::free);
    return false;
  }
  slots_[slot].held = true;
  return true;
}

}  // namespace drainproof
