// Small helpers around Node-API's C functions. The addon keeps no state outside the objects it hands out, so it can be
// loaded by any number of worker threads.
#pragma once

#ifndef NAPI_VERSION
#define NAPI_VERSION 9
#endif
#include <node_api.h>

#include <cstddef>
#include <cstdint>

#include "../include/drain.h"

namespace drainproof::bridge {

// The bytes of a typed array.
struct Bytes {
  std::uint8_t* data = nullptr;
  std::size_t size = 0;
};

inline napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  napi_create_double(env, value, &result);
  return result;
}

inline double to_double(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);  // stays 0 when it is no number
  return result;
}

inline std::uint32_t to_u32(napi_env env, napi_value value) {
  std::uint32_t result = 0;
  napi_get_value_uint32(env, value, &result);
  return result;
}

// False unless `value` is a typed array; works for views of a SharedArrayBuffer too.
bool to_bytes(napi_env env, napi_value value, Bytes* bytes);
// Throws an Error with the properties `status` and `wrong`; for a failed C ABI call.
napi_value throw_status(napi_env env, drain_status status);
// The same for misuse that the core never sees.
napi_value throw_misuse(napi_env env, const char* wrong);
bool is_function(napi_env env, napi_value value);

// Arguments of a call, missing ones undefined.
template <std::size_t N>
struct Arguments {
  napi_value at[N] = {};
  Arguments(napi_env env, napi_callback_info info) {
    std::size_t count = N;
    napi_get_cb_info(env, info, &count, at, nullptr, nullptr);
  }
  napi_value operator[](std::size_t i) const { return at[i]; }
};

// Holds a JavaScript value for as long as a native object uses its memory.
class Hold {
 public:
  Hold(napi_env env, napi_value value) : env_(env) { napi_create_reference(env, value, 1, &reference_); }
  ~Hold() { napi_delete_reference(env_, reference_); }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;

 private:
  napi_env env_;
  napi_ref reference_ = nullptr;
};

// An external that owns a T; T's destructor runs when it is collected, or when its environment ends.
template <class T>
napi_value wrap(napi_env env, T* object) {
  napi_value result = nullptr;
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<T*>(data); };
  if (napi_create_external(env, object, finalize, nullptr, &result) != napi_ok) delete object;
  return result;
}
template <class T>
T* unwrap(napi_env env, napi_value value) {
  void* data = nullptr;
  napi_get_value_external(env, value, &data);
  return static_cast<T*>(data);
}

void export_function(napi_env env, napi_value exports, const char* name, napi_callback function);
void export_drain(napi_env env, napi_value exports);
void export_producers(napi_env env, napi_value exports);
void export_tables(napi_env env, napi_value exports);

}  // namespace drainproof::bridge
