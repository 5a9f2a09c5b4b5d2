// Jain's index over weighted max-min shares: twin of spec/bounds.ts.
#pragma once

#include <vector>

namespace drainproof {

struct Demand {
  double demand, weight, delivered;
};

// Weighted max-min shares of `capacity`: nobody gets more than its demand.
std::vector<double> max_min_shares(const std::vector<Demand>& threads, double capacity);
// Jain's index of delivered / ideal over the threads with demand, rounded half up to 6 decimals.
double fairness_index(const std::vector<Demand>& threads);

}  // namespace drainproof
