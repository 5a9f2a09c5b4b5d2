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
  const Field fields[] = {
      {in(c.slots, 1, 65536), DRAIN_INVALID_SLOTS, "slots", c.slots},
      {is_capacity(c.index_capacity), DRAIN_INVALID_CAPACITY, "indexCapacity", c.index_capacity},
      {!has_detail || is_capacity(c.detail_capacity), DRAIN_INVALID_CAPACITY, "detailCapacity", c.detail_capacity},
      {in(c.detail_record_bytes, 32, 65536) && c.detail_record_bytes % 8 == 0, DRAIN_INVALID_RECORD_BYTES,
       "detailRecordBytes", c.detail_record_bytes},
      {!has_detail || (in(c.window_records, 1, c.detail_capacity / 2) && std::has_single_bit(c.window_records)),
       DRAIN_INVALID_WINDOW, "windowRecords", c.window_records},
      {c.pre_roll <= 65536, DRAIN_INVALID_WINDOW, "preRoll", c.pre_roll},
      {c.post_roll <= 65536, DRAIN_INVALID_WINDOW, "postRoll", c.post_roll},
      {c.policy <= DRAIN_WEIGHTED_FAIR, DRAIN_UNKNOWN_POLICY, "policy", c.policy},
      {in(c.quantum, has_detail ? 2 : 1, kMaxCapacity), DRAIN_INVALID_QUANTUM, "quantum", c.quantum},
      {c.max_skips <= 1024, DRAIN_INVALID_ARGUMENT, "maxSkips", c.max_skips},
      {in(c.max_backoff_iterations, 1, 65536), DRAIN_INVALID_ARGUMENT, "maxBackoffIterations",
       c.max_backoff_iterations},
  };
  for (const Field& field : fields)
    if (!field.ok) return fail(field.code, std::string(field.name) + " is " + std::to_string(field.value));
  return DRAIN_ACCEPTED;
}

}  // namespace drainproof
