// Iterator: how fair the last window of visits was.
#include <algorithm>

#include "fairness.hpp"
#include "iterator.hpp"
#include "windows.hpp"

namespace drainproof {

// Threads that can have had service or demand in the window, in slot order. All others are left out of every number, so
// that the end of a window costs what happened in it, however many idle threads there are.
std::vector<std::uint32_t> Iterator::window_threads() {
  std::vector<std::uint32_t> threads = std::move(served_);
  served_.clear();
  scheduler_.for_each([&](std::uint32_t slot) { threads.push_back(slot); });
  any_candidate(false, [&](std::uint32_t slot, bool) {
    threads.push_back(slot);
    return false;
  });
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  const auto is_elsewhere = [this](std::uint32_t slot) {
    const Tracked& t = slots_[slot];
    // Pairs as in meet: of what another drain reclaimed nothing is known any more.
    const std::uint32_t word = load_acquire(arena_->slot(slot, Slot::state));
    return !t.tracked || (word != state_word(t.generation, SlotState::active) &&
                          word != state_word(t.generation, SlotState::leaving));
  };
  threads.erase(std::remove_if(threads.begin(), threads.end(), is_elsewhere), threads.end());
  return threads;
}

std::uint64_t Iterator::window_demand(std::uint32_t slot, std::uint32_t word) const {
  const Tracked& t = slots_[slot];
  const std::uint32_t index_tail = final_tail(slot, Slot::indexClose, Slot::indexTail);
  const std::uint32_t detail_tail = final_tail(slot, Slot::detailClose, Slot::detailTail);
  // Only drains write the head; another one's progress may be seen or not.
  const std::uint32_t pending = index_tail - load_acquire(arena_->slot(slot, Slot::indexHead));
  return t.delivered() - t.window_from + pending +
         count_deliverable(slot, state_of(word) == SlotState::leaving, detail_tail);
}

double Iterator::service_lag(const std::vector<std::uint32_t>& threads) const {
  double least = 0;
  double most = 0;
  unsigned count = 0;
  for (const std::uint32_t slot : threads) {
    const Tracked& t = slots_[slot];
    // In a list without a break since the discovery of the window's first iteration.
    if (t.list == Tracked::List::none || t.joined > window_began_) continue;
    const double service = static_cast<double>(t.delivered() - t.window_from) / scheduler_.share_of(slot);
    least = count == 0 ? service : std::min(least, service);
    most = count == 0 ? service : std::max(most, service);
    ++count;
  }
  return count < 2 ? 0 : rounded(most - least);
}

void Iterator::end_window() {
  if (window_visits_ < config_.fairness_window_visits) return;
  const std::vector<std::uint32_t> threads = window_threads();
  std::vector<Demand> demands;
  std::uint64_t delivered = 0;
  for (const std::uint32_t slot : threads) {
    const std::uint64_t service = slots_[slot].delivered() - slots_[slot].window_from;
    const std::uint64_t demand = window_demand(slot, load_acquire(arena_->slot(slot, Slot::state)));
    demands.push_back(
        {static_cast<double>(demand), static_cast<double>(scheduler_.share_of(slot)), static_cast<double>(service)});
    delivered += service;
  }
  const Fairness fairness = fairness_of(demands);
  window_.windows += 1;
  window_.delivered = delivered;
  window_.jain = fairness.jain;
  window_.min_share = fairness.min_share;
  window_.service_lag = service_lag(threads);
  for (std::size_t i = 0; i < threads.size(); ++i) {
    Tracked& t = slots_[threads[i]];
    t.share = rounded(fairness.shares[i]);
    t.share_of = window_.windows;
    t.window_from = t.delivered();
    t.served = false;
  }
  window_visits_ = 0;
  window_began_ = scheduler_.iteration() + 1;
}

}  // namespace drainproof
