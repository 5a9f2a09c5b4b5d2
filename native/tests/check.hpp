// A tiny test harness: TEST(name) { CHECK(...); }. Failures are printed and counted; the run ends with 1.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "../include/drain.h"

namespace check {

struct Test {
  const char* name;
  void (*run)();
};
inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}
inline int& failures() {
  static int count = 0;
  return count;
}
struct Register {
  Register(const char* name, void (*run)()) { tests().push_back({name, run}); }
};

}  // namespace check

#define TEST(name)                                             \
  static void test_##name();                                   \
  static const check::Register reg_##name(#name, test_##name); \
  static void test_##name()

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      ++check::failures();                                                      \
      std::printf("%s:%d: CHECK(%s) failed\n", __FILE__, __LINE__, #condition); \
    }                                                                           \
  } while (0)

#define CHECK_EQ(left, right)                                                                              \
  do {                                                                                                     \
    const long long left_ = static_cast<long long>(left), right_ = static_cast<long long>(right);          \
    if (left_ != right_) {                                                                                 \
      ++check::failures();                                                                                 \
      std::printf("%s:%d: %s is %lld, not %lld (%s)\n", __FILE__, __LINE__, #left, left_, right_, #right); \
    }                                                                                                      \
  } while (0)
