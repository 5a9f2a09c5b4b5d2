// The C ABI's opaque objects.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "iterator.hpp"
#include "producer.hpp"
#include "registry.hpp"

struct DrainIterator {
  DrainIterator(std::shared_ptr<drainproof::Arena> arena, const drain_config& config, const drain_callbacks& callbacks)
      : iterator(std::move(arena), config, callbacks) {}

  drainproof::Iterator iterator;
  std::thread thread;               // the drain's own, when started
  std::atomic<bool> finish{false};  // asks that thread to end
  std::atomic<std::uint64_t> deadline_ns{0};
  drain_stop_result stopped{};  // written by that thread before it ends
};

struct ThreadRegistry {
  drainproof::Registry registry;
};

struct ThreadDrainState {
  drainproof::Producer producer;
};
