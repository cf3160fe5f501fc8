// For tests and the fuzzer: bytes read as a sequence of operations, run against a hybrid index
// and against a std::set of pairs, which must agree after every one; or against an index that
// owns its rows and a std::set of keys and rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace omen::index {

/// Empty, or what disagreed and at which operation. `background` merges on a thread.
std::string ReplayIntOperations(std::string_view bytes, bool background);
std::string ReplayStringOperations(std::string_view bytes, bool background);
std::string ReplayIntRows(std::string_view bytes, bool background);
std::string ReplayStringRows(std::string_view bytes, bool background);

}  // namespace omen::index
