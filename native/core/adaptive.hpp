// Quantum and batch of the policy `adaptive`: twin of reference/adaptive.ts.
//
// Small while little comes, so that nobody waits for long; large under load, so that a visit is worth its cost; batches
// as large as the sink writes them in good time.
#pragma once

#include <cstdint>

#include "../include/drain.h"

namespace drainproof {

// What one iteration saw.
struct IterationLoad {
  std::uint64_t visits = 0;        // full ones
  std::uint64_t pending = 0;       // records that were deliverable in their snapshots
  std::uint64_t took_ns = 0;       // the whole iteration
  std::uint64_t write_ns = 0;      // of it inside the sink
  std::uint64_t acknowledged = 0;  // records, by the sink
};

// A size that doubles or halves when it was asked to often enough in a row.
class Size {
 public:
  enum class Ask { grow, shrink, stay };

  Size(std::uint32_t value, std::uint32_t least, std::uint32_t most, std::uint32_t grow_after,
       std::uint32_t shrink_after);
  std::uint32_t value() const { return value_; }
  void ask(Ask what);

 private:
  std::uint32_t value_;
  std::uint32_t least_, most_;
  std::uint32_t grow_after_, shrink_after_;
  Ask asked_ = Ask::stay;
  std::uint32_t times_ = 0;
};

class AdaptiveSizes {
 public:
  explicit AdaptiveSizes(const drain_config& config);
  // Events a visit may take per unit of weight.
  std::uint32_t quantum() const { return quantum_.value(); }
  // Records of one batch at most.
  std::uint32_t batch() const { return batch_.value(); }
  // Learns from an iteration; one without full visits teaches nothing.
  void observe(const IterationLoad& load);

 private:
  double batch_min_, batch_max_, target_iteration_ns_, target_write_ns_;
  Size quantum_;
  Size batch_;
};

// True if one of the fields differs that the sizes follow from.
bool sizes_differ(const drain_config& a, const drain_config& b);

}  // namespace drainproof
