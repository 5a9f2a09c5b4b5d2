// Iterator: the end of a drain, and of a thread that is proved dead.
#include <algorithm>

#include "atomics.hpp"
#include "error.hpp"
#include "iterator.hpp"
#include "ready.hpp"
#include "wait.hpp"

namespace drainproof {
namespace {

// First and longest pause between fruitless passes.
constexpr std::uint64_t kFirstPauseNs = 1'000'000;
constexpr std::uint64_t kLongestPauseNs = 50'000'000;

}  // namespace

void Iterator::turn_all_leaving() {
  for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
    std::uint32_t& state = arena_->slot(slot, Slot::state);
    const std::uint32_t word = load_seq(state);
    // Pairs with Producer::closed_without and Registry::claim (Dekker): stopState was stored seq_cst before this.
    if (state_of(word) == SlotState::active &&
        swap_seq(state, word, state_word(generation_of(word), SlotState::leaving)))
      note_leaving(*arena_, slot);
    // Whoever left may have died before it noted that.
    if (state_of(word) == SlotState::leaving) set_ready(*arena_, slot);
  }
}

bool Iterator::any_thread() const {
  for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
    // Pairs with the CAS in Registry::claim: a thread that registers now sees stopState and leaves by itself.
    const std::uint32_t state = state_of(load_seq(arena_->slot(slot, Slot::state)));
    if (state == SlotState::claimed || state == SlotState::active || state == SlotState::leaving) return true;
  }
  return false;
}

void Iterator::count_left(drain_stop_result* result) {
  for (std::uint32_t slot = 0; slot < config_.slots; ++slot) {
    if (state_of(load_seq(arena_->slot(slot, Slot::state))) == SlotState::free) continue;
    // Pairs with the CAS in Producer::commit_submit: a group that is not committed yet will not be any more.
    swap_seq(arena_->slot(slot, Slot::queue), QueueState::producer, QueueState::revoked);
    Tracked& t = slots_[slot];
    if (!t.tracked) continue;
    const std::uint32_t index_tail = final_tail(slot, Slot::indexClose, Slot::indexTail);
    t.index.left = index_tail - load_acquire(arena_->slot(slot, Slot::indexHead));
    t.detail.left = count_deliverable(slot, true, final_tail(slot, Slot::detailClose, Slot::detailTail));
    result->left_index += t.index.left;
    result->left_detail += t.detail.left;
  }
}

drain_stop_result Iterator::stop(std::uint64_t deadline_ns) {
  drain_stop_result result{};
  if (busy_) return result;
  busy_ = true;
  const std::uint64_t start = now();
  std::uint32_t& stop_state = arena_->header(Header::stopState);
  // Pairs with the loads in Registry::claim and Producer::gone. seq_cst, before the states are looked at.
  store_seq(stop_state, StopState::stopping);
  for (Tracked& t : slots_) t.index.left = t.detail.left = 0;
  std::uint64_t pause_ns = kFirstPauseNs;
  while (any_thread()) {
    turn_all_leaving();
    const drain_iteration_result round = pass(true);
    result.delivered += round.delivered;
    if (!any_thread()) break;
    if (now() - start >= deadline_ns) {
      count_left(&result);
      store_seq(stop_state, StopState::stopped);
      busy_ = false;
      apply_changes();
      return result;
    }
    if (round.delivered > 0 || round.reclaimed > 0) {
      pause_ns = kFirstPauseNs;
      continue;
    }
    pause(pause_ns);
    pause_ns = std::min(2 * pause_ns, kLongestPauseNs);
  }
  result.complete = 1;
  store_seq(stop_state, StopState::stopped);
  busy_ = false;
  apply_changes();
  return result;
}

drain_status Iterator::declare_dead(std::uint32_t slot, std::uint32_t generation) {
  const std::string who = "slot " + std::to_string(slot) + ", generation " + std::to_string(generation);
  if (slot >= config_.slots || generation == 0 || generation > kGenerationMask)
    return fail(DRAIN_STALE_HANDLE, who + " does not exist");
  std::uint32_t& state = arena_->slot(slot, Slot::state);
  // The thread is dead: nobody but drains changes the word. seq_cst as in turn_all_leaving, in case the proof is wrong.
  if (swap_seq(state, state_word(generation, SlotState::claimed), state_word(generation, SlotState::free)))
    note_change(*arena_);
  else if (swap_seq(state, state_word(generation, SlotState::active), state_word(generation, SlotState::leaving)) ||
           load_seq(state) == state_word(generation, SlotState::leaving))
    note_leaving(*arena_, slot);
  else
    return fail(DRAIN_STALE_HANDLE, who + " is not there");
  std::uint32_t& queue = arena_->slot(slot, Slot::queue);
  // What the thread had staged stays unpublished; a revoked queue has nobody left to free it.
  if (!swap_seq(queue, QueueState::producer, QueueState::free)) swap_seq(queue, QueueState::revoked, QueueState::free);
  return DRAIN_ACCEPTED;
}

bool Iterator::wait_for_work(std::uint32_t timeout_ms) {
  std::uint32_t& sleeping = arena_->header(Header::sleeping);
  // Pairs with the load in wake_drain (Dekker): stored before we look, loaded there after the emit was published.
  store_seq(sleeping, 1u);
  const std::uint32_t seen = load_seq(arena_->header(Header::wakeSequence));
  if (sees_work()) {
    store_seq(sleeping, 0u);
    return true;
  }
  const bool woken = sleep_while(*arena_, seen, timeout_ms);
  store_seq(sleeping, 0u);
  if (!woken) return sees_work();
  ++counts_.wakeups;
  return true;
}

}  // namespace drainproof
