// Turns, credits, sinks, threads that come and go, stop.
#include "../core/arena.hpp"
#include "world.hpp"

using check::is_run;
using check::World;

namespace {

void fill(World& w, ThreadDrainState* t, std::uint32_t from, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) CHECK_EQ(w.index(t, from + i), DRAIN_ACCEPTED);
}

}  // namespace

TEST(quanta_and_weights_share_the_turns) {
  World w([](drain_config& c) {
    c.policy = DRAIN_WEIGHTED_FAIR;
    c.quantum = 2;
  });
  ThreadDrainState* a = w.join(1, 1);
  ThreadDrainState* b = w.join(2, 3);
  fill(w, a, 0, 8);
  fill(w, b, 0, 8);
  CHECK_EQ(w.turn().delivered, 8);
  CHECK_EQ(w.delivered(1, DRAIN_INDEX_LANE).size(), 2);
  CHECK_EQ(w.delivered(2, DRAIN_INDEX_LANE).size(), 6);
  std::vector<drain_thread_metrics> threads;
  const DrainMetrics m = w.metrics(&threads);
  CHECK_EQ(threads[1].weight, 3);
  CHECK_EQ(threads[1].longest_wait, 1);
  CHECK(m.jain == 1);
}

TEST(index_and_detail_share_an_allowance) {
  World w([](drain_config& c) { c.quantum = 4; });
  ThreadDrainState* t = w.join(1);
  fill(w, t, 0, 8);
  for (std::uint32_t i = 0; i < 4; ++i) w.detail(t, i);
  drain_mark(t);
  CHECK_EQ(w.turn().delivered, 4);
  CHECK_EQ(w.delivered(1, DRAIN_INDEX_LANE).size(), 2);
  CHECK_EQ(w.delivered(1, DRAIN_DETAIL_LANE).size(), 2);
}

TEST(limits_end_an_iteration) {
  World visits([](drain_config& c) { c.max_iteration_visits = 1; });
  World events([](drain_config& c) { c.max_iteration_events = 1; });
  World time([](drain_config& c) { c.max_iteration_ns = 10; });
  time.sink_cost = 10;
  const drain_truncation expected[] = {DRAIN_TRUNCATED_VISITS, DRAIN_TRUNCATED_EVENTS, DRAIN_TRUNCATED_TIME};
  int i = 0;
  for (World* w : {&visits, &events, &time}) {
    fill(*w, w->join(1), 0, 1);
    fill(*w, w->join(2), 0, 1);
    drain_iteration_result r = w->turn();
    CHECK_EQ(r.truncated, expected[i++]);
    CHECK_EQ(r.visits, 1);
    r = w->turn();
    CHECK_EQ(r.truncated, DRAIN_TRUNCATED_NO);
    CHECK_EQ(r.visits, 1);
  }
}

TEST(skipped_threads_keep_their_credit_and_come_first) {
  World w([](drain_config& c) {
    c.quantum = 2;
    c.max_skips = 2;
  });
  ThreadDrainState* a = w.join(1);
  ThreadDrainState* b = w.join(2);
  fill(w, a, 0, 7);
  fill(w, b, 0, 8);
  World::Group g = w.group(1, 0, 7);
  CHECK_EQ(submit_queue_begin(a, &g.group), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().skips, 1);
  CHECK_EQ(w.turn().skips, 1);
  CHECK_EQ(w.turn().skips, 1);
  CHECK_EQ(submit_queue_commit(a), DRAIN_ACCEPTED);
  w.batches.clear();
  w.turn();
  CHECK_EQ(w.batches[0].batch.thread_id, 1);
  CHECK_EQ(w.batches[0].batch.count, 6);  // (maxSkips + 1) * quantum
}

TEST(a_failing_sink_loses_nothing_and_backs_off) {
  World w([](drain_config& c) { c.max_backoff_iterations = 2; });
  ThreadDrainState* t = w.join(1);
  fill(w, t, 0, 5);
  w.answer = [](const drain_batch&) { return -1; };
  CHECK_EQ(w.turn().sink_failures, 1);
  CHECK_EQ(w.turn().batches, 0);  // back-off 1
  w.answer = [](const drain_batch& batch) { return batch.count + 1; };
  CHECK_EQ(w.turn().sink_failures, 1);
  CHECK_EQ(w.turn().batches, 0);  // back-off 2
  CHECK_EQ(w.turn().batches, 0);
  w.answer = [](const drain_batch&) { return 3; };
  CHECK_EQ(w.turn().delivered, 3);
  w.answer = [](const drain_batch& batch) { return batch.count; };
  CHECK_EQ(w.turn().delivered, 2);
  CHECK(is_run(w.delivered(1, DRAIN_INDEX_LANE), 0, 5));
  CHECK_EQ(w.metrics().sink_failures, 2);
}

TEST(a_partial_window_is_continued) {
  World w;
  ThreadDrainState* t = w.join(1);
  for (std::uint32_t i = 0; i < 8; ++i) w.detail(t, i);
  drain_mark(t);
  w.answer = [](const drain_batch& batch) { return batch.count > 1 ? 1 : 0; };
  CHECK_EQ(w.turn().delivered, 1);
  w.answer = [](const drain_batch&) { return 0; };
  CHECK_EQ(w.turn().delivered, 0);
  w.answer = [](const drain_batch& batch) { return batch.count; };
  w.turn();
  CHECK_EQ(w.turn().delivered, 3);
  CHECK(is_run(w.delivered(1, DRAIN_DETAIL_LANE), 4, 4));
}

TEST(threads_come_and_go) {
  World w;
  ThreadDrainState* t = w.join(1);
  fill(w, t, 0, 3);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_THREAD_LEFT);
  CHECK_EQ(w.index(t, 9), DRAIN_THREAD_LEFT);
  CHECK_EQ(w.turn().delivered, 3);
  CHECK(w.events == (std::vector<std::string>{"registered 1", "leaving 1", "reclaimed 1"}));
  ThreadDrainState* next = w.join(2);
  CHECK_EQ(thread_drain_state_slot(next), 0);
  CHECK_EQ(thread_drain_state_generation(next), 2);
  for (std::uint32_t i = 3; i <= 5; ++i) w.join(i);
  ThreadDrainState* none = nullptr;
  CHECK_EQ(register_thread_for_drain(w.registry, 6, 1, &none), DRAIN_REGISTRY_FULL);
  CHECK_EQ(register_thread_for_drain(w.registry, 6, 0, &none), DRAIN_INVALID_WEIGHT);
  CHECK_EQ(register_thread_for_drain(w.registry, 6, 1025, &none), DRAIN_INVALID_WEIGHT);
  CHECK_EQ(register_thread_with_priority(w.registry, 6, 1, 8, &none), DRAIN_INVALID_PRIORITY);
}

TEST(generations_skip_zero) {
  World w([](drain_config& c) { c.slots = 1; });
  std::size_t bytes = 0;
  auto* arena = static_cast<std::uint8_t*>(drain_iterator_arena(w.drain, &bytes));
  const std::uint32_t last = drainproof::state_word(drainproof::kGenerationMask, drainproof::SlotState::free);
  std::memcpy(arena + drainproof::Header::bytes, &last, 4);
  CHECK_EQ(thread_drain_state_generation(w.join(1)), 1);
}

TEST(the_dead_are_reclaimed_with_proof) {
  World w;
  ThreadDrainState* t = w.join(1);
  fill(w, t, 0, 2);
  w.detail(t, 0);
  World::Group g = w.group(1, 6, 2);
  drain_mark(t);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().skips, 1);
  CHECK_EQ(drain_declare_dead(w.drain, 0, 2), DRAIN_STALE_HANDLE);
  CHECK_EQ(drain_declare_dead(w.drain, 9, 1), DRAIN_STALE_HANDLE);
  CHECK_EQ(drain_declare_dead(w.drain, 0, 1), DRAIN_ACCEPTED);
  CHECK_EQ(drain_declare_dead(w.drain, 0, 1), DRAIN_ACCEPTED);
  CHECK_EQ(submit_queue_commit(t), DRAIN_STALE_HANDLE);
  CHECK_EQ(w.index(t, 3), DRAIN_STALE_HANDLE);
  const drain_iteration_result r = w.turn();
  CHECK_EQ(r.delivered, 3);
  CHECK_EQ(r.reclaimed, 1);
  CHECK_EQ(drain_declare_dead(w.drain, 0, 1), DRAIN_STALE_HANDLE);
  w.join(2);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);  // touches nothing: the slot has a new owner
  CHECK_EQ(w.metrics().threads, 1);
}

TEST(stop_delivers_everything_once) {
  World w([](drain_config& c) { c.quantum = 2; });
  for (std::uint32_t id = 1; id <= 3; ++id) fill(w, w.join(id), 0, 7);
  const drain_stop_result r = w.stop();
  CHECK_EQ(r.delivered, 21);
  CHECK_EQ(r.complete, 1);
  CHECK_EQ(w.index(w.states[0], 7), DRAIN_STOPPED);
  CHECK_EQ(deregister_thread_from_drain(w.states[0]), DRAIN_ACCEPTED);
  ThreadDrainState* late = nullptr;
  CHECK_EQ(register_thread_for_drain(w.registry, 9, 1, &late), DRAIN_STOPPED);
  CHECK_EQ(w.stop().complete, 1);
  for (std::uint32_t id = 1; id <= 3; ++id) CHECK(is_run(w.delivered(id, DRAIN_INDEX_LANE), 0, 7));
}

TEST(stop_counts_what_its_deadline_leaves) {
  World w;
  ThreadDrainState* t = w.join(1);
  ThreadDrainState* u = w.join(2);
  fill(w, t, 0, 3);
  for (std::uint32_t i = 0; i < 2; ++i) w.detail(t, i);
  drain_mark(t);
  World::Group g = w.group(1, 1);
  CHECK_EQ(submit_queue_begin(u, &g.group), DRAIN_ACCEPTED);
  w.answer = [](const drain_batch&) { return 0; };
  drain_stop_result r = w.stop(200'000'000);
  CHECK_EQ(r.complete, 0);
  CHECK_EQ(r.left_index, 3);
  CHECK_EQ(r.left_detail, 2);
  CHECK_EQ(w.pauses[0], 1'000'000);
  CHECK_EQ(w.pauses[1], 2'000'000);
  CHECK_EQ(w.pauses.back(), 50'000'000);
  const DrainMetrics m = w.metrics();
  CHECK_EQ(m.index.left, 3);
  CHECK_EQ(m.index.pending, 0);
  CHECK_EQ(submit_queue_commit(u), DRAIN_STOPPED);
  w.answer = [](const drain_batch& batch) { return batch.count; };
  r = w.stop();
  CHECK_EQ(r.complete, 1);
  CHECK_EQ(r.delivered, 5);
  CHECK_EQ(w.metrics().index.left, 0);
}

TEST(a_revoked_queue_of_a_dead_thread_is_freed) {
  World w;
  ThreadDrainState* t = w.join(1);
  World::Group g = w.group(1, 0);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
  CHECK_EQ(w.stop(0).complete, 0);
  CHECK_EQ(drain_declare_dead(w.drain, 0, 1), DRAIN_ACCEPTED);
  CHECK_EQ(w.stop().complete, 1);
}

TEST(the_sink_may_call_back) {
  World w;
  ThreadDrainState* t = w.join(1);
  ThreadDrainState* u = w.join(2);
  fill(w, t, 0, 2);
  fill(w, u, 0, 2);
  bool once = true;
  w.answer = [&](const drain_batch& batch) {
    if (once) {
      once = false;
      CHECK_EQ(w.turn().visits, 0);
      CHECK_EQ(w.stop().complete, 0);
      std::uint64_t delivered = 7;
      CHECK_EQ(drain_thread_lanes(w.drain, 0, 1, &delivered), DRAIN_ACCEPTED);
      CHECK_EQ(delivered, 0);
      CHECK_EQ(w.index(t, 2), DRAIN_ACCEPTED);
      CHECK_EQ(deregister_thread_from_drain(u), DRAIN_ACCEPTED);
      w.metrics();
    }
    return batch.count;
  };
  const drain_iteration_result r = w.turn();
  CHECK_EQ(r.delivered, 4);
  CHECK_EQ(r.reclaimed, 1);
  CHECK_EQ(w.turn().delivered, 1);
}

TEST(two_drains_share_an_arena) {
  World w;
  World* other = &w;
  std::size_t bytes = 0;
  void* memory = drain_iterator_arena(w.drain, &bytes);
  DrainIterator* second = nullptr;
  CHECK_EQ(drain_iterator_attach(&w.config, &w.callbacks, memory, bytes, &second), DRAIN_ACCEPTED);
  ThreadDrainState* t = w.join(1);
  ThreadDrainState* u = w.join(2);
  fill(w, t, 0, 2);
  fill(w, u, 0, 2);
  bool once = true;
  w.answer = [&](const drain_batch& batch) {
    if (once) {
      once = false;
      deregister_thread_from_drain(u);
      drain_iteration_result r{};
      drain_iteration(second, &r);
      CHECK_EQ(r.skips, 1);
      CHECK_EQ(r.reclaimed, 1);
    }
    return batch.count;
  };
  const drain_iteration_result r = w.turn();  // thread 2 is gone when its turn comes
  CHECK_EQ(r.delivered, 2);
  CHECK_EQ(r.visits, 2);
  other->join(3);
  w.turn();
  // The second drain finds the slot under a new generation, after the first one reclaimed thread 1.
  deregister_thread_from_drain(t);
  w.turn();
  CHECK_EQ(submit_queue_try_acquire_drain(second, thread_drain_state_slot(w.join(4))), DRAIN_ACCEPTED);
  drain_iteration(second, nullptr);
  drain_iterator_destroy(second);
}

TEST(waiting_ends_with_work_or_with_the_time) {
  World w;
  int work = 7;
  CHECK_EQ(drain_wait_for_work(w.drain, 2, &work), DRAIN_ACCEPTED);
  CHECK_EQ(work, 0);
  ThreadDrainState* t = w.join(1);
  drain_wait_for_work(w.drain, 0, &work);
  CHECK_EQ(work, 0);
  w.detail(t, 0);
  drain_wait_for_work(w.drain, 0, &work);
  CHECK_EQ(work, 0);
  drain_mark(t);
  drain_seal(t);
  drain_wait_for_work(w.drain, 1000, &work);
  CHECK_EQ(work, 1);
}

TEST(null_handles_are_refused) {
  World w;
  CHECK_EQ(drain_iteration(nullptr, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_stop(nullptr, 0, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_wait_for_work(nullptr, 0, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_declare_dead(nullptr, 0, 1), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_thread_lanes(nullptr, 0, 1, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(submit_queue_try_acquire_drain(nullptr, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(submit_queue_release_drain(nullptr, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_metrics(nullptr, nullptr, nullptr, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_metrics(w.drain, nullptr, nullptr, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(thread_registry_of(nullptr, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(register_thread_for_drain(nullptr, 1, 1, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(deregister_thread_from_drain(nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_emit_detail(nullptr, nullptr, 0, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(submit_queue_begin(nullptr, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(submit_queue_submit(nullptr, nullptr, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(submit_queue_commit(nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_mark(nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_seal(nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(register_thread_with_priority(nullptr, 1, 1, 1, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_set_weight(nullptr, 1), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_set_priority(nullptr, 1), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_configure(nullptr, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_configure(w.drain, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_iterator_config(nullptr, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_iterator_config(w.drain, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK(drain_iterator_arena(nullptr, nullptr) == nullptr);
  CHECK(drain_status_name(999) == nullptr);
  CHECK(drain_status_expected(1) != nullptr);
  CHECK(drain_status_action(1) != nullptr);
}
