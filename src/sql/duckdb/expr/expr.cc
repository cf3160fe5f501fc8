#include "sql/duckdb/expr/expr.h"

#include <fmt/format.h>

#include "base/blame.h"
#include "sql/duckdb/expr/aggregate.h"
#include "sql/duckdb/expr/array.h"
#include "sql/duckdb/expr/branch.h"
#include "sql/duckdb/expr/call.h"
#include "sql/duckdb/expr/cast.h"
#include "sql/duckdb/expr/condition.h"
#include "sql/duckdb/expr/membership.h"
#include "sql/duckdb/expr/window.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/literal.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/tree/expr_kind.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

Result<Text> ExprPrinter::Print(const Expr& expr) {
  Scoped<int> deeper = printing_.cost().Deepen();
  OMEN_RETURN_IF_ERROR(printing_.cost().Count(expr));
  return PrintKind(expr);
}

Result<Text> ExprPrinter::PrintKind(const Expr& expr) {
  const Level& level = *printing_.level();
  if (level.grouped && !level.in_aggregate) {
    for (size_t i = 0; i < level.group_keys.size(); ++i) {
      if (SameExpr(expr, *level.query->group_by[i])) return level.group_keys[i];
    }
    if (expr.kind == ExprKind::kColumn && expr.levels_up == 0) return PrintUngrouped(expr);
  }
  if (TestOf(expr.kind) != nullptr) return ConditionPrinter(printing_).PrintTest(expr);
  switch (expr.kind) {
    case ExprKind::kConst:
      return LiteralPrinter(printing_).Print(expr);
    case ExprKind::kParam:
      return PrintParam(expr);
    case ExprKind::kColumn:
      return PrintColumn(expr);
    case ExprKind::kFunction:
      return CallPrinter(printing_).Print(expr);
    case ExprKind::kCast:
      return CastPrinter(printing_).Print(expr);
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
      return ConditionPrinter(printing_).PrintBoolean(expr);
    case ExprKind::kIsDistinct:
    case ExprKind::kIsNotDistinct:
      return ConditionPrinter(printing_).PrintTest(expr);
    case ExprKind::kCase:
      return BranchPrinter(printing_).PrintCase(expr);
    case ExprKind::kCoalesce:
      return BranchPrinter(printing_).PrintCoalesce(expr);
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
      return BranchPrinter(printing_).PrintExtreme(expr);
    case ExprKind::kNullIf:
      return BranchPrinter(printing_).PrintNullIf(expr);
    case ExprKind::kArray:
      return ArrayPrinter(printing_).PrintArray(expr);
    case ExprKind::kSubscript:
      return ArrayPrinter(printing_).PrintSubscript(expr);
    case ExprKind::kSlice:
      return ArrayPrinter(printing_).PrintSlice(expr);
    case ExprKind::kAny:
    case ExprKind::kAll:
      return MembershipPrinter(printing_).PrintAnyAll(expr);
    case ExprKind::kInList:
      return MembershipPrinter(printing_).PrintInList(expr);
    case ExprKind::kSubquery:
    case ExprKind::kExists:
    case ExprKind::kArraySubquery:
      return MembershipPrinter(printing_).PrintSubquery(expr);
    case ExprKind::kInSubquery:
      return MembershipPrinter(printing_).PrintInSubquery(expr);
    case ExprKind::kAggregate:
      return AggregatePrinter(printing_, expr).Print();
    case ExprKind::kWindow:
      return WindowPrinter(printing_, expr).Print();
    case ExprKind::kGrouping:
      return PrintGrouping(expr);
    default:
      return Refusal("this expression on columns");
  }
}

Result<std::vector<Text>> ExprPrinter::PrintAll(const std::vector<ExprPtr>& exprs) {
  std::vector<Text> out;
  for (const ExprPtr& expr : exprs) {
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*expr));
    out.push_back(std::move(text));
  }
  return out;
}

Result<std::string> ExprPrinter::PrintPlain(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text text, Print(expr));
  bool as_is = text.form.kind == Kind::kNone || text.form.is_decimal();
  return as_is ? std::move(text.sql) : Coerce(text, NumericForm::Blob());
}

Result<std::vector<std::string>> ExprPrinter::PrintAllPlain(const std::vector<ExprPtr>& exprs) {
  std::vector<std::string> out;
  for (const ExprPtr& expr : exprs) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(*expr));
    out.push_back(std::move(sql));
  }
  return out;
}

Result<Text> ExprPrinter::PrintCompared(const Expr& expr) {
  if (HasNoKey(expr.type)) {
    return Refusal(fmt::format("comparison of {} on columns", FormatType(expr.type)));
  }
  OMEN_ASSIGN_OR_RETURN(Text text, Print(expr));
  const Value* constant = KnownValueOf(expr);
  bool bare = constant != nullptr && HasBlanks(expr.type) && !constant->AsBytes().ends_with(' ');
  if (!bare) text.sql = KeyOf(expr.type, text.sql);
  return text;
}

Result<Text> ExprPrinter::PrintSortable(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text text, PrintCompared(expr));
  if (text.form.is_null()) return Text{"NULL::DECIMAL(1,0)", NumericForm::Decimal(1, 0)};
  if (text.form.is_blob()) return Text{Call(names::kNumKey, {text.sql}), {}};
  return text;
}

Result<Text> ExprPrinter::PrintUngrouped(const Expr& column) {
  // Not grouped by itself: PostgreSQL allows it where the primary key is, so one value it is.
  OMEN_ASSIGN_OR_RETURN(Text text, PrintColumn(column));
  return Text{Call("any_value", {text.sql}), text.form};
}

Result<Text> ExprPrinter::PrintGrouping(const Expr& expr) {
  const Level& level = *printing_.level();
  std::vector<std::string> keys;
  for (const ExprPtr& arg : expr.args) {
    for (size_t i = 0; i < level.group_keys.size(); ++i) {
      if (!SameExpr(*arg, *level.query->group_by[i])) continue;
      keys.push_back(level.group_texts[i]);
      break;
    }
  }
  if (keys.size() != expr.args.size()) return PathFault("GROUPING of what is not grouped");
  return Text{fmt::format("CAST({} AS INTEGER)", Call("GROUPING", keys)), {}};
}

Result<Text> ExprPrinter::PrintColumn(const Expr& column) {
  const Level* level = printing_.level();
  for (int up = column.levels_up; up > 0 && level != nullptr; --up) level = level->outer;
  if (level == nullptr) return PathFault("column of a level that is not there");
  if (column.levels_up > 0 && level->grouped && !level->in_aggregate) {
    bool is_key = false;
    for (const ExprPtr& key : level->query->group_by) {
      is_key = is_key || (key->kind == ExprKind::kColumn && key->levels_up == 0 &&
                          key->rel == column.rel && key->column == column.column);
    }
    if (!is_key) return Refusal("ungrouped outer columns in a subquery on columns");
  }
  size_t index = static_cast<size_t>(column.column);
  if (column.rel < 0) {
    if (index >= level->result.size()) return PathFault("no such result column");
    return Text{level->result[index].sql, level->result[index].form};
  }
  size_t rel = static_cast<size_t>(column.rel);
  if (rel >= level->relations.size() || index >= level->relations[rel].size()) {
    return PathFault("column of a relation that is not in FROM");
  }
  const ColumnName& name = level->relations[rel][index];
  if (name.sql.empty()) return Refusal("system columns on columns");
  return Text{name.sql, name.form};
}

Result<Text> ExprPrinter::PrintParam(const Expr& param) {
  OMEN_ASSIGN_OR_RETURN(const size_t number, printing_.NumberOfParam(param.param_index));
  std::string sql = fmt::format("${}::{}", number, ColumnStoreType(param.type));
  const Oid element = InfoOf(param.type.oid).element;
  const Oid scalar = element != oid::kInvalid ? element : param.type.oid;
  // Its value may be equal to another's and unlike it.
  if (scalar == oid::kInterval || scalar == oid::kFloat8 || scalar == oid::kFloat4) {
    sql = Call(names::kApart, {sql});
  }
  return Text{std::move(sql), FormOf(param.type)};
}

}  // namespace omen::sql::duckdb
