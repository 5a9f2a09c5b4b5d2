// Adaptive sizes, and the windows of the fairness metrics.
#include "../core/adaptive.hpp"
#include "../core/arena.hpp"
#include "world.hpp"

using check::World;
using drainproof::AdaptiveSizes;
using drainproof::IterationLoad;

namespace {

drain_config adaptive() {
  drain_config c;
  drain_config_default(&c);
  c.policy = DRAIN_ADAPTIVE;
  c.quantum = 64;
  c.quantum_min = 16;
  c.quantum_max = 300;
  c.batch_min = 10;
  c.batch_max = 100;
  c.target_iteration_ns = 1000;
  c.target_write_ns = 100;
  return c;
}

void repeat(AdaptiveSizes& sizes, unsigned times, const IterationLoad& load) {
  for (unsigned i = 0; i < times; ++i) sizes.observe(load);
}

void fill(World& w, ThreadDrainState* t, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) CHECK_EQ(w.index(t, i), DRAIN_ACCEPTED);
}

}  // namespace

TEST(the_quantum_follows_the_backlog_and_the_time) {
  AdaptiveSizes sizes(adaptive());
  const IterationLoad loaded{2, 129, 500, 0, 0};
  repeat(sizes, 1, loaded);
  CHECK_EQ(sizes.quantum(), 64);
  repeat(sizes, 1, loaded);
  CHECK_EQ(sizes.quantum(), 128);
  repeat(sizes, 5, {2, 1000, 500, 0, 0});
  CHECK_EQ(sizes.quantum(), 300);  // no further than its limit
  repeat(sizes, 8, {2, 1000, 501, 0, 0});
  CHECK_EQ(sizes.quantum(), 300);  // busy, but it takes half of its time: it stays
  repeat(sizes, 7, {2, 1000, 1001, 0, 0});
  repeat(sizes, 1, {2, 200, 10, 0, 0});  // begins the count anew
  repeat(sizes, 7, {2, 1000, 1001, 0, 0});
  CHECK_EQ(sizes.quantum(), 300);
  repeat(sizes, 1, {2, 1000, 1001, 0, 0});
  CHECK_EQ(sizes.quantum(), 150);
  repeat(sizes, 80, {1, 3, 10, 0, 0});
  CHECK_EQ(sizes.quantum(), 16);
  repeat(sizes, 2, {});  // without a visit nothing is learnt
  CHECK_EQ(sizes.quantum(), 16);
}

TEST(the_batch_follows_the_sink) {
  AdaptiveSizes sizes(adaptive());
  CHECK_EQ(sizes.batch(), 64);
  repeat(sizes, 2, {1, 64, 10, 200, 64});  // 64 in 200 ns: 32 in time
  CHECK_EQ(sizes.batch(), 32);
  repeat(sizes, 20, {1, 64, 10, 10'000, 64});
  CHECK_EQ(sizes.batch(), 10);
  repeat(sizes, 8, {1, 64, 10, 320, 64});  // want 20: twice as much
  CHECK_EQ(sizes.batch(), 20);
  repeat(sizes, 20, {1, 64, 10, 200, 64});  // want 32: neither
  CHECK_EQ(sizes.batch(), 20);
  repeat(sizes, 50, {1, 64, 10, 0, 64});  // no time at all: as much as may be
  CHECK_EQ(sizes.batch(), 80);            // from where on the want is less than twice
  repeat(sizes, 50, {1, 64, 10, 5, 0});   // nothing acknowledged: nothing learnt
  CHECK_EQ(sizes.batch(), 80);
}

TEST(adaptive_batches_are_cut) {
  World w([](drain_config& c) {
    c = adaptive();
    c.slots = 1;
    c.detail_capacity = 16;
    c.window_records = 8;
    c.detail_record_bytes = 32;
    c.quantum_min = 2;
    c.batch_min = 3;
    c.batch_max = 6;
    c.initial_cursor = 0xfffffffe;
  });
  ThreadDrainState* t = w.join(1);
  fill(w, t, 14);
  for (std::uint32_t i = 0; i < 8; ++i) w.detail(t, i);
  drain_mark(t);
  CHECK_EQ(w.turn().batches, 3 + 2);
  const std::uint32_t counts[] = {6, 6, 2, 6, 2};
  for (std::size_t i = 0; i < 5; ++i) CHECK_EQ(w.batches[i].batch.count, counts[i]);
  CHECK_EQ(w.metrics().fairness.batch, 6);
  // The sink gives up inside a lane: what it did not take comes again.
  fill(w, t, 14);
  std::uint32_t calls = 0;
  w.answer = [&](const drain_batch& batch) { return ++calls == 2 ? 1 : std::int64_t{batch.count}; };
  CHECK_EQ(w.turn().delivered, 7);
  CHECK_EQ(w.turn().delivered, 7);
  // Batches by hand are cut too.
  fill(w, t, 14);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 0), DRAIN_ACCEPTED);
  std::uint64_t delivered = 0;
  w.told = w.batches.size();
  CHECK_EQ(drain_thread_lanes(w.drain, 0, 14, &delivered), DRAIN_ACCEPTED);
  CHECK_EQ(delivered, 14);
  CHECK_EQ(w.order().size(), 3);
  CHECK_EQ(submit_queue_release_drain(w.drain, 0), DRAIN_ACCEPTED);
}

TEST(a_slow_sink_makes_batches_smaller) {
  World w([](drain_config& c) {
    c = adaptive();
    c.slots = 1;
    c.index_capacity = 64;
  });
  w.sink_cost = 1000;
  ThreadDrainState* t = w.join(1);
  for (int i = 0; i < 10; ++i) {
    fill(w, t, 64);
    w.turn();
  }
  DrainMetrics m = w.metrics();
  CHECK_EQ(m.fairness.batch, 10);
  CHECK(m.fairness.quantum < 64);
  CHECK_EQ(w.configure([](drain_config& c) { c.max_skips = 7; }), DRAIN_ACCEPTED);
  CHECK_EQ(w.metrics().fairness.batch, 10);  // has nothing to do with the sizes: they stay
  CHECK_EQ(w.configure([](drain_config& c) { c.batch_min = 30; }), DRAIN_ACCEPTED);
  m = w.metrics();
  CHECK_EQ(m.fairness.batch, 64);  // begun anew
  CHECK_EQ(m.fairness.quantum, 64);
  CHECK_EQ(w.configure([](drain_config& c) { c.policy = DRAIN_ROUND_ROBIN, c.quantum = 7; }), DRAIN_ACCEPTED);
  m = w.metrics();
  CHECK_EQ(m.fairness.batch, 0);
  CHECK_EQ(m.fairness.quantum, 7);
}

TEST(a_window_tells_shares_and_lag) {
  World w([](drain_config& c) {
    c.index_capacity = 64;
    c.quantum = 4;
    c.fairness_window_visits = 6;
  });
  for (std::uint32_t id = 1; id <= 3; ++id) w.join(id);
  fill(w, w.states[0], 40);
  fill(w, w.states[1], 40);
  std::vector<drain_thread_metrics> threads;
  DrainMetrics m = w.metrics(&threads);
  CHECK_EQ(m.fairness.windows, 0);
  CHECK(m.fairness.jain == 1 && m.fairness.min_share == 1 && threads[0].share == 1);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 1), DRAIN_ACCEPTED);
  for (int i = 0; i < 5; ++i) w.turn();
  CHECK_EQ(w.metrics().fairness.windows, 0);
  w.turn();
  m = w.metrics(&threads);
  CHECK_EQ(m.fairness.windows, 1);
  CHECK_EQ(m.fairness.delivered, 24);
  CHECK(m.fairness.jain == 0.5);
  CHECK(m.fairness.min_share == 0);
  CHECK(m.fairness.service_lag == 24);
  CHECK(threads[0].share == 2 && threads[1].share == 0 && threads[2].share == 1);
  // The next window begins with nothing.
  CHECK_EQ(submit_queue_release_drain(w.drain, 1), DRAIN_ACCEPTED);
  fill(w, w.states[2], 1);
  for (int i = 0; i < 3; ++i) w.turn();
  m = w.metrics(&threads);
  CHECK_EQ(m.fairness.windows, 2);
  CHECK_EQ(m.fairness.delivered, 12 + 28 + 1);  // what thread 2 had kept of its skips as well
  CHECK(m.fairness.service_lag == 16);          // thread 3 was not backlogged in all of it
  CHECK(threads[2].share == 1);
  CHECK_EQ(m.fairness.longest_wait, 6);
}

TEST(a_window_is_of_those_who_are_there) {
  World w([](drain_config& c) { c.fairness_window_visits = 2; });
  fill(w, w.join(1), 3);
  fill(w, w.join(2), 4);
  deregister_thread_from_drain(w.states[0]);
  w.turn();
  const DrainMetrics m = w.metrics();
  CHECK_EQ(m.fairness.windows, 1);
  CHECK_EQ(m.fairness.delivered, 4);
  CHECK(m.fairness.jain == 1 && m.fairness.service_lag == 0);
}

TEST(idle_slots_have_no_ready_bit) {
  World w([](drain_config& c) { c.slots = 70; });
  for (std::uint32_t id = 0; id < 70; ++id) w.join(id);
  w.turn();
  std::size_t bytes = 0;
  const auto* arena = static_cast<const std::uint8_t*>(drain_iterator_arena(w.drain, &bytes));
  const std::uint64_t offset = drainproof::geometry_of(w.config).ready_offset;
  const auto ready = [&](std::uint32_t slot) {
    std::uint32_t word = 0;
    std::memcpy(&word, arena + offset + slot / 32 * 4, 4);
    return (word >> slot % 32 & 1) != 0;
  };
  CHECK(!ready(69));
  fill(w, w.states[69], 3);
  CHECK(ready(69) && !ready(68));
  CHECK_EQ(w.turn().delivered, 3);
  CHECK(!ready(69));
  w.detail(w.states[33], 0);  // a hint only: nothing is marked
  CHECK(ready(33));
  CHECK_EQ(w.turn().visits, 0);
  CHECK(!ready(33));
  drain_mark(w.states[33]);
  drain_seal(w.states[33]);
  int work = 0;
  CHECK_EQ(drain_wait_for_work(w.drain, 0, &work), DRAIN_ACCEPTED);
  CHECK_EQ(work, 1);
  CHECK_EQ(w.turn().delivered, 1);
  deregister_thread_from_drain(w.states[5]);
  CHECK(ready(5));
  CHECK_EQ(w.turn().reclaimed, 1);
  CHECK(ready(5));  // nobody looks at a slot that is free before the next discovery
  w.turn();
  CHECK(!ready(5));
}

TEST(a_leaver_that_died_before_it_noted_that_is_stopped_all_the_same) {
  World w;
  fill(w, w.join(1), 2);
  w.turn();
  std::size_t bytes = 0;
  auto* arena = static_cast<std::uint8_t*>(drain_iterator_arena(w.drain, &bytes));
  const std::uint32_t leaving = drainproof::state_word(1, drainproof::SlotState::leaving);
  std::memcpy(arena + drainproof::Header::bytes + drainproof::Slot::state, &leaving, 4);
  CHECK_EQ(w.turn().visits, 0);
  CHECK_EQ(w.stop().complete, 1);
}
