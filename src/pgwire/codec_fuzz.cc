// libFuzzer entry of the decoders: any bytes, no crash, nothing accepted that the bytes cannot
// hold.
#include "pgwire/codec_replay.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  omen::pgwire::ReplayHostileBytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
