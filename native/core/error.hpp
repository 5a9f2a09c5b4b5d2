// Status names and the calling thread's last failure.
#pragma once

#include <string>

#include "../include/drain.h"

namespace drainproof {

struct ErrorRow {
  int number;
  const char* name;
  const char* expected;
  const char* action;
};

// The row of a status, or nullptr. Row 0 is "accepted" and has neither expectation nor action.
const ErrorRow* error_row(int status);
// All rows but "accepted", in the order of spec/errors.ts.
const ErrorRow* error_rows(unsigned* count);

// Remembers what was wrong for drain_last_error_message and returns `status`.
drain_status fail(drain_status status, std::string wrong);
// What was wrong in this thread's last failure, without expectation and action.
const std::string& last_wrong();
// The whole message.
const std::string& last_message();

}  // namespace drainproof
