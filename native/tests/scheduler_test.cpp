// Policies: whose turn it is, ageing, stuck queues, changes while running.
#include "world.hpp"

using check::World;
using Order = std::vector<std::uint32_t>;

namespace {

void fill(World& w, ThreadDrainState* t, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) CHECK_EQ(w.index(t, i), DRAIN_ACCEPTED);
}

// A world under `priority` with lanes that last for many turns.
void by_priority(drain_config& c) {
  c.policy = DRAIN_PRIORITY;
  c.slots = 8;
  c.index_capacity = 64;
  c.quantum = 2;
  c.age_after = 2;
}

}  // namespace

TEST(the_higher_class_comes_first) {
  World w(by_priority);
  fill(w, w.join(1, 1, 0), 8);
  fill(w, w.join(2, 1, 7), 8);
  fill(w, w.join(3, 1, 3), 8);
  CHECK(w.turn_order() == (Order{2, 3, 1}));
  CHECK(w.turn_order() == (Order{2, 3, 1}));
  CHECK_EQ(drain_set_priority(w.states[0], 7), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{2, 3, 1}));  // its place of this turn it had already
  CHECK(w.turn_order() == (Order{2, 1, 3}));
  std::vector<drain_thread_metrics> threads;
  w.metrics(&threads);
  CHECK_EQ(threads[0].priority, 7);
  CHECK_EQ(threads[2].priority, 3);
}

TEST(waiting_raises_until_it_is_served) {
  World w([](drain_config& c) {
    by_priority(c);
    c.max_iteration_visits = 1;
  });
  fill(w, w.join(1, 1, 0), 60);
  fill(w, w.join(2, 1, 2), 60);
  // Thread 1 rises after 2 iterations, and after 2 more: then it is behind thread 2 in its class, and before it next.
  CHECK(w.turn_order() == (Order{2}));
  CHECK(w.turn_order() == (Order{2}));
  CHECK(w.turn_order() == (Order{2}));
  CHECK(w.turn_order() == (Order{2}));
  CHECK(w.turn_order() == (Order{2}));
  CHECK(w.turn_order() == (Order{1}));
  CHECK(w.turn_order() == (Order{2}));  // and is back in its own
  CHECK_EQ(w.metrics().fairness.longest_wait, 5);
}

TEST(final_drains_take_every_other_turn) {
  World w(by_priority);
  for (std::uint32_t id = 1; id <= 3; ++id) fill(w, w.join(id, 1, 7), 20);
  for (std::uint32_t id = 4; id <= 6; ++id) fill(w, w.join(id, 1, 0), 20);
  w.turn();
  for (std::uint32_t i = 3; i < 6; ++i) deregister_thread_from_drain(w.states[i]);  // they wait in a level
  CHECK(w.turn_order() == (Order{4, 1, 5, 2, 6, 3}));
  ThreadDrainState* last = w.join(7);
  fill(w, last, 3);
  deregister_thread_from_drain(last);
  CHECK(w.turn_order() == (Order{4, 1, 5, 2, 6, 3, 7}));  // final drains and levels, turn by turn
}

TEST(a_skip_raises_by_a_class) {
  World w(by_priority);
  fill(w, w.join(1, 1, 0), 20);
  fill(w, w.join(2, 1, 1), 20);
  World::Group g = w.group(1, 0, 20);
  CHECK_EQ(submit_queue_begin(w.states[0], &g.group), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{2}));  // thread 1 is in class 1 now, behind thread 2
  CHECK_EQ(submit_queue_commit(w.states[0]), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{2, 1}));
  CHECK(w.turn_order() == (Order{2, 1}));
  deregister_thread_from_drain(w.states[0]);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().skips, 1);  // a final drain that is skipped stays one
  CHECK_EQ(submit_queue_release_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{1, 2}));
}

TEST(a_held_queue_is_reported_once_for_each_row) {
  World w([](drain_config& c) {
    c.stuck_after_ns = 500;
    c.max_skips = 0;
  });
  ThreadDrainState* t = w.join(1);
  fill(w, t, 3);
  w.turn();
  fill(w, t, 3);
  World::Group g = w.group(1, 0, 3);
  for (int row = 0; row < 2; ++row) {
    CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
    w.events.clear();
    for (int i = 0; i < 8; ++i) {
      CHECK_EQ(w.turn().skips, 1);
      w.time += 200;
    }
    CHECK(w.events == (std::vector<std::string>{"queue-stuck 1 for 600"}));
    CHECK_EQ(submit_queue_commit(t), DRAIN_ACCEPTED);
    w.turn();
    fill(w, t, 1);
  }
  w.configure([](drain_config& c) { c.stuck_after_ns = 0; });
  w.events.clear();
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
  for (int i = 0; i < 8; ++i) {
    w.turn();
    w.time += 1'000'000;
  }
  CHECK(w.events.empty());
}

TEST(a_weight_counts_from_the_next_turn_on) {
  World w([](drain_config& c) {
    c.policy = DRAIN_WEIGHTED_FAIR;
    c.index_capacity = 64;
    c.quantum = 2;
  });
  ThreadDrainState* t = w.join(1, 1);
  fill(w, t, 40);
  CHECK_EQ(w.turn().delivered, 2);
  CHECK_EQ(drain_set_weight(t, 4), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 8);
  CHECK_EQ(drain_set_weight(t, 0), DRAIN_INVALID_WEIGHT);
  CHECK_EQ(drain_set_weight(t, 1025), DRAIN_INVALID_WEIGHT);
  CHECK_EQ(drain_set_priority(t, 8), DRAIN_INVALID_PRIORITY);
  World::Group g = w.group(1, 0, 40);
  CHECK_EQ(submit_queue_begin(t, &g.group), DRAIN_ACCEPTED);
  CHECK_EQ(drain_set_weight(t, 3), DRAIN_ACCEPTED);  // inside a submit too
  CHECK_EQ(submit_queue_commit(t), DRAIN_ACCEPTED);
  CHECK_EQ(w.turn().delivered, 6);
  std::vector<drain_thread_metrics> threads;
  w.metrics(&threads);
  CHECK_EQ(threads[0].weight, 3);
  CHECK_EQ(deregister_thread_from_drain(t), DRAIN_ACCEPTED);
  CHECK_EQ(drain_set_weight(t, 3), DRAIN_THREAD_LEFT);
  CHECK_EQ(drain_set_priority(t, 3), DRAIN_THREAD_LEFT);
  ThreadDrainState* dead = w.join(2);
  CHECK_EQ(drain_declare_dead(w.drain, thread_drain_state_slot(dead), 1), DRAIN_ACCEPTED);
  CHECK_EQ(drain_set_weight(dead, 3), DRAIN_STALE_HANDLE);
  ThreadDrainState* last = w.join(3);
  w.stop();
  CHECK_EQ(drain_set_priority(last, 3), DRAIN_STOPPED);
}

TEST(rules_change_between_iterations) {
  World w([](drain_config& c) {
    c.quantum = 2;
    c.index_capacity = 64;
    c.slots = 8;
    c.max_skips = 0;
  });
  for (std::uint32_t id = 1; id <= 5; ++id) fill(w, w.join(id, 1, id), 30);
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 4), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{1, 2, 3, 4}));  // thread 5 is first in the next iteration
  CHECK_EQ(submit_queue_release_drain(w.drain, 4), DRAIN_ACCEPTED);
  deregister_thread_from_drain(w.states[1]);
  CHECK_EQ(w.configure([](drain_config& c) { c.policy = DRAIN_PRIORITY; }), DRAIN_ACCEPTED);
  CHECK(w.turn_order() == (Order{2, 5, 4, 3, 1}));
  w.answer = [&](const drain_batch& batch) {
    if (batch.thread_id == 2)
      CHECK_EQ(w.configure([](drain_config& c) { c.policy = DRAIN_ROUND_ROBIN, c.quantum = 5; }), DRAIN_ACCEPTED);
    drain_config now;
    drain_iterator_config(w.drain, &now);
    CHECK_EQ(now.policy, DRAIN_PRIORITY);  // until this iteration is over
    CHECK_EQ(batch.count, 2);
    return batch.count;
  };
  CHECK(w.turn_order() == (Order{2, 5, 4, 3, 1}));
  w.answer = [](const drain_batch& batch) { return batch.count; };
  CHECK(w.turn_order() == (Order{2, 5, 4, 3, 1}));  // finals first, then the classes from the highest down
  CHECK_EQ(w.batches.back().batch.count, 5);
  CHECK_EQ(w.metrics().fairness.quantum, 5);
  CHECK_EQ(w.configure([](drain_config& c) { c.slots = 9; }), DRAIN_INVALID_ARGUMENT);
  CHECK(std::string(drain_last_error_message()).find("slots cannot be changed to 9: the arena fixes it") !=
        std::string::npos);
  CHECK_EQ(w.configure([](drain_config& c) { c.quantum = 0; }), DRAIN_INVALID_QUANTUM);
  CHECK_EQ(w.metrics().fairness.quantum, 5);
}

TEST(rules_change_after_a_batch_by_hand_and_after_a_stop) {
  World w([](drain_config& c) { c.quantum = 2; });
  ThreadDrainState* t = w.join(1);
  fill(w, t, 6);
  w.answer = [&](const drain_batch& batch) {
    CHECK_EQ(w.configure([](drain_config& c) { c.quantum = 3; }), DRAIN_ACCEPTED);
    CHECK_EQ(w.metrics().fairness.quantum, 2);
    return batch.count;
  };
  CHECK_EQ(submit_queue_try_acquire_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK_EQ(drain_thread_lanes(w.drain, 0, 1, nullptr), DRAIN_ACCEPTED);
  CHECK_EQ(submit_queue_release_drain(w.drain, 0), DRAIN_ACCEPTED);
  CHECK_EQ(w.metrics().fairness.quantum, 3);
  w.answer = [&](const drain_batch& batch) {
    w.configure([](drain_config& c) { c.quantum = 4; });
    return batch.count;
  };
  CHECK_EQ(w.stop().complete, 1);
  CHECK_EQ(w.batches.back().batch.count, 2);  // 3 in the first pass, what is left in the second
  CHECK_EQ(w.metrics().fairness.quantum, 4);
}
