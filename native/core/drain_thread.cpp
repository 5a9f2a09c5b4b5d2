// A thread that turns the drain until it is asked to stop it.
#include "clock.hpp"
#include "error.hpp"
#include "handles.hpp"
#include "wait.hpp"

namespace {

// An iteration that found less than this lets work gather for a moment: taking one or two events a visit costs a cache
// miss each.
constexpr std::uint64_t kFewEvents = 256;
constexpr std::uint64_t kGatherNs = 50'000;

void run(DrainIterator* drain, std::uint32_t max_sleep_ms) {
  // Pairs with the store in drain_thread_join; publishes the deadline.
  while (!drain->finish.load(std::memory_order_acquire)) {
    const drain_iteration_result round = drain->iterator.iterate();
    if (round.delivered >= kFewEvents) continue;
    if (round.delivered == 0 && round.reclaimed == 0 && !drain->iterator.wait_for_work(max_sleep_ms)) continue;
    drainproof::real_pause_ns(kGatherNs);
  }
  drain->stopped = drain->iterator.stop(drain->deadline_ns.load(std::memory_order_relaxed));
}

}  // namespace

extern "C" {

drain_status drain_thread_start(DrainIterator* drain, uint32_t max_sleep_ms) {
  if (drain == nullptr || drain->thread.joinable() || max_sleep_ms < 1 || max_sleep_ms > 1000)
    return drainproof::fail(DRAIN_INVALID_ARGUMENT, "no iterator, a thread that runs already, or a sleep out of range");
  drain->finish.store(false, std::memory_order_relaxed);  // the thread does not run yet
  drain->thread = std::thread(run, drain, max_sleep_ms);
  return DRAIN_ACCEPTED;
}

drain_status drain_thread_join(DrainIterator* drain, uint64_t deadline_ns, drain_stop_result* result) {
  if (drain == nullptr || !drain->thread.joinable())
    return drainproof::fail(DRAIN_INVALID_ARGUMENT, "the iterator runs no thread of its own");
  drain->deadline_ns.store(deadline_ns, std::memory_order_relaxed);  // published by the next store
  drain->finish.store(true, std::memory_order_release);
  drainproof::wake_drain(*drain->iterator.arena());
  drain->thread.join();
  if (result) *result = drain->stopped;
  return DRAIN_ACCEPTED;
}

}  // extern "C"
