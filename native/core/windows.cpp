#include "windows.hpp"

#include <algorithm>
#include <cstring>

#include "atomics.hpp"

namespace drainproof {

std::uint32_t visible_records(const Arena& arena, std::uint32_t slot, std::uint32_t place, std::uint32_t tail) {
  // Relaxed is enough: whoever looks has acquired the window's state or the tail, both stored after these words.
  const std::uint32_t below = tail - load_relaxed(arena.window(slot, place, Window::firstRecord));
  if (below > 0x80000000u) return 0;
  return std::min(load_relaxed(arena.window(slot, place, Window::count)), below);
}

DetailWindows::DetailWindows(const Arena& arena, std::uint32_t slot)
    : arena_(arena),
      slot_(slot),
      window_records_(arena.config().window_records),
      record_bytes_(arena.config().detail_record_bytes) {
  full_.reserve(arena.windows());
  marked_.reserve(std::min(arena.windows(), arena.config().pre_roll));
}

bool DetailWindows::write(const void* record, std::uint32_t tail) {
  if (open_ != kNone && open_count_ == window_records_) {
    full_.push_back(open_);  // only inside a group: its windows are sealed when it is committed
    open_ = kNone;
  }
  if (open_ == kNone && !open(tail)) return false;
  std::memcpy(arena_.window_records(slot_, open_) + std::size_t{open_count_} * record_bytes_, record, record_bytes_);
  ++open_count_;
  // Published by the store of the tail (or of the state, when sealed) that follows.
  store_relaxed(arena_.window(slot_, open_, Window::count), open_count_);
  return true;
}

void DetailWindows::unwrite() {
  // `seal_full` may have closed the window already: then its place is the last one sealed.
  --open_count_;
  store_relaxed(arena_.window(slot_, last_, Window::count), open_count_);
}

std::uint64_t DetailWindows::room() const {
  std::uint64_t records = open_ == kNone ? 0 : window_records_ - open_count_;
  for (std::uint32_t place = 0; place < arena_.windows(); ++place) {
    // Pairs with the drain's store of FREE: its reads of the old records are over before ours are written.
    const std::uint32_t state = load_acquire(arena_.window(slot_, place, Window::state));
    if (state == WindowState::free || state == WindowState::sealed) records += window_records_;
  }
  return records;
}

std::uint32_t DetailWindows::place_to_open() const {
  const std::uint32_t next = load_relaxed(arena_.slot(slot_, Slot::nextWindow));  // our own word
  std::uint32_t oldest = kNone;
  std::uint32_t age = 0;
  for (std::uint32_t place = 0; place < arena_.windows(); ++place) {
    // Pairs with the drain's store of FREE, as in room().
    const std::uint32_t state = load_acquire(arena_.window(slot_, place, Window::state));
    if (state == WindowState::free) return place;
    if (state != WindowState::sealed) continue;
    const std::uint32_t distance = next - load_relaxed(arena_.window(slot_, place, Window::sequence));
    if (oldest == kNone || distance > age) {
      oldest = place;
      age = distance;
    }
  }
  return oldest;
}

void DetailWindows::evict(std::uint32_t place) {
  const std::uint32_t tail = load_relaxed(arena_.slot(slot_, Slot::detailTail));  // our own word
  std::uint32_t& evicted = arena_.slot(slot_, Slot::detailEvicted);
  // A counter with one writer; readers want no more than some recent value.
  store_relaxed(evicted, load_relaxed(evicted) + visible_records(arena_, slot_, place, tail));
}

bool DetailWindows::open(std::uint32_t tail) {
  const std::uint32_t place = place_to_open();
  if (place == kNone) return false;
  if (load_relaxed(arena_.window(slot_, place, Window::state)) == WindowState::sealed) evict(place);
  std::uint32_t& next = arena_.slot(slot_, Slot::nextWindow);
  std::uint32_t& left = arena_.slot(slot_, Slot::postRollLeft);
  const std::uint32_t sequence = load_relaxed(next);
  store_relaxed(arena_.window(slot_, place, Window::sequence), sequence);
  store_relaxed(arena_.window(slot_, place, Window::firstRecord), tail);
  store_relaxed(arena_.window(slot_, place, Window::count), 0u);
  store_relaxed(arena_.window(slot_, place, Window::released), 0u);
  // seq_cst: the drain takes nextWindow == initialCursor for "no window was ever opened" when it decides to sleep.
  store_seq(next, sequence + 1);
  const std::uint32_t marked = load_relaxed(left);
  if (marked > 0) store_relaxed(left, marked - 1);
  // Publishes the descriptor to a final drain, which looks at open windows too.
  store_release(arena_.window(slot_, place, Window::state), marked > 0 ? WindowState::openMarked : WindowState::open);
  open_ = place;
  open_count_ = 0;
  last_ = place;
  return true;
}

void DetailWindows::seal(std::uint32_t place) {
  std::uint32_t& state = arena_.window(slot_, place, Window::state);
  // Pairs with the drain's loads in deliverable windows and has_work: publishes count and records. A CAS, because a
  // final drain may have freed the window by now. seq_cst: it is followed by the load of `sleeping`.
  if (!swap_seq(state, WindowState::open, WindowState::sealed))
    swap_seq(state, WindowState::openMarked, WindowState::sealedMarked);
}

void DetailWindows::seal_full() {
  for (const std::uint32_t place : full_) seal(place);
  full_.clear();
  if (open_ != kNone && open_count_ == window_records_) seal_open();
}

void DetailWindows::seal_open() {
  if (open_ == kNone) return;
  seal(open_);
  open_ = kNone;
}

void DetailWindows::mark() {
  std::uint32_t& left = arena_.slot(slot_, Slot::postRollLeft);
  const std::uint32_t post = arena_.config().post_roll;
  std::uint32_t at = load_relaxed(arena_.slot(slot_, Slot::nextWindow));
  if (open_ != kNone) {
    at = load_relaxed(arena_.window(slot_, open_, Window::sequence));
    // A CAS, because a final drain may be at work on the window.
    swap_seq(arena_.window(slot_, open_, Window::state), WindowState::open, WindowState::openMarked);
    store_relaxed(left, std::max(load_relaxed(left), post));
  } else {
    store_relaxed(left, std::max(load_relaxed(left), post + 1));
  }
  marked_.clear();
  for (std::uint32_t place = 0; place < arena_.windows(); ++place) {
    if (load_relaxed(arena_.window(slot_, place, Window::state)) != WindowState::sealed) continue;
    const std::uint32_t distance = at - load_relaxed(arena_.window(slot_, place, Window::sequence));
    if (distance >= 1 && distance <= arena_.config().pre_roll) marked_.emplace_back(distance, place);
  }
  // Oldest first, so that a drain that looks meanwhile never sees a younger window before an older one.
  std::sort(marked_.begin(), marked_.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [distance, place] : marked_)
    // Pairs with the drain's load of the state: hands the window over. seq_cst, followed by the load of `sleeping`.
    swap_seq(arena_.window(slot_, place, Window::state), WindowState::sealed, WindowState::sealedMarked);
}

}  // namespace drainproof
