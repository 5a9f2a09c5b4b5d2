// The C++ side's tables as objects, so that a test can hold them equal to spec/layout.ts and spec/errors.ts.
#include <initializer_list>

#include "../core/error.hpp"
#include "../core/layout.hpp"
#include "napi_util.hpp"

namespace drainproof::bridge {
namespace {

struct Entry {
  const char* name;
  double value;
};

napi_value object_of(napi_env env, std::initializer_list<Entry> entries) {
  napi_value object = nullptr;
  napi_create_object(env, &object);
  for (const Entry& entry : entries) napi_set_named_property(env, object, entry.name, number(env, entry.value));
  return object;
}

void set_text(napi_env env, napi_value object, const char* name, const char* text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  napi_set_named_property(env, object, name, value);
}

napi_value layout(napi_env env) {
  const napi_value tables = object_of(env, {{"LAYOUT_VERSION", kLayoutVersion},
                                            {"CACHE_LINE", kCacheLine},
                                            {"INDEX_RECORD_BYTES", kIndexRecordBytes},
                                            {"GENERATION_MASK", kGenerationMask}});
  set_text(env, tables, "ARENA_MAGIC", kArenaMagic);
  napi_set_named_property(env, tables, "HEADER",
                          object_of(env, {{"bytes", Header::bytes},
                                          {"magic", Header::magic},
                                          {"layoutVersion", Header::layoutVersion},
                                          {"headerBytes", Header::headerBytes},
                                          {"arenaBytes", Header::arenaBytes},
                                          {"slots", Header::slots},
                                          {"indexCapacity", Header::indexCapacity},
                                          {"indexRecordBytes", Header::indexRecordBytes},
                                          {"detailCapacity", Header::detailCapacity},
                                          {"detailRecordBytes", Header::detailRecordBytes},
                                          {"windowRecords", Header::windowRecords},
                                          {"preRoll", Header::preRoll},
                                          {"postRoll", Header::postRoll},
                                          {"slotBytes", Header::slotBytes},
                                          {"laneOffset", Header::laneOffset},
                                          {"laneBytes", Header::laneBytes},
                                          {"initialCursor", Header::initialCursor},
                                          {"checksum", Header::checksum},
                                          {"sleeping", Header::sleeping},
                                          {"wakeSequence", Header::wakeSequence},
                                          {"stopState", Header::stopState},
                                          {"registryVersion", Header::registryVersion}}));
  napi_set_named_property(env, tables, "SLOT",
                          object_of(env, {{"bytes", Slot::bytes},
                                          {"state", Slot::state},
                                          {"threadId", Slot::threadId},
                                          {"weight", Slot::weight},
                                          {"priority", Slot::priority},
                                          {"indexClose", Slot::indexClose},
                                          {"detailClose", Slot::detailClose},
                                          {"queue", Slot::queue},
                                          {"indexTail", Slot::indexTail},
                                          {"detailTail", Slot::detailTail},
                                          {"nextWindow", Slot::nextWindow},
                                          {"postRollLeft", Slot::postRollLeft},
                                          {"indexRejected", Slot::indexRejected},
                                          {"detailRejected", Slot::detailRejected},
                                          {"detailEvicted", Slot::detailEvicted},
                                          {"indexHead", Slot::indexHead}}));
  napi_set_named_property(env, tables, "WINDOW",
                          object_of(env, {{"bytes", Window::bytes},
                                          {"state", Window::state},
                                          {"sequence", Window::sequence},
                                          {"firstRecord", Window::firstRecord},
                                          {"count", Window::count},
                                          {"released", Window::released}}));
  napi_set_named_property(env, tables, "SLOT_STATE",
                          object_of(env, {{"free", SlotState::free},
                                          {"claimed", SlotState::claimed},
                                          {"active", SlotState::active},
                                          {"leaving", SlotState::leaving},
                                          {"drained", SlotState::drained}}));
  napi_set_named_property(env, tables, "QUEUE_STATE",
                          object_of(env, {{"free", QueueState::free},
                                          {"producer", QueueState::producer},
                                          {"drain", QueueState::drain},
                                          {"revoked", QueueState::revoked}}));
  napi_set_named_property(
      env, tables, "STOP_STATE",
      object_of(env,
                {{"running", StopState::running}, {"stopping", StopState::stopping}, {"stopped", StopState::stopped}}));
  napi_set_named_property(env, tables, "WINDOW_STATE",
                          object_of(env, {{"free", WindowState::free},
                                          {"open", WindowState::open},
                                          {"openMarked", WindowState::openMarked},
                                          {"sealed", WindowState::sealed},
                                          {"sealedMarked", WindowState::sealedMarked}}));
  return tables;
}

napi_value errors(napi_env env) {
  unsigned count = 0;
  const ErrorRow* rows = error_rows(&count);
  napi_value list = nullptr;
  napi_create_array_with_length(env, count, &list);
  for (unsigned i = 0; i < count; ++i) {
    const napi_value row = object_of(env, {{"number", static_cast<double>(rows[i].number)}});
    set_text(env, row, "name", rows[i].name);
    set_text(env, row, "expected", rows[i].expected);
    set_text(env, row, "action", rows[i].action);
    napi_set_element(env, list, i, row);
  }
  return list;
}

}  // namespace

void export_tables(napi_env env, napi_value exports) {
  napi_set_named_property(env, exports, "layout", layout(env));
  napi_set_named_property(env, exports, "errors", errors(env));
}

}  // namespace drainproof::bridge
