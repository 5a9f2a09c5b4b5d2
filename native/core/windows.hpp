// The producer's side of a detail lane: a ring of windows, each at a place of its own.
//
// A marked window stays at its place until the drain frees it; an unmarked sealed one may be evicted for room.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "arena.hpp"

namespace drainproof {

class DetailWindows {
 public:
  DetailWindows(const Arena& arena, std::uint32_t slot);

  // Copies a record to the end of the open window, opening one when there is none; false: no room.
  // `tail`: the detail tail as staged. Nothing becomes visible before the caller stores the tail.
  bool write(const void* record, std::uint32_t tail);
  // Takes back the last record of `write` (its emit was refused at the last moment).
  void unwrite();
  // Room for records, counting windows that may be evicted.
  std::uint64_t room() const;
  // Seals every window that is full; the tail must have been stored.
  void seal_full();
  // Seals the open window, if there is one.
  void seal_open();
  // Marks the open window, pre_roll windows before it and post_roll after it.
  void mark();

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  bool open(std::uint32_t tail);
  std::uint32_t place_to_open() const;
  void evict(std::uint32_t place);
  void seal(std::uint32_t place);

  const Arena& arena_;
  const std::uint32_t slot_;
  const std::uint32_t window_records_;
  const std::uint32_t record_bytes_;
  std::uint32_t open_ = kNone;       // place of the open window
  std::uint32_t last_ = kNone;       // place opened last
  std::uint32_t open_count_ = 0;     // records written into it
  std::vector<std::uint32_t> full_;  // windows that are full and not sealed yet, oldest first
  std::vector<std::pair<std::uint32_t, std::uint32_t>> marked_;  // scratch of mark(): distance, place
};

// Records of a window that lie below the detail tail.
std::uint32_t visible_records(const Arena& arena, std::uint32_t slot, std::uint32_t place, std::uint32_t tail);

}  // namespace drainproof
