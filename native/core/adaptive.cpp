#include "adaptive.hpp"

#include <algorithm>
#include <cmath>

namespace drainproof {
namespace {

// Iterations in a row that must ask: twin of ADAPT_AFTER in spec/config.ts. Growing is quick, so that a burst finds
// room; shrinking is slow, so that a short lull costs nothing.
constexpr std::uint32_t kGrowQuantum = 2, kShrinkQuantum = 8, kGrowBatch = 8, kShrinkBatch = 2;

}  // namespace

Size::Size(std::uint32_t value, std::uint32_t least, std::uint32_t most, std::uint32_t grow_after,
           std::uint32_t shrink_after)
    : value_(std::clamp(value, least, most)),
      least_(least),
      most_(most),
      grow_after_(grow_after),
      shrink_after_(shrink_after) {}

void Size::ask(Ask what) {
  times_ = what == asked_ ? times_ + 1 : 1;
  asked_ = what;
  if (what == Ask::stay || times_ < (what == Ask::grow ? grow_after_ : shrink_after_)) return;
  value_ = std::clamp(what == Ask::grow ? 2 * value_ : value_ / 2, least_, most_);
  times_ = 0;
}

AdaptiveSizes::AdaptiveSizes(const drain_config& c)
    : batch_min_(c.batch_min),
      batch_max_(c.batch_max),
      target_iteration_ns_(static_cast<double>(c.target_iteration_ns)),
      target_write_ns_(static_cast<double>(c.target_write_ns)),
      quantum_(c.quantum, c.quantum_min, c.quantum_max, kGrowQuantum, kShrinkQuantum),
      batch_(quantum_.value(), c.batch_min, c.batch_max, kGrowBatch, kShrinkBatch) {}

// In doubles and in this order, as the reference computes: both must decide alike to the last bit.
void AdaptiveSizes::observe(const IterationLoad& load) {
  if (load.visits == 0) return;
  const double allowed = static_cast<double>(quantum()) * static_cast<double>(load.visits);
  const auto pending = static_cast<double>(load.pending);
  const auto took = static_cast<double>(load.took_ns);
  // What makes it grow and what makes it shrink lie so far apart that neither a doubling nor a halving makes the other
  // one true: under a steady load it settles.
  if (pending > allowed && 2 * took <= target_iteration_ns_)
    quantum_.ask(Size::Ask::grow);
  else if (took > target_iteration_ns_ || 4 * pending < allowed)
    quantum_.ask(Size::Ask::shrink);
  else
    quantum_.ask(Size::Ask::stay);
  if (load.acknowledged == 0) return;
  const double in_time =
      std::floor(static_cast<double>(load.acknowledged) * target_write_ns_ / static_cast<double>(load.write_ns));
  const double want = load.write_ns == 0 ? batch_max_ : std::clamp(in_time, batch_min_, batch_max_);
  const double now = batch();
  if (want >= 2 * now)
    batch_.ask(Size::Ask::grow);
  else
    batch_.ask(want < now ? Size::Ask::shrink : Size::Ask::stay);
}

bool sizes_differ(const drain_config& a, const drain_config& b) {
  return a.quantum != b.quantum || a.quantum_min != b.quantum_min || a.quantum_max != b.quantum_max ||
         a.batch_min != b.batch_min || a.batch_max != b.batch_max || a.target_iteration_ns != b.target_iteration_ns ||
         a.target_write_ns != b.target_write_ns;
}

}  // namespace drainproof
