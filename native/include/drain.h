/*
 * drainproof: C ABI of the native drain, version 2.
 *
 * Ownership. Every `create`, `attach`, `open` and `register` hands out one object; the matching `destroy`, `close` or
 *   `thread_drain_state_destroy` frees it. NULL may be freed. An arena allocated by the library lives until the last
 *   object over it is freed. Memory that the caller brings must outlive every object over it. Batches and their spans
 *   are valid only until the sink returns.
 * Threads. A DrainIterator is used by one thread at a time, a ThreadDrainState (a registered thread's end of its
 *   lanes) too; they may move between threads if the caller orders the calls. A ThreadRegistry may be used by any
 *   number of threads at once. Many drains and registries may exist over one arena.
 * Errors. A call returns a `drain_status`; 0 is success, the numbers are those of spec/errors.ts. Outcomes of emits
 *   (DRAIN_LANE_FULL to DRAIN_ALREADY_HOLDING) say all there is to say; for any other failure
 *   `drain_last_error_message()` tells what was wrong, what was expected and what to do. No call throws or aborts.
 * Callbacks. They run on the thread that calls the library and may call the library again (emit, mark, leave, stop,
 *   another drain). A re-entrant drain_iteration, drain_thread_lanes or drain_stop of the same iterator does nothing.
 * Time. Nanoseconds are `_ns`, milliseconds `_ms`. A timeout of 0 never blocks.
 */
#ifndef DRAINPROOF_DRAIN_H
#define DRAINPROOF_DRAIN_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define DRAIN_API __declspec(dllexport)
#else
#define DRAIN_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define DRAIN_ABI_VERSION 2u
/** Bytes of an index record. */
#define DRAIN_INDEX_RECORD_BYTES 32u
/** Classes of DRAIN_PRIORITY: 0 to 7; 7 is served first. */
#define DRAIN_PRIORITY_CLASSES 8u
/** Deadline of a stop when the caller has no better idea: 5 s. */
#define DRAIN_DEFAULT_STOP_DEADLINE_NS 5000000000ull

/** Version of this ABI; compare it with DRAIN_ABI_VERSION before anything else. */
DRAIN_API uint32_t drain_abi_version(void);

/** Outcomes and errors. A number is never reused. */
typedef enum drain_status {
  DRAIN_ACCEPTED = 0,
  DRAIN_LANE_FULL = 1,
  DRAIN_DETAIL_FULL = 2,
  DRAIN_QUEUE_BUSY = 3,
  DRAIN_STOPPED = 4,
  DRAIN_THREAD_LEFT = 5,
  DRAIN_STALE_HANDLE = 6,
  DRAIN_REGISTRY_FULL = 7,
  DRAIN_TIMED_OUT = 8,
  DRAIN_NO_DETAIL_LANE = 9,
  DRAIN_NOT_HOLDING = 10,
  DRAIN_ALREADY_HOLDING = 11,
  DRAIN_RECORD_SIZE = 20,
  DRAIN_INVALID_CAPACITY = 21,
  DRAIN_INVALID_QUANTUM = 22,
  DRAIN_INVALID_WEIGHT = 23,
  DRAIN_INVALID_SLOTS = 24,
  DRAIN_UNKNOWN_POLICY = 25,
  DRAIN_INVALID_WINDOW = 26,
  DRAIN_INVALID_RECORD_BYTES = 27,
  DRAIN_INVALID_ARGUMENT = 28,
  DRAIN_INVALID_PRIORITY = 29,
  DRAIN_ARENA_TOO_SMALL = 40,
  DRAIN_ARENA_FOREIGN = 41,
  DRAIN_ARENA_VERSION = 42,
  DRAIN_ARENA_CORRUPT = 43,
  DRAIN_ARENA_TRUNCATED = 44,
  DRAIN_ARENA_MISMATCH = 45,
  DRAIN_IMPL_UNREADABLE = 60,
  DRAIN_IMPL_SHAPE = 61
} drain_status;

/** Stable name of a status ("LANE_FULL"; 0 is "accepted"); NULL for a number outside the table. */
DRAIN_API const char* drain_status_name(int status);
/** What a status expected of the caller; NULL outside the table and for 0. */
DRAIN_API const char* drain_status_expected(int status);
/** What to do about a status; NULL outside the table and for 0. */
DRAIN_API const char* drain_status_action(int status);
/** What was wrong, expected and to do in this thread's last failed call; "" without one. Valid until the next failure.
 */
DRAIN_API const char* drain_last_error_message(void);

typedef enum drain_policy {
  DRAIN_ROUND_ROBIN = 0,
  DRAIN_WEIGHTED_FAIR = 1,
  DRAIN_PRIORITY = 2, /**< the highest class first; waiting raises, and final drains have a class of their own */
  DRAIN_ADAPTIVE = 3  /**< round robin; quantum and batches follow backlog, rate and the sink's pace */
} drain_policy;
typedef enum drain_lane { DRAIN_INDEX_LANE = 0, DRAIN_DETAIL_LANE = 1 } drain_lane;

/** Configuration; ranges and meaning as in spec/config.ts. Fill it with drain_config_default first. */
typedef struct drain_config {
  uint32_t slots;                  /**< 1 to 65536 */
  uint32_t index_capacity;         /**< records; a power of two, 2 to 2^24 */
  uint32_t detail_capacity;        /**< records; 0 (no detail lane) or a power of two, 2 to 2^24 */
  uint32_t detail_record_bytes;    /**< a multiple of 8, 32 to 65536 */
  uint32_t window_records;         /**< a power of two; at least two windows fit the lane */
  uint32_t pre_roll;               /**< windows, 0 to 65536 */
  uint32_t post_roll;              /**< windows, 0 to 65536 */
  uint32_t initial_cursor;         /**< first value of every cursor */
  uint32_t policy;                 /**< a drain_policy */
  uint32_t quantum;                /**< events; 1 (2 with a detail lane) to 2^24; adaptive: what it begins with */
  uint32_t max_skips;              /**< 0 to 1024 */
  uint32_t max_iteration_visits;   /**< 0: no limit */
  uint32_t max_iteration_events;   /**< 0: no limit */
  uint32_t max_backoff_iterations; /**< 1 to 65536 */
  uint64_t max_iteration_ns;       /**< up to 2^53 - 1; 0: no limit */
  uint64_t stuck_after_ns;         /**< a queue held for so long is reported; up to 2^53 - 1; 0: never */
  uint32_t fairness_window_visits; /**< full visits after which a window of the metrics ends; 1 to 2^24 */
  uint32_t age_after;              /**< priority: missed iterations after which a thread rises; 1 to 65536 */
  uint32_t quantum_min;            /**< adaptive: events, as quantum */
  uint32_t quantum_max;            /**< adaptive: events, quantum_min to 2^24 */
  uint32_t batch_min;              /**< adaptive: events in one batch, 1 to 2^24 */
  uint32_t batch_max;              /**< adaptive: events in one batch at most, batch_min to 2^24 */
  uint64_t target_iteration_ns;    /**< adaptive: the longest that an iteration should take; 1 to 2^53 - 1 */
  uint64_t target_write_ns;        /**< adaptive: the longest that one call of the sink should take; 1 to 2^53 - 1 */
} drain_config;

/** Fills in the defaults of spec/config.ts. */
DRAIN_API void drain_config_default(drain_config* config);
/** 0, or the code of the first field that is out of its range. */
DRAIN_API drain_status drain_config_check(const drain_config* config);
/** Bytes that an arena of this configuration needs; 0 when the configuration is bad or needs 2^32 bytes or more. */
DRAIN_API uint64_t drain_arena_bytes(const drain_config* config);
/**
 * Validates the arena at `memory` and fills in the fields that its header states (the others keep their value).
 * Errors: ARENA_TRUNCATED, ARENA_FOREIGN, ARENA_VERSION, ARENA_CORRUPT, INVALID_ARGUMENT (memory not 8-byte aligned).
 */
DRAIN_API drain_status drain_arena_read_config(void* memory, size_t bytes, drain_config* config);

/** What one visit hands to the sink for one lane. */
typedef struct drain_batch {
  uint32_t thread_id;
  uint32_t slot;
  uint32_t generation;
  drain_lane lane;
  uint32_t record_bytes;
  uint32_t count;         /**< records, at least 1 */
  uint32_t spans;         /**< 1, or 2 where the lane wraps */
  const uint8_t* span[2]; /**< the records in order */
  size_t span_bytes[2];
} drain_batch;

/** Returns how many records it took, from the front; anything outside 0 to count is taken as 0, a failure. */
typedef int64_t (*drain_sink_fn)(void* user, const drain_batch* batch);
/** Nanoseconds on a clock that never goes back. */
typedef uint64_t (*drain_now_fn)(void* user);
/** Blocks the calling thread for that long. */
typedef void (*drain_pause_fn)(void* user, uint64_t ns);

typedef enum drain_thread_event_kind {
  DRAIN_THREAD_REGISTERED = 0,
  DRAIN_THREAD_LEAVING = 1,
  DRAIN_THREAD_RECLAIMED = 2,
  DRAIN_THREAD_QUEUE_STUCK = 3 /**< its queue was found held for stuck_after_ns; once for each time that it is held */
} drain_thread_event_kind;
typedef struct drain_thread_event {
  drain_thread_event_kind event;
  uint32_t thread_id;
  uint32_t slot;
  uint32_t generation;
  uint64_t held_ns; /**< queue stuck: from the first attempt that found it held to this one; else 0 */
} drain_thread_event;
/** Called on the drain's thread when it notices. */
typedef void (*drain_thread_event_fn)(void* user, const drain_thread_event* event);

/** Callbacks of a drain; `user` is handed to each. Only `sink` is required: NULL means real time, and no events. */
typedef struct drain_callbacks {
  drain_sink_fn sink;
  drain_now_fn now;
  drain_pause_fn pause;
  drain_thread_event_fn thread_event;
  void* user;
} drain_callbacks;

/** The drain's own end. */
typedef struct DrainIterator DrainIterator;
/** A registered thread's end of its lanes. */
typedef struct ThreadDrainState ThreadDrainState;
/** The registry as a producer's thread sees it. */
typedef struct ThreadRegistry ThreadRegistry;

/**
 * Makes a drain. `memory` NULL: the library allocates the arena; otherwise `memory` (8-byte aligned, better 64) of
 * `bytes` bytes is formatted. Errors: those of drain_config_check, ARENA_TOO_SMALL, INVALID_ARGUMENT.
 */
DRAIN_API drain_status drain_iterator_create(const drain_config* config, const drain_callbacks* callbacks, void* memory,
                                             size_t bytes, DrainIterator** iterator);
/**
 * Makes a drain over a formatted arena. Errors: those of drain_arena_read_config; ARENA_TOO_SMALL when `config` asks
 * for more slots than the arena has, ARENA_MISMATCH for any other field that the header states differently.
 */
DRAIN_API drain_status drain_iterator_attach(const drain_config* config, const drain_callbacks* callbacks, void* memory,
                                             size_t bytes, DrainIterator** iterator);
/** Ends the drain's own thread, if any, and frees the drain. Never from inside one of its callbacks. */
DRAIN_API void drain_iterator_destroy(DrainIterator* iterator);
/** Start of the arena that the drain works on, and its size. */
DRAIN_API void* drain_iterator_arena(DrainIterator* iterator, size_t* bytes);

/**
 * Changes policy, quantum or limits, all or nothing; `config` is whole: begin with drain_iterator_config. From inside a
 * callback of an iteration it counts from the end of that iteration on. Nobody loses its place or its events. Errors:
 * INVALID_ARGUMENT for a field that the arena fixes, else those of drain_config_check.
 */
DRAIN_API drain_status drain_configure(DrainIterator* iterator, const drain_config* config);
/** The configuration that the drain goes by now. Errors: INVALID_ARGUMENT. */
DRAIN_API drain_status drain_iterator_config(DrainIterator* iterator, drain_config* config);

typedef enum drain_truncation {
  DRAIN_TRUNCATED_NO = 0,
  DRAIN_TRUNCATED_VISITS = 1,
  DRAIN_TRUNCATED_EVENTS = 2,
  DRAIN_TRUNCATED_TIME = 3
} drain_truncation;
typedef struct drain_iteration_result {
  uint64_t visits;
  uint64_t skips;
  uint64_t delivered; /**< events that the sink acknowledged */
  uint64_t batches;
  uint64_t sink_failures;
  uint64_t reclaimed; /**< slots freed */
  drain_truncation truncated;
} drain_iteration_result;
/** One pass over the backlogged threads. `result` may be NULL. Errors: INVALID_ARGUMENT. */
DRAIN_API drain_status drain_iteration(DrainIterator* iterator, drain_iteration_result* result);

/** Takes a thread's submit queue for this drain, without blocking: 0, or QUEUE_BUSY when it is not to be had. */
DRAIN_API drain_status submit_queue_try_acquire_drain(DrainIterator* iterator, uint32_t slot);
/** Gives it back. Errors: NOT_HOLDING. */
DRAIN_API drain_status submit_queue_release_drain(DrainIterator* iterator, uint32_t slot);
/** Delivers up to `max_events` (1 to 2^31) of a held thread. Errors: NOT_HOLDING, INVALID_ARGUMENT. */
DRAIN_API drain_status drain_thread_lanes(DrainIterator* iterator, uint32_t slot, uint64_t max_events,
                                          uint64_t* delivered);
/** `*work`: 1 when there may be work. Sleeps up to `timeout_ms` when there is none. */
DRAIN_API drain_status drain_wait_for_work(DrainIterator* iterator, uint32_t timeout_ms, int* work);
/** The caller has proof that the thread is dead. Errors: STALE_HANDLE when that thread is not there. */
DRAIN_API drain_status drain_declare_dead(DrainIterator* iterator, uint32_t slot, uint32_t generation);

typedef struct drain_stop_result {
  uint64_t delivered;
  uint64_t left_index; /**< accepted, left undelivered at the deadline */
  uint64_t left_detail;
  int complete;
} drain_stop_result;
/** Delivers everything accepted, then refuses. The deadline counts from the call. `result` may be NULL. */
DRAIN_API drain_status drain_stop(DrainIterator* iterator, uint64_t deadline_ns, drain_stop_result* result);

/** Counts of one lane: attempted = accepted + rejected, accepted = delivered + pending + evicted + left. */
typedef struct drain_lane_ledger {
  uint64_t attempted;
  uint64_t accepted;
  uint64_t rejected;
  uint64_t delivered;
  uint64_t pending;
  uint64_t evicted;
  uint64_t left;
} drain_lane_ledger;
typedef struct drain_thread_metrics {
  uint32_t thread_id;
  uint32_t slot;
  uint32_t generation;
  uint32_t weight; /**< as it is now */
  drain_lane_ledger index;
  drain_lane_ledger detail;
  uint64_t visits;
  uint64_t skips;
  uint64_t credit;       /**< events */
  uint64_t longest_wait; /**< visits of other threads */
  double share;          /**< delivered / ideal in the last window, 6 decimals; 1 without demand or before a window */
  uint32_t priority;     /**< its own class, whatever waiting has raised it to */
} drain_thread_metrics;
/**
 * Fairness over the last whole window: it ends with the iteration in which its full visits reach
 * fairness_window_visits, and is of the threads that hold a slot then and are known to the drain.
 */
typedef struct drain_fairness_metrics {
  uint64_t windows;      /**< that have ended; before the first, the numbers are of a drain without fault */
  uint64_t delivered;    /**< events, in it, to these threads */
  double jain;           /**< over delivered / ideal of the threads with demand, zeros included */
  double min_share;      /**< the smallest delivered / ideal among them */
  double service_lag;    /**< largest difference of events per weight between threads backlogged in all of it */
  uint64_t longest_wait; /**< of any thread since the drain was made, in visits of others */
  uint32_t quantum;      /**< events a visit may take per unit of weight, now */
  uint32_t batch;        /**< events in one batch at most, now; 0: no limit but the visit's */
} drain_fairness_metrics;
typedef struct DrainMetrics {
  uint64_t iterations;
  uint64_t visits;
  uint64_t skips;
  uint64_t batches;
  uint64_t sink_failures;
  uint64_t registered;
  uint64_t reclaimed;
  uint64_t wakeups;
  uint64_t iteration_ns;
  uint64_t longest_iteration_ns;
  double jain; /**< of delivered / ideal over the threads with demand; 1 without any */
  drain_lane_ledger index;
  drain_lane_ledger detail;
  drain_fairness_metrics fairness;
  uint32_t threads; /**< threads that hold a slot now */
} DrainMetrics;
/** Fills `metrics`, and the first `capacity` of the threads that hold a slot now, in slot order. Changes nothing. */
DRAIN_API drain_status drain_metrics(DrainIterator* iterator, DrainMetrics* metrics, drain_thread_metrics* threads,
                                     uint32_t capacity);

/**
 * Starts a thread that turns the drain until drain_thread_join, and sleeps at most `max_sleep_ms` (1 to 1000) at a
 * time. While it runs, every other call on this iterator fails with INVALID_ARGUMENT. Callbacks run on that thread.
 */
DRAIN_API drain_status drain_thread_start(DrainIterator* iterator, uint32_t max_sleep_ms);
/** Lets that thread stop the drain (drain_stop with this deadline) and waits for its end. Errors: INVALID_ARGUMENT. */
DRAIN_API drain_status drain_thread_join(DrainIterator* iterator, uint64_t deadline_ns, drain_stop_result* result);

/** Opens the registry of a drain. Errors: INVALID_ARGUMENT. */
DRAIN_API drain_status thread_registry_of(DrainIterator* iterator, ThreadRegistry** registry);
/** Opens the registry of a formatted arena. Errors: those of drain_arena_read_config. */
DRAIN_API drain_status thread_registry_open(void* memory, size_t bytes, ThreadRegistry** registry);
DRAIN_API void thread_registry_close(ThreadRegistry* registry);

/** Takes a slot. Errors: STOPPED, INVALID_WEIGHT (1 to 1024), REGISTRY_FULL. */
DRAIN_API drain_status register_thread_for_drain(ThreadRegistry* registry, uint32_t thread_id, uint32_t weight,
                                                 ThreadDrainState** state);
/** The same with a class for DRAIN_PRIORITY, 0 (what the call above takes) to 7. Errors: INVALID_PRIORITY too. */
DRAIN_API drain_status register_thread_with_priority(ThreadRegistry* registry, uint32_t thread_id, uint32_t weight,
                                                     uint32_t priority, ThreadDrainState** state);
/** ACTIVE to LEAVING; what was accepted is still delivered. Errors: THREAD_LEFT the second time, ALREADY_HOLDING. */
DRAIN_API drain_status deregister_thread_from_drain(ThreadDrainState* state);
/** Frees the handle only; a thread that did not leave keeps its slot. */
DRAIN_API void thread_drain_state_destroy(ThreadDrainState* state);
DRAIN_API uint32_t thread_drain_state_slot(const ThreadDrainState* state);
DRAIN_API uint32_t thread_drain_state_generation(const ThreadDrainState* state);
DRAIN_API uint32_t thread_drain_state_thread_id(const ThreadDrainState* state);

/**
 * Emits one record of exactly 32 (index) or detail_record_bytes (detail) bytes. 0, or LANE_FULL, DETAIL_FULL,
 * NO_DETAIL_LANE, TIMED_OUT, STOPPED, THREAD_LEFT, STALE_HANDLE, ALREADY_HOLDING, RECORD_SIZE.
 */
DRAIN_API drain_status drain_emit_index(ThreadDrainState* state, const void* record, size_t bytes, uint32_t timeout_ms);
DRAIN_API drain_status drain_emit_detail(ThreadDrainState* state, const void* record, size_t bytes,
                                         uint32_t timeout_ms);

/** Records that become visible all at once; each lane's records lie one after another. */
typedef struct drain_group {
  const void* index;
  size_t index_bytes; /**< a multiple of 32 */
  const void* detail;
  size_t detail_bytes; /**< a multiple of detail_record_bytes */
} drain_group;
/** Takes the queue and writes the group, not yet visible: as an emit, or QUEUE_BUSY. */
DRAIN_API drain_status submit_queue_begin(ThreadDrainState* state, const drain_group* group);
/** Makes the group visible and frees the queue: NOT_HOLDING, STOPPED, STALE_HANDLE (then nothing of it is visible). */
DRAIN_API drain_status submit_queue_commit(ThreadDrainState* state);
/** Both in one. */
DRAIN_API drain_status submit_queue_submit(ThreadDrainState* state, const drain_group* group, uint32_t timeout_ms);
/** Marks the open window, pre_roll windows before it and post_roll windows after it. */
DRAIN_API drain_status drain_mark(ThreadDrainState* state);
/** Seals the open window; without one, nothing happens. */
DRAIN_API drain_status drain_seal(ThreadDrainState* state);
/** From the thread's next turn on, 1 to 1024: 0, or INVALID_WEIGHT, STOPPED, THREAD_LEFT, STALE_HANDLE. */
DRAIN_API drain_status drain_set_weight(ThreadDrainState* state, uint32_t weight);
/** The same for its class, 0 to 7: 0, or INVALID_PRIORITY, STOPPED, THREAD_LEFT, STALE_HANDLE. */
DRAIN_API drain_status drain_set_priority(ThreadDrainState* state, uint32_t priority);

#ifdef __cplusplus
}
#endif
#endif
