// The test pattern: twin of spec/records.ts. Every byte follows from thread, lane, sequence and join.
#pragma once

#include <cstdint>

namespace drainproof::load {

inline constexpr std::int64_t kNoJoin = -1;

// The finalizer of MurmurHash3, 32 bit.
constexpr std::uint32_t mix32(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

// `words`: the 8 words of an index record.
constexpr void fill_index_pattern(std::uint32_t* words, std::uint32_t thread, std::uint32_t sequence,
                                  std::int64_t join = kNoJoin) {
  const auto join_word = static_cast<std::uint32_t>(join);
  const std::uint32_t hash = mix32(sequence ^ mix32(thread ^ mix32(join_word + 1)));
  words[0] = sequence;
  words[1] = 0;
  words[2] = hash;
  words[3] = hash + 0x9e3779b9u;
  words[4] = thread;
  words[5] = 1u | ((sequence & 63u) << 16);
  words[6] = join_word;
  words[7] = join == kNoJoin ? 0xffffffffu : 0u;
}

// `words`: all `count` words of a detail record.
constexpr void fill_detail_pattern(std::uint32_t* words, std::uint32_t count, std::uint32_t thread,
                                   std::uint32_t sequence) {
  const std::uint32_t hash = mix32(sequence ^ mix32(thread ^ 0x5bd1e995u));
  words[0] = sequence;
  words[1] = 0;
  words[2] = hash;
  words[3] = 0;
  words[4] = thread;
  words[5] = (count - 6) * 4;
  for (std::uint32_t i = 6; i < count; ++i) words[i] = hash + i * 0x9e3779b9u;
}

// An index record of a stress load: twin of stress/subject/stamp.ts. Late: how late the machine woke the thread for it.
constexpr void fill_stamped(std::uint32_t* words, std::uint32_t thread, std::uint32_t sequence, std::uint64_t stamp_ns,
                            std::uint64_t late_ns) {
  const auto low = static_cast<std::uint32_t>(stamp_ns);
  const auto high = static_cast<std::uint32_t>(stamp_ns >> 32);
  const std::uint64_t steps = late_ns / 10'000;
  const std::uint32_t kind_and_depth = 1u | (static_cast<std::uint32_t>(steps < 0xffff ? steps : 0xffff) << 16);
  words[0] = low;
  words[1] = high;
  words[2] = sequence;
  words[3] = mix32(sequence ^ (low * 0x9e3779b9u) ^ (high * 0xc2b2ae35u) ^ (thread * 0x85ebca6bu) ^ kind_and_depth);
  words[4] = thread;
  words[5] = kind_and_depth;
  words[6] = 0xffffffffu;
  words[7] = 0xffffffffu;
}

}  // namespace drainproof::load
