// Deficit round robin over an intrusive list of backlogged threads: every operation is O(1).
#pragma once

#include <cstdint>
#include <vector>

#include "tracked.hpp"

namespace drainproof {

// A doubly linked list of slots; the links are in Tracked, so a slot is in one list at most.
class SlotList {
 public:
  explicit SlotList(std::vector<Tracked>& slots) : slots_(slots) {}

  std::uint32_t size() const { return size_; }

  void push_back(std::uint32_t slot) {
    slots_[slot].next = Tracked::kNone;
    slots_[slot].previous = tail_;
    (tail_ == Tracked::kNone ? head_ : slots_[tail_].next) = slot;
    tail_ = slot;
    ++size_;
  }

  std::uint32_t pop_front() {
    const std::uint32_t slot = head_;
    remove(slot);
    return slot;
  }

  void remove(std::uint32_t slot) {
    const Tracked& t = slots_[slot];
    (t.previous == Tracked::kNone ? head_ : slots_[t.previous].next) = t.next;
    (t.next == Tracked::kNone ? tail_ : slots_[t.next].previous) = t.previous;
    --size_;
  }

  // Puts all of `other` before all of this list, and leaves it empty.
  void prepend(SlotList& other) {
    if (other.size_ == 0) return;
    slots_[other.tail_].next = head_;
    (head_ == Tracked::kNone ? tail_ : slots_[head_].previous) = other.tail_;
    head_ = other.head_;
    size_ += other.size_;
    other.head_ = other.tail_ = Tracked::kNone;
    other.size_ = 0;
  }

 private:
  std::vector<Tracked>& slots_;
  std::uint32_t head_ = Tracked::kNone;
  std::uint32_t tail_ = Tracked::kNone;
  std::uint32_t size_ = 0;
};

// Credits of a thread: what a turn adds, and how much it may keep.
struct Credits {
  std::uint64_t quantum;
  std::uint64_t turns_kept;  // maxSkips + 1

  std::uint64_t after_turn(const Tracked& t) const {
    const std::uint64_t share = t.share * quantum;
    const std::uint64_t sum = t.credit + share;
    return sum < turns_kept * share ? sum : turns_kept * share;
  }
};

}  // namespace drainproof
