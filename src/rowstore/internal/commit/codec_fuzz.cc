// libFuzzer entry of the row, key and commit header decoders.
#include <cstddef>
#include <cstdint>

#include "rowstore/internal/commit/codec_replay.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  omen::rowstore::ReplayHostileBytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
