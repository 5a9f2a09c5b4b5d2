// Lanes, windows and groups, one thread after another.
#include "../core/arena.hpp"
#include "world.hpp"

using check::is_run;
using check::World;

TEST(index_lane_fills_and_empties_at_every_offset) {
  World w([](drain_config& c) { c.initial_cursor = 0xffffffff - 20; });
  ThreadDrainState* t = w.join(1);
  std::uint32_t next = 0;
  for (int round = 0; round < 20; ++round) {
    for (std::uint32_t i = 0; i < 8; ++i) CHECK_EQ(w.index(t, next++), DRAIN_ACCEPTED);
    CHECK_EQ(w.index(t, 99), DRAIN_LANE_FULL);
    CHECK_EQ(w.turn().delivered, 8);
    CHECK_EQ(w.index(t, next++), DRAIN_ACCEPTED);
    CHECK_EQ(w.turn().delivered, 1);
  }
  CHECK(is_run(w.delivered(1, DRAIN_INDEX_LANE), 0, next));
  const DrainMetrics m = w.metrics();
  CHECK_EQ(m.index.rejected, 20);
  CHECK_EQ(m.index.delivered, next);
}

TEST(emits_check_their_record_and_their_time) {
  World w;
  ThreadDrainState* t = w.join(1);
  std::uint32_t words[16] = {};
  CHECK_EQ(drain_emit_index(t, words, 31, 0), DRAIN_RECORD_SIZE);
  CHECK_EQ(drain_emit_detail(t, words, 64, 0), DRAIN_RECORD_SIZE);
  CHECK_EQ(drain_emit_index(t, nullptr, 32, 0), DRAIN_INVALID_ARGUMENT);
  for (std::uint32_t i = 0; i < 8; ++i) w.index(t, i);
  CHECK_EQ(w.index(t, 8, 5), DRAIN_TIMED_OUT);
  for (std::uint32_t i = 0; i < 16; ++i) {
    CHECK_EQ(w.detail(t, i), DRAIN_ACCEPTED);
    if (i % 4 == 0) CHECK_EQ(drain_mark(t), DRAIN_ACCEPTED);
  }
  CHECK_EQ(w.detail(t, 16), DRAIN_DETAIL_FULL);
  CHECK_EQ(w.detail(t, 16, 3), DRAIN_TIMED_OUT);
  World::Group g = w.group(1, 1);
  CHECK_EQ(submit_queue_submit(t, &g.group, 3), DRAIN_TIMED_OUT);
  const DrainMetrics m = w.metrics();
  CHECK_EQ(m.index.rejected, 2);
  CHECK_EQ(m.detail.rejected, 3);
}

TEST(marks_reach_before_and_after_the_open_window) {
  World w;  // 4 windows of 4, one before and one after
  ThreadDrainState* t = w.join(1);
  for (std::uint32_t i = 0; i < 10; ++i) w.detail(t, i);
  CHECK_EQ(drain_mark(t), DRAIN_ACCEPTED);  // window 2 is open: 1 and 2, and later 3
  CHECK_EQ(w.turn().delivered, 4);
  for (std::uint32_t i = 10; i < 20; ++i) w.detail(t, i);
  CHECK_EQ(w.turn().delivered, 8);
  CHECK(is_run(w.delivered(1, DRAIN_DETAIL_LANE), 4, 12));
  CHECK_EQ(w.metrics().detail.pending, 8);
  CHECK_EQ(drain_mark(t), DRAIN_ACCEPTED);  // no window is open: the last sealed one and two to come
  CHECK_EQ(w.detail(t, 20), DRAIN_ACCEPTED);
  CHECK_EQ(drain_seal(t), DRAIN_ACCEPTED);
  CHECK_EQ(drain_seal(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 5);
}

TEST(unmarked_windows_are_evicted_oldest_first) {
  World w;
  ThreadDrainState* t = w.join(1);
  for (std::uint32_t i = 0; i < 30; ++i) CHECK_EQ(w.detail(t, i), DRAIN_ACCEPTED);
  DrainMetrics m = w.metrics();
  CHECK_EQ(m.detail.evicted, 16);
  CHECK_EQ(m.detail.pending, 14);
  CHECK_EQ(w.turn().delivered, 0);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().reclaimed, 1);
  m = w.metrics();
  CHECK_EQ(m.detail.evicted, 30);
  CHECK_EQ(m.threads, 0);
}

TEST(a_drain_without_details_says_so) {
  World w([](drain_config& c) { c.detail_capacity = 0; });
  ThreadDrainState* t = w.join(1);
  CHECK_EQ(w.detail(t, 0), DRAIN_NO_DETAIL_LANE);
  CHECK_EQ(drain_mark(t), DRAIN_NO_DETAIL_LANE);
  CHECK_EQ(drain_seal(t), DRAIN_NO_DETAIL_LANE);
  World::Group g = w.group(1, 1);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_NO_DETAIL_LANE);
  CHECK_EQ(submit_queue_submit(t, &g.group, 2), DRAIN_NO_DETAIL_LANE);
  CHECK_EQ(w.metrics().index.rejected, 2);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.detail(t, 0), DRAIN_THREAD_LEFT);
  CHECK_EQ(drain_mark(t), DRAIN_THREAD_LEFT);
  CHECK_EQ(drain_seal(t), DRAIN_THREAD_LEFT);
}

TEST(a_group_is_visible_all_at_once) {
  World w;
  ThreadDrainState* t = w.join(1);
  for (std::uint32_t i = 0; i < 6; ++i) w.index(t, i);
  w.turn();
  World::Group g = w.group(4, 6, 6);
  CHECK_EQ(submit_queue_commit(t), DRAIN_NOT_HOLDING);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(w.index(t, 0), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(w.detail(t, 0), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(drain_mark(t), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(drain_seal(t), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ALREADY_HOLDING);
  CHECK_EQ(w.turn().delivered, 0);
  CHECK_EQ(submit_queue_commit(t), DRAIN_ACCEPTED);
  CHECK_EQ(drain_mark(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 8);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 2);
  CHECK(is_run(w.delivered(1, DRAIN_INDEX_LANE), 0, 10));
  CHECK(is_run(w.delivered(1, DRAIN_DETAIL_LANE), 6, 6));
}

TEST(a_group_that_does_not_fit_is_counted_whole) {
  World w;
  ThreadDrainState* t = w.join(1);
  World::Group big = w.group(9, 2);
  CHECK_EQ(submit_queue_begin(t, &big.group), DRAIN_LANE_FULL);
  World::Group deep = w.group(1, 17);
  CHECK_EQ(submit_queue_submit(t, &deep.group, 0), DRAIN_DETAIL_FULL);
  World::Group odd = w.group(1, 1);
  odd.group.index_bytes = 33;
  CHECK_EQ(submit_queue_begin(t, &odd.group), DRAIN_RECORD_SIZE);
  CHECK_EQ(submit_queue_submit(t, &odd.group, 1), DRAIN_RECORD_SIZE);
  odd.group.index_bytes = 32;
  odd.group.detail_bytes = 33;
  CHECK_EQ(submit_queue_begin(t, &odd.group), DRAIN_RECORD_SIZE);
  const DrainMetrics m = w.metrics();
  CHECK_EQ(m.index.rejected, 10);
  CHECK_EQ(m.detail.rejected, 19);
  World::Group fits = w.group(8, 16);
  CHECK_EQ(submit_queue_submit(t, &fits.group, 5), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 8);
}

TEST(a_group_finds_its_queue_taken) {
  World w;
  ThreadDrainState* t = w.join(1);
  World::Group g = w.group(1, 0);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 0), DRAIN_QUEUE_BUSY);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 1), DRAIN_QUEUE_BUSY);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 77), DRAIN_QUEUE_BUSY);
  CHECK_EQ(submit_queue_submit(t, &g.group, 0), DRAIN_QUEUE_BUSY);
  CHECK_EQ(submit_queue_submit(t, &g.group, 2), DRAIN_TIMED_OUT);
  CHECK_EQ(w.metrics().index.rejected, 0);
  for (std::uint32_t i = 0; i < 3; ++i) w.index(t, i);
  CHECK_EQ(w.turn().skips, 1);
  std::uint64_t delivered = 0;
  CHECK_EQ(drain_thread_lanes(w.drain, 0, 2, &delivered), DRAIN_ACCEPTED);
  CHECK_EQ(delivered, 2);
  CHECK_EQ(drain_thread_lanes(w.drain, 0, 0, &delivered), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_thread_lanes(w.drain, 1, 1, &delivered), DRAIN_NOT_HOLDING);
  CHECK_EQ(submit_queue_release_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK_EQ(submit_queue_release_drain(w.drain, 0), DRAIN_NOT_HOLDING);
  CHECK_EQ(w.turn().delivered, 1);
}
