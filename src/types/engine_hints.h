// What generated SQL tells the engine's planner. The generator prints it, `colstore` registers it.
#pragma once

#include <string_view>

namespace omen::column_functions {

/// Its argument, unseen by the engine's optimizer: (BOOLEAN) -> BOOLEAN.
inline constexpr std::string_view kOpaque = "omen_opaque";

}  // namespace omen::column_functions
