// Iterator: who is there, and who has work.
#include "atomics.hpp"
#include "iterator.hpp"
#include "ready.hpp"

namespace drainproof {

bool Iterator::has_work(std::uint32_t slot, std::uint32_t word) const {
  if (state_of(word) == SlotState::leaving) return true;
  // Pairs with the producer's store of the tail. seq_cst here and below: wait_for_work has stored `sleeping` before, or
  // clear_ready taken the bit away, and the producer loads both after its store (Dekker). On x86 and ARMv8 the load
  // costs no more than an acquire.
  if (load_seq(arena_->slot(slot, Slot::indexTail)) != load_relaxed(arena_->slot(slot, Slot::indexHead))) return true;
  // Pairs with the store in DetailWindows::open; without a window ever opened there is nothing to scan.
  if (arena_->windows() == 0 || load_seq(arena_->slot(slot, Slot::nextWindow)) == config_.initial_cursor) return false;
  for (std::uint32_t place = 0; place < arena_->windows(); ++place)
    // Pairs with the producer's CAS to SEALED_MARKED (seal, mark).
    if (load_seq(arena_->window(slot, place, Window::state)) == WindowState::sealedMarked) return true;
  return false;
}

void Iterator::set_up(Tracked* fresh, std::uint32_t slot, std::uint32_t word) const {
  Tracked& t = *fresh;
  t.generation = generation_of(word);
  // The words below were published by the store of ACTIVE, which the caller's load of `word` acquired.
  t.thread_id = load_relaxed(arena_->slot(slot, Slot::threadId));
  t.index.begin(config_.initial_cursor, final_tail(slot, Slot::indexClose, Slot::indexTail));
  t.detail.begin(config_.initial_cursor, final_tail(slot, Slot::detailClose, Slot::detailTail));
}

void Iterator::track(std::uint32_t slot, std::uint32_t word) {
  slots_[slot] = Tracked{};
  set_up(&slots_[slot], slot, word);
  slots_[slot].tracked = true;
  ++counts_.registered;
  report(DRAIN_THREAD_REGISTERED, slot);
}

void Iterator::forget(std::uint32_t slot) {
  // Another drain reclaimed the slot: what this one delivered stays in its sums.
  Tracked& t = slots_[slot];
  scheduler_.remove(slot);
  gone_index_.accepted += t.index.delivered;
  gone_index_.delivered += t.index.delivered;
  gone_detail_.accepted += t.detail.delivered;
  gone_detail_.delivered += t.detail.delivered;
  t = Tracked{};
}

// The word of the thread that holds the slot now, tracked from here on; 0 without one.
std::uint32_t Iterator::meet(std::uint32_t slot, bool may_forget) {
  Tracked& t = slots_[slot];
  // Pairs with the registering thread's CAS to ACTIVE and with leave, stop and declare_dead: acquires what the
  // thread wrote before it.
  const std::uint32_t word = load_acquire(arena_->slot(slot, Slot::state));
  const std::uint32_t state = state_of(word);
  const bool alive = state == SlotState::active || state == SlotState::leaving;
  if (t.tracked && (!alive || t.generation != generation_of(word))) {
    if (!may_forget) return 0;
    forget(slot);
  }
  if (!alive) return 0;
  if (!t.tracked) track(slot, word);
  if (state == SlotState::leaving && !t.leaving) {
    t.leaving = true;
    scheduler_.leaves(slot);
    report(DRAIN_THREAD_LEAVING, slot);
  }
  return word;
}

bool Iterator::keeps_work(std::uint32_t slot) {
  // Pairs with leave, stop and declare_dead, as in meet.
  if (has_work(slot, load_acquire(arena_->slot(slot, Slot::state)))) return true;
  clear_ready(*arena_, slot);
  // The second look, after the bit is gone: see ready.hpp.
  if (!has_work(slot, load_seq(arena_->slot(slot, Slot::state)))) return false;
  set_ready(*arena_, slot);
  return true;
}

void Iterator::look_at(std::uint32_t slot, bool is_ready) {
  std::uint32_t word = meet(slot, true);
  if (slots_[slot].list != Tracked::List::none) return;
  if (word == 0 || !has_work(slot, word)) {
    if (!is_ready) return;
    clear_ready(*arena_, slot);
    // The second look, at its state too: somebody may have registered meanwhile.
    word = meet(slot, true);
    if (word == 0 || !has_work(slot, word)) return;
    set_ready(*arena_, slot);
  }
  scheduler_.join(slot);
}

void Iterator::discover() {
  // Pairs with note_change. Loaded before the slots: a change that comes later is seen in the next discovery.
  const std::uint32_t version = load_seq(arena_->header(Header::registryVersion));
  const bool all = has_changed(version);
  seen_version_ = version;
  any_candidate(all, [this](std::uint32_t slot, bool is_ready) {
    look_at(slot, is_ready);
    return false;
  });
}

bool Iterator::sees_work() const {
  // Pairs with note_change, as in discover; and the looks below with the producers' stores (wake_drain).
  const bool all = has_changed(load_seq(arena_->header(Header::registryVersion)));
  return any_candidate(all, [this](std::uint32_t slot, bool) {
    const std::uint32_t word = load_seq(arena_->slot(slot, Slot::state));
    const std::uint32_t state = state_of(word);
    return (state == SlotState::active || state == SlotState::leaving) && has_work(slot, word);
  });
}

}  // namespace drainproof
