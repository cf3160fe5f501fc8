// In a subquery DuckDB turns comparisons with outer columns into a join of its own making, which
// is wrong for most mixtures of =, <>, < and IS DISTINCT FROM. What it does not take for a
// comparison, it evaluates where it stands; so all but equality is hidden from it.
#include "sql/duckdb/expr/condition.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/tree/expr_kind.h"
#include "sql/tree/expr_walk.h"
#include "types/engine_hints.h"

namespace omen::sql::duckdb {

namespace {

constexpr size_t kManyConditions = 200;  // of conditions

std::string_view OperatorOf(const Expr& expr) {
  const bool binary = expr.kind == ExprKind::kFunction && expr.args.size() == 2;
  return binary && expr.op != nullptr ? expr.op->name : std::string_view();
}

/// The query of an EXISTS or NOT EXISTS, else null.
const Query* ExistsOf(const Expr& expr) {
  const Expr& inner = expr.kind == ExprKind::kNot ? *expr.args[0] : expr;
  return inner.kind == ExprKind::kExists ? inner.subquery.get() : nullptr;
}

bool IsMembership(const Expr& expr) {
  const Expr& inner = expr.kind == ExprKind::kNot ? *expr.args[0] : expr;
  return inner.kind == ExprKind::kExists || inner.kind == ExprKind::kInSubquery;
}

/// Tables and a WHERE, nothing else.
bool IsPlain(const Query& query) {
  return query.set_op == SetOp::kNone && query.ctes.empty() && !query.has_aggregates &&
         query.group_by.empty() && query.grouping_sets.empty() && query.windows.empty() &&
         query.limit == nullptr && query.offset == nullptr && query.where != nullptr &&
         std::ranges::all_of(query.from, [](const FromItem& item) { return item.relation >= 0; }) &&
         std::ranges::all_of(query.relations, [](const Relation& relation) {
           return relation.kind == RelationKind::kTable;
         });
}

/// Correlated by equalities and at most one <>: a semi join of those is right.
bool JoinsByEquality(const Query& query) {
  if (!IsPlain(query)) return false;
  std::vector<const Expr*> conjuncts;
  SplitConjunction(query.where.get(), &conjuncts);
  int unequal = 0;
  for (const Expr* conjunct : conjuncts) {
    if (!ReadsOuterColumns(*conjunct)) continue;
    const std::string_view op = OperatorOf(*conjunct);
    if (op != "=" && op != "<>") return false;
    if (op == "<>") ++unequal;
  }
  return unequal <= 1;
}

/// A column beside constants, which no join needs to see.
bool IsLocal(const Expr& conjunct) {
  int columns = 0;
  for (const ExprPtr& arg : conjunct.args) {
    if (arg->kind == ExprKind::kColumn && arg->levels_up == 0) {
      ++columns;
    } else if (arg->kind != ExprKind::kConst) {
      return false;
    }
  }
  return conjunct.subquery == nullptr && columns == 1;
}

bool AreNull(const Expr& expr) {
  return expr.kind == ExprKind::kAnd && std::ranges::all_of(expr.args, [](const ExprPtr& arg) {
           return arg->kind == ExprKind::kIsNull;
         });
}

}  // namespace

std::string JoinConditions(const std::vector<std::string>& parts, std::string_view separator) {
  constexpr size_t kShown = kManyConditions / 2, kPart = 50;
  if (parts.size() <= kManyConditions) return "(" + Join(parts, separator) + ")";
  std::vector<std::string> shown(parts.begin(), parts.begin() + kShown);
  for (size_t i = kShown; i < parts.size(); i += kPart) {
    const auto first = parts.begin() + static_cast<ptrdiff_t>(i);
    const size_t count = std::min(kPart, parts.size() - i);
    const std::vector<std::string> hidden(first, first + static_cast<ptrdiff_t>(count));
    shown.push_back(Call(column_functions::kOpaque, {Join(hidden, separator)}));
  }
  return "(" + Join(shown, separator) + ")";
}

bool ConditionPrinter::JoinsPlainly(const Expr& conjunct) const {
  const Level& level = *printing_.level();
  if (level.outer == nullptr || IsMembership(conjunct) || !ReadsOuterColumns(conjunct)) {
    return true;
  }
  const std::string_view op = OperatorOf(conjunct);
  if (op == "=" && conjunct.subquery == nullptr) return true;
  return op == "<>" && level.outer->semi == level.query;
}

Result<std::string> ConditionPrinter::PrintConjunct(const Expr& conjunct) {
  const Query* exists = ExistsOf(conjunct);
  Level& level = *printing_.level();
  const bool semi = exists != nullptr && level.outer == nullptr && JoinsByEquality(*exists);
  Scoped<const Query*> scope(level.semi, semi ? exists : nullptr);
  Scoped<const Expr*> whole(level.conjunct, &conjunct);
  OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(conjunct));
  return JoinsPlainly(conjunct) ? std::move(text.sql) : fmt::format("({} IS TRUE)", text.sql);
}

Result<std::string> ConditionPrinter::Print(const Expr& condition) {
  std::vector<const Expr*> conjuncts;
  SplitConjunction(&condition, &conjuncts);
  // Of a long list the engine is shown the first ones.
  if (conjuncts.size() > kManyConditions) {
    std::ranges::stable_partition(conjuncts, [](const Expr* each) { return !IsLocal(*each); });
  }
  std::vector<std::string> parts;
  for (const Expr* conjunct : conjuncts) {
    OMEN_ASSIGN_OR_RETURN(std::string part, PrintConjunct(*conjunct));
    parts.push_back(std::move(part));
  }
  return parts.size() == 1 ? std::move(parts[0]) : JoinConditions(parts, " AND ");
}

Result<Text> ConditionPrinter::PrintBoolean(const Expr& expr) {
  const bool nullable_or = expr.kind == ExprKind::kOr && printing_.level()->conjunct != &expr;
  std::vector<std::string> parts;
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*arg));
    // DuckDB takes a = b OR (a IS NULL AND b IS NULL) for IS NOT DISTINCT FROM, which is right
    // only where null counts as false.
    const bool hide = nullable_or && AreNull(*arg);
    parts.push_back(hide ? fmt::format("({} IS TRUE)", text.sql) : std::move(text.sql));
  }
  if (expr.kind == ExprKind::kNot) return Text{"(NOT " + parts[0] + ")", {}};
  return Text{JoinConditions(parts, expr.kind == ExprKind::kAnd ? " AND " : " OR "), {}};
}

Result<Text> ConditionPrinter::PrintTest(const Expr& expr) {
  const bool compares = expr.args.size() == 2;
  OMEN_ASSIGN_OR_RETURN(
      Text value, compares ? exprs_.PrintCompared(*expr.args[0]) : exprs_.Print(*expr.args[0]));
  if (compares) {
    OMEN_ASSIGN_OR_RETURN(Text other, exprs_.PrintCompared(*expr.args[1]));
    const bool negated = expr.kind == ExprKind::kIsNotDistinct;
    return Compare(printing_, negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", value, other);
  }
  const ValueTest& test = *TestOf(expr.kind);
  // DuckDB has no IS UNKNOWN.
  if (test.of == ValueTest::Of::kNull) {
    return Text{fmt::format("({} IS {}NULL)", value.sql, test.negated ? "NOT " : ""), {}};
  }
  return Text{fmt::format("({} {})", value.sql, test.words), {}};
}

}  // namespace omen::sql::duckdb
