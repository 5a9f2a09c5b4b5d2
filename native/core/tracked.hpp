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

  // Which of the scheduler's lists the thread waits in; none while it has its turn.
  enum class List : std::uint8_t { none, first, finals, level };

  bool tracked = false;
  bool leaving = false;  // the event `leaving` was reported
  bool held = false;     // taken with try_acquire
  bool stuck = false;    // this row of skips was reported
  bool served = false;   // something was delivered in this window of the fairness metrics
  List list = List::none;
  std::uint32_t next = kNone;
  std::uint32_t previous = kNone;
  std::uint32_t level = 0;   // its line: its own class, or what waiting has raised it to
  std::uint64_t due = 0;     // number of the iteration in which it rises
  std::uint64_t turn = 0;    // number of the iteration in which it had its last turn
  std::uint64_t joined = 0;  // number of the iteration that found it backlogged
  std::uint32_t generation = 0;
  std::uint32_t thread_id = 0;
  std::uint32_t skips_in_row = 0;
  std::uint32_t failures_in_row = 0;
  std::uint32_t backoff = 0;     // iterations
  std::uint64_t credit = 0;      // events
  std::uint64_t skipped_at = 0;  // when the first skip of this row was, ns
  std::uint64_t wait_from = 0;   // the drain's count of visits when this thread was last visited, or joined
  std::uint64_t longest_wait = 0;
  std::uint64_t visits = 0;
  std::uint64_t skips = 0;
  std::uint64_t window_from = 0;  // delivered when the window of the fairness metrics began
  std::uint64_t share_of = 0;     // the window that `share` is of
  double share = 1;               // delivered / ideal
  LaneCount index;
  LaneCount detail;

  // Events that this drain delivered to the thread, of both lanes.
  std::uint64_t delivered() const { return index.delivered + detail.delivered; }
};

}  // namespace drainproof
