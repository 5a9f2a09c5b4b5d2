// Defaults and ranges of a configuration: twin of spec/config.ts.
#pragma once

#include <cstdint>

#include "../include/drain.h"

namespace drainproof {

inline constexpr std::uint32_t kMaxCapacity = 1u << 24;
inline constexpr std::uint32_t kMaxWeight = 1024;
// The largest integer that a JavaScript number tells from its neighbours: the end of every range of ns.
inline constexpr std::uint64_t kMaxNs = (std::uint64_t{1} << 53) - 1;

drain_config default_config();
// DRAIN_ACCEPTED, or the code of the first field that is out of its range, with its message set.
drain_status check_config(const drain_config& config);
// The same for a change of `config` to `asked`: INVALID_ARGUMENT for a field that the arena fixes.
drain_status check_change(const drain_config& config, const drain_config& asked);

}  // namespace drainproof
