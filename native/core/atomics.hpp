// Every atomic operation of the core goes through this file, so that a model checker's can be swapped in:
// compile with -DDRAINPROOF_ATOMICS='"your_atomics.hpp"', a header that defines the same functions.
//
// JavaScript's Atomics on the same memory are sequentially consistent, so each weaker order used by the core is a
// relaxation of its own; the argument for it stands where it is used.
#pragma once

#ifdef DRAINPROOF_ATOMICS
#include DRAINPROOF_ATOMICS
#else

#include <atomic>
#include <cstdint>

namespace drainproof {

template <class T>
inline T load_relaxed(T& word) {
  return std::atomic_ref<T>(word).load(std::memory_order_relaxed);
}
template <class T>
inline T load_acquire(T& word) {
  return std::atomic_ref<T>(word).load(std::memory_order_acquire);
}
template <class T>
inline T load_seq(T& word) {
  return std::atomic_ref<T>(word).load(std::memory_order_seq_cst);
}
template <class T>
inline void store_relaxed(T& word, T value) {
  std::atomic_ref<T>(word).store(value, std::memory_order_relaxed);
}
template <class T>
inline void store_release(T& word, T value) {
  std::atomic_ref<T>(word).store(value, std::memory_order_release);
}
template <class T>
inline void store_seq(T& word, T value) {
  std::atomic_ref<T>(word).store(value, std::memory_order_seq_cst);
}
template <class T>
inline T add_seq(T& word, T amount) {
  return std::atomic_ref<T>(word).fetch_add(amount, std::memory_order_seq_cst);
}
template <class T>
inline T or_seq(T& word, T bits) {
  return std::atomic_ref<T>(word).fetch_or(bits, std::memory_order_seq_cst);
}
template <class T>
inline T and_seq(T& word, T bits) {
  return std::atomic_ref<T>(word).fetch_and(bits, std::memory_order_seq_cst);
}
// True when the word was `expected`; else `expected` becomes what it was.
template <class T>
inline bool cas_seq(T& word, T& expected, T desired) {
  return std::atomic_ref<T>(word).compare_exchange_strong(expected, desired, std::memory_order_seq_cst);
}
// The same for callers that do not need to know what it was.
template <class T>
inline bool swap_seq(T& word, T expected, T desired) {
  return cas_seq(word, expected, desired);
}

}  // namespace drainproof
#endif
