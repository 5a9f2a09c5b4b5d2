// Configuration, geometry, and arenas that must be refused.
#include <cstdlib>

#include "../core/arena.hpp"
#include "../core/fairness.hpp"
#include "world.hpp"

using check::World;

namespace {

std::int64_t accept(void*, const drain_batch* batch) {
  return batch->count;
}

struct Memory {
  std::vector<std::uint64_t> words;
  drain_config config;
  drain_callbacks callbacks{accept, nullptr, nullptr, nullptr, nullptr};
  Memory() {
    drain_config_default(&config);
    config.slots = 2;
    words.resize(drain_arena_bytes(&config) / 8);
    DrainIterator* drain = nullptr;
    CHECK_EQ(drain_iterator_create(&config, &callbacks, words.data(), bytes(), &drain), DRAIN_ACCEPTED);
    drain_iterator_destroy(drain);
  }
  std::size_t bytes() const { return words.size() * 8; }
  std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(words.data()); }
  void put(std::uint32_t offset, std::uint32_t value, bool sum = true) {
    std::memcpy(data() + offset, &value, 4);
    const std::uint32_t checksum = drainproof::fnv1a(data(), drainproof::Header::checksum);
    if (sum) std::memcpy(data() + drainproof::Header::checksum, &checksum, 4);
  }
  drain_status open(std::size_t size) {
    ThreadRegistry* registry = nullptr;
    const drain_status status = thread_registry_open(words.data(), size, &registry);
    thread_registry_close(registry);
    return status;
  }
  drain_status attach(const drain_config& asked) {
    DrainIterator* drain = nullptr;
    const drain_status status = drain_iterator_attach(&asked, &callbacks, words.data(), bytes(), &drain);
    drain_iterator_destroy(drain);
    return status;
  }
};

drain_status check_with(void (*change)(drain_config&)) {
  drain_config config;
  drain_config_default(&config);
  change(config);
  return drain_config_check(&config);
}

}  // namespace

TEST(config_is_checked_field_by_field) {
  CHECK_EQ(check_with([](drain_config&) {}), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.slots = 0; }), DRAIN_INVALID_SLOTS);
  CHECK_EQ(check_with([](drain_config& c) { c.slots = 65537; }), DRAIN_INVALID_SLOTS);
  CHECK_EQ(check_with([](drain_config& c) { c.index_capacity = 1000; }), DRAIN_INVALID_CAPACITY);
  CHECK_EQ(check_with([](drain_config& c) { c.detail_capacity = 1; }), DRAIN_INVALID_CAPACITY);
  CHECK_EQ(check_with([](drain_config& c) { c.detail_record_bytes = 36; }), DRAIN_INVALID_RECORD_BYTES);
  CHECK_EQ(check_with([](drain_config& c) { c.window_records = 64; }), DRAIN_INVALID_WINDOW);
  CHECK_EQ(check_with([](drain_config& c) { c.pre_roll = 65537; }), DRAIN_INVALID_WINDOW);
  CHECK_EQ(check_with([](drain_config& c) { c.post_roll = 65537; }), DRAIN_INVALID_WINDOW);
  CHECK_EQ(check_with([](drain_config& c) { c.policy = 4; }), DRAIN_UNKNOWN_POLICY);
  CHECK_EQ(check_with([](drain_config& c) { c.quantum = 1; }), DRAIN_INVALID_QUANTUM);
  CHECK_EQ(check_with([](drain_config& c) { c.detail_capacity = 0, c.quantum = 1; }), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.max_skips = 1025; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.max_backoff_iterations = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK(std::string(drain_last_error_message()).find("maxBackoffIterations is 0") != std::string::npos);
  CHECK_EQ(check_with([](drain_config& c) { c.detail_capacity = 0, c.window_records = 0; }), DRAIN_INVALID_WINDOW);
  CHECK_EQ(drain_config_check(nullptr), DRAIN_INVALID_ARGUMENT);
}

TEST(scheduling_is_checked_field_by_field) {
  const std::uint64_t most = (std::uint64_t{1} << 53) - 1;
  CHECK_EQ(check_with([](drain_config& c) { c.policy = DRAIN_PRIORITY; }), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.policy = DRAIN_ADAPTIVE; }), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.max_iteration_ns = std::uint64_t{1} << 53; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.stuck_after_ns = std::uint64_t{1} << 53; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.stuck_after_ns = 0; }), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.fairness_window_visits = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.age_after = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.age_after = 65537; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.quantum_min = 1; }), DRAIN_INVALID_QUANTUM);
  CHECK_EQ(check_with([](drain_config& c) { c.detail_capacity = 0, c.quantum_min = 1; }), DRAIN_ACCEPTED);
  CHECK_EQ(check_with([](drain_config& c) { c.quantum_max = c.quantum_min - 1; }), DRAIN_INVALID_QUANTUM);
  CHECK_EQ(check_with([](drain_config& c) { c.batch_min = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.batch_max = c.batch_min - 1; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.target_iteration_ns = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(check_with([](drain_config& c) { c.target_write_ns = 0; }), DRAIN_INVALID_ARGUMENT);
  CHECK(std::string(drain_last_error_message()).find("targetWriteNs is 0") != std::string::npos);
  drain_config config;
  drain_config_default(&config);
  config.stuck_after_ns = config.max_iteration_ns = config.target_iteration_ns = config.target_write_ns = most;
  CHECK_EQ(drain_config_check(&config), DRAIN_ACCEPTED);
}

TEST(geometry_follows_from_the_sizes) {
  drain_config config;
  drain_config_default(&config);
  const drainproof::Geometry g = drainproof::geometry_of(config);
  CHECK_EQ(g.windows, 8);
  CHECK_EQ(g.windows_offset, 32768);
  CHECK_EQ(g.detail_offset, 32768 + 512);
  CHECK_EQ(g.lane_bytes, 32768 + 512 + 32768);
  CHECK_EQ(g.ready_offset, 256 + 64 * 256 + 64 * g.lane_bytes);
  CHECK_EQ(g.ready_words, 2);
  CHECK_EQ(drain_arena_bytes(&config), g.ready_offset + 64);
  config.slots = 33 * 16;
  CHECK_EQ(drainproof::geometry_of(config).ready_words, 17);
  CHECK_EQ(drain_arena_bytes(&config), drainproof::geometry_of(config).ready_offset + 128);
  config.slots = 65536;
  config.index_capacity = 1 << 24;
  CHECK_EQ(drain_arena_bytes(&config), 0);
  drain_callbacks callbacks{accept, nullptr, nullptr, nullptr, nullptr};
  DrainIterator* drain = nullptr;
  CHECK_EQ(drain_iterator_create(&config, &callbacks, nullptr, 0, &drain), DRAIN_INVALID_ARGUMENT);
  config.slots = 0;
  CHECK_EQ(drain_arena_bytes(&config), 0);
}

TEST(a_sound_arena_opens) {
  Memory memory;
  CHECK_EQ(memory.open(memory.bytes()), DRAIN_ACCEPTED);
  CHECK_EQ(memory.attach(memory.config), DRAIN_ACCEPTED);
  drain_config read{};
  CHECK_EQ(drain_arena_read_config(memory.data(), memory.bytes(), &read), DRAIN_ACCEPTED);
  CHECK_EQ(read.slots, 2);
  CHECK_EQ(drain_arena_read_config(memory.data(), memory.bytes(), nullptr), DRAIN_INVALID_ARGUMENT);
}

TEST(bad_arenas_are_refused_in_order) {
  using drainproof::Header;
  Memory memory;
  CHECK_EQ(memory.open(0), DRAIN_ARENA_TRUNCATED);
  CHECK_EQ(memory.open(255), DRAIN_ARENA_TRUNCATED);
  CHECK_EQ(memory.open(memory.bytes() - 1), DRAIN_ARENA_TRUNCATED);
  Memory foreign;
  foreign.put(Header::magic, 0);
  CHECK_EQ(foreign.open(foreign.bytes()), DRAIN_ARENA_FOREIGN);
  Memory version;
  version.put(Header::layoutVersion, 1);
  CHECK_EQ(version.open(version.bytes()), DRAIN_ARENA_VERSION);
  Memory corrupt;
  corrupt.put(Header::slots, 1, false);
  CHECK_EQ(corrupt.open(corrupt.bytes()), DRAIN_ARENA_CORRUPT);
  Memory range;
  range.put(Header::slots, 0);
  CHECK_EQ(range.open(range.bytes()), DRAIN_ARENA_CORRUPT);
  Memory geometry;
  geometry.put(Header::laneBytes, 64);
  CHECK_EQ(geometry.open(geometry.bytes()), DRAIN_ARENA_CORRUPT);
  ThreadRegistry* registry = nullptr;
  CHECK_EQ(thread_registry_open(memory.data() + 4, memory.bytes() - 4, &registry), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(thread_registry_open(nullptr, 4096, &registry), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(thread_registry_open(memory.data(), memory.bytes(), nullptr), DRAIN_INVALID_ARGUMENT);
}

TEST(attaching_compares_the_geometry) {
  Memory memory;
  drain_config asked = memory.config;
  asked.slots = 3;
  CHECK_EQ(memory.attach(asked), DRAIN_ARENA_TOO_SMALL);
  asked.slots = 1;
  CHECK_EQ(memory.attach(asked), DRAIN_ARENA_MISMATCH);
  asked = memory.config;
  asked.initial_cursor = 5;
  CHECK_EQ(memory.attach(asked), DRAIN_ARENA_MISMATCH);
  asked = memory.config;
  asked.quantum = 7;
  CHECK_EQ(memory.attach(asked), DRAIN_ACCEPTED);
  asked.quantum = 0;
  CHECK_EQ(memory.attach(asked), DRAIN_INVALID_QUANTUM);
  memory.put(0, 0);
  CHECK_EQ(memory.attach(memory.config), DRAIN_ARENA_FOREIGN);
}

TEST(creating_needs_room_and_a_sink) {
  Memory memory;
  DrainIterator* drain = nullptr;
  CHECK_EQ(drain_iterator_create(&memory.config, &memory.callbacks, memory.data(), 4096, &drain),
           DRAIN_ARENA_TOO_SMALL);
  CHECK_EQ(drain_iterator_create(&memory.config, &memory.callbacks, memory.data() + 1, 4096, &drain),
           DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_iterator_create(nullptr, &memory.callbacks, nullptr, 0, &drain), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_iterator_attach(nullptr, &memory.callbacks, nullptr, 0, &drain), DRAIN_INVALID_ARGUMENT);
  drain_config bad = memory.config;
  bad.slots = 0;
  CHECK_EQ(drain_iterator_create(&bad, &memory.callbacks, nullptr, 0, &drain), DRAIN_INVALID_SLOTS);
}

TEST(fairness_is_that_of_the_spec) {
  using drainproof::Fairness;
  using drainproof::fairness_of;
  const Fairness nobody = fairness_of({});
  CHECK(nobody.jain == 1 && nobody.min_share == 1);
  CHECK(fairness_of({{10, 1, 10}, {10, 1, 10}}).jain == 1);
  const Fairness starved = fairness_of({{10, 1, 10}, {10, 1, 0}});
  CHECK(starved.jain == 0.5 && starved.min_share == 0);
  CHECK(starved.shares[0] == 2 && starved.shares[1] == 0);
  CHECK(fairness_of({{10, 1, 0}, {10, 1, 0}}).jain == 1);
  const Fairness quiet = fairness_of({{5, 1, 5}, {100, 1, 20}, {0, 1, 0}});
  CHECK(quiet.jain == 1 && quiet.min_share == 1 && quiet.shares[2] == 1);
  CHECK(fairness_of({{9, 1, 2}, {9, 1, 1}, {9, 1, 0}}).jain == 0.6);
  CHECK(drainproof::rounded(2.0 / 3) == 0.666667);
  const auto shares = drainproof::max_min_shares({{5, 1, 0}, {100, 3, 0}, {100, 1, 0}}, 45);
  CHECK(shares[0] == 5 && shares[1] == 30 && shares[2] == 10);
}
