#include "registry.hpp"

#include "atomics.hpp"
#include "config.hpp"
#include "error.hpp"
#include "ready.hpp"

namespace drainproof {

bool Registry::try_claim(std::uint32_t* slot, std::uint32_t* generation) {
  for (std::uint32_t i = 0; i < arena_->config().slots; ++i) {
    std::uint32_t& word = arena_->slot(i, Slot::state);
    // Relaxed: a hint only, the CAS decides.
    std::uint32_t seen = load_relaxed(word);
    while (state_of(seen) == SlotState::free) {
      std::uint32_t next = (generation_of(seen) + 1) & kGenerationMask;
      if (next == 0) next = 1;
      // Pairs with the drain's CAS DRAINED to FREE: its last look at the old lanes is over before ours is set up.
      if (cas_seq(word, seen, state_word(next, SlotState::claimed))) {
        *slot = i;
        *generation = next;
        return true;
      }
    }
  }
  return false;
}

void Registry::set_up(std::uint32_t slot, std::uint32_t thread_id, std::uint32_t weight, std::uint32_t priority) {
  // All relaxed: the slot is ours alone until the store of ACTIVE publishes it.
  const std::uint32_t cursor = arena_->config().initial_cursor;
  store_relaxed(arena_->slot(slot, Slot::threadId), thread_id);
  store_relaxed(arena_->slot(slot, Slot::weight), weight);
  store_relaxed(arena_->slot(slot, Slot::priority), priority);
  for (const std::uint32_t offset : {Slot::indexTail, Slot::indexHead, Slot::detailTail, Slot::nextWindow})
    store_relaxed(arena_->slot(slot, offset), cursor);
  for (const std::uint32_t offset :
       {Slot::postRollLeft, Slot::indexRejected, Slot::detailRejected, Slot::detailEvicted, Slot::queue})
    store_relaxed(arena_->slot(slot, offset), 0u);
  store_relaxed(arena_->close_word(slot, Slot::indexClose), std::uint64_t{0});
  store_relaxed(arena_->close_word(slot, Slot::detailClose), std::uint64_t{0});
  for (std::uint32_t place = 0; place < arena_->windows(); ++place)
    for (const std::uint32_t offset :
         {Window::state, Window::sequence, Window::firstRecord, Window::count, Window::released})
      store_relaxed(arena_->window(slot, place, offset), 0u);
}

drain_status Registry::claim(std::uint32_t thread_id, std::uint32_t weight, std::uint32_t priority, std::uint32_t* slot,
                             std::uint32_t* generation) {
  std::uint32_t& stop = arena_->header(Header::stopState);
  // A first look; the one after ACTIVE decides.
  if (load_seq(stop) != StopState::running) return fail(DRAIN_STOPPED, "the drain was stopped");
  if (weight < 1 || weight > kMaxWeight) return fail(DRAIN_INVALID_WEIGHT, "weight is " + std::to_string(weight));
  if (priority >= DRAIN_PRIORITY_CLASSES)
    return fail(DRAIN_INVALID_PRIORITY, "priority is " + std::to_string(priority));
  if (!try_claim(slot, generation))
    return fail(DRAIN_REGISTRY_FULL, "all " + std::to_string(arena_->config().slots) + " slots are taken");
  set_up(*slot, thread_id, weight, priority);
  std::uint32_t& word = arena_->slot(*slot, Slot::state);
  // Pairs with the drain's load in discover: publishes the slot's words. A CAS and not a store, because a thread that
  // is declared dead while it registers loses its CLAIMED.
  if (!swap_seq(word, state_word(*generation, SlotState::claimed), state_word(*generation, SlotState::active)))
    return fail(DRAIN_STALE_HANDLE, "the thread was declared dead while it registered");
  note_change(*arena_);
  // Pairs with stop's store of stopState and its CAS of ACTIVE slots. Dekker: either we see that it stops, or it sees
  // that we are ACTIVE and turns us to LEAVING.
  if (load_seq(stop) == StopState::running) return DRAIN_ACCEPTED;
  if (swap_seq(word, state_word(*generation, SlotState::active), state_word(*generation, SlotState::leaving)))
    note_leaving(*arena_, *slot);
  return fail(DRAIN_STOPPED, "the drain was stopped");
}

}  // namespace drainproof
