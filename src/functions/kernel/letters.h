// Letters of all of Unicode: their cases and kinds, as PostgreSQL has them in C.UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace omen::functions {

inline constexpr uint32_t kLastCode = 0x10FFFF;

/// The text with every character by itself in the other case, where it has one.
std::string LowerText(std::string_view text);
std::string UpperText(std::string_view text);
/// The first letter of each word, of letters and digits, in upper case and the others in lower.
std::string CapitalizeText(std::string_view text);

/// Code points as sorted, disjoint, closed ranges.
using CodeRanges = std::vector<std::pair<uint32_t, uint32_t>>;

/// Those beyond ASCII of one of POSIX's classes, "alpha" and the like; empty for an unknown one.
const CodeRanges& LettersBeyondAscii(std::string_view name);

/// The characters that have another case: (one, its lower or upper case), sorted.
const std::vector<std::pair<uint32_t, uint32_t>>& CasePairs();

}  // namespace omen::functions
