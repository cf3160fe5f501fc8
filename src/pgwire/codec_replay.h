// Drives every decoder over hostile bytes: shared by the fuzzer and the corpus test.
#pragma once

#include <string_view>

namespace omen::pgwire {

/// The first byte chooses the message, the rest is its body. Ends the process when a decoder
/// accepts more elements than the bytes can hold.
void ReplayHostileBytes(std::string_view bytes);

}  // namespace omen::pgwire
