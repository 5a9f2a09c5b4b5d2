// What a drain knows of one slot.
#pragma once

#include <cstdint>

namespace drainproof {

// The drain's counts of one lane, extended to 64 bits.
struct LaneCount {
  std::uint64_t accepted = 0;
  std::uint64_t delivered = 0;
  std::uint64_t left = 0;
  std::uint32_t tail = 0;  // cursor that `accepted` stands for

  void begin(std::uint32_t initial, std::uint32_t now) {
    *this = LaneCount{};
    accepted = static_cast<std::uint32_t>(now - initial);
    tail = now;
  }
  // What `accepted` is when the cursor stands at `now`. Signed, because an emit that came too late takes its tail back.
  std::uint64_t accepted_at(std::uint32_t now) const {
    return accepted + static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(now - tail)});
  }
  void see(std::uint32_t now) {
    accepted = accepted_at(now);
    tail = now;
  }
};

struct Tracked {
  static constexpr std::uint32_t kNone = 0xffffffff;

  bool tracked = false;
  bool listed = false;   // in the backlog, or having its turn
  bool leaving = false;  // the event `leaving` was reported
  bool held = false;     // taken with try_acquire
  std::uint32_t next = kNone;
  std::uint32_t previous = kNone;
  std::uint32_t generation = 0;
  std::uint32_t thread_id = 0;
  std::uint32_t weight = 1;  // as registered
  std::uint32_t share = 1;   // what counts: the weight, or 1 under round robin
  std::uint32_t skips_in_row = 0;
  std::uint32_t failures_in_row = 0;
  std::uint32_t backoff = 0;    // iterations
  std::uint64_t credit = 0;     // events
  std::uint64_t wait_from = 0;  // the drain's count of visits when this thread was last visited, or listed
  std::uint64_t longest_wait = 0;
  std::uint64_t visits = 0;
  std::uint64_t skips = 0;
  LaneCount index;
  LaneCount detail;
};

}  // namespace drainproof
