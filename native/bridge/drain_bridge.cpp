// The drain's own end. Callbacks are passed with each call and live only as long as it does: so a drain holds no
// JavaScript function, and nothing keeps it from being collected.
#include <cstring>
#include <limits>
#include <memory>

#include "napi_util.hpp"

namespace drainproof::bridge {
namespace {

// The functions of one call.
struct Frame {
  napi_env env;
  napi_value sink, event, now, pause;
  bool broken = false;  // JavaScript can not be called any more (its worker is being terminated)
};

struct DrainBox {
  DrainBox(napi_env env, napi_value view, const Bytes& bytes) : hold(env, view), arena(bytes.data) {}
  ~DrainBox() { drain_iterator_destroy(drain); }

  Hold hold;
  std::uint8_t* const arena;
  DrainIterator* drain = nullptr;
  Frame* frame = nullptr;
  unsigned depth = 0;
  bool closing = false;
};

// Makes the functions of a call known to the callbacks, and puts back those of the call around it.
class Call {
 public:
  Call(DrainBox* box, Frame* frame) : box_(box), outer_(box->frame) {
    box_->frame = frame;
    ++box_->depth;
  }
  ~Call() {
    box_->frame = outer_;
    if (--box_->depth > 0 || !box_->closing) return;
    drain_iterator_destroy(box_->drain);
    box_->drain = nullptr;
  }

 private:
  DrainBox* const box_;
  Frame* const outer_;
};

// nullptr, with an exception pending, when the drain is closed.
DrainBox* open_drain(napi_env env, napi_value value) {
  auto* box = unwrap<DrainBox>(env, value);
  if (box && box->drain && !box->closing) return box;
  throw_misuse(env, "the drain is closed");
  return nullptr;
}

// False when the function threw (the exception is swallowed) or could not be called.
bool call(Frame* frame, napi_value function, std::size_t count, const napi_value* arguments, napi_value* result) {
  napi_value receiver = nullptr;
  napi_get_undefined(frame->env, &receiver);
  const napi_status status = napi_call_function(frame->env, receiver, function, count, arguments, result);
  if (status == napi_ok) return true;
  napi_value exception = nullptr;
  if (napi_get_and_clear_last_exception(frame->env, &exception) != napi_ok || status != napi_pending_exception)
    frame->broken = true;
  return false;
}

class Scope {
 public:
  explicit Scope(napi_env env) : env_(env) { napi_open_handle_scope(env, &scope_); }
  ~Scope() { napi_close_handle_scope(env_, scope_); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  napi_env env_;
  napi_handle_scope scope_ = nullptr;
};

std::int64_t on_batch(void* user, const drain_batch* batch) {
  auto* box = static_cast<DrainBox*>(user);
  Frame* frame = box->frame;
  const napi_env env = frame->env;
  const Scope scope(env);
  const auto offset = [&](unsigned i) {
    return number(env, i < batch->spans ? static_cast<double>(batch->span[i] - box->arena) : 0);
  };
  const auto bytes = [&](unsigned i) {
    return number(env, i < batch->spans ? static_cast<double>(batch->span_bytes[i]) : 0);
  };
  const napi_value arguments[] = {number(env, batch->thread_id),
                                  number(env, batch->slot),
                                  number(env, batch->generation),
                                  number(env, batch->lane),
                                  number(env, batch->count),
                                  offset(0),
                                  bytes(0),
                                  offset(1),
                                  bytes(1)};
  napi_value result = nullptr;
  if (!call(frame, frame->sink, 9, arguments, &result)) return -1;
  double acknowledged = -1;
  if (napi_get_value_double(env, result, &acknowledged) != napi_ok) return -1;
  // Written so that NaN is refused too.
  if (!(acknowledged >= 0 && acknowledged <= batch->count)) return -1;
  const auto count = static_cast<std::int64_t>(acknowledged);
  return static_cast<double>(count) == acknowledged ? count : -1;
}

void on_thread_event(void* user, const drain_thread_event* event) {
  Frame* frame = static_cast<DrainBox*>(user)->frame;
  const Scope scope(frame->env);
  const napi_value arguments[] = {number(frame->env, event->event), number(frame->env, event->thread_id),
                                  number(frame->env, event->slot), number(frame->env, event->generation),
                                  number(frame->env, static_cast<double>(event->held_ns))};
  call(frame, frame->event, 5, arguments, nullptr);
}

std::uint64_t on_now(void* user) {
  Frame* frame = static_cast<DrainBox*>(user)->frame;
  // A clock that failed stands at the end of time, so that every deadline has passed and no loop waits for it.
  constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
  if (frame->broken) return kEnd;
  const Scope scope(frame->env);
  napi_value result = nullptr;
  std::uint64_t now = 0;
  bool lossless = false;
  if (!call(frame, frame->now, 0, nullptr, &result) ||
      napi_get_value_bigint_uint64(frame->env, result, &now, &lossless) != napi_ok)
    return kEnd;
  return now;
}

void on_pause(void* user, std::uint64_t ns) {
  Frame* frame = static_cast<DrainBox*>(user)->frame;
  if (frame->broken) return;
  const Scope scope(frame->env);
  napi_value argument = nullptr;
  napi_create_bigint_uint64(frame->env, ns, &argument);
  call(frame, frame->pause, 1, &argument, nullptr);
}

Frame frame_of(napi_env env, const napi_value* functions) {
  return {env, functions[0], functions[1], functions[2], functions[3]};
}

// Fields of a configuration as numbers, and the least length of every place for results.
constexpr std::size_t kFields = 24;

// A place for results: a Float64Array that the caller brings.
double* out_of(napi_env env, napi_value value) {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_float64_array || length < kFields)
    return nullptr;
  return static_cast<double*>(data);
}

drain_config config_of(const double* fields) {
  const auto u32 = [fields](int i) { return static_cast<std::uint32_t>(fields[i]); };
  const auto u64 = [fields](int i) { return static_cast<std::uint64_t>(fields[i]); };
  return {u32(0),  u32(1),  u32(2),  u32(3),  u32(4),  u32(5),  u32(6),  u32(7),  u32(8),  u32(9),  u32(10), u32(11),
          u32(12), u32(13), u64(14), u64(15), u32(16), u32(17), u32(18), u32(19), u32(20), u32(21), u64(22), u64(23)};
}

// createDrain(view, config: Float64Array(24), attach, sink, event, now, pause): the functions only to know which exist.
napi_value create_drain(napi_env env, napi_callback_info info) {
  const Arguments<7> arguments(env, info);
  Bytes bytes;
  const double* fields = out_of(env, arguments[1]);
  if (!to_bytes(env, arguments[0], &bytes) || fields == nullptr)
    return throw_misuse(env, "the arena is no Uint8Array over a SharedArrayBuffer");
  bool attach = false;
  napi_get_value_bool(env, arguments[2], &attach);
  auto box = std::make_unique<DrainBox>(env, arguments[0], bytes);
  const drain_callbacks callbacks = {on_batch, is_function(env, arguments[5]) ? on_now : nullptr,
                                     is_function(env, arguments[6]) ? on_pause : nullptr,
                                     is_function(env, arguments[4]) ? on_thread_event : nullptr, box.get()};
  const drain_config config = config_of(fields);
  const drain_status status = attach ? drain_iterator_attach(&config, &callbacks, bytes.data, bytes.size, &box->drain)
                                     : drain_iterator_create(&config, &callbacks, bytes.data, bytes.size, &box->drain);
  if (status != DRAIN_ACCEPTED) return throw_status(env, status);
  return wrap(env, box.release());
}

// arenaConfig(view, out): slots, indexCapacity, detailCapacity, detailRecordBytes, windowRecords, preRoll, postRoll,
// initialCursor.
napi_value arena_config(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  Bytes bytes;
  double* out = out_of(env, arguments[1]);
  if (!to_bytes(env, arguments[0], &bytes) || out == nullptr)
    return throw_misuse(env, "the arena is no Uint8Array over a SharedArrayBuffer");
  drain_config config;
  drain_config_default(&config);
  const drain_status status = drain_arena_read_config(bytes.data, bytes.size, &config);
  if (status != DRAIN_ACCEPTED) return throw_status(env, status);
  const std::uint32_t fields[] = {
      config.slots,          config.index_capacity, config.detail_capacity, config.detail_record_bytes,
      config.window_records, config.pre_roll,       config.post_roll,       config.initial_cursor};
  for (std::size_t i = 0; i < 8; ++i) out[i] = fields[i];
  return nullptr;
}

// configure(drain, config: Float64Array(24))
napi_value configure(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  const double* fields = out_of(env, arguments[1]);
  if (box == nullptr || fields == nullptr) return nullptr;
  const drain_config config = config_of(fields);
  const drain_status status = drain_configure(box->drain, &config);
  return status == DRAIN_ACCEPTED ? nullptr : throw_status(env, status);
}

// isConfigured(drain, config): does the drain go by this configuration now?
napi_value is_configured(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  const double* fields = out_of(env, arguments[1]);
  if (box == nullptr || fields == nullptr) return nullptr;
  const drain_config asked = config_of(fields);
  drain_config config;
  drain_iterator_config(box->drain, &config);
  napi_value result = nullptr;
  // The struct has no padding: equal fields are equal bytes.
  static_assert(sizeof(drain_config) == 14 * 4 + 2 * 8 + 6 * 4 + 2 * 8);
  napi_get_boolean(env, std::memcmp(&asked, &config, sizeof config) == 0, &result);
  return result;
}

// iterate(drain, out, sink, event, now, pause)
napi_value iterate(napi_env env, napi_callback_info info) {
  const Arguments<6> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  double* out = out_of(env, arguments[1]);
  if (box == nullptr || out == nullptr) return nullptr;
  Frame frame = frame_of(env, arguments.at + 2);
  const Call call(box, &frame);
  drain_iteration_result result{};
  drain_iteration(box->drain, &result);
  const double fields[] = {static_cast<double>(result.visits),        static_cast<double>(result.skips),
                           static_cast<double>(result.delivered),     static_cast<double>(result.batches),
                           static_cast<double>(result.sink_failures), static_cast<double>(result.reclaimed),
                           static_cast<double>(result.truncated)};
  for (std::size_t i = 0; i < 7; ++i) out[i] = fields[i];
  return nullptr;
}

// stop(drain, out, sink, event, now, pause, deadlineNs)
napi_value stop(napi_env env, napi_callback_info info) {
  const Arguments<7> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  double* out = out_of(env, arguments[1]);
  if (box == nullptr || out == nullptr) return nullptr;
  Frame frame = frame_of(env, arguments.at + 2);
  const Call call(box, &frame);
  drain_stop_result result{};
  drain_stop(box->drain, static_cast<std::uint64_t>(to_double(env, arguments[6])), &result);
  out[0] = static_cast<double>(result.delivered);
  out[1] = static_cast<double>(result.left_index);
  out[2] = static_cast<double>(result.left_detail);
  out[3] = result.complete;
  return nullptr;
}

// tryAcquire(drain, slot, sink, event, now, pause): boolean
napi_value try_acquire(napi_env env, napi_callback_info info) {
  const Arguments<6> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  Frame frame = frame_of(env, arguments.at + 2);
  const Call call(box, &frame);
  napi_value result = nullptr;
  napi_get_boolean(env, submit_queue_try_acquire_drain(box->drain, to_u32(env, arguments[1])) == DRAIN_ACCEPTED,
                   &result);
  return result;
}

napi_value release(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  const drain_status status = submit_queue_release_drain(box->drain, to_u32(env, arguments[1]));
  return status == DRAIN_ACCEPTED ? nullptr : throw_status(env, status);
}

// drainLanes(drain, slot, sink, event, now, pause, maxEvents): number
napi_value drain_lanes(napi_env env, napi_callback_info info) {
  const Arguments<7> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  Frame frame = frame_of(env, arguments.at + 2);
  const Call call(box, &frame);
  std::uint64_t delivered = 0;
  const auto most = static_cast<std::uint64_t>(to_double(env, arguments[6]));
  const drain_status status = drain_thread_lanes(box->drain, to_u32(env, arguments[1]), most, &delivered);
  return status == DRAIN_ACCEPTED ? number(env, static_cast<double>(delivered)) : throw_status(env, status);
}

napi_value wait_for_work(napi_env env, napi_callback_info info) {
  const Arguments<2> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  int work = 0;
  drain_wait_for_work(box->drain, to_u32(env, arguments[1]), &work);
  napi_value result = nullptr;
  napi_get_boolean(env, work != 0, &result);
  return result;
}

napi_value declare_dead(napi_env env, napi_callback_info info) {
  const Arguments<3> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  const drain_status status = drain_declare_dead(box->drain, to_u32(env, arguments[1]), to_u32(env, arguments[2]));
  return status == DRAIN_ACCEPTED ? nullptr : throw_status(env, status);
}

constexpr std::size_t kLedgerFields = 7;
constexpr std::size_t kTotalFields = 12 + 2 * kLedgerFields + 8;
constexpr std::size_t kThreadFields = 10 + 2 * kLedgerFields;

double* put_ledger(double* at, const drain_lane_ledger& ledger) {
  for (const std::uint64_t field : {ledger.attempted, ledger.accepted, ledger.rejected, ledger.delivered,
                                    ledger.pending, ledger.evicted, ledger.left})
    *at++ = static_cast<double>(field);
  return at;
}

// metrics(drain): Float64Array of the totals, then of each thread.
napi_value metrics(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  DrainBox* box = open_drain(env, arguments[0]);
  if (box == nullptr) return nullptr;
  DrainMetrics total{};
  drain_metrics(box->drain, &total, nullptr, 0);
  const auto threads = std::make_unique<drain_thread_metrics[]>(total.threads);
  const std::uint32_t capacity = total.threads;
  drain_metrics(box->drain, &total, threads.get(), capacity);
  const std::uint32_t listed = total.threads < capacity ? total.threads : capacity;
  const std::size_t fields = kTotalFields + listed * kThreadFields;
  napi_value buffer = nullptr;
  napi_value result = nullptr;
  void* data = nullptr;
  napi_create_arraybuffer(env, fields * sizeof(double), &data, &buffer);
  auto* at = static_cast<double*>(data);
  for (const std::uint64_t field :
       {total.iterations, total.visits, total.skips, total.batches, total.sink_failures, total.registered,
        total.reclaimed, total.wakeups, total.iteration_ns, total.longest_iteration_ns})
    *at++ = static_cast<double>(field);
  *at++ = total.jain;
  *at++ = listed;
  at = put_ledger(put_ledger(at, total.index), total.detail);
  const drain_fairness_metrics& fairness = total.fairness;
  for (const double field :
       {static_cast<double>(fairness.windows), static_cast<double>(fairness.delivered), fairness.jain,
        fairness.min_share, fairness.service_lag, static_cast<double>(fairness.longest_wait),
        static_cast<double>(fairness.quantum), static_cast<double>(fairness.batch)})
    *at++ = field;
  for (std::uint32_t i = 0; i < listed; ++i) {
    const drain_thread_metrics& m = threads[i];
    for (const std::uint32_t field : {m.thread_id, m.slot, m.generation, m.weight}) *at++ = field;
    for (const std::uint64_t field : {m.visits, m.skips, m.credit, m.longest_wait}) *at++ = static_cast<double>(field);
    *at++ = m.priority;
    *at++ = m.share;
    at = put_ledger(put_ledger(at, m.index), m.detail);
  }
  napi_create_typedarray(env, napi_float64_array, fields, buffer, 0, &result);
  return result;
}

napi_value close(napi_env env, napi_callback_info info) {
  const Arguments<1> arguments(env, info);
  auto* box = unwrap<DrainBox>(env, arguments[0]);
  if (box == nullptr || box->drain == nullptr) return nullptr;
  box->closing = true;
  // Inside one of its own callbacks the drain is still in use: the call around it frees it.
  if (box->depth > 0) return nullptr;
  drain_iterator_destroy(box->drain);
  box->drain = nullptr;
  return nullptr;
}

}  // namespace

void export_drain(napi_env env, napi_value exports) {
  export_function(env, exports, "createDrain", create_drain);
  export_function(env, exports, "arenaConfig", arena_config);
  export_function(env, exports, "configure", configure);
  export_function(env, exports, "isConfigured", is_configured);
  export_function(env, exports, "iterate", iterate);
  export_function(env, exports, "stop", stop);
  export_function(env, exports, "tryAcquire", try_acquire);
  export_function(env, exports, "release", release);
  export_function(env, exports, "drainLanes", drain_lanes);
  export_function(env, exports, "waitForWork", wait_for_work);
  export_function(env, exports, "declareDead", declare_dead);
  export_function(env, exports, "metrics", metrics);
  export_function(env, exports, "close", close);
}

}  // namespace drainproof::bridge
