// Expression kinds other than calls and aggregates.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/condition.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

// The engine's search for common subexpressions takes the third power of an expression's depth and
// cannot be interrupted. Squares of the depths of calls that are planned in some 0.3 seconds: one
// expression 330 deep, a dozen of 140.
constexpr int64_t kDepthsSquaredMax = 12'000'000;
// Nor can the rest of its planning be, which takes longer than in proportion to how many there are.
constexpr int64_t kCallsMax = 10'000;

}  // namespace

Result<Text> Printer::Print(const Expr& expr) {
  ++depth_;
  if (!expr.args.empty()) {
    depths_squared_ += static_cast<int64_t>(depth_) * depth_;
    ++calls_;
  }
  if (depths_squared_ > kDepthsSquaredMax) return Refusal("expressions so deep on columns");
  if (calls_ > kCallsMax) return Refusal("so many expressions on columns");
  auto text = PrintKind(expr);
  --depth_;
  return text;
}

Result<Text> Printer::PrintKind(const Expr& expr) {
  if (level_->grouped && !level_->in_aggregate) {
    for (size_t i = 0; i < level_->group_keys.size(); ++i) {
      if (SameExpr(expr, *level_->query->group_by[i])) return level_->group_keys[i];
    }
    if (expr.kind == ExprKind::kColumn && expr.levels_up == 0) return PrintUngrouped(expr);
  }
  switch (expr.kind) {
    case ExprKind::kConst:
      return PrintConst(expr);
    case ExprKind::kParam:
      return PrintParam(expr);
    case ExprKind::kColumn:
      return PrintColumn(expr);
    case ExprKind::kFunction:
      return PrintFunction(expr);
    case ExprKind::kCast:
      return PrintCast(expr);
    case ExprKind::kAnd:
    case ExprKind::kOr:
    case ExprKind::kNot:
      return PrintBoolean(expr);
    case ExprKind::kIsNull:
    case ExprKind::kIsNotNull:
    case ExprKind::kIsTrue:
    case ExprKind::kIsFalse:
    case ExprKind::kIsUnknown:
    case ExprKind::kIsNotTrue:
    case ExprKind::kIsNotFalse:
    case ExprKind::kIsNotUnknown:
    case ExprKind::kIsDistinct:
    case ExprKind::kIsNotDistinct:
      return PrintTest(expr);
    case ExprKind::kCase:
      return PrintCase(expr);
    case ExprKind::kCoalesce:
      return PrintCoalesce(expr);
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
      return PrintExtreme(expr);
    case ExprKind::kNullIf:
      return PrintNullIf(expr);
    case ExprKind::kArray:
      return PrintArray(expr);
    case ExprKind::kSubscript:
      return PrintSubscript(expr);
    case ExprKind::kSlice:
      return PrintSlice(expr);
    case ExprKind::kAny:
    case ExprKind::kAll:
      return PrintAnyAll(expr);
    case ExprKind::kInList:
      return PrintInList(expr);
    case ExprKind::kSubquery:
    case ExprKind::kExists:
    case ExprKind::kArraySubquery:
      return PrintSubqueryExpr(expr);
    case ExprKind::kInSubquery:
      return PrintInSubquery(expr);
    case ExprKind::kAggregate:
      return PrintAggregate(expr);
    case ExprKind::kWindow:
      return PrintWindow(expr);
    case ExprKind::kGrouping:
      return PrintGrouping(expr);
    default:
      return Refusal("this expression on columns");
  }
}

Result<std::vector<Text>> Printer::PrintAll(const std::vector<ExprPtr>& exprs) {
  std::vector<Text> out;
  for (const ExprPtr& expr : exprs) {
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*expr));
    out.push_back(std::move(text));
  }
  return out;
}

Result<std::string> Printer::PrintPlain(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text text, Print(expr));
  bool as_is = text.form.kind == Kind::kNone || text.form.is_decimal();
  return as_is ? std::move(text.sql) : Coerce(text, NumericForm::Blob());
}

Result<Text> Printer::PrintCompared(const Expr& expr) {
  if (HasNoKey(expr.type)) {
    return Refusal(fmt::format("comparison of {} on columns", FormatType(expr.type)));
  }
  OMEN_ASSIGN_OR_RETURN(Text text, Print(expr));
  const Value* constant = KnownValueOf(expr);
  bool bare = constant != nullptr && HasBlanks(expr.type) && !constant->AsBytes().ends_with(' ');
  if (!bare) text.sql = KeyOf(expr.type, text.sql);
  return text;
}

Result<Text> Printer::PrintSortable(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text text, PrintCompared(expr));
  if (text.form.is_null()) return Text{"NULL::DECIMAL(1,0)", NumericForm::Decimal(1, 0)};
  if (text.form.is_blob()) return Text{Call(names::kNumKey, {text.sql}), {}};
  return text;
}

Result<Text> Printer::PrintUngrouped(const Expr& expr) {
  // Not grouped by itself: PostgreSQL allows it where the primary key is, so one value it is.
  OMEN_ASSIGN_OR_RETURN(Text column, PrintColumn(expr));
  return Text{Call("any_value", {column.sql}), column.form};
}

Result<Text> Printer::PrintColumn(const Expr& expr) {
  const Level* level = level_;
  for (int up = expr.levels_up; up > 0 && level != nullptr; --up) level = level->outer;
  if (level == nullptr) return PathFault("column of a level that is not there");
  if (expr.levels_up > 0 && level->grouped && !level->in_aggregate) {
    bool is_key = false;
    for (const ExprPtr& key : level->query->group_by) {
      is_key = is_key || (key->kind == ExprKind::kColumn && key->levels_up == 0 &&
                          key->rel == expr.rel && key->column == expr.column);
    }
    if (!is_key) return Refusal("ungrouped outer columns in a subquery on columns");
  }
  size_t index = static_cast<size_t>(expr.column);
  if (expr.rel < 0) {
    if (index >= level->result.size()) return PathFault("no such result column");
    return Text{level->result[index].sql, level->result[index].form};
  }
  size_t rel = static_cast<size_t>(expr.rel);
  if (rel >= level->relations.size() || index >= level->relations[rel].size()) {
    return PathFault("column of a relation that is not in FROM");
  }
  const ColumnName& name = level->relations[rel][index];
  if (name.sql.empty()) return Refusal("system columns on columns");
  return Text{name.sql, name.form};
}

Result<Text> Printer::PrintParam(const Expr& expr) {
  if (static_cast<size_t>(expr.param_index) >= param_types_.size()) {
    return PathFault("parameter without a type");
  }
  auto known = std::ranges::find(param_map_, expr.param_index);
  size_t number = static_cast<size_t>(known - param_map_.begin()) + 1;
  if (known == param_map_.end()) param_map_.push_back(expr.param_index);
  std::string sql = fmt::format("${}::{}", number, ColumnStoreType(expr.type));
  const Oid element = InfoOf(expr.type.oid).element;
  const Oid scalar = element != oid::kInvalid ? element : expr.type.oid;
  // Its value may be equal to another's and unlike it.
  if (scalar == oid::kInterval || scalar == oid::kFloat8 || scalar == oid::kFloat4) {
    sql = Call(names::kApart, {sql});
  }
  return Text{std::move(sql), FormOf(expr.type)};
}

namespace {

bool AreNull(const Expr& expr) {
  return expr.kind == ExprKind::kAnd && std::ranges::all_of(expr.args, [](const ExprPtr& arg) {
           return arg->kind == ExprKind::kIsNull;
         });
}

}  // namespace

Result<Text> Printer::PrintBoolean(const Expr& expr) {
  std::vector<std::string> parts;
  for (const ExprPtr& arg : expr.args) {
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*arg));
    // DuckDB takes a = b OR (a IS NULL AND b IS NULL) for IS NOT DISTINCT FROM, which is right
    // only where null counts as false.
    const bool hide = expr.kind == ExprKind::kOr && level_->conjunct != &expr && AreNull(*arg);
    parts.push_back(hide ? fmt::format("({} IS TRUE)", text.sql) : std::move(text.sql));
  }
  if (expr.kind == ExprKind::kNot) return Text{"(NOT " + parts[0] + ")", {}};
  return Text{JoinConditions(parts, expr.kind == ExprKind::kAnd ? " AND " : " OR "), {}};
}

Result<Text> Printer::PrintTest(const Expr& expr) {
  const bool compares = expr.args.size() == 2;
  OMEN_ASSIGN_OR_RETURN(Text value, compares ? PrintCompared(*expr.args[0]) : Print(*expr.args[0]));
  std::string_view test;
  switch (expr.kind) {
    case ExprKind::kIsDistinct:
    case ExprKind::kIsNotDistinct: {
      OMEN_ASSIGN_OR_RETURN(Text other, PrintCompared(*expr.args[1]));
      bool negated = expr.kind == ExprKind::kIsNotDistinct;
      return Compare(negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", value, other);
    }
    case ExprKind::kIsNull:
      test = "IS NULL";
      break;
    case ExprKind::kIsNotNull:
      test = "IS NOT NULL";
      break;
    case ExprKind::kIsTrue:
      test = "IS TRUE";
      break;
    case ExprKind::kIsFalse:
      test = "IS FALSE";
      break;
    case ExprKind::kIsNotTrue:
      test = "IS NOT TRUE";
      break;
    case ExprKind::kIsNotFalse:
      test = "IS NOT FALSE";
      break;
    case ExprKind::kIsUnknown:
      test = "IS NULL";
      break;
    default:
      test = "IS NOT NULL";
      break;
  }
  return Text{fmt::format("({} {})", value.sql, test), {}};
}

namespace {

bool MayFail(const Expr& expr) {
  const std::string_view op = expr.op != nullptr ? expr.op->name : std::string_view();
  const bool divides = expr.kind == ExprKind::kFunction && (op == "/" || op == "%");
  const bool reads =
      expr.kind == ExprKind::kCast && expr.cast_method == functions::CastMethod::kInOut;
  return divides || reads ||
         std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return MayFail(*arg); });
}

/// DuckDB runs the queries of a branch for every row: an error there would not be ours.
bool HasQueryThatMayFail(const Expr& branch) {
  bool fails = false;
  if (branch.subquery != nullptr) {
    ForEachExpr(*branch.subquery, [&](const Expr& root, int) { fails = fails || MayFail(root); });
  }
  return fails || std::ranges::any_of(branch.args,
                                      [](const ExprPtr& arg) { return HasQueryThatMayFail(*arg); });
}

Status CheckBranches(const Expr& expr) {
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (HasQueryThatMayFail(*expr.args[i])) {
      return Refusal("a subquery that may fail in a branch on columns");
    }
  }
  return Status::Ok();
}

}  // namespace

Result<Text> Printer::PrintCase(const Expr& expr) {
  OMEN_RETURN_IF_ERROR(CheckBranches(expr));
  std::vector<std::string> conditions;
  std::vector<Text> branches;
  size_t pairs = expr.args.size() / 2;
  for (size_t i = 0; i < pairs; ++i) {
    OMEN_ASSIGN_OR_RETURN(Text condition, Print(*expr.args[2 * i]));
    OMEN_ASSIGN_OR_RETURN(Text branch, Print(*expr.args[2 * i + 1]));
    conditions.push_back(std::move(condition.sql));
    branches.push_back(std::move(branch));
  }
  if (expr.has_else) {
    OMEN_ASSIGN_OR_RETURN(Text branch, Print(*expr.args.back()));
    branches.push_back(std::move(branch));
  }
  std::vector<NumericForm> own;
  for (const Text& branch : branches) own.push_back(branch.form);
  NumericForm form = Unify(branches);
  auto build = [&](const std::function<std::string(size_t)>& value_of) {
    std::string sql = "CASE";
    for (size_t i = 0; i < pairs; ++i) {
      sql += fmt::format(" WHEN {} THEN {}", conditions[i], value_of(i));
    }
    if (expr.has_else) sql += " ELSE " + value_of(pairs);
    return sql + " END";
  };
  if (form.kind == Kind::kScaled) {
    form.scale_text = build([&](size_t i) { return ScaleOf(own[i]); });
  }
  return Text{build([&](size_t i) { return branches[i].sql; }), form};
}

Result<Text> Printer::PrintCoalesce(const Expr& expr) {
  OMEN_RETURN_IF_ERROR(CheckBranches(expr));
  OMEN_ASSIGN_OR_RETURN(std::vector<Text> branches, PrintAll(expr.args));
  std::vector<Text> own = branches;
  NumericForm form = Unify(branches);
  if (form.is_null()) return branches[0];
  auto choose = [&](const std::function<std::string(size_t)>& value_of) {
    std::string sql = "CASE";
    for (size_t i = 0; i + 1 < own.size(); ++i) {
      if (own[i].form.is_null()) continue;
      sql += fmt::format(" WHEN {} IS NOT NULL THEN {}", own[i].sql, value_of(i));
    }
    std::string last = value_of(own.size() - 1);
    return sql == "CASE" ? last : fmt::format("{} ELSE {} END", sql, last);
  };
  if (form.kind == Kind::kScaled) {
    form.scale_text = choose([&](size_t i) { return ScaleOf(own[i].form); });
  }
  std::vector<std::string> args;
  size_t length = 0;
  for (const Text& branch : branches) {
    args.push_back(branch.sql);
    length += branch.sql.size();
  }
  // DuckDB may evaluate a repeated operand of coalesce() for every row, but not one of CASE.
  bool safe = std::all_of(expr.args.begin() + 1, expr.args.end(),
                          [](const ExprPtr& arg) { return IsSafe(*arg); });
  if (safe || length > kRepeatable) return Text{Call("coalesce", args), form};
  return Text{choose([&](size_t i) { return branches[i].sql; }), form};
}

namespace {

/// GREATEST or LEAST where equal values may be shown differently: of those the first stays.
/// Nulls do not count. `keeps(a, b)` is the condition that a stays before b.
Result<std::string> ChainOfExtremes(
    const std::vector<Text>& branches,
    const std::function<std::string(const std::string&, const std::string&)>& keeps) {
  std::string best = branches[0].sql;
  for (size_t i = 1; i < branches.size(); ++i) {
    const std::string& next = branches[i].sql;
    best =
        fmt::format("CASE WHEN {0} IS NULL THEN {1} WHEN {1} IS NULL OR {2} THEN {0} ELSE {1} END",
                    best, next, keeps(best, next));
    if (best.size() > kRepeatable) return Refusal("GREATEST of this size on columns");
  }
  return best;
}

}  // namespace

Result<Text> Printer::PrintUnlikeExtreme(const Expr& expr, std::vector<Text> branches,
                                         NumericForm form) {
  const std::string_view op = expr.kind == ExprKind::kGreatest ? ">=" : "<=";
  for (Text& branch : branches) {
    if (branch.form.is_null()) branch.sql = "NULL::BLOB";
  }
  auto keeps = [&](const std::string& a, const std::string& b) {
    if (form.is_blob()) return fmt::format("{} {} 0", Call(names::kNumCompare, {a, b}), op);
    return fmt::format("{} {} {}", KeyOf(expr.type, a), op, KeyOf(expr.type, b));
  };
  OMEN_ASSIGN_OR_RETURN(std::string sql, ChainOfExtremes(branches, keeps));
  return Text{std::move(sql), form};
}

Result<Text> Printer::PrintExtreme(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(std::vector<Text> branches, PrintAll(expr.args));
  std::vector<Text> own = branches;
  NumericForm form = Unify(branches);
  if (form.is_null()) return branches[0];
  if (form.is_blob() || NeedsKey(expr.type)) {
    return PrintUnlikeExtreme(expr, std::move(branches), form);
  }
  if (HasNoKey(expr.type)) return Refusal("GREATEST of this type on columns");
  std::vector<std::string> args;
  for (const Text& branch : branches) args.push_back(branch.sql);
  std::string sql = Call(expr.kind == ExprKind::kGreatest ? "greatest" : "least", args);
  if (form.kind == Kind::kScaled) {
    form.scale_text = "CASE";  // of equal values PostgreSQL keeps the first
    for (size_t i = 0; i < own.size(); ++i) {
      if (own[i].form.is_null()) continue;
      form.scale_text +=
          fmt::format(" WHEN {} = {} THEN {}", branches[i].sql, sql, ScaleOf(own[i].form));
    }
    form.scale_text += " END";
  }
  return Text{std::move(sql), form};
}

Result<Text> Printer::PrintNullIf(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text value, Print(*expr.args[0]));
  OMEN_ASSIGN_OR_RETURN(Text left, PrintCompared(*expr.args[0]));
  OMEN_ASSIGN_OR_RETURN(Text right, PrintCompared(*expr.args[1]));
  std::string equal = Compare("=", left, right).sql;
  return Text{fmt::format("CASE WHEN {} THEN NULL ELSE {} END", equal, value.sql), value.form};
}

Result<Text> Printer::PrintArray(const Expr& expr) {
  const TypeInfo& info = InfoOf(expr.type.oid);
  NumericForm element = FormOf({info.element, expr.type.typmod});
  std::vector<std::string> elements;
  for (const ExprPtr& arg : expr.args) {
    if (InfoOf(arg->type.oid).element != oid::kInvalid) {
      return Refusal("arrays of more than one dimension on columns");
    }
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*arg));
    elements.push_back(Coerce(text, element));
  }
  return Text{fmt::format("[{}]::{}", Join(elements, ", "), ColumnStoreType(expr.type)), {}};
}

Result<Text> Printer::PrintSubscript(const Expr& expr) {
  const Type array = expr.args[0]->type;
  OMEN_ASSIGN_OR_RETURN(std::string list, PrintPlain(*expr.args[0]));
  NumericForm form = FormOf({InfoOf(array.oid).element, array.typmod});
  const Value* constant = KnownValueOf(*expr.args[1]);
  if (constant != nullptr && constant->AsInt() >= 1) {
    return Text{fmt::format("({})[{}]", list, constant->AsInt()), form};
  }
  // DuckDB counts negative subscripts from the end; in PostgreSQL nothing is there.
  OMEN_ASSIGN_OR_RETURN(std::string index, PrintPlain(*expr.args[1]));
  return Text{fmt::format("CASE WHEN {1} >= 1 THEN ({0})[{1}] END", list, index), form};
}

Result<Text> Printer::PrintSlice(const Expr& expr) {
  std::string bounds[2];
  for (size_t i = 0; i < 2; ++i) {
    const Expr& bound = *expr.args[i + 1];
    if (bound.type.oid == oid::kVoid) continue;  // omitted
    const Value* known = ConstantOf(bound);
    if (known == nullptr) return Refusal("array slices with computed bounds on columns");
    if (known->is_null()) return PrintConst(*MakeConst(expr.type, Value::Null()));
    // DuckDB counts from the end below zero. Arrays from columns begin at 1.
    const int64_t low = i == 0 ? 1 : 0;
    bounds[i] = std::to_string(std::max(known->AsInt(), low));
  }
  OMEN_ASSIGN_OR_RETURN(std::string list, PrintPlain(*expr.args[0]));
  return Text{fmt::format("({})[{}:{}]", list, bounds[0], bounds[1]), {}};
}

Result<Text> Printer::PrintGrouping(const Expr& expr) {
  std::vector<std::string> keys;
  for (const ExprPtr& arg : expr.args) {
    for (size_t i = 0; i < level_->group_keys.size(); ++i) {
      if (!SameExpr(*arg, *level_->query->group_by[i])) continue;
      keys.push_back(level_->group_texts[i]);
      break;
    }
  }
  if (keys.size() != expr.args.size()) return PathFault("GROUPING of what is not grouped");
  return Text{fmt::format("CAST({} AS INTEGER)", Call("GROUPING", keys)), {}};
}

}  // namespace omen::sql::duckdb
