#include "fairness.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace drainproof {

// The order of operations is that of spec/bounds.ts, so that both give the same bits (-ffp-contract=off).
std::vector<double> max_min_shares(const std::vector<Demand>& threads, double capacity) {
  std::vector<double> shares(threads.size(), 0.0);
  double left = capacity;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < threads.size(); ++i)
    if (threads[i].demand > 0) open.push_back(i);
  while (!open.empty() && left > 0) {
    double weight = 0;
    for (const std::size_t i : open) weight += threads[i].weight;
    const double level = left / weight;
    std::vector<std::size_t> still;
    bool any_full = false;
    for (const std::size_t i : open) {
      if (threads[i].demand <= level * threads[i].weight) {
        shares[i] = threads[i].demand;
        left -= threads[i].demand;
        any_full = true;
      } else {
        still.push_back(i);
      }
    }
    if (!any_full) {
      for (const std::size_t i : open) shares[i] = level * threads[i].weight;
      break;
    }
    open = std::move(still);
  }
  return shares;
}

double rounded(double value) {
  return std::floor(value * 1e6 + 0.5) / 1e6;
}

Fairness fairness_of(const std::vector<Demand>& threads) {
  double total = 0;
  for (const Demand& thread : threads) total += thread.delivered;
  const std::vector<double> ideal = max_min_shares(threads, total);
  Fairness result{std::vector<double>(threads.size(), 1.0), 1, 1};
  double sum = 0;
  double squares = 0;
  double count = 0;
  double least = 0;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    if (!(threads[i].demand > 0 && ideal[i] > 0)) continue;
    const double x = threads[i].delivered / ideal[i];
    result.shares[i] = x;
    least = count == 0 ? x : std::min(least, x);
    sum += x;
    squares += x * x;
    count += 1;
  }
  if (count > 0) result.min_share = rounded(least);
  if (squares != 0) result.jain = rounded((sum * sum) / (count * squares));
  return result;
}

}  // namespace drainproof
