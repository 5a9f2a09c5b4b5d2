// Real time, for callers that bring no clock of their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <thread>

namespace drainproof {

// CLOCK_MONOTONIC, ns.
inline std::uint64_t real_now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

inline void real_pause_ns(std::uint64_t ns) {
  std::this_thread::sleep_for(std::chrono::nanoseconds(ns));
}

// Polling with patience: first gives way to other threads, then sleeps 50 us, doubling up to 200 us.
class Backoff {
 public:
  void wait() {
    if (turns_ < 16) {
      ++turns_;
      std::this_thread::yield();
      return;
    }
    real_pause_ns(sleep_ns_);
    if (sleep_ns_ < 200'000) sleep_ns_ *= 2;
  }

 private:
  int turns_ = 0;
  std::uint64_t sleep_ns_ = 50'000;
};

}  // namespace drainproof
