#include "sql/duckdb/query/group.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/blame.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

/// One of a group's equal values, which may be shown differently; `key` is what is grouped by.
std::string AnyOfGroup(const std::string& value, const std::string& key, const Query& query) {
  std::string any = Call("any_value", {value});
  if (query.grouping_sets.empty()) return any;
  return fmt::format("CASE WHEN GROUPING({}) = 0 THEN {} END", key, any);
}

bool Contains(const Expr& expr, const std::function<bool(const Expr&)>& test) {
  return test(expr) ||
         std::ranges::any_of(expr.args, [&](const ExprPtr& arg) { return Contains(*arg, test); });
}

bool IsTrivial(const Expr& expr) {
  if (expr.kind == ExprKind::kCoalesce) return expr.args.size() == 1;
  const Value* value = ConstantOf(expr);
  return value != nullptr && expr.type.oid == oid::kBool;
}

bool IsNeutral(const Expr& expr) {
  const Value* value = ConstantOf(expr);
  if (value == nullptr || value->is_null()) return value != nullptr;
  if (InfoOf(expr.type.oid).category != TypeCategory::kNumeric) return false;
  return InfoOf(expr.type.oid).carrier != Carrier::kInt ||
         (value->AsInt() >= -1 && value->AsInt() <= 1);
}

/// The texts of the keys that can divide rows. Constants cannot; where there is nothing else they
/// stay, so that no rows make no group.
std::vector<std::string> DividingTexts(const std::vector<ExprPtr>& keys,
                                       const std::vector<std::string>& texts) {
  std::vector<std::string> dividing;
  for (size_t i = 0; i < keys.size(); ++i) {
    const bool constant = keys[i]->kind == ExprKind::kParam || ConstantOf(*keys[i]) != nullptr;
    if (!constant) dividing.push_back(texts[i]);
  }
  return dividing.empty() ? texts : dividing;
}

/// DuckDB merges keys that it can simplify to the same, which grouping sets must keep apart.
Status CheckKeysStayApart(const Query& query) {
  if (query.grouping_sets.size() > 1 && query.group_by.empty()) {
    return Refusal("grouping sets without keys on columns");  // it takes several for one
  }
  if (query.grouping_sets.empty()) return Status::Ok();
  for (const TargetEntry& entry : query.targets) {
    const auto is_named = [](const Expr& part) { return part.kind == ExprKind::kGroupKey; };
    if (Contains(*entry.expr, is_named)) {
      return Refusal("grouping sets of equal or constant keys on columns");
    }
  }
  for (const ExprPtr& key : query.group_by) {
    if (key->kind == ExprKind::kColumn) continue;
    bool merges = Contains(*key, IsTrivial);
    for (const ExprPtr& other : query.group_by) {
      if (other == key || merges) continue;
      const auto is_other = [&](const Expr& part) { return SameExpr(part, *other); };
      merges = Contains(*key, is_other) && Contains(*key, IsNeutral);
    }
    if (merges) return Refusal("grouping sets over such expressions on columns");
  }
  return Status::Ok();
}

}  // namespace

Result<std::string> GroupPrinter::Print() {
  OMEN_RETURN_IF_ERROR(CheckKeysStayApart(query_));
  for (const ExprPtr& expr : query_.group_by) OMEN_RETURN_IF_ERROR(PrintKey(*expr));
  level_.group_keys = std::move(keys_);
  if (query_.grouping_sets.empty()) {
    const std::vector<std::string> texts = DividingTexts(query_.group_by, level_.group_texts);
    return texts.empty() ? std::string() : " GROUP BY " + Join(texts, ", ");
  }
  std::vector<std::string> sets;
  for (const std::vector<int>& set : query_.grouping_sets) {
    std::vector<std::string> members;
    for (int member : set) members.push_back(level_.group_texts[static_cast<size_t>(member)]);
    sets.push_back("(" + Join(members, ", ") + ")");
  }
  return " GROUP BY GROUPING SETS (" + Join(sets, ", ") + ")";
}

Status GroupPrinter::PrintKey(const Expr& expr) {
  OMEN_ASSIGN_OR_RETURN(Text key, exprs_.Print(expr));
  // Of several sets the engine would take keys with equal texts for one.
  std::string text = key.group.empty() || !query_.grouping_sets.empty() ? key.sql : key.group;
  if (key.form.kind != Kind::kNone && !key.form.is_decimal()) {
    // Equal values may be shown differently: group by the value, show one of them.
    key = {Coerce(key, NumericForm::Blob()), NumericForm::Blob()};
    text = Call(names::kNumKey, {key.sql});
    key.sql = AnyOfGroup(key.sql, text, query_);
  }
  if (HasNoKey(expr.type)) {
    return Refusal(fmt::format("groups of {} on columns", FormatType(expr.type)));
  }
  if (NeedsKey(expr.type)) {
    text = KeyOf(expr.type, key.sql);
    key.sql = AnyOfGroup(key.sql, text, query_);
  }
  level_.group_texts.push_back(std::move(text));
  keys_.push_back(std::move(key));
  return Status::Ok();
}

}  // namespace omen::sql::duckdb
