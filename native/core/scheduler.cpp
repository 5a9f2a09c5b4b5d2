#include "scheduler.hpp"

#include <algorithm>
#include <bit>

#include "atomics.hpp"
#include "config.hpp"

namespace drainproof {
namespace {

std::optional<AdaptiveSizes> sizes_of(const drain_config& config) {
  if (config.policy != DRAIN_ADAPTIVE) return std::nullopt;
  return AdaptiveSizes(config);
}

}  // namespace

Scheduler::Scheduler(const Arena& arena, std::vector<Tracked>& slots, const drain_config& config)
    : arena_(arena),
      slots_(slots),
      config_(config),
      sizes_(sizes_of(config)),
      first_(slots),
      promoted_(slots),
      finals_(slots),
      levels_(kTop + 1, SlotList(slots)) {}

std::uint32_t Scheduler::share_of(std::uint32_t slot) const {
  if (config_.policy != DRAIN_WEIGHTED_FAIR) return 1;
  // Pairs with the store in Producer::set_weight: a value on its own, any recent one will do. Within its range even if
  // the arena is not to be trusted.
  return std::clamp(load_relaxed(arena_.slot(slot, Slot::weight)), 1u, kMaxWeight);
}

bool Scheduler::is_leaving(std::uint32_t slot) const {
  // Pairs with the CAS of whoever ends ACTIVE; decides about the line only.
  return state_of(load_acquire(arena_.slot(slot, Slot::state))) == SlotState::leaving;
}

void Scheduler::begin_iteration() {
  ++iteration_;
  if (!by_priority()) return;
  for (std::uint32_t level = kTop; level-- > 0;) {
    const SlotList& line = levels_[level];
    // Whoever came later rises later: only heads can be due.
    while (!line.empty() && slots_[line.head()].due <= iteration_) {
      const std::uint32_t slot = line.head();
      remove(slot);
      enter(slot, level + 1);
    }
  }
}

void Scheduler::caught_up(std::uint32_t slot) {
  slots_[slot].joined = iteration_ + 1;
}

void Scheduler::join(std::uint32_t slot) {
  slots_[slot].wait_from = visits_;
  slots_[slot].joined = iteration_;
  enqueue(slot);
}

void Scheduler::leaves(std::uint32_t slot) {
  if (!by_priority() || slots_[slot].list != Tracked::List::level) return;
  remove(slot);
  enqueue(slot);
}

std::uint32_t Scheduler::next() const {
  if (is_open(first_)) return first_.head();
  std::uint32_t level = Tracked::kNone;
  for (std::uint32_t left = waiting_; left != 0 && level == Tracked::kNone;) {
    const auto highest = static_cast<std::uint32_t>(std::bit_width(left)) - 1;
    if (is_open(levels_[highest])) level = levels_[highest].head();
    left &= ~(1u << highest);
  }
  if (is_open(finals_) && !(last_was_final_ && level != Tracked::kNone)) return finals_.head();
  return level;
}

void Scheduler::take(std::uint32_t slot) {
  Tracked& t = slots_[slot];
  if (t.list != Tracked::List::first) last_was_final_ = t.list == Tracked::List::finals;
  remove(slot);
  t.turn = iteration_;
}

void Scheduler::add_credit(std::uint32_t slot) {
  const std::uint64_t turn = std::uint64_t{share_of(slot)} * quantum();
  std::uint64_t& credit = slots_[slot].credit;
  credit = std::min(credit + turn, (std::uint64_t{config_.max_skips} + 1) * turn);
}

void Scheduler::begin_visit(std::uint32_t slot) {
  Tracked& t = slots_[slot];
  t.longest_wait = std::max(t.longest_wait, visits_ - t.wait_from);
  longest_wait_ = std::max(longest_wait_, t.longest_wait);
  ++visits_;
  t.wait_from = visits_;
}

void Scheduler::put_back(std::uint32_t slot) {
  enqueue(slot);
}

void Scheduler::put_back_skipped(std::uint32_t slot) {
  const Tracked& t = slots_[slot];
  if (t.skips_in_row >= config_.max_skips)
    push_first(promoted_, slot);
  else if (!by_priority() || is_leaving(slot))
    enqueue(slot);
  else
    enter(slot, std::min(t.level + 1, kTop));
}

void Scheduler::remove(std::uint32_t slot) {
  Tracked& t = slots_[slot];
  if (t.list == Tracked::List::level) {
    levels_[t.level].remove(slot);
    if (levels_[t.level].empty()) waiting_ &= ~(1u << t.level);
  } else if (t.list == Tracked::List::finals) {
    finals_.remove(slot);
  } else if (t.list == Tracked::List::first) {
    first_.remove(slot);
  }
  t.list = Tracked::List::none;
}

void Scheduler::observe(const IterationLoad& load) {
  if (sizes_) sizes_->observe(load);
}

void Scheduler::configure(const drain_config& config) {
  const drain_config before = config_;
  config_ = config;
  if (config.policy != DRAIN_ADAPTIVE || !sizes_ || sizes_differ(before, config)) sizes_ = sizes_of(config);
  if (config.policy == before.policy) return;
  std::vector<std::uint32_t> waiting;
  const auto empty = [&](SlotList& list) {
    while (!list.empty()) {
      waiting.push_back(list.head());
      remove(list.head());
    }
  };
  empty(first_);
  empty(finals_);
  for (std::uint32_t level = kTop + 1; level-- > 0;) empty(levels_[level]);
  for (const std::uint32_t slot : waiting) enqueue(slot);
}

void Scheduler::push_first(SlotList& list, std::uint32_t slot) {
  // One name for both lists: nobody is removed from `promoted` before end_iteration has made it part of `first`.
  slots_[slot].list = Tracked::List::first;
  list.push_back(slot);
}

// To the tail of the thread's own line.
void Scheduler::enqueue(std::uint32_t slot) {
  if (by_priority() && is_leaving(slot)) {
    slots_[slot].list = Tracked::List::finals;
    finals_.push_back(slot);
  } else {
    // Pairs with the store in Producer::set_priority, as in share_of.
    enter(slot, by_priority() ? std::min(load_relaxed(arena_.slot(slot, Slot::priority)), kTop) : 0);
  }
}

void Scheduler::enter(std::uint32_t slot, std::uint32_t level) {
  Tracked& t = slots_[slot];
  t.level = level;
  t.due = iteration_ + config_.age_after;
  t.list = Tracked::List::level;
  levels_[level].push_back(slot);
  waiting_ |= 1u << level;
}

}  // namespace drainproof
