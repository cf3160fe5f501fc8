// Finding a text in another, heeding the statement: the worst case is the product of both sizes.
#pragma once

#include <cstring>
#include <string_view>

#include "base/work.h"

namespace omen::functions {

/// As text.find(wanted, from).
inline size_t FindText(std::string_view text, std::string_view wanted, size_t from = 0) {
  constexpr size_t kBytesPerStep = 64;
  if (wanted.empty()) return from <= text.size() ? from : std::string_view::npos;
  while (from + wanted.size() <= text.size()) {
    const size_t room = text.size() - wanted.size() - from + 1;
    const void* first = std::memchr(text.data() + from, wanted.front(), room);
    if (first == nullptr) break;
    const size_t at = static_cast<size_t>(static_cast<const char*>(first) - text.data());
    Work::Poll(1 + (at - from + wanted.size()) / kBytesPerStep);
    if (std::memcmp(first, wanted.data(), wanted.size()) == 0) return at;
    from = at + 1;
  }
  return std::string_view::npos;
}

}  // namespace omen::functions
