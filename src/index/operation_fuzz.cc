// libFuzzer entry: any bytes as operations; the index and the reference must agree.
#include <cstdio>
#include <cstdlib>

#include "index/operation_replay.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& wrong : {omen::index::ReplayIntOperations(bytes, false),
                                   omen::index::ReplayStringOperations(bytes, false),
                                   omen::index::ReplayIntRows(bytes, false),
                                   omen::index::ReplayStringRows(bytes, false)}) {
    if (wrong.empty()) continue;
    std::fprintf(stderr, "%s\n", wrong.c_str());
    std::abort();
  }
  return 0;
}
