// Entry point of the addon, and the helpers that are no templates.
#include "../core/error.hpp"
#include "napi_util.hpp"

namespace drainproof::bridge {

bool to_bytes(napi_env env, napi_value value, Bytes* bytes) {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok) return false;
  if (type != napi_uint8_array) return false;
  *bytes = {static_cast<std::uint8_t*>(data), length};
  return true;
}

bool is_function(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  return napi_typeof(env, value, &type) == napi_ok && type == napi_function;
}

napi_value throw_status(napi_env env, drain_status status) {
  napi_value message = nullptr;
  napi_value error = nullptr;
  const std::string& wrong = last_wrong();
  napi_create_string_utf8(env, wrong.c_str(), wrong.size(), &message);
  napi_create_error(env, nullptr, message, &error);
  napi_set_named_property(env, error, "status", number(env, status));
  napi_throw(env, error);
  return nullptr;
}

napi_value throw_misuse(napi_env env, const char* wrong) {
  return throw_status(env, fail(DRAIN_INVALID_ARGUMENT, wrong));
}

void export_function(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

}  // namespace drainproof::bridge

NAPI_MODULE_INIT() {
  drainproof::bridge::export_drain(env, exports);
  drainproof::bridge::export_producers(env, exports);
  drainproof::bridge::export_tables(env, exports);
  return exports;
}
