// A doubly linked list of slots: every operation costs the same, however many there are.
#pragma once

#include <cstdint>
#include <vector>

#include "tracked.hpp"

namespace drainproof {

// The links are in Tracked, so a slot is in one list at most.
class SlotList {
 public:
  explicit SlotList(std::vector<Tracked>& slots) : slots_(&slots) {}

  std::uint32_t head() const { return head_; }
  bool empty() const { return head_ == Tracked::kNone; }

  void push_back(std::uint32_t slot) {
    std::vector<Tracked>& slots = *slots_;
    slots[slot].next = Tracked::kNone;
    slots[slot].previous = tail_;
    (tail_ == Tracked::kNone ? head_ : slots[tail_].next) = slot;
    tail_ = slot;
  }

  void remove(std::uint32_t slot) {
    std::vector<Tracked>& slots = *slots_;
    const Tracked& t = slots[slot];
    (t.previous == Tracked::kNone ? head_ : slots[t.previous].next) = t.next;
    (t.next == Tracked::kNone ? tail_ : slots[t.next].previous) = t.previous;
  }

  // Puts all of `other` before all of this list, and leaves it empty.
  void prepend(SlotList& other) {
    if (other.empty()) return;
    std::vector<Tracked>& slots = *slots_;
    slots[other.tail_].next = head_;
    (head_ == Tracked::kNone ? tail_ : slots[head_].previous) = other.tail_;
    head_ = other.head_;
    other.head_ = other.tail_ = Tracked::kNone;
  }

 private:
  std::vector<Tracked>* slots_;
  std::uint32_t head_ = Tracked::kNone;
  std::uint32_t tail_ = Tracked::kNone;
};

}  // namespace drainproof
