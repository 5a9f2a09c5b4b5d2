// The arena's byte layout, version 2: twin of spec/layout.ts and the only home of offsets in C++.
//
//   header (256) | slot table (slots x 256) | lanes of slot 0 | lanes of slot 1 | ... | ready bits
//   lanes of a slot = index records | window descriptors | detail records, each part 64-byte aligned
//   ready bits: bit s mod 32 of word s / 32 is set while slot s may have work (spec/algorithm.md, "Ready bits")
//
// All integers are little-endian. Cursors are free-running u32 counters, compared by difference only.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace drainproof {

static_assert(std::endian::native == std::endian::little, "the arena is little-endian");

inline constexpr std::uint32_t kLayoutVersion = 2;
inline constexpr char kArenaMagic[] = "DRNPROOF";
inline constexpr std::size_t kMagicBytes = 8;
inline constexpr std::uint32_t kCacheLine = 64;
inline constexpr std::uint32_t kIndexRecordBytes = 32;

// Bytes 0 to 127 never change after formatting; what lies at 128 belongs to the drain, and stopState too.
// Whoever changes a slot's state adds 1 to registryVersion.
struct Header {
  static constexpr std::uint32_t bytes = 256, magic = 0, layoutVersion = 8, headerBytes = 12, arenaBytes = 16,
                                 slots = 20, indexCapacity = 24, indexRecordBytes = 28, detailCapacity = 32,
                                 detailRecordBytes = 36, windowRecords = 40, preRoll = 44, postRoll = 48,
                                 slotBytes = 52, laneOffset = 56, laneBytes = 60, initialCursor = 64, checksum = 124,
                                 sleeping = 128, wakeSequence = 132, stopState = 192, registryVersion = 196;
};

// One kind of writer a cache line: line 0 transitions, line 1 the queue word, line 2 producer, line 3 drain.
struct Slot {
  static constexpr std::uint32_t bytes = 256, state = 0, threadId = 4, weight = 8, priority = 12, indexClose = 16,
                                 detailClose = 24, queue = 64, indexTail = 128, detailTail = 132, nextWindow = 136,
                                 postRollLeft = 140, indexRejected = 144, detailRejected = 148, detailEvicted = 152,
                                 indexHead = 192;
};

// Producer: everything but `released`, which is the drain's. `state` changes hands by its value.
struct Window {
  static constexpr std::uint32_t bytes = 64, state = 0, sequence = 4, firstRecord = 8, count = 12, released = 32;
};

struct SlotState {
  static constexpr std::uint32_t free = 0, claimed = 1, active = 2, leaving = 3, drained = 4;
};
struct QueueState {
  static constexpr std::uint32_t free = 0, producer = 1, drain = 2, revoked = 3;
};
struct StopState {
  static constexpr std::uint32_t running = 0, stopping = 1, stopped = 2;
};
struct WindowState {
  static constexpr std::uint32_t free = 0, open = 1, openMarked = 2, sealed = 3, sealedMarked = 4;
};

inline constexpr std::uint32_t kGenerationMask = 0xffffff;
// Bit that tells a closed lane from an open one in a close word.
inline constexpr std::uint64_t kClosed = std::uint64_t{1} << 32;

constexpr std::uint32_t state_word(std::uint32_t generation, std::uint32_t state) {
  return (generation << 8) | state;
}
constexpr std::uint32_t generation_of(std::uint32_t word) {
  return word >> 8;
}
constexpr std::uint32_t state_of(std::uint32_t word) {
  return word & 0xff;
}

}  // namespace drainproof
