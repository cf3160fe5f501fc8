// What is printed for DuckDB of a statement over the test catalogue.
#pragma once

#include <string>
#include <string_view>

namespace omen::sql::testing {

/// The text over tables of columns; "refused: why" where there is none, "refused with SQLSTATE"
/// where the statement itself is at fault.
std::string DuckdbTextOf(std::string_view sql);

}  // namespace omen::sql::testing
