// Which columns are filtered together: of them statistics are taken in pairs.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "exec/template/templates.h"

namespace omen::exec {

/// Two columns of one table, by attnum, the lower first.
using ColumnPair = std::pair<int, int>;

/// By table; of each the pairs that were run most often, a bounded number.
std::map<Oid, std::vector<ColumnPair>> WantedPairs(const Templates& templates);

}  // namespace omen::exec
