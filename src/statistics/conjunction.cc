// Conditions on several columns of a table, by what is known of pairs: most common pairs as
// PostgreSQL's extended statistics combine them (statistics/mcv.c), then functional dependency
// (statistics/dependencies.c).
#include <algorithm>
#include <vector>

#include "statistics/image.h"
#include "statistics/selectivity.h"

namespace omen::statistics {
namespace {

/// A condition, and what of its share is known of it alone.
struct Part {
  const Condition* condition;
  const ColumnStatistics* column;
  double share;
  bool used = false;
};

bool IsKnown(const RangeEnd& end) { return end.kind != RangeEnd::Kind::kUnknown; }

/// That Holds can be answered for every value.
bool IsKnown(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kIn:
    case Condition::Kind::kNotIn:
      return condition.unknown == 0;
    case Condition::Kind::kRange:
      return IsKnown(condition.lower) && IsKnown(condition.upper);
    case Condition::Kind::kNull:
    case Condition::Kind::kNotNull:
      return true;
    default:
      return condition.value != nullptr;
  }
}

/// Conditions that keep one value, or few: of these dependency tells.
bool IsOfValues(const Condition& condition) {
  return condition.kind == Condition::Kind::kEqual || condition.kind == Condition::Kind::kIn;
}

/// P(a and b) = f * min(P(a), P(b)) + (1 - f) * P(a) * P(b), f the degree to which one gives the
/// other.
double DependentShare(const PairStatistics& pair, double a, double b) {
  const double degree = std::max(pair.a_gives_b, pair.b_gives_a);
  return degree * std::min(a, b) + (1 - degree) * a * b;
}

/// Of two equalities, by the number of pairs there are.
double EqualPairShare(const PairStatistics& pair, const Part& a, const Part& b) {
  const double dependent = DependentShare(pair, a.share, b.share);
  if (pair.distinct <= 0 || !pair.common.empty()) return dependent;
  return std::min({a.share, b.share, std::max(dependent, 1 / pair.distinct)});
}

double PairShare(const PairStatistics& pair, const Part& a, const Part& b) {
  const double both = a.share * b.share;
  const bool of_values = IsOfValues(*a.condition) && IsOfValues(*b.condition);
  const double guess = of_values ? EqualPairShare(pair, a, b) : both;
  if (pair.common.empty() || !IsKnown(*a.condition) || !IsKnown(*b.condition)) return guess;
  double common = 0, total = 0, base = 0;
  for (const PairStatistics::CommonPair& known : pair.common) {
    total += known.share;
    if (known.a.is_null() || known.b.is_null()) continue;
    if (!Holds(a.column->type, *a.condition, known.a)) continue;
    if (!Holds(b.column->type, *b.condition, known.b)) continue;
    common += known.share;
    base += EqualShare(a.column, &known.a) * EqualShare(b.column, &known.b);
  }
  const double rest = std::clamp(guess - base, 0.0, std::max(0.0, 1 - total));
  // A pair of single values that is common is all there is of it.
  const bool one = a.condition->kind == Condition::Kind::kEqual &&
                   b.condition->kind == Condition::Kind::kEqual && common > 0;
  return std::min({common + (one ? 0 : rest), a.share, b.share});
}

/// The two parts that are known together and of which one gives the other most.
bool TakePair(const TableStatistics& table, std::vector<Part>* parts, double* share) {
  const PairStatistics* best = nullptr;
  Part *best_a = nullptr, *best_b = nullptr;
  double best_degree = -1;
  for (size_t i = 0; i < parts->size(); ++i) {
    for (size_t j = i + 1; j < parts->size(); ++j) {
      Part &first = (*parts)[i], &second = (*parts)[j];
      if (first.used || second.used || first.column == nullptr || second.column == nullptr) {
        continue;
      }
      const PairStatistics* pair = table.pair(first.condition->attnum, second.condition->attnum);
      if (pair == nullptr) continue;
      const double degree = std::max(pair->a_gives_b, pair->b_gives_a);
      if (degree <= best_degree) continue;
      const bool ordered = first.condition->attnum == pair->a;
      best = pair, best_degree = degree;
      best_a = ordered ? &first : &second;
      best_b = ordered ? &second : &first;
    }
  }
  if (best == nullptr) return false;
  *share *= PairShare(*best, *best_a, *best_b);
  best_a->used = best_b->used = true;
  return true;
}

bool InRange(Oid type, const Condition& condition, const Value& value) {
  const auto meets = [&](const RangeEnd& end, bool lower) {
    if (end.kind == RangeEnd::Kind::kNone) return true;
    if (end.kind == RangeEnd::Kind::kUnknown) return false;
    const int order = Compare(type, value, *end.value);
    if (order == 0) return end.inclusive;
    return lower ? order > 0 : order < 0;
  };
  return meets(condition.lower, true) && meets(condition.upper, false);
}

bool InList(Oid type, std::span<const Value> values, const Value& value) {
  return std::ranges::any_of(values, [&](const Value& listed) {
    return !listed.is_null() && Compare(type, listed, value) == 0;
  });
}

}  // namespace

bool Holds(Type type, const Condition& condition, const Value& value) {
  const Value* operand = condition.value;
  const bool known = operand != nullptr && !operand->is_null();
  switch (condition.kind) {
    case Condition::Kind::kEqual:
      return known && Compare(type.oid, value, *operand) == 0;
    case Condition::Kind::kNotEqual:
      return known && Compare(type.oid, value, *operand) != 0;
    case Condition::Kind::kIn:
      return InList(type.oid, condition.values, value);
    case Condition::Kind::kNotIn:
      return condition.unknown == 0 && !InList(type.oid, condition.values, value);
    case Condition::Kind::kRange:
      return InRange(type.oid, condition, value);
    case Condition::Kind::kNull:
      return false;
    case Condition::Kind::kNotNull:
      return true;
    case Condition::Kind::kLike:
      return known && MatchesLike(value.AsBytes(), operand->AsBytes());
    case Condition::Kind::kNotLike:
      return known && !MatchesLike(value.AsBytes(), operand->AsBytes());
  }
  return false;
}

double Share(const TableStatistics* table, std::span<const Condition> conditions) {
  std::vector<Part> parts;
  for (const Condition& condition : conditions) {
    const ColumnStatistics* column = table != nullptr ? table->column(condition.attnum) : nullptr;
    parts.push_back({&condition, column, Share(column, condition)});
  }
  double share = 1;
  while (table != nullptr && !table->pairs.empty() && TakePair(*table, &parts, &share)) {
  }
  for (const Part& part : parts) {
    if (!part.used) share *= part.share;
  }
  return std::clamp(share, 0.0, 1.0);
}

}  // namespace omen::statistics
