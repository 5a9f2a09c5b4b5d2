// Sleeping and waking through the arena's `sleeping` and `wakeSequence` words.
#pragma once

#include <cstdint>

#include "arena.hpp"

namespace drainproof {

// Step 6 of an emit: wakes the drain if it sleeps.
void wake_drain(const Arena& arena);
// Sleeps while wakeSequence is `seen`, at most `timeout_ms`. True when it changed.
bool sleep_while(const Arena& arena, std::uint32_t seen, std::uint32_t timeout_ms);

}  // namespace drainproof
