// Conditions joined by AND or OR.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace omen::sql::duckdb {

/// While it plans, the engine compares each condition of a list with all others, and no cancel
/// reaches it there: of a long list it is shown some, and the rest within calls that it does not
/// look into.
std::string JoinConditions(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace omen::sql::duckdb
