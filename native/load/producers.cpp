#include "producers.hpp"

#include <algorithm>
#include <cmath>

#include "../core/clock.hpp"
#include "pattern.hpp"

namespace drainproof::load {
namespace {

// A thread that finds no room for that long in one life drops what it has.
constexpr std::uint64_t kPatienceNs = 60'000'000'000;

bool worth_retrying(drain_status status) {
  return status == DRAIN_LANE_FULL || status == DRAIN_DETAIL_FULL || status == DRAIN_QUEUE_BUSY ||
         status == DRAIN_TIMED_OUT;
}

void record(std::vector<Run>* runs, std::uint32_t sequence, drain_status outcome, std::uint64_t retries) {
  if (!runs->empty() && runs->back().outcome == outcome && runs->back().from + runs->back().count == sequence) {
    ++runs->back().count;
    runs->back().retries += retries;
  } else {
    runs->push_back({sequence, 1, outcome, retries});
  }
}

// The events of one life.
class Lane {
 public:
  Lane(const Program& program, ThreadDrainState* state, std::uint32_t detail_bytes, const std::atomic<bool>& quit,
       Life* life)
      : program_(program), state_(state), quit_(quit), life_(life), detail_(detail_bytes / 4) {}

  // False: the life is over, `ended` says why.
  bool emit(std::uint32_t sequence) {
    const bool joined = program_.detail_every > 0 && (sequence + 1) % program_.detail_every == 0;
    fill_index_pattern(index_, life_->thread_id, sequence, joined ? std::int64_t{next_detail_} : kNoJoin);
    const auto words = static_cast<std::uint32_t>(detail_.size());
    if (joined) fill_detail_pattern(detail_.data(), words, life_->thread_id, next_detail_);
    std::uint64_t retries = 0;
    const drain_status status =
        joined ? persist(&retries, [this] { return submit(); }) : persist(&retries, [this] { return emit_index(); });
    record(&life_->index, sequence, status, retries);
    if (joined) {
      record(&life_->detail, next_detail_, status, retries);
      if (status == DRAIN_ACCEPTED) life_->joins.emplace_back(sequence, next_detail_);
      ++next_detail_;
    }
    if (over(status)) return false;
    return !(joined && status == DRAIN_ACCEPTED) || mark();
  }

  // What is due at each tick. A tick that comes while the thread waits for room is stamped with its own time: the delay
  // is the drain's. False: the life is over.
  bool open_loop() {
    const double each = program_.rate * static_cast<double>(program_.tick_ns) / 1e9;
    std::uint32_t sequence = 0;
    for (std::uint64_t tick = 0;; ++tick) {
      const std::uint64_t due = program_.begin_ns + tick * program_.tick_ns;
      if (due >= program_.end_ns) return true;
      const std::uint64_t woken = sleep_until(due);
      if (quit_.load(std::memory_order_relaxed)) return true;
      const bool blocked = due <= blocked_until_ns_;
      const std::uint64_t late = blocked ? 0 : woken - due;
      const auto events = static_cast<std::uint64_t>(std::floor(each * static_cast<double>(tick + 1)) -
                                                     std::floor(each * static_cast<double>(tick)));
      for (std::uint64_t left = events; left > 0; --left, ++sequence) {
        fill_stamped(index_, life_->thread_id, sequence, blocked ? due : woken, late);
        std::uint64_t retries = 0;
        const drain_status status = persist(&retries, [this] { return emit_index(); });
        record(&life_->index, sequence, status, retries);
        // what is dropped takes no sequence: the drain's end counts what it gets
        if (status != DRAIN_ACCEPTED) --sequence;
        if (over(status)) return false;
      }
    }
  }

 private:
  // In pieces, so that the end of the group is seen. Returns the time.
  std::uint64_t sleep_until(std::uint64_t until) const {
    constexpr std::uint64_t kLongest = 50'000'000;
    for (;;) {
      const std::uint64_t now = real_now_ns();
      if (now >= until || quit_.load(std::memory_order_relaxed)) return now;
      real_pause_ns(std::min(until - now, kLongest));
    }
  }

  drain_status emit_index() { return drain_emit_index(state_, index_, sizeof index_, 0); }

  drain_status submit() {
    const drain_group group{index_, sizeof index_, detail_.data(), detail_.size() * 4};
    return submit_queue_submit(state_, &group, 0);
  }

  template <class Attempt>
  drain_status persist(std::uint64_t* retries, Attempt attempt) {
    drain_status status = attempt();
    Backoff backoff;
    std::uint64_t from = 0;
    while (!program_.drop && worth_retrying(status) && waited_ns_ < kPatienceNs &&
           !quit_.load(std::memory_order_relaxed) && !(program_.rate > 0 && real_now_ns() >= program_.end_ns)) {
      if (from == 0) from = real_now_ns();
      ++*retries;
      backoff.wait();
      status = attempt();
      const std::uint64_t now = real_now_ns();
      waited_ns_ += now - from;
      from = now;
      blocked_until_ns_ = now;
    }
    return status;
  }

  bool mark() {
    ++accepted_detail_;
    if (program_.mark_every == 0 || accepted_detail_ % program_.mark_every != 0) return true;
    const drain_status status = drain_mark(state_);
    if (status == DRAIN_ACCEPTED) life_->marks.push_back(accepted_detail_);
    return !over(status);
  }

  bool over(drain_status status) {
    if (status == DRAIN_STOPPED) life_->ended = Ending::stopped;
    if (status == DRAIN_STALE_HANDLE) life_->ended = Ending::stale;
    return status == DRAIN_STOPPED || status == DRAIN_STALE_HANDLE;
  }

  const Program& program_;
  ThreadDrainState* const state_;
  const std::atomic<bool>& quit_;
  Life* const life_;
  std::uint32_t index_[8] = {};
  std::vector<std::uint32_t> detail_;
  std::uint32_t next_detail_ = 0;
  std::uint32_t accepted_detail_ = 0;
  std::uint64_t waited_ns_ = 0;
  // When this thread last waited for room.
  std::uint64_t blocked_until_ns_ = 0;
};

}  // namespace

ProducerGroup::ProducerGroup(ThreadRegistry* registry, std::uint32_t detail_bytes, std::size_t programs)
    : registry_(registry), detail_bytes_(detail_bytes), running_(programs), lives_(programs) {}

drain_status ProducerGroup::start(void* memory, std::size_t bytes, const std::vector<Program>& programs,
                                  ProducerGroup** group) {
  ThreadRegistry* registry = nullptr;
  if (const drain_status status = thread_registry_open(memory, bytes, &registry)) return status;
  drain_config config;
  drain_config_default(&config);
  drain_arena_read_config(memory, bytes, &config);
  auto* made = new ProducerGroup(registry, config.detail_record_bytes, programs.size());
  for (std::size_t i = 0; i < programs.size(); ++i)
    made->threads_.emplace_back([made, program = programs[i], i] { made->run(program, &made->lives_[i]); });
  made->gate_.store(true, std::memory_order_release);
  made->gate_.notify_all();
  *group = made;
  return DRAIN_ACCEPTED;
}

ProducerGroup::~ProducerGroup() {
  halt();
  for (std::thread& thread : threads_) thread.join();
  thread_registry_close(registry_);
}

std::vector<Life> ProducerGroup::lives() const {
  std::vector<Life> all;
  for (const std::vector<Life>& lives : lives_) all.insert(all.end(), lives.begin(), lives.end());
  return all;
}

void ProducerGroup::run(const Program& program, std::vector<Life>* lives) {
  gate_.wait(false, std::memory_order_acquire);
  for (std::uint32_t number = 0; number < program.lives && !quit_.load(std::memory_order_relaxed); ++number) {
    lives->emplace_back();
    live(program, number, &lives->back());
    if (lives->back().ended == Ending::stopped || lives->back().ended == Ending::stale) break;
  }
  running_.fetch_sub(1, std::memory_order_acq_rel);
}

// So that all of them are alive at once, however slowly the machine starts threads.
void ProducerGroup::await_others() const {
  const std::uint64_t give_up = real_now_ns() + kPatienceNs;
  Backoff backoff;
  while (arrived_.load(std::memory_order_relaxed) < lives_.size() && !quit_.load(std::memory_order_relaxed) &&
         real_now_ns() < give_up)
    backoff.wait();
}

void ProducerGroup::live(const Program& program, std::uint32_t number, Life* life) {
  life->thread_id = program.thread_id + number * program.thread_id_step;
  life->ended = program.ending;
  ThreadDrainState* state = nullptr;
  const std::uint64_t give_up = real_now_ns() + kPatienceNs;
  Backoff backoff;
  bool arrived = number > 0;
  for (;;) {
    life->started_ns = real_now_ns();
    life->registered = register_thread_for_drain(registry_, life->thread_id, program.weight, &state);
    if (!arrived) arrive();
    arrived = true;
    if (life->registered != DRAIN_REGISTRY_FULL || life->started_ns >= give_up || quit_.load(std::memory_order_relaxed))
      break;
    backoff.wait();
  }
  if (life->registered == DRAIN_ACCEPTED) {
    life->slot = thread_drain_state_slot(state);
    life->generation = thread_drain_state_generation(state);
    if (number == 0) await_others();
    Lane lane(program, state, detail_bytes_, quit_, life);
    const std::uint32_t events = program.rate > 0 ? 0 : program.events;
    if (program.rate > 0) lane.open_loop();
    for (std::uint32_t i = 0; i < events && !quit_.load(std::memory_order_relaxed); ++i) {
      if (!lane.emit(i)) break;
      if (program.pause_us > 0) real_pause_ns(std::uint64_t{program.pause_us} * 1000);
    }
    if (life->ended == Ending::leave) deregister_thread_from_drain(state);
    thread_drain_state_destroy(state);
  } else if (life->registered == DRAIN_STOPPED) {
    life->ended = Ending::stopped;
  }
  life->ended_ns = real_now_ns();
}

}  // namespace drainproof::load
