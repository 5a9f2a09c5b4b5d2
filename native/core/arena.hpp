// One block of shared memory: geometry, validation, and typed access to its words.
#pragma once

#include <cstdint>
#include <memory>

#include "../include/drain.h"
#include "layout.hpp"

namespace drainproof {

// Sizes and offsets that follow from a configuration, in bytes.
struct Geometry {
  std::uint64_t windows, windows_offset, detail_offset, lane_bytes, lane_offset, ready_offset, ready_words, arena_bytes;
};
Geometry geometry_of(const drain_config& config);

class Arena {
 public:
  // Formats `memory` (nullptr: allocates) for a checked configuration.
  static drain_status format(const drain_config& config, void* memory, std::size_t bytes,
                             std::shared_ptr<Arena>* arena);
  // Opens a formatted arena; nothing but the header is read before it is found sound.
  static drain_status open(void* memory, std::size_t bytes, std::shared_ptr<Arena>* arena);

  // The configuration that the header states; its other fields are the defaults.
  const drain_config& config() const { return config_; }
  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return static_cast<std::size_t>(geometry_.arena_bytes); }
  // Words of ready bits: one for 32 slots.
  std::uint32_t ready_words() const { return static_cast<std::uint32_t>(geometry_.ready_words); }
  std::uint32_t windows() const { return static_cast<std::uint32_t>(geometry_.windows); }

  std::uint32_t& header(std::uint32_t offset) const { return word(offset); }
  std::uint32_t& slot(std::uint32_t slot, std::uint32_t offset) const { return word(slot_at(slot) + offset); }
  std::uint32_t& ready(std::uint32_t index) const { return word(geometry_.ready_offset + std::uint64_t{index} * 4); }
  std::uint64_t& close_word(std::uint32_t slot, std::uint32_t offset) const {
    return *reinterpret_cast<std::uint64_t*>(data_ + slot_at(slot) + offset);
  }
  std::uint32_t& window(std::uint32_t slot, std::uint32_t place, std::uint32_t offset) const {
    return word(lanes_at(slot) + geometry_.windows_offset + std::uint64_t{place} * Window::bytes + offset);
  }
  std::uint8_t* index_records(std::uint32_t slot) const { return data_ + lanes_at(slot); }
  // The records of one window place lie together, wherever the detail tail stands.
  std::uint8_t* window_records(std::uint32_t slot, std::uint32_t place) const {
    return data_ + lanes_at(slot) + geometry_.detail_offset +
           std::uint64_t{place} * config_.window_records * config_.detail_record_bytes;
  }

 private:
  std::uint32_t& word(std::uint64_t offset) const { return *reinterpret_cast<std::uint32_t*>(data_ + offset); }
  std::uint64_t slot_at(std::uint32_t slot) const { return Header::bytes + std::uint64_t{slot} * Slot::bytes; }
  std::uint64_t lanes_at(std::uint32_t slot) const { return geometry_.lane_offset + slot * geometry_.lane_bytes; }

  std::shared_ptr<std::uint8_t> owned_;
  std::uint8_t* data_ = nullptr;
  drain_config config_{};
  Geometry geometry_{};
};

// Validates the header at `memory` and fills in what it states.
drain_status read_header(void* memory, std::size_t bytes, drain_config* config);
// FNV-1a, 32 bit.
std::uint32_t fnv1a(const std::uint8_t* bytes, std::size_t count);

}  // namespace drainproof
