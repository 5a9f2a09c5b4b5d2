#include "iterator.hpp"

#include <algorithm>

#include "atomics.hpp"
#include "clock.hpp"

namespace drainproof {

Iterator::Iterator(std::shared_ptr<Arena> arena, const drain_config& config, const drain_callbacks& callbacks)
    : arena_(std::move(arena)),
      config_(config),
      callbacks_(callbacks),
      credits_{config.quantum, std::uint64_t{config.max_skips} + 1},
      slots_(config.slots),
      backlog_(slots_),
      promoted_(slots_) {}

std::uint64_t Iterator::now() const {
  return callbacks_.now ? callbacks_.now(callbacks_.user) : real_now_ns();
}

void Iterator::pause(std::uint64_t ns) const {
  if (callbacks_.pause)
    callbacks_.pause(callbacks_.user, ns);
  else
    real_pause_ns(ns);
}

void Iterator::report(drain_thread_event_kind kind, std::uint32_t slot) {
  if (!callbacks_.thread_event) return;
  const drain_thread_event event{kind, slots_[slot].thread_id, slot, slots_[slot].generation};
  callbacks_.thread_event(callbacks_.user, &event);
}

bool Iterator::has_work(std::uint32_t slot, std::uint32_t word) const {
  if (state_of(word) == SlotState::leaving) return true;
  // Pairs with the producer's store of the tail. seq_cst here and below: wait_for_work has stored `sleeping` before,
  // and the producer loads it after its store (Dekker). On x86 and ARMv8 the load costs no more than an acquire.
  if (load_seq(arena_->slot(slot, Slot::indexTail)) != load_relaxed(arena_->slot(slot, Slot::indexHead))) return true;
  // Pairs with the store in DetailWindows::open; without a window ever opened there is nothing to scan.
  if (arena_->windows() == 0 || load_seq(arena_->slot(slot, Slot::nextWindow)) == config_.initial_cursor) return false;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place)
    // Pairs with the producer's CAS to SEALED_MARKED (seal, mark).
    if (load_seq(arena_->window(slot, place, Window::state)) == WindowState::sealedMarked) return true;
  return false;
}

void Iterator::set_up(Tracked* fresh, std::uint32_t slot, std::uint32_t word) const {
  Tracked& t = *fresh;
  t.generation = generation_of(word);
  // The words below were published by the store of ACTIVE, which the caller's load of `word` acquired.
  t.thread_id = load_relaxed(arena_->slot(slot, Slot::threadId));
  t.weight = load_relaxed(arena_->slot(slot, Slot::weight));
  t.share = config_.policy == DRAIN_WEIGHTED_FAIR ? t.weight : 1;
  t.index.begin(config_.initial_cursor, final_tail(slot, Slot::indexClose, Slot::indexTail));
  t.detail.begin(config_.initial_cursor, final_tail(slot, Slot::detailClose, Slot::detailTail));
}

void Iterator::track(std::uint32_t slot, std::uint32_t word) {
  slots_[slot] = Tracked{};
  set_up(&slots_[slot], slot, word);
  slots_[slot].tracked = true;
  ++counts_.registered;
  report(DRAIN_THREAD_REGISTERED, slot);
}

void Iterator::forget(std::uint32_t slot) {
  // Another drain reclaimed the slot: what this one delivered stays in its sums.
  Tracked& t = slots_[slot];
  if (t.listed) backlog_.remove(slot);
  gone_index_.accepted += t.index.delivered;
  gone_index_.delivered += t.index.delivered;
  gone_detail_.accepted += t.detail.delivered;
  gone_detail_.delivered += t.detail.delivered;
  t = Tracked{};
}

// The word of the thread that holds the slot now, tracked from here on; 0 without one.
std::uint32_t Iterator::meet(std::uint32_t slot, bool may_forget) {
  Tracked& t = slots_[slot];
  // Pairs with the registering thread's CAS to ACTIVE and with leave, stop and declare_dead: acquires what the
  // thread wrote before it.
  const std::uint32_t word = load_acquire(arena_->slot(slot, Slot::state));
  const std::uint32_t state = state_of(word);
  const bool alive = state == SlotState::active || state == SlotState::leaving;
  if (t.tracked && (!alive || t.generation != generation_of(word))) {
    if (!may_forget) return 0;
    forget(slot);
  }
  if (!alive) return 0;
  if (!t.tracked) track(slot, word);
  if (state == SlotState::leaving && !t.leaving) {
    t.leaving = true;
    report(DRAIN_THREAD_LEAVING, slot);
  }
  return word;
}

void Iterator::discover() {
  for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
    const std::uint32_t word = meet(slot, true);
    Tracked& t = slots_[slot];
    if (word == 0 || t.listed || !has_work(slot, word)) continue;
    t.listed = true;
    t.wait_from = full_visits_;
    backlog_.push_back(slot);
  }
}

drain_iteration_result Iterator::iterate() {
  if (busy_) return drain_iteration_result{};
  busy_ = true;
  const drain_iteration_result result = pass(false);
  busy_ = false;
  return result;
}

drain_iteration_result Iterator::pass(bool stopping) {
  round_ = drain_iteration_result{};
  const std::uint64_t start = now();
  discover();
  const std::uint32_t turns = backlog_.size();
  for (std::uint32_t i = 0; i < turns; ++i) {
    // The first visit is always made; a limit ends the loop only while threads have not had their turn.
    if (!stopping && round_.visits > 0) {
      if (config_.max_iteration_visits > 0 && round_.visits >= config_.max_iteration_visits)
        round_.truncated = DRAIN_TRUNCATED_VISITS;
      else if (config_.max_iteration_events > 0 && round_.delivered >= config_.max_iteration_events)
        round_.truncated = DRAIN_TRUNCATED_EVENTS;
      else if (config_.max_iteration_ns > 0 && now() - start >= config_.max_iteration_ns)
        round_.truncated = DRAIN_TRUNCATED_TIME;
      if (round_.truncated != DRAIN_TRUNCATED_NO) break;
    }
    const std::uint32_t slot = backlog_.pop_front();
    const Turn turn = visit(slot, stopping);
    Tracked& t = slots_[slot];
    if (turn == Turn::reclaimed) continue;
    if (turn == Turn::gone) {
      t.listed = false;  // out of the list already
      forget(slot);
      continue;
    }
    // Pairs with leave, stop and declare_dead, as in discover.
    const std::uint32_t word = load_acquire(arena_->slot(slot, Slot::state));
    if (!has_work(slot, word)) {
      t.credit = 0;
      t.listed = false;
    } else if (turn == Turn::skipped && t.skips_in_row >= config_.max_skips) {
      promoted_.push_back(slot);
    } else {
      backlog_.push_back(slot);
    }
  }
  backlog_.prepend(promoted_);
  const std::uint64_t took = now() - start;
  ++counts_.iterations;
  counts_.visits += round_.visits;
  counts_.skips += round_.skips;
  counts_.batches += round_.batches;
  counts_.sink_failures += round_.sink_failures;
  counts_.iteration_ns += took;
  counts_.longest_iteration_ns = std::max(counts_.longest_iteration_ns, took);
  return round_;
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
