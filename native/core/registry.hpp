// The registry: a thread takes the lowest free slot.
#pragma once

#include <memory>

#include "arena.hpp"
#include "producer.hpp"

namespace drainproof {

class Registry {
 public:
  explicit Registry(std::shared_ptr<Arena> arena) : arena_(std::move(arena)) {}
  // STOPPED, INVALID_WEIGHT, INVALID_PRIORITY or REGISTRY_FULL with its message set, or the slot and generation that
  // were taken.
  drain_status claim(std::uint32_t thread_id, std::uint32_t weight, std::uint32_t priority, std::uint32_t* slot,
                     std::uint32_t* generation);
  const std::shared_ptr<Arena>& arena() const { return arena_; }

 private:
  bool try_claim(std::uint32_t* slot, std::uint32_t* generation);
  void set_up(std::uint32_t slot, std::uint32_t thread_id, std::uint32_t weight, std::uint32_t priority);

  std::shared_ptr<Arena> arena_;
};

}  // namespace drainproof
