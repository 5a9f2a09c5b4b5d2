// The C ABI: checks arguments and hands on.
#include "config.hpp"
#include "error.hpp"
#include "handles.hpp"

using drainproof::Arena;
using drainproof::fail;

namespace {

// nullptr with its message set unless this thread may use the drain now.
drain_status check_drain(const DrainIterator* drain) {
  if (drain == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the iterator is NULL");
  if (drain->thread.joinable()) return fail(DRAIN_INVALID_ARGUMENT, "the iterator's own thread is running");
  return DRAIN_ACCEPTED;
}

drain_status check_create(const drain_config* config, const drain_callbacks* callbacks, DrainIterator** out) {
  if (config == nullptr || callbacks == nullptr || callbacks->sink == nullptr || out == nullptr)
    return fail(DRAIN_INVALID_ARGUMENT, "config, callbacks, sink or iterator is NULL");
  return drainproof::check_config(*config);
}

drain_status null_state() {
  return fail(DRAIN_INVALID_ARGUMENT, "the thread's handle is NULL");
}

drain_status compare_geometry(const drain_config& asked, const drain_config& held) {
  if (asked.slots > held.slots)
    return fail(DRAIN_ARENA_TOO_SMALL,
                std::to_string(asked.slots) + " slots asked, the arena holds " + std::to_string(held.slots));
  const struct {
    const char* name;
    std::uint32_t asked, held;
  } fields[] = {{"slots", asked.slots, held.slots},
                {"indexCapacity", asked.index_capacity, held.index_capacity},
                {"detailCapacity", asked.detail_capacity, held.detail_capacity},
                {"detailRecordBytes", asked.detail_record_bytes, held.detail_record_bytes},
                {"windowRecords", asked.window_records, held.window_records},
                {"preRoll", asked.pre_roll, held.pre_roll},
                {"postRoll", asked.post_roll, held.post_roll},
                {"initialCursor", asked.initial_cursor, held.initial_cursor}};
  for (const auto& field : fields)
    if (field.asked != field.held)
      return fail(DRAIN_ARENA_MISMATCH, std::string(field.name) + " is " + std::to_string(field.asked) +
                                            ", the arena has " + std::to_string(field.held));
  return DRAIN_ACCEPTED;
}

}  // namespace

extern "C" {

uint32_t drain_abi_version(void) {
  return DRAIN_ABI_VERSION;
}

const char* drain_status_name(int status) {
  const drainproof::ErrorRow* row = drainproof::error_row(status);
  return row ? row->name : nullptr;
}
const char* drain_status_expected(int status) {
  const drainproof::ErrorRow* row = drainproof::error_row(status);
  return row ? row->expected : nullptr;
}
const char* drain_status_action(int status) {
  const drainproof::ErrorRow* row = drainproof::error_row(status);
  return row ? row->action : nullptr;
}
const char* drain_last_error_message(void) {
  return drainproof::last_message().c_str();
}

void drain_config_default(drain_config* config) {
  if (config) *config = drainproof::default_config();
}
drain_status drain_config_check(const drain_config* config) {
  return config ? drainproof::check_config(*config) : fail(DRAIN_INVALID_ARGUMENT, "the configuration is NULL");
}
uint64_t drain_arena_bytes(const drain_config* config) {
  if (drain_config_check(config) != DRAIN_ACCEPTED) return 0;
  const std::uint64_t bytes = drainproof::geometry_of(*config).arena_bytes;
  return bytes >> 32 == 0 ? bytes : 0;
}
drain_status drain_arena_read_config(void* memory, size_t bytes, drain_config* config) {
  if (config == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the configuration is NULL");
  return drainproof::read_header(memory, bytes, config);
}

drain_status drain_iterator_create(const drain_config* config, const drain_callbacks* callbacks, void* memory,
                                   size_t bytes, DrainIterator** out) {
  if (const drain_status status = check_create(config, callbacks, out)) return status;
  std::shared_ptr<Arena> arena;
  if (const drain_status status = Arena::format(*config, memory, bytes, &arena)) return status;
  *out = new DrainIterator(std::move(arena), *config, *callbacks);
  return DRAIN_ACCEPTED;
}

drain_status drain_iterator_attach(const drain_config* config, const drain_callbacks* callbacks, void* memory,
                                   size_t bytes, DrainIterator** out) {
  if (const drain_status status = check_create(config, callbacks, out)) return status;
  std::shared_ptr<Arena> arena;
  if (const drain_status status = Arena::open(memory, bytes, &arena)) return status;
  if (const drain_status status = compare_geometry(*config, arena->config())) return status;
  *out = new DrainIterator(std::move(arena), *config, *callbacks);
  return DRAIN_ACCEPTED;
}

void drain_iterator_destroy(DrainIterator* drain) {
  if (drain && drain->thread.joinable()) drain_thread_join(drain, 0, nullptr);
  delete drain;
}

void* drain_iterator_arena(DrainIterator* drain, size_t* bytes) {
  if (bytes) *bytes = drain ? drain->iterator.arena()->size() : 0;
  return drain ? drain->iterator.arena()->data() : nullptr;
}

drain_status drain_iteration(DrainIterator* drain, drain_iteration_result* result) {
  if (const drain_status status = check_drain(drain)) return status;
  const drain_iteration_result round = drain->iterator.iterate();
  if (result) *result = round;
  return DRAIN_ACCEPTED;
}

drain_status submit_queue_try_acquire_drain(DrainIterator* drain, uint32_t slot) {
  if (const drain_status status = check_drain(drain)) return status;
  return drain->iterator.try_acquire(slot) ? DRAIN_ACCEPTED : DRAIN_QUEUE_BUSY;
}
drain_status submit_queue_release_drain(DrainIterator* drain, uint32_t slot) {
  if (const drain_status status = check_drain(drain)) return status;
  return drain->iterator.release(slot);
}
drain_status drain_thread_lanes(DrainIterator* drain, uint32_t slot, uint64_t max_events, uint64_t* delivered) {
  std::uint64_t count = 0;
  if (const drain_status status = check_drain(drain)) return status;
  const drain_status status = drain->iterator.drain_lanes(slot, max_events, &count);
  if (delivered) *delivered = count;
  return status;
}
drain_status drain_wait_for_work(DrainIterator* drain, uint32_t timeout_ms, int* work) {
  if (const drain_status status = check_drain(drain)) return status;
  const bool found = drain->iterator.wait_for_work(timeout_ms);
  if (work) *work = found ? 1 : 0;
  return DRAIN_ACCEPTED;
}
drain_status drain_declare_dead(DrainIterator* drain, uint32_t slot, uint32_t generation) {
  if (const drain_status status = check_drain(drain)) return status;
  return drain->iterator.declare_dead(slot, generation);
}
drain_status drain_configure(DrainIterator* drain, const drain_config* config) {
  if (const drain_status status = check_drain(drain)) return status;
  if (config == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the configuration is NULL");
  return drain->iterator.configure(*config);
}
drain_status drain_iterator_config(DrainIterator* drain, drain_config* config) {
  if (const drain_status status = check_drain(drain)) return status;
  if (config == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the configuration is NULL");
  *config = drain->iterator.config();
  return DRAIN_ACCEPTED;
}
drain_status drain_stop(DrainIterator* drain, uint64_t deadline_ns, drain_stop_result* result) {
  if (const drain_status status = check_drain(drain)) return status;
  const drain_stop_result stopped = drain->iterator.stop(deadline_ns);
  if (result) *result = stopped;
  return DRAIN_ACCEPTED;
}
drain_status drain_metrics(DrainIterator* drain, DrainMetrics* metrics, drain_thread_metrics* threads,
                           uint32_t capacity) {
  if (const drain_status status = check_drain(drain)) return status;
  if (metrics == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "metrics is NULL");
  drain->iterator.metrics(metrics, threads, capacity);
  return DRAIN_ACCEPTED;
}

drain_status thread_registry_of(DrainIterator* drain, ThreadRegistry** registry) {
  if (drain == nullptr || registry == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the iterator is NULL");
  *registry = new ThreadRegistry{drainproof::Registry(drain->iterator.arena())};
  return DRAIN_ACCEPTED;
}
drain_status thread_registry_open(void* memory, size_t bytes, ThreadRegistry** registry) {
  if (registry == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the registry is NULL");
  std::shared_ptr<Arena> arena;
  if (const drain_status status = Arena::open(memory, bytes, &arena)) return status;
  *registry = new ThreadRegistry{drainproof::Registry(std::move(arena))};
  return DRAIN_ACCEPTED;
}
void thread_registry_close(ThreadRegistry* registry) {
  delete registry;
}

drain_status register_thread_for_drain(ThreadRegistry* registry, uint32_t thread_id, uint32_t weight,
                                       ThreadDrainState** out) {
  return register_thread_with_priority(registry, thread_id, weight, 0, out);
}
drain_status register_thread_with_priority(ThreadRegistry* registry, uint32_t thread_id, uint32_t weight,
                                           uint32_t priority, ThreadDrainState** out) {
  if (registry == nullptr || out == nullptr) return fail(DRAIN_INVALID_ARGUMENT, "the registry is NULL");
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  if (const drain_status status = registry->registry.claim(thread_id, weight, priority, &slot, &generation))
    return status;
  *out = new ThreadDrainState{drainproof::Producer(registry->registry.arena(), slot, generation, thread_id)};
  return DRAIN_ACCEPTED;
}
drain_status deregister_thread_from_drain(ThreadDrainState* state) {
  return state ? state->producer.leave() : null_state();
}
void thread_drain_state_destroy(ThreadDrainState* state) {
  delete state;
}
uint32_t thread_drain_state_slot(const ThreadDrainState* state) {
  return state ? state->producer.slot() : 0;
}
uint32_t thread_drain_state_generation(const ThreadDrainState* state) {
  return state ? state->producer.generation() : 0;
}
uint32_t thread_drain_state_thread_id(const ThreadDrainState* state) {
  return state ? state->producer.thread_id() : 0;
}

drain_status drain_emit_index(ThreadDrainState* state, const void* record, size_t bytes, uint32_t timeout_ms) {
  if (state == nullptr || record == nullptr) return null_state();
  return state->producer.emit_index(record, bytes, timeout_ms);
}
drain_status drain_emit_detail(ThreadDrainState* state, const void* record, size_t bytes, uint32_t timeout_ms) {
  if (state == nullptr || record == nullptr) return null_state();
  return state->producer.emit_detail(record, bytes, timeout_ms);
}
drain_status submit_queue_begin(ThreadDrainState* state, const drain_group* group) {
  if (state == nullptr || group == nullptr) return null_state();
  return state->producer.begin_submit(*group);
}
drain_status submit_queue_commit(ThreadDrainState* state) {
  return state ? state->producer.commit_submit() : null_state();
}
drain_status submit_queue_submit(ThreadDrainState* state, const drain_group* group, uint32_t timeout_ms) {
  if (state == nullptr || group == nullptr) return null_state();
  return state->producer.submit(*group, timeout_ms);
}
drain_status drain_mark(ThreadDrainState* state) {
  return state ? state->producer.mark() : null_state();
}
drain_status drain_seal(ThreadDrainState* state) {
  return state ? state->producer.seal() : null_state();
}
drain_status drain_set_weight(ThreadDrainState* state, uint32_t weight) {
  return state ? state->producer.set_weight(weight) : null_state();
}
drain_status drain_set_priority(ThreadDrainState* state, uint32_t priority) {
  return state ? state->producer.set_priority(priority) : null_state();
}

}  // extern "C"
