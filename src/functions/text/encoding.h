// Text encodings of bytes, as encode() and decode() have them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace omen::functions {

/// Lines of 76 characters, as PostgreSQL breaks them.
std::string EncodeBase64(std::string_view bytes);
std::string EncodeEscape(std::string_view bytes);
Result<std::string> DecodeHex(std::string_view text);
Result<std::string> DecodeBase64(std::string_view text);
Result<std::string> DecodeEscape(std::string_view text);

}  // namespace omen::functions
