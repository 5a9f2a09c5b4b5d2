// Native producer threads: they run the programs of spec/load.ts and say what they were told.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "../include/drain.h"

namespace drainproof::load {

enum class Ending { leave = 0, vanish = 1, terminate = 2, stay = 3, stopped = 4, stale = 5 };

// Field by field a ThreadProgram.
struct Program {
  std::uint32_t thread_id = 0, thread_id_step = 1, lives = 1, weight = 1;
  std::uint32_t events = 0, detail_every = 0, mark_every = 0, pause_us = 0;
  bool drop = false;
  Ending ending = Ending::leave;
  // An open loop, where rate is not 0 (spec/load.ts, OpenProgram); `events` then counts for nothing.
  double rate = 0;
  std::uint64_t tick_ns = 0, begin_ns = 0, end_ns = 0;
};

// Consecutive sequences with one outcome.
struct Run {
  std::uint32_t from, count;
  drain_status outcome;
  std::uint64_t retries;
};

// Field by field a LifeResult.
struct Life {
  std::uint32_t thread_id = 0;
  std::int64_t slot = -1;
  std::uint32_t generation = 0;
  drain_status registered = DRAIN_ACCEPTED;
  std::vector<Run> index, detail;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> joins;
  std::vector<std::uint32_t> marks;
  Ending ended = Ending::leave;
  std::uint64_t started_ns = 0, ended_ns = 0;
};

class ProducerGroup {
 public:
  // Starts one thread a program; nobody emits before everybody has registered, or was refused. The arena must outlive
  // the group. Errors: those of thread_registry_open.
  static drain_status start(void* memory, std::size_t bytes, const std::vector<Program>& programs,
                            ProducerGroup** group);
  // Tells the threads to end where they are, and waits for them.
  ~ProducerGroup();
  // Tells the threads to end where they are; done() says when they have.
  void halt() { quit_.store(true, std::memory_order_relaxed); }
  bool done() const { return running_.load(std::memory_order_acquire) == 0; }
  // All lives, program by program; only when done.
  std::vector<Life> lives() const;

 private:
  ProducerGroup(ThreadRegistry* registry, std::uint32_t detail_bytes, std::size_t programs);
  void run(const Program& program, std::vector<Life>* lives);
  void live(const Program& program, std::uint32_t number, Life* life);
  void arrive() { arrived_.fetch_add(1, std::memory_order_relaxed); }
  void await_others() const;

  ThreadRegistry* const registry_;
  const std::uint32_t detail_bytes_;
  std::atomic<std::size_t> running_;
  std::atomic<bool> gate_{false};
  // Threads whose first registration was answered; counts, and publishes nothing.
  std::atomic<std::size_t> arrived_{0};
  std::atomic<bool> quit_{false};
  std::vector<std::vector<Life>> lives_;
  std::vector<std::thread> threads_;
};

}  // namespace drainproof::load
