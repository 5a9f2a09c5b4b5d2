// Iterator: what happened, in numbers. Looking changes nothing.
#include <algorithm>
#include <vector>

#include "atomics.hpp"
#include "fairness.hpp"
#include "iterator.hpp"
#include "windows.hpp"

namespace drainproof {
namespace {

void complete(drain_lane_ledger* ledger) {
  ledger->attempted = ledger->accepted + ledger->rejected;
}

void sum_up(drain_lane_ledger* sum, const drain_lane_ledger& ledger) {
  sum->attempted += ledger.attempted;
  sum->accepted += ledger.accepted;
  sum->rejected += ledger.rejected;
  sum->delivered += ledger.delivered;
  sum->pending += ledger.pending;
  sum->evicted += ledger.evicted;
  sum->left += ledger.left;
}

}  // namespace

void Iterator::add(LaneTotal* total, const drain_lane_ledger& ledger) {
  total->accepted += ledger.accepted;
  total->rejected += ledger.rejected;
  total->delivered += ledger.delivered;
  total->evicted += ledger.evicted;
  total->left += ledger.left;
}

std::uint32_t Iterator::final_tail(std::uint32_t slot, std::uint32_t close_offset, std::uint32_t tail_offset) const {
  // Pair with close_lane and the producer's stores. A closed lane ends where its word says, whatever the tail does.
  const std::uint64_t closed = load_acquire(arena_->close_word(slot, close_offset));
  if (closed != 0) return static_cast<std::uint32_t>(closed);
  return load_acquire(arena_->slot(slot, tail_offset));
}

std::uint64_t Iterator::pending_detail(std::uint32_t slot, std::uint32_t tail) const {
  std::uint64_t records = 0;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place) {
    // Pairs with whoever changed the window last; a look, so what moves meanwhile may be seen or not.
    if (load_acquire(arena_->window(slot, place, Window::state)) == WindowState::free) continue;
    const std::uint32_t visible = visible_records(*arena_, slot, place, tail);
    const std::uint32_t released = load_relaxed(arena_->window(slot, place, Window::released));
    if (visible > released) records += visible - released;
  }
  return records;
}

drain_thread_metrics Iterator::thread_metrics(std::uint32_t slot, const Tracked& t, std::uint32_t word,
                                              std::uint64_t* demand) const {
  const std::uint32_t index_tail = final_tail(slot, Slot::indexClose, Slot::indexTail);
  const std::uint32_t detail_tail = final_tail(slot, Slot::detailClose, Slot::detailTail);
  drain_thread_metrics m{};
  m.thread_id = t.thread_id;
  m.slot = slot;
  m.generation = t.generation;
  // Pair with the stores in Producer::set_weight and set_priority: values on their own.
  m.weight = load_relaxed(arena_->slot(slot, Slot::weight));
  m.priority = load_relaxed(arena_->slot(slot, Slot::priority));
  m.share = last_share(t);
  m.index.accepted = t.index.accepted_at(index_tail);
  m.index.delivered = t.index.delivered;
  // Counters of the producer and the drain: some recent value is what is wanted.
  m.index.rejected = load_relaxed(arena_->slot(slot, Slot::indexRejected));
  const std::uint64_t index_there = index_tail - load_acquire(arena_->slot(slot, Slot::indexHead));
  // What a stop left and a later call delivered after all is not left any more.
  m.index.left = std::min(t.index.left, index_there);
  m.index.pending = index_there - m.index.left;
  m.detail.accepted = t.detail.accepted_at(detail_tail);
  m.detail.delivered = t.detail.delivered;
  m.detail.rejected = load_relaxed(arena_->slot(slot, Slot::detailRejected));
  m.detail.evicted = load_relaxed(arena_->slot(slot, Slot::detailEvicted));
  const std::uint64_t detail_there = pending_detail(slot, detail_tail);
  m.detail.left = std::min(t.detail.left, count_deliverable(slot, true, detail_tail));
  m.detail.pending = detail_there - m.detail.left;
  complete(&m.index);
  complete(&m.detail);
  m.visits = t.visits;
  m.skips = t.skips;
  m.credit = t.credit;
  m.longest_wait = t.longest_wait;
  *demand = m.index.accepted + m.detail.delivered +
            count_deliverable(slot, state_of(word) == SlotState::leaving, detail_tail);
  return m;
}

void Iterator::metrics(DrainMetrics* metrics, drain_thread_metrics* threads, std::uint32_t capacity) {
  *metrics = counts_;
  metrics->fairness = window_;
  metrics->fairness.longest_wait = scheduler_.longest_wait();
  metrics->fairness.quantum = scheduler_.quantum();
  metrics->fairness.batch = scheduler_.batch();
  metrics->index.accepted = gone_index_.accepted;
  metrics->index.rejected = gone_index_.rejected;
  metrics->index.delivered = gone_index_.delivered;
  metrics->index.left = gone_index_.left;
  metrics->detail.accepted = gone_detail_.accepted;
  metrics->detail.rejected = gone_detail_.rejected;
  metrics->detail.delivered = gone_detail_.delivered;
  metrics->detail.evicted = gone_detail_.evicted;
  metrics->detail.left = gone_detail_.left;
  complete(&metrics->index);
  complete(&metrics->detail);
  std::vector<Demand> demands;
  for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
    // Pairs with the registering thread's CAS to ACTIVE, as in discover.
    const std::uint32_t word = load_acquire(arena_->slot(slot, Slot::state));
    if (state_of(word) != SlotState::active && state_of(word) != SlotState::leaving) continue;
    Tracked fresh;  // of a thread that no iteration has met yet
    const bool known = slots_[slot].tracked && slots_[slot].generation == generation_of(word);
    if (!known) set_up(&fresh, slot, word);
    std::uint64_t demand = 0;
    const drain_thread_metrics m = thread_metrics(slot, known ? slots_[slot] : fresh, word, &demand);
    sum_up(&metrics->index, m.index);
    sum_up(&metrics->detail, m.detail);
    demands.push_back({static_cast<double>(demand), static_cast<double>(scheduler_.share_of(slot)),
                       static_cast<double>(m.index.delivered + m.detail.delivered)});
    if (threads && metrics->threads < capacity) threads[metrics->threads] = m;
    ++metrics->threads;
  }
  metrics->jain = fairness_of(demands).jain;
}

}  // namespace drainproof
