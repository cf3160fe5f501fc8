// SELECT, from the outside in: set operations, grouping, DISTINCT, ORDER BY, LIMIT.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

using Kind = NumericForm::Kind;

namespace {

std::string Direction(const SortKey& key) {
  return fmt::format("{}{}", key.descending ? " DESC" : "",
                     key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/// So wide that no distance of a RANGE frame leads out of it.
std::string Widened(const Text& key, const Type& type) {
  if (key.form.is_decimal()) {
    return fmt::format("CAST({} AS {})", key.sql, DecimalType(kMaxWidth, key.form.scale));
  }
  const bool integer = type.oid == oid::kInt2 || type.oid == oid::kInt4 || type.oid == oid::kInt8;
  return integer ? fmt::format("CAST({} AS HUGEINT)", key.sql) : key.sql;
}

/// One of a group's equal values, which may be shown differently; `key` is what is grouped by.
std::string AnyOfGroup(const std::string& value, const std::string& key, const Query& query) {
  std::string any = Call("any_value", {value});
  if (query.grouping_sets.empty()) return any;
  return fmt::format("CASE WHEN GROUPING({}) = 0 THEN {} END", key, any);
}

/// Position of the sort key among the returned targets, -1 if it is none of them.
int TargetOf(const SortKey& key, const Query& query) {
  int position = 0;
  for (const TargetEntry& target : query.targets) {
    if (target.junk) continue;
    if (SameExpr(*key.expr, *target.expr)) return position;
    ++position;
  }
  return -1;
}

/// Does it keep rows by their place, so that a condition on what it answers says nothing about
/// what it reads?
bool KeepsByPlace(const Query& query) {
  return query.limit != nullptr || query.offset != nullptr || !query.distinct_on.empty();
}

/// DuckDB's joins and top-N lists send what they have found down to the scans as filters, by way
/// of plain columns and through LIMIT and DISTINCT ON, too, which then keep other rows. These
/// columns are no plain ones.
std::string Shielded(const QueryText& text, const std::string& alias) {
  std::vector<std::string> items;
  for (const std::string& column : Columns(alias, text.forms, /*by_key=*/false)) {
    items.push_back(Call(names::kApart, {column}));
  }
  return fmt::format("SELECT {} FROM {}", Join(items, ", "),
                     Derived(text.sql, alias, text.forms.size()));
}

}  // namespace

Result<QueryText> Printer::PrintTop(const Query& query) {
  OMEN_ASSIGN_OR_RETURN(QueryText text, PrintQuery(query, nullptr, /*blocking=*/false));
  if (text.forms.empty()) return Refusal("a SELECT without columns on columns");
  return text;
}

Status Printer::CheckSupported(const Query& query) {
  if (query.kind != QueryKind::kSelect) return Refusal("data-changing statements on columns");
  if (!query.locks.empty()) return Refusal("row locks on columns");
  bool distinct =
      (query.distinct && query.distinct_on.empty()) ||
      (query.set_op != SetOp::kNone && !(query.set_all && query.set_op == SetOp::kUnion));
  for (const TargetEntry& target : query.targets) {
    const Type type = target.expr->type;
    if (distinct && (NeedsKey(type) || HasNoKey(type))) {
      return Refusal(fmt::format("distinct values of {} on columns", FormatType(type)));
    }
  }
  return Status::Ok();
}

Result<QueryText> Printer::PrintQuery(const Query& query, Level* outer, bool blocking) {
  OMEN_RETURN_IF_ERROR(CheckSupported(query));
  Level level;
  level.query = &query;
  level.outer = outer;
  level.blocking = blocking;
  Scoped<Level*> scope(level_, &level);
  const bool simple = query.set_op == SetOp::kNone;
  OMEN_ASSIGN_OR_RETURN(QueryText text,
                        simple ? PrintSelect(query, level) : PrintSetOperation(query, level));
  if (outer != nullptr && !text.forms.empty() && KeepsByPlace(query)) {
    text.sql = Shielded(text, fmt::format("l{}", ++next_alias_));
  }
  return text;
}

Result<QueryText> Printer::PrintSelect(const Query& query, Level& level) {
  const bool inherited = level.blocking || !query.order_by.empty();
  const bool grouped = query.has_aggregates || !query.group_by.empty() ||
                       !query.grouping_sets.empty() || query.having != nullptr;
  OMEN_ASSIGN_OR_RETURN(std::string ctes, PrintCtes(query, level));
  level.blocking = inherited || grouped;
  OMEN_ASSIGN_OR_RETURN(std::string body, PrintBody(query, level));
  level.blocking = inherited;
  level.grouped = grouped;
  std::vector<std::string> items;
  OMEN_ASSIGN_OR_RETURN(QueryText out, PrintTargets(query, &items));
  std::string having;
  if (query.having != nullptr) {
    OMEN_ASSIGN_OR_RETURN(having, PrintCondition(*query.having));
    having.insert(0, " HAVING ");
  }
  // Where every aggregate is folded away, what is left still is one row.
  const bool one_row = query.group_by.empty() && query.grouping_sets.empty();
  if (query.has_aggregates && one_row) body += " GROUP BY ()";
  body += having;
  if (query.with_ties) {
    OMEN_ASSIGN_OR_RETURN(out.sql, PrintWithTies(query, items, body));
    out.sql = ctes + out.sql;
    return out;
  }
  OMEN_ASSIGN_OR_RETURN(std::string limit, PrintLimit(query));
  if (query.distinct && query.distinct_on.empty() && HasBlob(out.forms)) {
    OMEN_ASSIGN_OR_RETURN(out.sql, PrintVariableDistinct(query, items, body, out.forms));
    out.sql = ctes + out.sql + limit;
    return out;
  }
  std::string distinct = query.distinct ? "DISTINCT " : "";
  if (!query.distinct_on.empty()) {
    OMEN_ASSIGN_OR_RETURN(distinct, PrintDistinctOn(query));
  }
  OMEN_ASSIGN_OR_RETURN(std::string order, PrintOrderBy(query.order_by, &query, &out.forms));
  out.sql = fmt::format("{}SELECT {}{}{}{}{}", ctes, distinct,
                        items.empty() ? "1" : Join(items, ", "), body, order, limit);
  return out;
}

Result<QueryText> Printer::PrintTargets(const Query& query, std::vector<std::string>* items) {
  QueryText out;
  for (const TargetEntry& target : query.targets) {
    if (target.junk) continue;
    OMEN_ASSIGN_OR_RETURN(Text text, Print(*target.expr));
    NumericForm form = text.form.kind == Kind::kNone ? NumericForm{} : CommonForm({text.form});
    items->push_back(Coerce(text, form));
    out.forms.push_back(std::move(form));
  }
  return out;
}

Result<std::string> Printer::PrintBody(const Query& query, Level& level) {
  OMEN_ASSIGN_OR_RETURN(std::string body, PrintFrom(query, level));
  if (query.where != nullptr) {
    OMEN_ASSIGN_OR_RETURN(std::string where, PrintCondition(*query.where));
    body += " WHERE " + where;
  }
  OMEN_ASSIGN_OR_RETURN(std::string group, PrintGroupBy(query, level));
  return body + group;
}

namespace {

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

Result<std::string> Printer::PrintGroupBy(const Query& query, Level& level) {
  OMEN_RETURN_IF_ERROR(CheckKeysStayApart(query));
  std::vector<Text> keys;
  for (const ExprPtr& expr : query.group_by) {
    OMEN_ASSIGN_OR_RETURN(Text key, Print(*expr));
    std::string text = key.sql;
    if (key.form.kind != Kind::kNone && !key.form.is_decimal()) {
      // Equal values may be shown differently: group by the value, show one of them.
      key = {Coerce(key, NumericForm::Blob()), NumericForm::Blob()};
      text = Call(names::kNumKey, {key.sql});
      key.sql = AnyOfGroup(key.sql, text, query);
    }
    if (HasNoKey(expr->type)) {
      return Refusal(fmt::format("groups of {} on columns", FormatType(expr->type)));
    }
    if (NeedsKey(expr->type)) {
      text = KeyOf(expr->type, key.sql);
      key.sql = AnyOfGroup(key.sql, text, query);
    }
    level.group_texts.push_back(std::move(text));
    keys.push_back(std::move(key));
  }
  level.group_keys = std::move(keys);
  if (query.grouping_sets.empty()) {
    return level.group_texts.empty() ? std::string() : " GROUP BY " + Join(level.group_texts, ", ");
  }
  std::vector<std::string> sets;
  for (const std::vector<int>& set : query.grouping_sets) {
    std::vector<std::string> members;
    for (int member : set) members.push_back(level.group_texts[static_cast<size_t>(member)]);
    sets.push_back("(" + Join(members, ", ") + ")");
  }
  return " GROUP BY GROUPING SETS (" + Join(sets, ", ") + ")";
}

Result<std::string> Printer::PrintDistinctOn(const Query& query) {
  std::vector<std::string> keys;
  for (const ExprPtr& expr : query.distinct_on) {
    OMEN_ASSIGN_OR_RETURN(Text key, PrintSortable(*expr));
    keys.push_back(std::move(key.sql));
  }
  return "DISTINCT ON (" + Join(keys, ", ") + ") ";
}

Result<std::string> Printer::PrintOrderBy(const std::vector<SortKey>& keys, const Query* query,
                                          const std::vector<NumericForm>* forms) {
  std::vector<std::string> items;
  std::set<std::string> printed;  // a key that comes again orders nothing
  for (const SortKey& key : keys) {
    int position = query == nullptr ? -1 : TargetOf(key, *query);
    bool is_float = key.expr->type.oid == oid::kFloat8 || key.expr->type.oid == oid::kFloat4;
    if (is_float && query != nullptr && query->distinct) is_float = false;
    if (position >= 0 && !is_float && !NeedsKey(key.expr->type) && !HasNoKey(key.expr->type) &&
        !(*forms)[static_cast<size_t>(position)].is_blob()) {
      items.push_back(std::to_string(position + 1) + Direction(key));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(Text text, PrintSortable(*key.expr));
    if (range_key_) text.sql = Widened(text, key.expr->type);
    // DuckDB reads sorted columns back from their sort keys, where -0 has become 0.
    if (is_float) text.sql = fmt::format("({} + 0::DOUBLE)", text.sql);
    if (printed.insert(text.sql).second) items.push_back(text.sql + Direction(key));
  }
  return items.empty() ? std::string() : " ORDER BY " + Join(items, ", ");
}

Result<std::string> Printer::PrintBound(const Expr& bound, bool is_limit) {
  const Value* constant = ConstantOf(bound);
  if (constant != nullptr) {
    if (constant->is_null()) return std::string();
    if (constant->AsInt() < 0) {
      return is_limit ? Status(sqlstate::kInvalidLimit, "LIMIT must not be negative")
                      : Status(sqlstate::kInvalidOffset, "OFFSET must not be negative");
    }
    return std::to_string(constant->AsInt());
  }
  OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(bound));
  return "(" + sql + ")";
}

Result<std::string> Printer::PrintLimit(const Query& query) {
  std::string out;
  if (query.limit != nullptr) {
    OMEN_ASSIGN_OR_RETURN(std::string limit, PrintBound(*query.limit, true));
    if (!limit.empty()) out += " LIMIT " + limit;
  }
  if (query.offset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(std::string offset, PrintBound(*query.offset, false));
    if (!offset.empty()) out += " OFFSET " + offset;
  }
  return out;
}

Result<std::string> Printer::PrintWithTies(const Query& query,
                                           const std::vector<std::string>& items,
                                           const std::string& body) {
  if (query.distinct || !query.distinct_on.empty()) {
    return Refusal("DISTINCT with WITH TIES on columns");
  }
  std::string limit, offset;
  if (query.limit != nullptr) {
    OMEN_ASSIGN_OR_RETURN(limit, PrintBound(*query.limit, true));
  }
  if (query.offset != nullptr) {
    OMEN_ASSIGN_OR_RETURN(offset, PrintBound(*query.offset, false));
  }
  if (offset.empty()) offset = "0";
  std::vector<std::string> inner = items, order, shown;
  for (const SortKey& key : query.order_by) {
    OMEN_ASSIGN_OR_RETURN(Text text, PrintSortable(*key.expr));
    inner.push_back(std::move(text.sql));
    order.push_back(fmt::format("d.c{}{}", inner.size(), Direction(key)));
  }
  for (size_t i = 0; i < items.size(); ++i) shown.push_back(fmt::format("c{}", i + 1));
  std::string over = "OVER (ORDER BY " + Join(order, ", ") + ")";
  std::string ranked =
      fmt::format("SELECT d.*, row_number() {0} AS n, rank() {0} AS r FROM {1}", over,
                  Derived("SELECT " + Join(inner, ", ") + body, "d", inner.size()));
  std::string last = limit.empty() ? "" : fmt::format(" AND r <= {} + {}", offset, limit);
  return fmt::format("SELECT {} FROM ({}) WHERE n > {}{} ORDER BY n", Join(shown, ", "), ranked,
                     offset, last);
}

Result<std::string> Printer::PrintVariableDistinct(const Query& query,
                                                   const std::vector<std::string>& items,
                                                   const std::string& body,
                                                   const std::vector<NumericForm>& forms) {
  std::string alias = fmt::format("d{}", ++next_alias_);
  std::vector<std::string> keys = Columns(alias, forms, /*by_key=*/true), order;
  for (const SortKey& key : query.order_by) {
    int position = TargetOf(key, query);
    if (position < 0) return PathFault("DISTINCT sorted by what is not selected");
    order.push_back(keys[static_cast<size_t>(position)] + Direction(key));
  }
  return fmt::format("SELECT DISTINCT ON ({}) {} FROM {}{}", Join(keys, ", "),
                     Join(Columns(alias, forms, false), ", "),
                     Derived("SELECT " + Join(items, ", ") + body, alias, forms.size()),
                     order.empty() ? "" : " ORDER BY " + Join(order, ", "));
}

Result<QueryText> Printer::PrintSetOperation(const Query& query, Level& level) {
  if (query.with_ties) return Refusal("WITH TIES over a set operation on columns");
  level.blocking = level.blocking || !query.order_by.empty();
  OMEN_ASSIGN_OR_RETURN(std::string ctes, PrintCtes(query, level));
  OMEN_ASSIGN_OR_RETURN(QueryText arms, PrintArms(query, level));
  bool plain = query.order_by.empty() && query.limit == nullptr && query.offset == nullptr;
  for (size_t i = 0; i < query.targets.size(); ++i) {
    const Expr& expr = *query.targets[i].expr;
    plain = plain && expr.kind == ExprKind::kColumn && expr.column == static_cast<int>(i) &&
            !query.targets[i].junk;
  }
  if (plain && query.targets.size() == arms.forms.size()) {
    arms.sql = ctes + arms.sql;
    return arms;
  }
  std::string alias = fmt::format("s{}", ++next_alias_);
  std::vector<std::string> columns = Columns(alias, arms.forms, false);
  for (size_t i = 0; i < columns.size(); ++i) level.result.push_back({columns[i], arms.forms[i]});
  std::vector<std::string> items;
  OMEN_ASSIGN_OR_RETURN(QueryText out, PrintTargets(query, &items));
  OMEN_ASSIGN_OR_RETURN(std::string order, PrintOrderBy(query.order_by, nullptr, nullptr));
  OMEN_ASSIGN_OR_RETURN(std::string limit, PrintLimit(query));
  out.sql = fmt::format("{}SELECT {} FROM {}{}{}", ctes, Join(items, ", "),
                        Derived(arms.sql, alias, arms.forms.size()), order, limit);
  return out;
}

}  // namespace omen::sql::duckdb
