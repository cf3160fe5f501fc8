#include "sql/duckdb/expr/branch.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/blame.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/tree/expr_walk.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

bool MayFail(const Expr& node) {
  const std::string_view op = node.op != nullptr ? node.op->name : std::string_view();
  const bool divides = node.kind == ExprKind::kFunction && (op == "/" || op == "%");
  return divides ||
         (node.kind == ExprKind::kCast && node.cast_method == functions::CastMethod::kInOut);
}

/// DuckDB runs the queries of a branch for every row: an error there would not be ours.
bool HasQueryThatMayFail(const Expr& branch) {
  bool fails = false;
  WalkExpr(branch, [&](const Expr& node, int depth) {
    fails |= depth > 0 && MayFail(node);
    return !fails;
  });
  return fails;
}

Status CheckBranches(const Expr& expr) {
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (HasQueryThatMayFail(*expr.args[i])) {
      return Refusal("a subquery that may fail in a branch on columns");
    }
  }
  return Status::Ok();
}

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

/// Where equal values may be shown differently.
Result<Text> PrintUnlikeExtreme(const Expr& expr, std::vector<Text> branches, NumericForm form) {
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

}  // namespace

Result<Text> BranchPrinter::PrintCase(const Expr& expr) {
  OMEN_RETURN_IF_ERROR(CheckBranches(expr));
  std::vector<std::string> conditions;
  std::vector<Text> branches;
  size_t pairs = expr.args.size() / 2;
  for (size_t i = 0; i < pairs; ++i) {
    OMEN_ASSIGN_OR_RETURN(Text condition, exprs_.Print(*expr.args[2 * i]));
    OMEN_ASSIGN_OR_RETURN(Text branch, exprs_.Print(*expr.args[2 * i + 1]));
    conditions.push_back(std::move(condition.sql));
    branches.push_back(std::move(branch));
  }
  if (expr.has_else) {
    OMEN_ASSIGN_OR_RETURN(Text branch, exprs_.Print(*expr.args.back()));
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

Result<Text> BranchPrinter::PrintCoalesce(const Expr& expr) {
  OMEN_RETURN_IF_ERROR(CheckBranches(expr));
  OMEN_ASSIGN_OR_RETURN(std::vector<Text> branches, exprs_.PrintAll(expr.args));
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

Result<Text> BranchPrinter::PrintExtreme(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(std::vector<Text> branches, exprs_.PrintAll(expr.args));
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

Result<Text> BranchPrinter::PrintNullIf(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*expr.args[0]));
  OMEN_ASSIGN_OR_RETURN(Text left, exprs_.PrintCompared(*expr.args[0]));
  OMEN_ASSIGN_OR_RETURN(Text right, exprs_.PrintCompared(*expr.args[1]));
  std::string equal = Compare(printing_, "=", left, right).sql;
  return Text{fmt::format("CASE WHEN {} THEN NULL ELSE {} END", equal, value.sql), value.form};
}

}  // namespace omen::sql::duckdb
