// A drain with its registry, a sink that remembers, and a clock of its own.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "../load/pattern.hpp"
#include "check.hpp"

namespace check {

struct Seen {
  drain_batch batch;
  std::vector<std::uint32_t> sequences;
  std::int64_t acknowledged;
};

struct World {
  drain_config config;
  drain_callbacks callbacks{};
  DrainIterator* drain = nullptr;
  ThreadRegistry* registry = nullptr;
  std::vector<Seen> batches;
  std::vector<std::string> events;
  std::vector<std::uint64_t> pauses;
  std::vector<ThreadDrainState*> states;
  std::uint64_t time = 1000;
  std::uint64_t sink_cost = 0;
  std::size_t told = 0;  // batches that order() has told of
  // What the sink answers; also the place to act while a batch is being delivered.
  std::function<std::int64_t(const drain_batch&)> answer = [](const drain_batch& batch) { return batch.count; };

  explicit World(const std::function<void(drain_config&)>& change = [](drain_config&) {}) {
    drain_config_default(&config);
    config.slots = 4;
    config.index_capacity = 8;
    config.detail_capacity = 16;
    config.detail_record_bytes = 32;
    config.window_records = 4;
    change(config);
    callbacks = {&World::sink, &World::now, &World::pause, &World::event, this};
    CHECK_EQ(drain_iterator_create(&config, &callbacks, nullptr, 0, &drain), DRAIN_ACCEPTED);
    CHECK_EQ(thread_registry_of(drain, &registry), DRAIN_ACCEPTED);
  }
  ~World() {
    for (ThreadDrainState* state : states) thread_drain_state_destroy(state);
    thread_registry_close(registry);
    drain_iterator_destroy(drain);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  static std::int64_t sink(void* user, const drain_batch* batch) {
    auto* world = static_cast<World*>(user);
    world->time += world->sink_cost;
    Seen seen{*batch, {}, 0};
    for (std::uint32_t span = 0; span < batch->spans; ++span)
      for (std::size_t at = 0; at < batch->span_bytes[span]; at += batch->record_bytes) {
        std::uint32_t sequence = 0;
        std::memcpy(&sequence, batch->span[span] + at, sizeof sequence);
        seen.sequences.push_back(sequence);
      }
    CHECK_EQ(seen.sequences.size(), batch->count);
    seen.acknowledged = world->answer(*batch);
    world->batches.push_back(seen);
    return seen.acknowledged;
  }
  static std::uint64_t now(void* user) { return static_cast<World*>(user)->time; }
  static void pause(void* user, std::uint64_t ns) {
    auto* world = static_cast<World*>(user);
    world->time += ns;
    world->pauses.push_back(ns);
  }
  static void event(void* user, const drain_thread_event* event) {
    const char* const names[] = {"registered", "leaving", "reclaimed", "queue-stuck"};
    std::string text = std::string(names[event->event]) + " " + std::to_string(event->thread_id);
    if (event->held_ns > 0) text += " for " + std::to_string(event->held_ns);
    static_cast<World*>(user)->events.push_back(text);
  }

  ThreadDrainState* join(std::uint32_t thread, std::uint32_t weight = 1, std::uint32_t priority = 0) {
    ThreadDrainState* state = nullptr;
    CHECK_EQ(register_thread_with_priority(registry, thread, weight, priority, &state), DRAIN_ACCEPTED);
    states.push_back(state);
    return state;
  }
  drain_status index(ThreadDrainState* state, std::uint32_t sequence, std::uint32_t timeout_ms = 0) {
    std::uint32_t words[8];
    drainproof::load::fill_index_pattern(words, thread_drain_state_thread_id(state), sequence);
    return drain_emit_index(state, words, sizeof words, timeout_ms);
  }
  drain_status detail(ThreadDrainState* state, std::uint32_t sequence, std::uint32_t timeout_ms = 0) {
    std::vector<std::uint32_t> words(config.detail_record_bytes / 4);
    drainproof::load::fill_detail_pattern(words.data(), config.detail_record_bytes / 4,
                                          thread_drain_state_thread_id(state), sequence);
    return drain_emit_detail(state, words.data(), config.detail_record_bytes, timeout_ms);
  }
  // A group of records that are zero but for their sequence.
  struct Group {
    std::vector<std::uint32_t> index, detail;
    drain_group group;
  };
  Group group(std::uint32_t index_count, std::uint32_t detail_count, std::uint32_t from = 0) {
    Group g;
    g.index.resize(index_count * 8);
    g.detail.resize(detail_count * config.detail_record_bytes / 4);
    for (std::uint32_t i = 0; i < index_count; ++i) g.index[i * 8] = from + i;
    for (std::uint32_t i = 0; i < detail_count; ++i) g.detail[i * config.detail_record_bytes / 4] = from + i;
    g.group = {g.index.data(), g.index.size() * 4, g.detail.data(), g.detail.size() * 4};
    return g;
  }
  drain_iteration_result turn() {
    drain_iteration_result result{};
    CHECK_EQ(drain_iteration(drain, &result), DRAIN_ACCEPTED);
    return result;
  }
  // The threads of the batches since the last call, in order.
  std::vector<std::uint32_t> order() {
    std::vector<std::uint32_t> threads;
    for (; told < batches.size(); ++told) threads.push_back(batches[told].batch.thread_id);
    return threads;
  }
  // The same of one iteration.
  std::vector<std::uint32_t> turn_order() {
    told = batches.size();
    turn();
    return order();
  }
  drain_status configure(const std::function<void(drain_config&)>& change) {
    drain_config asked;
    CHECK_EQ(drain_iterator_config(drain, &asked), DRAIN_ACCEPTED);
    change(asked);
    return drain_configure(drain, &asked);
  }
  drain_stop_result stop(std::uint64_t deadline_ns = 1'000'000'000) {
    drain_stop_result result{};
    CHECK_EQ(drain_stop(drain, deadline_ns, &result), DRAIN_ACCEPTED);
    return result;
  }
  DrainMetrics metrics(std::vector<drain_thread_metrics>* threads = nullptr) {
    DrainMetrics total{};
    drain_thread_metrics list[16];
    CHECK_EQ(drain_metrics(drain, &total, list, 16), DRAIN_ACCEPTED);
    for (const drain_lane_ledger& l : {total.index, total.detail}) {
      CHECK_EQ(l.attempted, l.accepted + l.rejected);
      CHECK_EQ(l.accepted, l.delivered + l.pending + l.evicted + l.left);
    }
    if (threads) threads->assign(list, list + total.threads);
    return total;
  }
  // All sequences delivered for a thread and lane, those that were not acknowledged left out.
  std::vector<std::uint32_t> delivered(std::uint32_t thread, drain_lane lane) const {
    std::vector<std::uint32_t> all;
    for (const Seen& seen : batches)
      if (seen.batch.thread_id == thread && seen.batch.lane == lane && seen.acknowledged > 0 &&
          seen.acknowledged <= std::int64_t{seen.batch.count})
        all.insert(all.end(), seen.sequences.begin(), seen.sequences.begin() + seen.acknowledged);
    return all;
  }
};

inline bool is_run(const std::vector<std::uint32_t>& sequences, std::uint32_t from, std::uint32_t count) {
  if (sequences.size() != count) return false;
  for (std::uint32_t i = 0; i < count; ++i)
    if (sequences[i] != from + i) return false;
  return true;
}

}  // namespace check
