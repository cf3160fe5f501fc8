#include "sql/duckdb/expr/order.h"

#include <fmt/format.h>

#include <set>

#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/keys.h"
#include "sql/duckdb/text/numeric.h"

namespace omen::sql::duckdb {

namespace {

/// So wide that no distance of a RANGE frame leads out of it.
std::string Widened(const Text& key, const Type& type) {
  if (key.form.is_decimal()) {
    return fmt::format("CAST({} AS {})", key.sql, DecimalType(kMaxWidth, key.form.scale));
  }
  return IsInteger(type.oid) ? fmt::format("CAST({} AS HUGEINT)", key.sql) : key.sql;
}

}  // namespace

std::string Direction(const SortKey& key) {
  return fmt::format("{}{}", key.descending ? " DESC" : "",
                     key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

int TargetOf(const SortKey& key, const Query& query) {
  int position = 0;
  for (const TargetEntry& target : query.targets) {
    if (target.junk) continue;
    if (SameExpr(*key.expr, *target.expr)) return position;
    ++position;
  }
  return -1;
}

int OrderPrinter::PositionOf(const SortKey& key) const {
  const Type type = key.expr->type;
  const int position = select_ == nullptr ? -1 : TargetOf(key, *select_);
  if (position < 0 || NeedsKey(type) || HasNoKey(type)) return -1;
  return (*forms_)[static_cast<size_t>(position)].is_blob() ? -1 : position;
}

Result<std::string> OrderPrinter::Print(const std::vector<SortKey>& keys) {
  std::vector<std::string> items;
  std::set<std::string> printed;  // a key that comes again orders nothing
  for (const SortKey& key : keys) {
    bool is_float = key.expr->type.oid == oid::kFloat8 || key.expr->type.oid == oid::kFloat4;
    if (is_float && select_ != nullptr && select_->distinct) is_float = false;
    const int position = PositionOf(key);
    if (position >= 0 && !is_float) {
      items.push_back(std::to_string(position + 1) + Direction(key));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.PrintSortable(*key.expr));
    if (printing_.widens_sort_keys()) text.sql = Widened(text, key.expr->type);
    // DuckDB reads sorted columns back from their sort keys, where -0 has become 0.
    if (is_float) text.sql = fmt::format("({} + 0::DOUBLE)", text.sql);
    if (printed.insert(text.sql).second) items.push_back(text.sql + Direction(key));
  }
  return items.empty() ? std::string() : " ORDER BY " + Join(items, ", ");
}

}  // namespace omen::sql::duckdb
