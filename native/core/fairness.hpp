// Jain's index over weighted max-min shares: twin of spec/bounds.ts.
#pragma once

#include <vector>

namespace drainproof {

struct Demand {
  double demand, weight, delivered;
};

// Weighted max-min shares of `capacity`: nobody gets more than its demand.
std::vector<double> max_min_shares(const std::vector<Demand>& threads, double capacity);
struct Fairness {
  std::vector<double> shares;  // delivered / ideal, not rounded; 1 for a thread without demand or ideal
  double jain;                 // over the shares of the others, rounded
  double min_share;            // the smallest of them, rounded; 1 without any
};
Fairness fairness_of(const std::vector<Demand>& threads);
// Half up, to 6 decimals.
double rounded(double value);

}  // namespace drainproof
