// The message digests that SQL offers, as raw bytes.
#pragma once

#include <string>
#include <string_view>

namespace omen::functions {

std::string Md5(std::string_view message);
std::string Sha224(std::string_view message);
std::string Sha256(std::string_view message);
std::string Sha384(std::string_view message);
std::string Sha512(std::string_view message);

/// Lower-case hexadecimal.
std::string ToHexText(std::string_view bytes);

}  // namespace omen::functions
