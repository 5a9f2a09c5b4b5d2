// Producers: the registry, a thread's handle, and native producer threads.
#include <memory>

#include "../core/error.hpp"
#include "../load/producers.hpp"
#include "napi_util.hpp"

namespace drainproof::bridge {
namespace {

struct RegistryBox {
  RegistryBox(napi_env env, napi_value view) : hold(env, view) {}
  ~RegistryBox() { thread_registry_close(registry); }
  Hold hold;
  ThreadRegistry* registry = nullptr;
};

struct StateBox {
  StateBox(napi_env env, napi_value view) : hold(env, view) {}
  ~StateBox() { thread_drain_state_destroy(state); }
  Hold hold;
  ThreadDrainState* state = nullptr;
};

struct GroupBox {
  GroupBox(napi_env env, napi_value view) : hold(env, view) {}
  ~GroupBox() { delete group; }
  Hold hold;
  load::ProducerGroup* group = nullptr;
};

// openRegistry(view)
napi_value open_registry(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  Bytes bytes;
  if (!to_bytes(env, arguments[0], &bytes)) return throw_misuse(env, "the arena is no Uint8Array");
  auto box = std::make_unique<RegistryBox>(env, arguments[0]);
  const drain_status status = thread_registry_open(bytes.data, bytes.size, &box->registry);
  return status == DRAIN_ACCEPTED ? wrap(env, box.release()) : throw_status(env, status);
}

// registerThread(registry, view, threadId, weight, priority, out, spare): out gets slot and generation. `spare`:
// undefined, or the state of a handle that has left and is used no more: it becomes the new thread's. What JavaScript
// gives back only when it is collected, in a thread that never waits for events never comes back at all.
napi_value register_thread(napi_env env, napi_callback_info info) {
  const Arguments<7> arguments(env, info);
  auto* registry = unwrap<RegistryBox>(env, arguments[0]);
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* out = nullptr;
  if (registry == nullptr ||
      napi_get_typedarray_info(env, arguments[5], &type, &length, &out, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || length < 2)
    return throw_misuse(env, "no registry, or no place for the slot");
  ThreadDrainState* state = nullptr;
  const drain_status status = register_thread_with_priority(
      registry->registry, to_u32(env, arguments[2]), to_u32(env, arguments[3]), to_u32(env, arguments[4]), &state);
  if (status != DRAIN_ACCEPTED) return throw_status(env, status);
  static_cast<double*>(out)[0] = thread_drain_state_slot(state);
  static_cast<double*>(out)[1] = thread_drain_state_generation(state);
  if (auto* spare = unwrap<StateBox>(env, arguments[6])) {
    thread_drain_state_destroy(spare->state);
    spare->state = state;
    return arguments[6];
  }
  auto box = std::make_unique<StateBox>(env, arguments[1]);
  box->state = state;
  return wrap(env, box.release());
}

ThreadDrainState* state_of(napi_env env, napi_value value) {
  auto* box = unwrap<StateBox>(env, value);
  return box ? box->state : nullptr;
}

// emitIndex(state, record, timeoutMs): status; the other calls likewise. A failure's text is got with lastWrong().
template <drain_status (*Emit)(ThreadDrainState*, const void*, std::size_t, std::uint32_t)>
napi_value emit(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  Bytes record;
  if (!to_bytes(env, arguments[1], &record)) return throw_misuse(env, "the record is no Uint8Array");
  // An empty array has no address, but its size is an outcome of its own.
  const void* data = record.data ? static_cast<const void*>(record.data) : "";
  return number(env, Emit(state_of(env, arguments[0]), data, record.size, to_u32(env, arguments[2])));
}

template <drain_status (*Act)(ThreadDrainState*)>
napi_value act(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  return number(env, Act(state_of(env, arguments[0])));
}

// setWeight(state, weight), setPriority(state, priority): status
template <drain_status (*Set)(ThreadDrainState*, std::uint32_t)>
napi_value set(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  return number(env, Set(state_of(env, arguments[0]), to_u32(env, arguments[1])));
}

bool to_group(napi_env env, napi_value index, napi_value detail, drain_group* group) {
  Bytes index_bytes;
  Bytes detail_bytes;
  if (!to_bytes(env, index, &index_bytes) || !to_bytes(env, detail, &detail_bytes)) return false;
  *group = {index_bytes.data, index_bytes.size, detail_bytes.data, detail_bytes.size};
  return true;
}

// beginSubmit(state, index, detail): the records of a lane one after another
napi_value begin_submit(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  drain_group group{};
  if (!to_group(env, arguments[1], arguments[2], &group)) return throw_misuse(env, "the records are no Uint8Array");
  return number(env, submit_queue_begin(state_of(env, arguments[0]), &group));
}

// submit(state, index, detail, timeoutMs)
napi_value submit(napi_env env, napi_callback_info info) {
  const Arguments<4> arguments(env, info);
  drain_group group{};
  if (!to_group(env, arguments[1], arguments[2], &group)) return throw_misuse(env, "the records are no Uint8Array");
  return number(env, submit_queue_submit(state_of(env, arguments[0]), &group, to_u32(env, arguments[3])));
}

napi_value last_wrong_text(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_create_string_utf8(env, last_wrong().c_str(), last_wrong().size(), &result);
  return result;
}

constexpr std::size_t kProgramFields = 14;

// startProducers(view, programs: Float64Array, 14 numbers a program)
napi_value start_producers(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  Bytes bytes;
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  if (!to_bytes(env, arguments[0], &bytes) ||
      napi_get_typedarray_info(env, arguments[1], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || length % kProgramFields != 0)
    return throw_misuse(env, "the arena is no Uint8Array, or the programs are no Float64Array");
  std::vector<load::Program> programs;
  for (const auto* at = static_cast<const double*>(data); programs.size() < length / kProgramFields;
       at += kProgramFields) {
    const auto u32 = [at](int i) { return static_cast<std::uint32_t>(at[i]); };
    const auto u64 = [at](int i) { return static_cast<std::uint64_t>(at[i]); };
    programs.push_back({u32(0), u32(1), u32(2), u32(3), u32(4), u32(5), u32(6), u32(7), at[8] != 0,
                        static_cast<load::Ending>(u32(9)), at[10], u64(11), u64(12), u64(13)});
  }
  auto box = std::make_unique<GroupBox>(env, arguments[0]);
  const drain_status status = load::ProducerGroup::start(bytes.data, bytes.size, programs, &box->group);
  return status == DRAIN_ACCEPTED ? wrap(env, box.release()) : throw_status(env, status);
}

void put_runs(std::vector<double>* out, const std::vector<load::Run>& runs) {
  out->push_back(static_cast<double>(runs.size()));
  for (const load::Run& run : runs)
    for (const double field : {static_cast<double>(run.from), static_cast<double>(run.count),
                               static_cast<double>(run.outcome), static_cast<double>(run.retries)})
      out->push_back(field);
}

std::vector<double> encode(const std::vector<load::Life>& lives) {
  std::vector<double> out;
  for (const load::Life& life : lives) {
    for (const double field :
         {static_cast<double>(life.thread_id), static_cast<double>(life.slot), static_cast<double>(life.generation),
          static_cast<double>(life.registered), static_cast<double>(life.ended), static_cast<double>(life.started_ns),
          static_cast<double>(life.ended_ns)})
      out.push_back(field);
    put_runs(&out, life.index);
    put_runs(&out, life.detail);
    out.push_back(static_cast<double>(life.joins.size()));
    for (const auto& [index, detail] : life.joins) {
      out.push_back(index);
      out.push_back(detail);
    }
    out.push_back(static_cast<double>(life.marks.size()));
    for (const std::uint32_t mark : life.marks) out.push_back(mark);
  }
  return out;
}

// pollProducers(group): null, or all lives as numbers
napi_value poll_producers(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  auto* box = unwrap<GroupBox>(env, arguments[0]);
  if (box == nullptr || box->group == nullptr) return throw_misuse(env, "the producer threads are closed");
  napi_value result = nullptr;
  if (!box->group->done()) {
    napi_get_null(env, &result);
    return result;
  }
  const std::vector<double> numbers = encode(box->group->lives());
  napi_value buffer = nullptr;
  void* data = nullptr;
  napi_create_arraybuffer(env, numbers.size() * sizeof(double), &data, &buffer);
  std::copy(numbers.begin(), numbers.end(), static_cast<double*>(data));
  napi_create_typedarray(env, napi_float64_array, numbers.size(), buffer, 0, &result);
  return result;
}

napi_value halt_producers(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  auto* box = unwrap<GroupBox>(env, arguments[0]);
  if (box != nullptr && box->group != nullptr) box->group->halt();
  return nullptr;
}

napi_value close_producers(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  auto* box = unwrap<GroupBox>(env, arguments[0]);
  if (box == nullptr) return nullptr;
  delete box->group;
  box->group = nullptr;
  return nullptr;
}

}  // namespace

void export_producers(napi_env env, napi_value exports) {
  export_function(env, exports, "openRegistry", open_registry);
  export_function(env, exports, "registerThread", register_thread);
  export_function(env, exports, "emitIndex", emit<drain_emit_index>);
  export_function(env, exports, "emitDetail", emit<drain_emit_detail>);
  export_function(env, exports, "beginSubmit", begin_submit);
  export_function(env, exports, "commitSubmit", act<submit_queue_commit>);
  export_function(env, exports, "submit", submit);
  export_function(env, exports, "mark", act<drain_mark>);
  export_function(env, exports, "seal", act<drain_seal>);
  export_function(env, exports, "setWeight", set<drain_set_weight>);
  export_function(env, exports, "setPriority", set<drain_set_priority>);
  export_function(env, exports, "leave", act<deregister_thread_from_drain>);
  export_function(env, exports, "lastWrong", last_wrong_text);
  export_function(env, exports, "startProducers", start_producers);
  export_function(env, exports, "pollProducers", poll_producers);
  export_function(env, exports, "haltProducers", halt_producers);
  export_function(env, exports, "closeProducers", close_producers);
}

}  // namespace drainproof::bridge
