// Which reads have one right answer, whatever path gives it.
#pragma once

#include <string_view>

#include "sql/tree/query.h"

namespace omen::sql {

/// Empty when every path must give the same multiset of rows; else why it need not: volatile
/// calls, rows that an order with ties chooses, aggregates and windows that depend on it, equal
/// values that are not the same, row locks, relations that the server computes.
std::string_view WhyManyAnswers(const Query& query);

}  // namespace omen::sql
