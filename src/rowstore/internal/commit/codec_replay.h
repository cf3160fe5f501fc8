// Feeds any bytes to the decoders of rows, keys and commit headers; stops the process when
// one accepts what the encoder would not have written back. Used by the fuzzer and its replay.
#pragma once

#include <string_view>

namespace omen::rowstore {

void ReplayHostileBytes(std::string_view bytes);

}  // namespace omen::rowstore
