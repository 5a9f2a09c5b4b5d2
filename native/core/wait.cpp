#include "wait.hpp"

#include <algorithm>
#include <climits>

#include "atomics.hpp"
#include "clock.hpp"

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>
#endif

namespace drainproof {
namespace {

// A JavaScript producer cannot wake a futex, nor this one a waiter in JavaScript's Atomics.wait: so no single sleep is
// longer than this, and a wake-up that came the other way costs at most this much.
constexpr std::uint64_t kSliceNs = 1'000'000;

void sleep_slice(std::uint32_t* word, std::uint32_t seen, std::uint64_t ns) {
#ifdef __linux__
  timespec time{};
  time.tv_sec = static_cast<time_t>(ns / 1'000'000'000);
  time.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  // Not FUTEX_PRIVATE: the arena may be mapped by more than one process. The kernel compares *word with `seen` itself,
  // so a wake between our load and this call is not lost.
  syscall(SYS_futex, word, FUTEX_WAIT, seen, &time, nullptr, 0);
#else
  if (load_seq(*word) == seen) real_pause_ns(std::min<std::uint64_t>(ns, 200'000));
#endif
}

void wake_slices(std::uint32_t* word) {
#ifdef __linux__
  syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
#else
  (void)word;
#endif
}

}  // namespace

void wake_drain(const Arena& arena) {
  std::uint32_t& sleeping = arena.header(Header::sleeping);
  // Pairs with the drain's store of 1 before it looks for work (DrainIterator::wait_for_work). Dekker: the caller's
  // seq_cst publication and this seq_cst load against its seq_cst store and loads; one of the two sees the other.
  if (load_seq(sleeping) != 1) return;
  // Of many producers one wins this CAS and wakes; the others find 0.
  if (!swap_seq(sleeping, 1u, 0u)) return;
  std::uint32_t& sequence = arena.header(Header::wakeSequence);
  // Pairs with the load in sleep_while; publishes that there is something to look at.
  add_seq(sequence, 1u);
  wake_slices(&sequence);
}

bool sleep_while(const Arena& arena, std::uint32_t seen, std::uint32_t timeout_ms) {
  std::uint32_t& sequence = arena.header(Header::wakeSequence);
  const std::uint64_t end = real_now_ns() + std::uint64_t{timeout_ms} * 1'000'000;
  for (;;) {
    // Pairs with the add in wake_drain. seq_cst keeps what follows (looking at the lanes) after it.
    if (load_seq(sequence) != seen) return true;
    const std::uint64_t now = real_now_ns();
    if (now >= end) return false;
    sleep_slice(&sequence, seen, std::min(end - now, kSliceNs));
  }
}

}  // namespace drainproof
