#include "arena.hpp"

#include <cstdlib>
#include <cstring>

#include "config.hpp"
#include "error.hpp"

namespace drainproof {
namespace {

constexpr std::uint64_t kLimit = std::uint64_t{1} << 32;

std::uint64_t align(std::uint64_t bytes) {
  return (bytes + kCacheLine - 1) / kCacheLine * kCacheLine;
}

// The header's fixed part is plain memory: it is written before anybody else can know the arena, and then never.
std::uint32_t get(const std::uint8_t* memory, std::uint32_t offset) {
  std::uint32_t value = 0;
  std::memcpy(&value, memory + offset, sizeof value);
  return value;
}
void put(std::uint8_t* memory, std::uint32_t offset, std::uint64_t value) {
  const auto word = static_cast<std::uint32_t>(value);
  std::memcpy(memory + offset, &word, sizeof word);
}

drain_status check_place(const void* memory) {
  if (memory == nullptr || reinterpret_cast<std::uintptr_t>(memory) % 8 != 0)
    return fail(DRAIN_INVALID_ARGUMENT, "the arena's memory is not 8-byte aligned");
  return DRAIN_ACCEPTED;
}

}  // namespace

Geometry geometry_of(const drain_config& c) {
  Geometry g{};
  g.windows = c.detail_capacity == 0 ? 0 : c.detail_capacity / c.window_records;
  g.windows_offset = align(std::uint64_t{c.index_capacity} * kIndexRecordBytes);
  g.detail_offset = g.windows_offset + g.windows * Window::bytes;
  g.lane_bytes = g.detail_offset + align(std::uint64_t{c.detail_capacity} * c.detail_record_bytes);
  g.lane_offset = Header::bytes + std::uint64_t{c.slots} * Slot::bytes;
  g.ready_offset = g.lane_offset + c.slots * g.lane_bytes;
  g.ready_words = (std::uint64_t{c.slots} + 31) / 32;
  g.arena_bytes = g.ready_offset + align(g.ready_words * 4);
  return g;
}

std::uint32_t fnv1a(const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t hash = 0x811c9dc5;
  for (std::size_t i = 0; i < count; ++i) hash = (hash ^ bytes[i]) * 0x01000193u;
  return hash;
}

drain_status Arena::format(const drain_config& config, void* memory, std::size_t bytes, std::shared_ptr<Arena>* out) {
  const Geometry g = geometry_of(config);
  if (g.arena_bytes >= kLimit)
    return fail(DRAIN_INVALID_ARGUMENT, "the arena would need " + std::to_string(g.arena_bytes) + " bytes");
  auto arena = std::make_shared<Arena>();
  if (memory == nullptr) {
    void* block = std::aligned_alloc(kCacheLine, static_cast<std::size_t>(g.arena_bytes));
    if (block == nullptr)
      return fail(DRAIN_INVALID_ARGUMENT, "no memory for " + std::to_string(g.arena_bytes) + " bytes");
    arena->owned_.reset(static_cast<std::uint8_t*>(block), std::free);
    memory = block;
  } else {
    if (const drain_status status = check_place(memory)) return status;
    if (bytes < g.arena_bytes)
      return fail(DRAIN_ARENA_TOO_SMALL,
                  std::to_string(bytes) + " bytes given, " + std::to_string(g.arena_bytes) + " needed");
  }
  auto* data = static_cast<std::uint8_t*>(memory);
  // Lanes need no clearing: registering sets up a slot's cursors and window descriptors before it becomes ACTIVE.
  std::memset(data, 0, static_cast<std::size_t>(g.lane_offset));
  std::memset(data + g.ready_offset, 0, static_cast<std::size_t>(g.arena_bytes - g.ready_offset));
  std::memcpy(data + Header::magic, kArenaMagic, kMagicBytes);
  put(data, Header::layoutVersion, kLayoutVersion);
  put(data, Header::headerBytes, Header::bytes);
  put(data, Header::arenaBytes, g.arena_bytes);
  put(data, Header::slots, config.slots);
  put(data, Header::indexCapacity, config.index_capacity);
  put(data, Header::indexRecordBytes, kIndexRecordBytes);
  put(data, Header::detailCapacity, config.detail_capacity);
  put(data, Header::detailRecordBytes, config.detail_record_bytes);
  put(data, Header::windowRecords, config.window_records);
  put(data, Header::preRoll, config.pre_roll);
  put(data, Header::postRoll, config.post_roll);
  put(data, Header::slotBytes, Slot::bytes);
  put(data, Header::laneOffset, g.lane_offset);
  put(data, Header::laneBytes, g.lane_bytes);
  put(data, Header::initialCursor, config.initial_cursor);
  put(data, Header::checksum, fnv1a(data, Header::checksum));
  arena->data_ = data;
  arena->config_ = config;
  arena->geometry_ = g;
  *out = std::move(arena);
  return DRAIN_ACCEPTED;
}

drain_status read_header(void* memory, std::size_t bytes, drain_config* config) {
  if (bytes < Header::bytes)
    return fail(DRAIN_ARENA_TRUNCATED, std::to_string(bytes) + " bytes do not hold the header");
  if (const drain_status status = check_place(memory)) return status;
  const auto* data = static_cast<const std::uint8_t*>(memory);
  if (std::memcmp(data + Header::magic, kArenaMagic, kMagicBytes) != 0)
    return fail(DRAIN_ARENA_FOREIGN, "the memory does not start with the magic bytes");
  const std::uint32_t version = get(data, Header::layoutVersion);
  if (version != kLayoutVersion)
    return fail(DRAIN_ARENA_VERSION, "the arena has layout version " + std::to_string(version));
  if (get(data, Header::checksum) != fnv1a(data, Header::checksum))
    return fail(DRAIN_ARENA_CORRUPT, "the header's checksum does not match");
  const std::uint32_t stated = get(data, Header::arenaBytes);
  if (stated > bytes)
    return fail(DRAIN_ARENA_TRUNCATED, std::to_string(bytes) + " of " + std::to_string(stated) + " bytes are there");
  drain_config c = *config;
  c.slots = get(data, Header::slots);
  c.index_capacity = get(data, Header::indexCapacity);
  c.detail_capacity = get(data, Header::detailCapacity);
  c.detail_record_bytes = get(data, Header::detailRecordBytes);
  c.window_records = get(data, Header::windowRecords);
  c.pre_roll = get(data, Header::preRoll);
  c.post_roll = get(data, Header::postRoll);
  c.initial_cursor = get(data, Header::initialCursor);
  // The fields that the header does not state are judged with the caller's configuration, not here.
  drain_config sizes = default_config();
  sizes.slots = c.slots;
  sizes.index_capacity = c.index_capacity;
  sizes.detail_capacity = c.detail_capacity;
  sizes.detail_record_bytes = c.detail_record_bytes;
  sizes.window_records = c.window_records;
  sizes.pre_roll = c.pre_roll;
  sizes.post_roll = c.post_roll;
  if (check_config(sizes) != DRAIN_ACCEPTED) return fail(DRAIN_ARENA_CORRUPT, "in its header " + last_wrong());
  const Geometry g = geometry_of(c);
  if (get(data, Header::headerBytes) != Header::bytes || get(data, Header::slotBytes) != Slot::bytes ||
      get(data, Header::indexRecordBytes) != kIndexRecordBytes || get(data, Header::laneOffset) != g.lane_offset ||
      get(data, Header::laneBytes) != g.lane_bytes || stated != g.arena_bytes)
    return fail(DRAIN_ARENA_CORRUPT, "the header's offsets do not follow from its sizes");
  *config = c;
  return DRAIN_ACCEPTED;
}

drain_status Arena::open(void* memory, std::size_t bytes, std::shared_ptr<Arena>* out) {
  drain_config config = default_config();
  if (const drain_status status = read_header(memory, bytes, &config)) return status;
  auto arena = std::make_shared<Arena>();
  arena->data_ = static_cast<std::uint8_t*>(memory);
  arena->config_ = config;
  arena->geometry_ = geometry_of(config);
  *out = std::move(arena);
  return DRAIN_ACCEPTED;
}

}  // namespace drainproof
