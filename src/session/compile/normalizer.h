// Takes the literals out of a simple statement, so that `where aid = 17` and `where aid = 42`
// share one plan. Pure, and deliberately narrow: it says no to every statement in which a
// literal's place could change what the statement means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::session {

/// One literal taken out. Its type is the one PostgreSQL gives the constant, so that name and
/// operator resolution cannot differ: int4, int8 or numeric by size, unknown for a string.
struct Literal {
  Oid type;
  std::string text;  // a number with its sign; a string without its quotes
};

/// A statement with $1..$n where its literals were.
struct NormalizedStatement {
  std::string text;
  std::vector<Literal> literals;  // capacity is reused; only the first `count` are meant
  size_t count = 0;
  bool wide = false;  // more than one table looked up by simple comparisons
};

inline constexpr size_t kNormalizedBytesMax = 4096;
inline constexpr size_t kNormalizedLiteralsMax = 64;

/// True when `sql` is one SELECT, INSERT, UPDATE or DELETE of the simple shapes (one table; no
/// subquery, join, grouping, ordering, cast or call in a SELECT) with at least one literal after
/// =, + or -, in VALUES (...) or in IN (...). With joins, grouping, ordering, ON CONFLICT or calls
/// it is `wide`: as right, but worth it only where few rows are touched, for what reads many is
/// planned for its literals. Literals in other places stay. `out` is overwritten, its capacity
/// reused.
bool NormalizeStatement(std::string_view sql, NormalizedStatement* out);

}  // namespace omen::session
