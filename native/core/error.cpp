#include "error.hpp"

namespace drainproof {
namespace {

// Twin of spec/errors.ts; a test holds the two equal.
constexpr ErrorRow kRows[] = {
    {DRAIN_LANE_FULL, "LANE_FULL", "free space in the index lane",
     "let the drain turn, raise indexCapacity, or emit with a timeout"},
    {DRAIN_DETAIL_FULL, "DETAIL_FULL", "a free or unmarked window in the detail lane",
     "let the drain turn, mark less, or raise detailCapacity"},
    {DRAIN_QUEUE_BUSY, "QUEUE_BUSY", "a free submit queue", "try again, or submit with a timeout"},
    {DRAIN_STOPPED, "STOPPED", "a drain that has not been stopped", "emit and register before stop() only"},
    {DRAIN_THREAD_LEFT, "THREAD_LEFT", "a thread that has not left", "register again to get a new handle"},
    {DRAIN_STALE_HANDLE, "STALE_HANDLE", "the generation the slot has now",
     "register again; the slot was reclaimed or its thread declared dead"},
    {DRAIN_REGISTRY_FULL, "REGISTRY_FULL", "a free slot", "let leaving threads drain, or raise slots"},
    {DRAIN_TIMED_OUT, "TIMED_OUT", "room before the timeout", "let the drain turn more often, or wait longer"},
    {DRAIN_NO_DETAIL_LANE, "NO_DETAIL_LANE", "a configuration with detailCapacity > 0", "configure a detail lane"},
    {DRAIN_NOT_HOLDING, "NOT_HOLDING", "a submit that was begun", "call beginSubmit() first"},
    {DRAIN_ALREADY_HOLDING, "ALREADY_HOLDING", "no submit under way", "commit the submit that was begun"},
    {DRAIN_RECORD_SIZE, "RECORD_SIZE", "a record of exactly the configured size",
     "pass 32 bytes to the index lane, detailRecordBytes to the detail lane"},
    {DRAIN_INVALID_CAPACITY, "INVALID_CAPACITY", "a power of two from 2 to 2^24", "choose a power of two"},
    {DRAIN_INVALID_QUANTUM, "INVALID_QUANTUM", "an integer from 1 (2 with a detail lane) to 2^24",
     "choose a quantum in that range"},
    {DRAIN_INVALID_WEIGHT, "INVALID_WEIGHT", "an integer from 1 to 1024", "choose a weight in that range"},
    {DRAIN_INVALID_SLOTS, "INVALID_SLOTS", "an integer from 1 to 65536", "choose a number of slots in that range"},
    {DRAIN_UNKNOWN_POLICY, "UNKNOWN_POLICY", "'round-robin', 'weighted-fair', 'priority' or 'adaptive'",
     "choose one of these policies"},
    {DRAIN_INVALID_WINDOW, "INVALID_WINDOW",
     "a power of two that divides detailCapacity into at least 2 windows, preRoll and postRoll from 0 to 2^16",
     "choose windowRecords <= detailCapacity / 2"},
    {DRAIN_INVALID_RECORD_BYTES, "INVALID_RECORD_BYTES", "a multiple of 8 from 32 to 65536",
     "choose a detail record size in that range"},
    {DRAIN_INVALID_ARGUMENT, "INVALID_ARGUMENT", "an argument in its documented range",
     "see the docstring of the call"},
    {DRAIN_INVALID_PRIORITY, "INVALID_PRIORITY", "an integer from 0 to 7",
     "choose a priority in that range; 7 is served first"},
    {DRAIN_ARENA_TOO_SMALL, "ARENA_TOO_SMALL", "an arena of at least arenaBytes(config) bytes",
     "allocate arenaBytes(config) bytes or ask for fewer slots"},
    {DRAIN_ARENA_FOREIGN, "ARENA_FOREIGN", "the magic bytes 'DRNPROOF'", "pass an arena that drainproof formatted"},
    {DRAIN_ARENA_VERSION, "ARENA_VERSION", "arena layout version 2",
     "format the arena with this version of drainproof"},
    {DRAIN_ARENA_CORRUPT, "ARENA_CORRUPT", "a header whose checksum and offsets agree",
     "do not use this arena; its header was overwritten"},
    {DRAIN_ARENA_TRUNCATED, "ARENA_TRUNCATED", "as many bytes as the header states", "map the whole arena"},
    {DRAIN_ARENA_MISMATCH, "ARENA_MISMATCH", "a configuration equal to the one the arena was formatted with",
     "attach with the configuration of the arena"},
    {DRAIN_IMPL_UNREADABLE, "IMPL_UNREADABLE", "a module or program that can be loaded",
     "check the path and run it on its own"},
    {DRAIN_IMPL_SHAPE, "IMPL_SHAPE", "a module that exports the drain contract",
     "export contractVersion, name, version, capabilities, createDrain and openRegistry"},
};
constexpr ErrorRow kAccepted = {DRAIN_ACCEPTED, "accepted", nullptr, nullptr};

thread_local std::string wrong_text;
thread_local std::string message_text;

}  // namespace

const ErrorRow* error_row(int status) {
  if (status == kAccepted.number) return &kAccepted;
  for (const ErrorRow& row : kRows)
    if (row.number == status) return &row;
  return nullptr;
}

const ErrorRow* error_rows(unsigned* count) {
  *count = sizeof kRows / sizeof kRows[0];
  return kRows;
}

drain_status fail(drain_status status, std::string wrong) {
  const ErrorRow* row = error_row(status);
  wrong_text = std::move(wrong);
  message_text = std::string(row->name) + ": " + wrong_text + "; expected " + row->expected + "; " + row->action;
  return status;
}

const std::string& last_wrong() {
  return wrong_text;
}
const std::string& last_message() {
  return message_text;
}

}  // namespace drainproof
