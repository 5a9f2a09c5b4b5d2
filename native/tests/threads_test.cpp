// Real threads: exactly once and in order, churn, stop racing emits, the drain's own thread.
#include <atomic>
#include <thread>

#include "../core/clock.hpp"
#include "../load/pattern.hpp"
#include "../load/producers.hpp"
#include "world.hpp"

using drainproof::load::Ending;
using drainproof::load::Life;
using drainproof::load::ProducerGroup;
using drainproof::load::Program;

namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint32_t kScale = 10;
#else
constexpr std::uint32_t kScale = 1;
#endif

// A sink that checks every record against the pattern and the order of its thread and lane.
struct Strict {
  struct Seen {
    std::uint64_t index = 0, detail = 0;
    std::uint32_t next_index = 0;
    std::int64_t last_detail = -1;
  };
  std::map<std::uint32_t, Seen> threads;
  std::uint64_t bad = 0;
  bool gaps = false;  // sequences may be missing (drop)

  static std::int64_t sink(void* user, const drain_batch* batch) {
    auto* self = static_cast<Strict*>(user);
    Seen& seen = self->threads[batch->thread_id];
    for (std::uint32_t span = 0; span < batch->spans; ++span)
      for (std::size_t at = 0; at < batch->span_bytes[span]; at += batch->record_bytes)
        self->judge(seen, *batch, batch->span[span] + at);
    return batch->count;
  }
  void judge(Seen& seen, const drain_batch& batch, const std::uint8_t* record) {
    std::uint32_t words[16] = {};
    std::uint32_t expected[16] = {};
    std::memcpy(words, record, batch.record_bytes);
    if (batch.lane == DRAIN_INDEX_LANE) {
      const std::int64_t join = words[7] == 0 ? std::int64_t{words[6]} : drainproof::load::kNoJoin;
      drainproof::load::fill_index_pattern(expected, batch.thread_id, words[0], join);
      if (gaps ? words[0] < seen.next_index : words[0] != seen.next_index) ++bad;
      seen.next_index = words[0] + 1;
      ++seen.index;
    } else {
      drainproof::load::fill_detail_pattern(expected, batch.record_bytes / 4, batch.thread_id, words[0]);
      if (words[0] <= seen.last_detail) ++bad;
      seen.last_detail = words[0];
      ++seen.detail;
    }
    if (std::memcmp(words, expected, batch.record_bytes) != 0) ++bad;
  }
};

struct Race {
  Strict strict;
  drain_config config;
  DrainIterator* drain = nullptr;
  ProducerGroup* group = nullptr;

  explicit Race(void (*change)(drain_config&)) {
    drain_config_default(&config);
    config.slots = 8;
    config.detail_record_bytes = 64;
    config.initial_cursor = 0xffffffffu - 1000;
    change(config);
    const drain_callbacks callbacks{&Strict::sink, nullptr, nullptr, nullptr, &strict};
    CHECK_EQ(drain_iterator_create(&config, &callbacks, nullptr, 0, &drain), DRAIN_ACCEPTED);
  }
  ~Race() {
    delete group;
    drain_iterator_destroy(drain);
  }
  void start(const std::vector<Program>& programs) {
    std::size_t bytes = 0;
    void* memory = drain_iterator_arena(drain, &bytes);
    CHECK_EQ(ProducerGroup::start(memory, bytes, programs, &group), DRAIN_ACCEPTED);
  }
  // Turns until the producers have ended and nothing is left, at most 120 s.
  void turn_until_done() {
    const std::uint64_t end = drainproof::real_now_ns() + 120'000'000'000;
    for (;;) {
      const bool done = group->done();
      drain_iteration_result r{};
      drain_iteration(drain, &r);
      if (done && r.visits == 0 && r.skips == 0) return;
      if (r.delivered == 0) drain_wait_for_work(drain, 1, nullptr);
      if (drainproof::real_now_ns() > end) break;
    }
    CHECK(!"the race did not end");
  }
  // What producers were told was accepted is what the sink saw.
  void settle(std::uint64_t* accepted_index) {
    *accepted_index = 0;
    for (const Life& life : group->lives()) {
      std::uint64_t accepted = 0;
      for (const auto& run : life.index)
        if (run.outcome == DRAIN_ACCEPTED) accepted += run.count;
      CHECK_EQ(strict.threads[life.thread_id].index, accepted);
      *accepted_index += accepted;
    }
    CHECK_EQ(strict.bad, 0);
    DrainMetrics m{};
    drain_metrics(drain, &m, nullptr, 0);
    CHECK_EQ(m.index.accepted, *accepted_index);
    CHECK_EQ(m.index.delivered, *accepted_index);
    CHECK_EQ(m.detail.accepted, m.detail.delivered + m.detail.pending + m.detail.evicted + m.detail.left);
  }
};

Program program(std::uint32_t id, std::uint32_t events) {
  Program p;
  p.thread_id = id;
  p.events = events;
  return p;
}

}  // namespace

TEST(eight_threads_exactly_once_in_order) {
  Race race([](drain_config&) {});
  std::vector<Program> programs;
  for (std::uint32_t i = 0; i < 8; ++i) programs.push_back(program(i, 100'000 / kScale));
  race.start(programs);
  race.turn_until_done();
  std::uint64_t accepted = 0;
  race.settle(&accepted);
  CHECK_EQ(accepted, 800'000 / kScale);
}

TEST(joined_pairs_and_marks) {
  Race race([](drain_config& c) { c.index_capacity = 64; });
  std::vector<Program> programs;
  for (std::uint32_t i = 0; i < 4; ++i) {
    programs.push_back(program(i, 20'000 / kScale));
    programs.back().detail_every = 5;
    programs.back().mark_every = 16;
    programs.back().drop = i % 2 == 1;
  }
  race.strict.gaps = true;
  race.start(programs);
  race.turn_until_done();
  std::uint64_t accepted = 0;
  race.settle(&accepted);
  // Threads that drop may have found the lane full at every pair.
  for (const Life& life : race.group->lives())
    CHECK(life.thread_id % 2 == 1 || (!life.marks.empty() && !life.joins.empty()));
}

TEST(churn_reuses_the_slots) {
  Race race([](drain_config& c) {
    c.slots = 3;
    c.index_capacity = 16;
  });
  std::vector<Program> programs;
  for (std::uint32_t i = 0; i < 6; ++i) {
    programs.push_back(program(i * 1000, 50));
    programs.back().lives = 200 / kScale;
    programs.back().pause_us = i == 0 ? 1 : 0;
  }
  race.start(programs);
  race.turn_until_done();
  std::uint64_t accepted = 0;
  race.settle(&accepted);
  CHECK_EQ(accepted, 6 * 50 * (200 / kScale));
}

TEST(stop_races_emits) {
  for (int round = 0; round < 20; ++round) {
    Race race([](drain_config& c) { c.detail_capacity = 16; });
    std::vector<Program> programs;
    for (std::uint32_t i = 0; i < 6; ++i) {
      programs.push_back(program(i, 1'000'000'000));
      programs.back().lives = 3;
      programs.back().detail_every = i % 2 == 0 ? 3 : 0;
      programs.back().mark_every = 2;
      programs.back().ending = Ending::vanish;
    }
    race.start(programs);
    for (int i = 0; i < 50; ++i) {
      drain_iteration(race.drain, nullptr);
      if (i % 10 == 0) std::this_thread::yield();
    }
    drain_stop_result r{};
    drain_stop(race.drain, 60'000'000'000, &r);
    CHECK_EQ(r.complete, 1);
    while (!race.group->done()) std::this_thread::yield();
    std::uint64_t accepted = 0;
    race.settle(&accepted);
    for (const Life& life : race.group->lives()) CHECK(life.ended == Ending::stopped);
  }
}

TEST(the_drains_own_thread) {
  Race race([](drain_config&) {});
  CHECK_EQ(drain_thread_join(race.drain, 0, nullptr), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_thread_start(race.drain, 0), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_thread_start(race.drain, 5), DRAIN_ACCEPTED);
  CHECK_EQ(drain_thread_start(race.drain, 5), DRAIN_INVALID_ARGUMENT);
  CHECK_EQ(drain_iteration(race.drain, nullptr), DRAIN_INVALID_ARGUMENT);
  std::vector<Program> programs;
  for (std::uint32_t i = 0; i < 3; ++i) {
    programs.push_back(program(i, 20'000 / kScale));
    programs.back().ending = Ending::stay;
  }
  programs.push_back(program(9, 5));
  programs.back().pause_us = 3000;
  race.start(programs);
  while (!race.group->done()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  drain_stop_result r{};
  CHECK_EQ(drain_thread_join(race.drain, 5'000'000'000, &r), DRAIN_ACCEPTED);
  CHECK_EQ(r.complete, 1);
  std::uint64_t accepted = 0;
  race.settle(&accepted);
  CHECK_EQ(accepted, 60'000 / kScale + 5);
  DrainMetrics m{};
  drain_metrics(race.drain, &m, nullptr, 0);
  CHECK(m.wakeups > 0);
  CHECK_EQ(drain_thread_start(race.drain, 5), DRAIN_ACCEPTED);  // ended by destroy
}

TEST(a_waiting_emit_is_let_in) {
  Race race([](drain_config& c) {
    c.index_capacity = 2;
    c.slots = 1;
  });
  ThreadRegistry* registry = nullptr;
  ThreadDrainState* state = nullptr;
  thread_registry_of(race.drain, &registry);
  CHECK_EQ(register_thread_for_drain(registry, 1, 1, &state), DRAIN_ACCEPTED);
  drain_thread_start(race.drain, 1);
  std::uint32_t words[8];
  for (std::uint32_t i = 0; i < 1000; ++i) {
    drainproof::load::fill_index_pattern(words, 1, i);
    CHECK_EQ(drain_emit_index(state, words, sizeof words, 10'000), DRAIN_ACCEPTED);
  }
  drain_thread_join(race.drain, 5'000'000'000, nullptr);
  CHECK_EQ(race.strict.threads[1].index, 1000);
  CHECK_EQ(race.strict.bad, 0);
  thread_drain_state_destroy(state);
  thread_registry_close(registry);
}

// Each event is emitted when the one before was delivered: so the drain clears the thread's ready bit, and looks once
// more, just when the next one comes. Nobody registers or leaves meanwhile: what is overlooked stays.
// Looks at the stamped records of an open loop.
struct Stamps {
  std::map<std::uint32_t, std::uint32_t> next;
  std::uint64_t bad = 0, late = 0, last_ns = 0;

  static std::int64_t sink(void* user, const drain_batch* batch) {
    auto* self = static_cast<Stamps*>(user);
    for (std::uint32_t span = 0; span < batch->spans; ++span)
      for (std::size_t at = 0; at < batch->span_bytes[span]; at += batch->record_bytes)
        self->judge(batch->thread_id, batch->span[span] + at);
    return batch->count;
  }
  void judge(std::uint32_t thread, const std::uint8_t* record) {
    std::uint32_t words[8];
    std::uint32_t expected[8];
    std::memcpy(words, record, sizeof words);
    const std::uint64_t stamp = (std::uint64_t{words[1]} << 32) | words[0];
    const std::uint64_t steps = words[5] >> 16;
    drainproof::load::fill_stamped(expected, thread, next[thread]++, stamp, steps * 10'000);
    if (std::memcmp(words, expected, sizeof words) != 0 || stamp > drainproof::real_now_ns()) ++bad;
    late += steps;
    last_ns = std::max(last_ns, stamp);
  }
};

TEST(an_open_loop_keeps_its_schedule) {
  Stamps stamps;
  drain_config config;
  drain_config_default(&config);
  config.slots = 4;
  config.index_capacity = 4;  // less than a tick: threads wait for room, and what was due meanwhile keeps its time
  config.detail_capacity = 0;
  const drain_callbacks callbacks{&Stamps::sink, nullptr, nullptr, nullptr, &stamps};
  DrainIterator* drain = nullptr;
  CHECK_EQ(drain_iterator_create(&config, &callbacks, nullptr, 0, &drain), DRAIN_ACCEPTED);
  std::size_t bytes = 0;
  void* memory = drain_iterator_arena(drain, &bytes);
  std::vector<Program> programs(3);
  const std::uint64_t begin = drainproof::real_now_ns() + 20'000'000;
  for (std::uint32_t i = 0; i < 3; ++i) {
    programs[i].thread_id = i + 1;
    programs[i].rate = 800;  // 8 at each tick
    programs[i].tick_ns = 10'000'000;
    programs[i].begin_ns = begin;
    programs[i].end_ns = begin + 100'000'000;
  }
  ProducerGroup* group = nullptr;
  CHECK_EQ(ProducerGroup::start(memory, bytes, programs, &group), DRAIN_ACCEPTED);
  const std::uint64_t give_up = drainproof::real_now_ns() + 120'000'000'000;
  drain_iteration_result r{};
  for (bool done = false; !done || r.delivered > 0;) {
    done = group->done();
    drain_iteration(drain, &r);
    if (r.delivered == 0) drain_wait_for_work(drain, 1, nullptr);
    CHECK(drainproof::real_now_ns() < give_up);
  }
  for (const Life& life : group->lives()) {
    std::uint64_t accepted = 0, attempted = 0;
    for (const auto& run : life.index) {
      attempted += run.count;
      if (run.outcome == DRAIN_ACCEPTED) accepted += run.count;
    }
    // ten ticks; what found no room before the end was refused
    CHECK(attempted <= 80 && accepted >= 1);
    CHECK_EQ(stamps.next[life.thread_id], accepted);
    CHECK(life.ended == Ending::leave);
  }
  CHECK_EQ(stamps.bad, 0);
  CHECK(stamps.last_ns < begin + 120'000'000'000);
  delete group;

  // one that is told to end does so where it is
  for (Program& one : programs) one.end_ns = give_up;
  CHECK_EQ(ProducerGroup::start(memory, bytes, programs, &group), DRAIN_ACCEPTED);
  group->halt();
  while (!group->done()) {
    drain_iteration(drain, &r);
    CHECK(drainproof::real_now_ns() < give_up);
  }
  delete group;
  drain_iterator_destroy(drain);
}

TEST(no_event_slips_past_a_ready_bit) {
  struct Counter {
    std::atomic<std::uint32_t> delivered[2]{};
    std::uint32_t count() const { return delivered[0].load() + delivered[1].load(); }
    static std::int64_t sink(void* user, const drain_batch* batch) {
      // Pairs with the load in the producer's loop.
      static_cast<Counter*>(user)->delivered[batch->thread_id].fetch_add(batch->count, std::memory_order_release);
      return batch->count;
    }
  } counter;
  drain_config config;
  drain_config_default(&config);
  config.slots = 64;
  config.policy = DRAIN_PRIORITY;
  const drain_callbacks callbacks{&Counter::sink, nullptr, nullptr, nullptr, &counter};
  DrainIterator* drain = nullptr;
  ThreadRegistry* registry = nullptr;
  CHECK_EQ(drain_iterator_create(&config, &callbacks, nullptr, 0, &drain), DRAIN_ACCEPTED);
  CHECK_EQ(thread_registry_of(drain, &registry), DRAIN_ACCEPTED);
  constexpr std::uint32_t kEvents = 50'000 / kScale;
  const std::uint64_t end = drainproof::real_now_ns() + 120'000'000'000;
  std::vector<std::thread> threads;
  std::vector<ThreadDrainState*> states(2);
  for (std::uint32_t id = 0; id < 2; ++id)
    CHECK_EQ(register_thread_for_drain(registry, id, 1, &states[id]), DRAIN_ACCEPTED);
  for (std::uint32_t id = 0; id < 2; ++id)
    threads.emplace_back([&, id] {
      std::uint32_t words[8] = {};
      for (std::uint32_t i = 1; i <= kEvents; ++i) {
        for (std::uint32_t wait = 0; wait < i % 32; ++wait) drain_set_priority(states[id], wait % 8);
        drain_emit_index(states[id], words, sizeof words, 0);
        // Without giving way at first, so that the next event comes while the drain is still at the end of the visit.
        for (unsigned spins = 0; counter.delivered[id].load(std::memory_order_acquire) < i; ++spins) {
          if (spins < 1000) continue;
          if (drainproof::real_now_ns() > end) return;
          std::this_thread::yield();
        }
      }
    });
  while (counter.count() < 2 * kEvents && drainproof::real_now_ns() < end) {
    drain_iteration_result r{};
    drain_iteration(drain, &r);
    if (r.delivered == 0) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& delivered : counter.delivered) CHECK_EQ(delivered.load(), kEvents);
  for (ThreadDrainState* state : states) thread_drain_state_destroy(state);
  thread_registry_close(registry);
  drain_iterator_destroy(drain);
}

TEST(producers_refuse_a_bad_arena) {
  std::uint64_t memory[64] = {};
  ProducerGroup* group = nullptr;
  CHECK_EQ(ProducerGroup::start(memory, sizeof memory, {}, &group), DRAIN_ARENA_FOREIGN);
}
