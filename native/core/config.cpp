#include "config.hpp"

#include <bit>

#include "error.hpp"

namespace drainproof {

drain_config default_config() {
  drain_config config{};
  config.slots = 64;
  config.index_capacity = 1024;
  config.detail_capacity = 64;
  config.detail_record_bytes = 512;
  config.window_records = 8;
  config.pre_roll = 1;
  config.post_roll = 1;
  config.initial_cursor = 0;
  config.policy = DRAIN_ROUND_ROBIN;
  config.quantum = 256;
  config.max_skips = 4;
  config.max_backoff_iterations = 64;
  config.stuck_after_ns = 1'000'000'000;
  config.fairness_window_visits = 1000;
  config.age_after = 4;
  config.quantum_min = 16;
  config.quantum_max = 4096;
  config.batch_min = 16;
  config.batch_max = 4096;
  config.target_iteration_ns = 2'000'000;
  config.target_write_ns = 200'000;
  return config;
}

namespace {

struct Field {
  bool ok;
  drain_status code;
  const char* name;
  std::uint64_t value;
};

bool in(std::uint64_t value, std::uint64_t from, std::uint64_t to) {
  return value >= from && value <= to;
}
bool is_capacity(std::uint32_t value) {
  return in(value, 2, kMaxCapacity) && std::has_single_bit(value);
}

}  // namespace

drain_status check_config(const drain_config& c) {
  const bool has_detail = c.detail_capacity > 0;
  const std::uint32_t least_quantum = has_detail ? 2 : 1;
  const Field fields[] = {
      {in(c.slots, 1, 65536), DRAIN_INVALID_SLOTS, "slots", c.slots},
      {is_capacity(c.index_capacity), DRAIN_INVALID_CAPACITY, "indexCapacity", c.index_capacity},
      {!has_detail || is_capacity(c.detail_capacity), DRAIN_INVALID_CAPACITY, "detailCapacity", c.detail_capacity},
      {in(c.detail_record_bytes, 32, 65536) && c.detail_record_bytes % 8 == 0, DRAIN_INVALID_RECORD_BYTES,
       "detailRecordBytes", c.detail_record_bytes},
      {in(c.window_records, 1, kMaxCapacity), DRAIN_INVALID_WINDOW, "windowRecords", c.window_records},
      {!has_detail || (c.window_records <= c.detail_capacity / 2 && std::has_single_bit(c.window_records)),
       DRAIN_INVALID_WINDOW, "windowRecords", c.window_records},
      {c.pre_roll <= 65536, DRAIN_INVALID_WINDOW, "preRoll", c.pre_roll},
      {c.post_roll <= 65536, DRAIN_INVALID_WINDOW, "postRoll", c.post_roll},
      {c.policy <= DRAIN_ADAPTIVE, DRAIN_UNKNOWN_POLICY, "policy", c.policy},
      {in(c.quantum, least_quantum, kMaxCapacity), DRAIN_INVALID_QUANTUM, "quantum", c.quantum},
      {c.max_skips <= 1024, DRAIN_INVALID_ARGUMENT, "maxSkips", c.max_skips},
      {c.max_iteration_ns <= kMaxNs, DRAIN_INVALID_ARGUMENT, "maxIterationNs", c.max_iteration_ns},
      {in(c.max_backoff_iterations, 1, 65536), DRAIN_INVALID_ARGUMENT, "maxBackoffIterations",
       c.max_backoff_iterations},
      {c.stuck_after_ns <= kMaxNs, DRAIN_INVALID_ARGUMENT, "stuckAfterNs", c.stuck_after_ns},
      {in(c.fairness_window_visits, 1, kMaxCapacity), DRAIN_INVALID_ARGUMENT, "fairnessWindowVisits",
       c.fairness_window_visits},
      {in(c.age_after, 1, 65536), DRAIN_INVALID_ARGUMENT, "ageAfter", c.age_after},
      {in(c.quantum_min, least_quantum, kMaxCapacity), DRAIN_INVALID_QUANTUM, "quantumMin", c.quantum_min},
      {in(c.quantum_max, c.quantum_min, kMaxCapacity), DRAIN_INVALID_QUANTUM, "quantumMax", c.quantum_max},
      {in(c.batch_min, 1, kMaxCapacity), DRAIN_INVALID_ARGUMENT, "batchMin", c.batch_min},
      {in(c.batch_max, c.batch_min, kMaxCapacity), DRAIN_INVALID_ARGUMENT, "batchMax", c.batch_max},
      {in(c.target_iteration_ns, 1, kMaxNs), DRAIN_INVALID_ARGUMENT, "targetIterationNs", c.target_iteration_ns},
      {in(c.target_write_ns, 1, kMaxNs), DRAIN_INVALID_ARGUMENT, "targetWriteNs", c.target_write_ns},
  };
  for (const Field& field : fields)
    if (!field.ok) return fail(field.code, std::string(field.name) + " is " + std::to_string(field.value));
  return DRAIN_ACCEPTED;
}

drain_status check_change(const drain_config& c, const drain_config& asked) {
  const struct {
    const char* name;
    std::uint32_t has, asked;
  } fixed[] = {{"slots", c.slots, asked.slots},
               {"indexCapacity", c.index_capacity, asked.index_capacity},
               {"detailCapacity", c.detail_capacity, asked.detail_capacity},
               {"detailRecordBytes", c.detail_record_bytes, asked.detail_record_bytes},
               {"windowRecords", c.window_records, asked.window_records},
               {"preRoll", c.pre_roll, asked.pre_roll},
               {"postRoll", c.post_roll, asked.post_roll},
               {"initialCursor", c.initial_cursor, asked.initial_cursor}};
  for (const auto& field : fixed)
    if (field.has != field.asked)
      return fail(DRAIN_INVALID_ARGUMENT, std::string(field.name) + " cannot be changed to " +
                                              std::to_string(field.asked) + ": the arena fixes it");
  return check_config(asked);
}

}  // namespace drainproof
