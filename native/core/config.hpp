// Defaults and ranges of a configuration: twin of spec/config.ts.
#pragma once

#include <cstdint>

#include "../include/drain.h"

namespace drainproof {

inline constexpr std::uint32_t kMaxCapacity = 1u << 24;
inline constexpr std::uint32_t kMaxWeight = 1024;

drain_config default_config();
// DRAIN_ACCEPTED, or the code of the first field that is out of its range, with its message set.
drain_status check_config(const drain_config& config);

}  // namespace drainproof
