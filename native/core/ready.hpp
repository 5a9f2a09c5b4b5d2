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

// Where a slot's bit is: a producer looks at it after every emit.
struct ReadyBit {
  std::uint32_t& word;
  const std::uint32_t mask;

  // After work was made visible, before wake_drain.
  void set() const {
    // Pairs with clear_ready. Loaded first, because the line is everybody's: under load the bits stay set, and it stays
    // shared between the producers' caches.
    if ((load_seq(word) & mask) != 0) return;
    // Pairs with the load in Iterator::any_candidate: whoever sees the bit sees the work.
    or_seq(word, mask);
  }
};

inline ReadyBit ready_bit(const Arena& arena, std::uint32_t slot) {
  return {arena.ready(slot / 32), 1u << (slot % 32)};
}
inline void set_ready(const Arena& arena, std::uint32_t slot) {
  ready_bit(arena, slot).set();
}

// Only a drain does this, and looks at the slot once more afterwards.
inline void clear_ready(const Arena& arena, std::uint32_t slot) {
  const ReadyBit bit = ready_bit(arena, slot);
  // Pairs with the load in ReadyBit::set.
  and_seq(bit.word, ~bit.mask);
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
