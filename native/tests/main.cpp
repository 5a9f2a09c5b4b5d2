#include <cstring>

#include "check.hpp"

// unit_tests [part of a name]
int main(int count, char** arguments) {
  int run = 0;
  for (const check::Test& test : check::tests()) {
    if (count > 1 && std::strstr(test.name, arguments[1]) == nullptr) continue;
    const int before = check::failures();
    test.run();
    ++run;
    if (check::failures() > before) std::printf("FAILED %s\n", test.name);
  }
  std::printf("%d tests, %d failed checks\n", run, check::failures());
  return check::failures() > 0 || run == 0 ? 1 : 0;
}
