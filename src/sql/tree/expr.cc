#include "sql/tree/expr.h"

#include <bit>

#include "sql/tree/expr_lists.h"
#include "sql/tree/query.h"

namespace omen::sql {
namespace {

bool SameArray(const ArrayData& a, const ArrayData& b);

/// Equal bit for bit: display scale and the sign of zero count.
bool SameValue(Oid type, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  if (type == oid::kUnknown) return a.AsBytes() == b.AsBytes();
  switch (InfoOf(type).carrier) {
    case Carrier::kInt:
      return a.AsInt() == b.AsInt();
    case Carrier::kDouble:
      return std::bit_cast<uint64_t>(a.AsDouble()) == std::bit_cast<uint64_t>(b.AsDouble());
    case Carrier::kInterval:
      return a.AsInterval() == b.AsInterval();
    case Carrier::kUuid:
      return a.AsUuid() == b.AsUuid();
    case Carrier::kBytes:
      return a.AsBytes() == b.AsBytes();
    case Carrier::kArray:
      return SameArray(a.AsArray(), b.AsArray());
  }
  return false;
}

bool SameArray(const ArrayData& a, const ArrayData& b) {
  if (a.element != b.element || a.lower_bound != b.lower_bound ||
      a.elements.size() != b.elements.size()) {
    return false;
  }
  for (size_t i = 0; i < a.elements.size(); ++i) {
    if (!SameValue(a.element, a.elements[i], b.elements[i])) return false;
  }
  return true;
}

bool SameScalars(const Expr& a, const Expr& b) {
  return a.param_index == b.param_index && a.levels_up == b.levels_up && a.rel == b.rel &&
         a.column == b.column && a.function == b.function && a.op == b.op && a.ops == b.ops &&
         a.cast_method == b.cast_method && a.aggregate == b.aggregate &&
         a.window_function == b.window_function && a.distinct == b.distinct &&
         a.window == b.window && a.ignore_nulls == b.ignore_nulls && a.has_else == b.has_else &&
         a.negated == b.negated && a.quantifier == b.quantifier;
}

}  // namespace

Expr::~Expr() = default;

ExprPtr MakeConst(Type type, Value value, int location) {
  auto expr = std::make_unique<Expr>(ExprKind::kConst, type, location);
  expr->value = std::move(value);
  return expr;
}

ExprPtr CloneOptional(const ExprPtr& expr) { return expr ? CloneExpr(*expr) : nullptr; }

std::vector<ExprPtr> CloneAll(const std::vector<ExprPtr>& from) {
  std::vector<ExprPtr> to;
  to.reserve(from.size());
  for (const ExprPtr& expr : from) to.push_back(CloneOptional(expr));
  return to;
}

std::vector<SortKey> CloneKeys(const std::vector<SortKey>& from) {
  std::vector<SortKey> to;
  to.reserve(from.size());
  for (const SortKey& key : from) {
    to.push_back({CloneOptional(key.expr), key.descending, key.nulls_first});
  }
  return to;
}

bool SameOptional(const ExprPtr& a, const ExprPtr& b) {
  if (!a || !b) return !a && !b;
  return SameExpr(*a, *b);
}

bool SameKeys(const std::vector<SortKey>& a, const std::vector<SortKey>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].descending != b[i].descending || a[i].nulls_first != b[i].nulls_first ||
        !SameExpr(*a[i].expr, *b[i].expr)) {
      return false;
    }
  }
  return true;
}

ExprPtr CloneExpr(const Expr& from) {
  auto to = std::make_unique<Expr>(from.kind, from.type, from.location);
  to->args = CloneAll(from.args);
  to->value = from.value;
  to->param_index = from.param_index;
  to->levels_up = from.levels_up;
  to->rel = from.rel;
  to->column = from.column;
  to->function = from.function;
  to->op = from.op;
  to->ops = from.ops;
  to->cast_method = from.cast_method;
  to->explicit_cast = from.explicit_cast;
  to->aggregate = from.aggregate;
  to->window_function = from.window_function;
  to->distinct = from.distinct;
  to->order_by = CloneKeys(from.order_by);
  if (from.filter) to->filter = CloneExpr(*from.filter);
  to->window = from.window;
  to->ignore_nulls = from.ignore_nulls;
  to->has_else = from.has_else;
  to->negated = from.negated;
  to->in_list = from.in_list;
  to->quantifier = from.quantifier;
  if (from.subquery) to->subquery = CloneQuery(*from.subquery);
  to->written = from.written;
  return to;
}

bool SameExpr(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.type != b.type || !SameScalars(a, b)) return false;
  // Two subqueries are taken as different: only their text could tell, and PostgreSQL's
  // users do not repeat them in GROUP BY.
  if (a.subquery || b.subquery) return false;
  if (a.kind == ExprKind::kConst && !SameValue(a.type.oid, a.value, b.value)) return false;
  if (a.args.size() != b.args.size()) return false;
  for (size_t i = 0; i < a.args.size(); ++i) {
    if (!SameOptional(a.args[i], b.args[i])) return false;
  }
  return SameOptional(a.filter, b.filter) && SameKeys(a.order_by, b.order_by);
}

}  // namespace omen::sql
