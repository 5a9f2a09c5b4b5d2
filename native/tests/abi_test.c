/* The ABI as a C program sees it: nothing but drain.h. */
#include "../include/drain.h"

#include <stdio.h>
#include <string.h>

static int failures;
#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) {                                                    \
      ++failures;                                                          \
      printf("%s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #condition); \
    }                                                                      \
  } while (0)

struct counts {
  uint64_t index;
  uint64_t detail;
  int events;
  int stuck;
};

static int64_t write_batch(void* user, const drain_batch* batch) {
  struct counts* counts = user;
  size_t bytes = batch->span_bytes[0] + (batch->spans == 2 ? batch->span_bytes[1] : 0);
  CHECK(bytes == (size_t)batch->count * batch->record_bytes);
  if (batch->lane == DRAIN_INDEX_LANE)
    counts->index += batch->count;
  else
    counts->detail += batch->count;
  return batch->count;
}

static void on_event(void* user, const drain_thread_event* event) {
  struct counts* counts = user;
  counts->events += event->thread_id == 42;
  if (event->event == DRAIN_THREAD_QUEUE_STUCK) counts->stuck += event->held_ns >= 1;
}

int main(void) {
  struct counts counts = {0, 0, 0, 0};
  drain_config config;
  drain_callbacks callbacks = {write_batch, NULL, NULL, on_event, NULL};
  DrainIterator* iterator = NULL;
  ThreadRegistry* registry = NULL;
  ThreadDrainState* state = NULL;
  unsigned char index[DRAIN_INDEX_RECORD_BYTES] = {1};
  unsigned char detail[512] = {2};
  drain_group group = {index, sizeof index, detail, sizeof detail};
  drain_stop_result stopped;
  DrainMetrics metrics;
  drain_thread_metrics thread;
  int turns = 0;

  CHECK(drain_abi_version() == DRAIN_ABI_VERSION);
  CHECK(strcmp(drain_status_name(DRAIN_LANE_FULL), "LANE_FULL") == 0);
  drain_config_default(&config);
  drain_config_default(NULL);
  callbacks.user = &counts;
  config.slots = 0;
  CHECK(drain_iterator_create(&config, &callbacks, NULL, 0, &iterator) == DRAIN_INVALID_SLOTS);
  CHECK(strstr(drain_last_error_message(), "slots is 0") != NULL);
  config.slots = 2;
  CHECK(drain_iterator_create(&config, &callbacks, NULL, 0, &iterator) == DRAIN_ACCEPTED);
  CHECK(thread_registry_of(iterator, &registry) == DRAIN_ACCEPTED);
  CHECK(register_thread_with_priority(registry, 42, 1, DRAIN_PRIORITY_CLASSES, &state) == DRAIN_INVALID_PRIORITY);
  CHECK(register_thread_with_priority(registry, 42, 1, 3, &state) == DRAIN_ACCEPTED);
  CHECK(thread_drain_state_thread_id(state) == 42);
  CHECK(drain_emit_index(state, index, sizeof index, 0) == DRAIN_ACCEPTED);
  CHECK(drain_emit_index(state, index, 7, 0) == DRAIN_RECORD_SIZE);
  CHECK(submit_queue_submit(state, &group, 0) == DRAIN_ACCEPTED);
  CHECK(drain_mark(state) == DRAIN_ACCEPTED);
  CHECK(drain_iteration(iterator, NULL) == DRAIN_ACCEPTED);
  CHECK(drain_set_weight(state, 2) == DRAIN_ACCEPTED);
  CHECK(drain_set_priority(state, 7) == DRAIN_ACCEPTED);
  CHECK(drain_iterator_config(iterator, &config) == DRAIN_ACCEPTED);
  config.policy = DRAIN_PRIORITY;
  config.stuck_after_ns = 1;
  CHECK(drain_configure(iterator, &config) == DRAIN_ACCEPTED);
  CHECK(drain_metrics(iterator, &metrics, &thread, 1) == DRAIN_ACCEPTED);
  CHECK(thread.weight == 2 && thread.priority == 7 && thread.share == 1);
  CHECK(metrics.fairness.windows == 0 && metrics.fairness.quantum == config.quantum && metrics.fairness.batch == 0);
  CHECK(drain_emit_index(state, index, sizeof index, 0) == DRAIN_ACCEPTED);
  CHECK(submit_queue_begin(state, &group) == DRAIN_ACCEPTED);
  while (counts.stuck == 0 && ++turns < 1000000) drain_iteration(iterator, NULL);
  CHECK(counts.stuck == 1);
  CHECK(submit_queue_commit(state) == DRAIN_ACCEPTED);
  CHECK(deregister_thread_from_drain(state) == DRAIN_ACCEPTED);
  CHECK(deregister_thread_from_drain(state) == DRAIN_THREAD_LEFT);
  CHECK(drain_stop(iterator, DRAIN_DEFAULT_STOP_DEADLINE_NS, &stopped) == DRAIN_ACCEPTED);
  CHECK(stopped.complete == 1);
  CHECK(counts.index == 4 && counts.detail == 2 && counts.events == 4);
  CHECK(drain_metrics(iterator, &metrics, NULL, 0) == DRAIN_ACCEPTED);
  CHECK(metrics.index.delivered == 4 && metrics.threads == 0);
  /* The arena lives as long as one object over it does. */
  drain_iterator_destroy(iterator);
  CHECK(drain_emit_index(state, index, sizeof index, 0) == DRAIN_THREAD_LEFT);
  thread_drain_state_destroy(state);
  thread_registry_close(registry);
  thread_registry_close(NULL);
  printf("ABI: %d failed checks\n", failures);
  return failures != 0;
}
