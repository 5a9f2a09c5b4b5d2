// Ready bits: hints which slots may have work, so that a drain need not look at thousands of idle ones; and the count
// of changes of slot states, which tells it when it must look at all of them.
//
// Nobody is overlooked. A producer makes its work visible (seq_cst store of a tail, or CAS of a window's or slot's
// state), then loads the bit; a drain ANDs the bit out (seq_cst), then looks at the slot once more. Both being store
// then load in one total order, either the producer finds the bit cleared and sets it again, or the drain finds the
// work.
#pragma once

#include <cstdint>

#include "arena.hpp"
#include "atomics.hpp"

namespace drainproof {

// After work was made visible, before wake_drain.
inline void set_ready(const Arena& arena, std::uint32_t slot) {
  std::uint32_t& word = arena.ready(slot / 32);
  const std::uint32_t bit = 1u << (slot % 32);
  // Pairs with clear_ready. Loaded first, because the line is everybody's: under load the bits stay set, and it stays
  // shared between the producers' caches.
  if ((load_seq(word) & bit) != 0) return;
  // Pairs with the load in Iterator::any_candidate: whoever sees the bit sees the work.
  or_seq(word, bit);
}

// Only a drain does this, and looks at the slot once more afterwards.
inline void clear_ready(const Arena& arena, std::uint32_t slot) {
  // Pairs with the load in set_ready.
  and_seq(arena.ready(slot / 32), ~(1u << (slot % 32)));
}

// A slot became ACTIVE or FREE.
inline void note_change(const Arena& arena) {
  // Pairs with the loads in Iterator::discover and wait_for_work: after the CAS of the state, so that whoever sees the
  // new count sees the new state.
  add_seq(arena.header(Header::registryVersion), 1u);
}

// A slot became LEAVING, which is work in itself.
inline void note_leaving(const Arena& arena, std::uint32_t slot) {
  set_ready(arena, slot);
  note_change(arena);
}

}  // namespace drainproof
