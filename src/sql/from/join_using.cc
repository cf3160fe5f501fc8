// JOIN ... USING and NATURAL JOIN: the condition, and the merged columns.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/from/join.h"
#include "sql/operand/casts.h"
#include "sql/operand/copy.h"
#include "sql/operand/operate.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// Index of the column, -1 if there is none; 42702 when it is there twice.
Result<int> FindShared(const std::vector<NsColumn>& columns, std::string_view name,
                       std::string_view side, bool required) {
  int found = -1;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name) continue;
    if (found >= 0) {
      return Status(
          sqlstate::kAmbiguousColumn,
          fmt::format("common column name \"{}\" appears more than once in {} table", name, side));
    }
    found = static_cast<int>(i);
  }
  if (found < 0 && required) {
    return Status(sqlstate::kUndefinedColumn,
                  fmt::format("column \"{}\" specified in USING clause does not exist in {} table",
                              name, side));
  }
  return found;
}

std::vector<std::string> UsingNames(const List* names, bool natural,
                                    const std::vector<NsColumn>& left,
                                    const std::vector<NsColumn>& right) {
  std::vector<std::string> result;
  for (const Node* name : Items<>(names)) result.emplace_back(Text(name));
  if (!natural) return result;
  for (const NsColumn& column : left) {
    bool shared = std::any_of(right.begin(), right.end(),
                              [&](const NsColumn& other) { return other.name == column.name; });
    if (shared) result.push_back(column.name);
  }
  return result;
}

ExprPtr AndAll(std::vector<ExprPtr> parts) {
  if (parts.empty()) return nullptr;
  if (parts.size() == 1) return std::move(parts[0]);
  auto expr = std::make_unique<Expr>(ExprKind::kAnd, Type{oid::kBool});
  expr->args = std::move(parts);
  return expr;
}

/// What is left of a side's columns once the shared ones are merged.
void AppendRest(std::vector<NsColumn> from, const std::vector<int>& merged,
                std::vector<NsColumn>* to) {
  for (size_t i = 0; i < from.size(); ++i) {
    if (std::find(merged.begin(), merged.end(), static_cast<int>(i)) != merged.end()) continue;
    to->push_back(std::move(from[i]));
  }
}

/// The one column that USING makes of two.
ExprResult MergedColumn(BindState* state, const NsColumn& left, const NsColumn& right, int type) {
  std::vector<ExprPtr> sides;
  sides.push_back(CloneExpr(*left.expr));
  sides.push_back(CloneExpr(*right.expr));
  Type common;
  OMEN_RETURN_IF_ERROR(Unify(state, &sides, "JOIN/USING", &common));
  const bool left_is_column = sides[0]->kind == ExprKind::kColumn;
  if (state->as_written() && type == JOIN_INNER && !left_is_column &&
      sides[1]->kind == ExprKind::kColumn) {
    return std::move(sides[1]);
  }
  if (type == JOIN_RIGHT) return std::move(sides[1]);
  if (type != JOIN_FULL) return std::move(sides[0]);
  auto merged = std::make_unique<Expr>(ExprKind::kCoalesce, common);
  merged->args = std::move(sides);
  return merged;
}

}  // namespace

Status JoinBinder::BindUsing(const JoinExpr& node, BoundFrom* left, BoundFrom* right,
                             BoundFrom* joined) {
  std::vector<NsColumn> left_columns = Columns(left->names);
  std::vector<NsColumn> right_columns = Columns(right->names);
  std::vector<std::string> shared =
      UsingNames(node.usingClause, node.isNatural, left_columns, right_columns);
  NsItem item;
  item.by_name = false;
  if (node.join_using_alias != nullptr) return NotSupported("an alias for JOIN USING");
  std::vector<int> in_left, in_right;
  std::vector<ExprPtr> conditions;
  for (const std::string& name : shared) {
    OMEN_ASSIGN_OR_RETURN(int l, FindShared(left_columns, name, "left", true));
    OMEN_ASSIGN_OR_RETURN(int r, FindShared(right_columns, name, "right", true));
    if (std::find(in_left.begin(), in_left.end(), l) != in_left.end()) {
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column name \"{}\" appears more than once in USING clause", name));
    }
    const NsColumn& l_column = left_columns[static_cast<size_t>(l)];
    const NsColumn& r_column = right_columns[static_cast<size_t>(r)];
    OMEN_ASSIGN_OR_RETURN(ExprPtr merged,
                          MergedColumn(binding_.state(), l_column, r_column, node.jointype));
    OMEN_ASSIGN_OR_RETURN(ExprPtr equal, Operate(binding_.state(), "=", CloneExpr(*l_column.expr),
                                                 CloneExpr(*r_column.expr), -1));
    conditions.push_back(std::move(equal));
    if (merged->kind != ExprKind::kColumn) {
      joined->item.merges_values = true;
      merged = KeepWriting(binding_.state(), std::move(merged), Wording::Form::kMergedColumn, name);
    }
    item.columns.push_back({name, std::move(merged)});
    in_left.push_back(l);
    in_right.push_back(r);
  }
  joined->item.using_columns = shared;
  joined->item.condition = AndAll(std::move(conditions));
  AppendRest(std::move(left_columns), in_left, &item.columns);
  AppendRest(std::move(right_columns), in_right, &item.columns);
  for (BoundFrom* side : {left, right}) {
    for (NsItem& hidden : side->names) hidden.by_column = false;
    std::erase_if(side->names, [](const NsItem& hidden) { return !hidden.by_name; });
  }
  joined->names.push_back(std::move(item));
  return Status::Ok();
}

}  // namespace omen::sql
