#include "sql/deparse/deparse_query.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "sql/deparse/deparse_cast.h"
#include "sql/deparse/deparse_from.h"
#include "sql/deparse/deparse_window.h"
#include "sql/deparse/term_shape.h"

namespace omen::sql {
namespace {

bool IsPlainSetOperation(const Query& query) {
  return query.set_op != SetOp::kNone && query.ctes.empty() && query.order_by.empty() &&
         !query.limit && !query.offset && query.locks.empty();
}

std::string_view OutputName(const Query& query, size_t index,
                            const std::vector<catalog::Column>* names) {
  if (names != nullptr && index < names->size()) return (*names)[index].name;
  return query.targets[index].output.name;
}

// VALUES on its own, whose columns keep their names.
bool IsBareValues(const Query& query, const std::vector<catalog::Column>* names) {
  if (query.relations.size() != 1 || query.relations[0].kind != RelationKind::kValues) return false;
  const Relation& values = query.relations[0];
  if (query.targets.size() != values.columns.size()) return false;
  for (size_t i = 0; i < query.targets.size(); ++i) {
    if (OutputName(query, i, names) != values.columns[i].name) return false;
  }
  return true;
}

std::string_view LockWords(LockStrength strength) {
  switch (strength) {
    case LockStrength::kKeyShare:
      return " FOR KEY SHARE";
    case LockStrength::kShare:
      return " FOR SHARE";
    case LockStrength::kNoKeyUpdate:
      return " FOR NO KEY UPDATE";
    default:
      return " FOR UPDATE";
  }
}

}  // namespace

void QueryDeparser::Print(const Query& query, const Columns* names, bool visible) {
  if (text_.failed()) return;
  const int indent = text_.indent();
  text_.Enter(query);
  PrintWith(query);
  if (query.set_op != SetOp::kNone) {
    PrintSetOperation(query, names, visible);
  } else {
    PrintPlain(query, names, visible);
  }
  if (!query.order_by.empty()) {
    text_.Line(" ORDER BY ", -8, 8, 1);
    sort_.PrintKeys(query.order_by, query.set_op != SetOp::kNone);
  }
  PrintLimits(query);
  PrintLocks(query);
  text_.Leave();
  text_.set_indent(indent);
}

void QueryDeparser::PrintWith(const Query& query) {
  if (query.ctes.empty()) return;
  text_.set_indent(text_.indent() + 8);
  text_.Add(query.with_recursive ? " WITH RECURSIVE " : " WITH ");
  std::string_view separator;
  for (const CommonTable& table : query.ctes) {
    text_.Add(separator);
    text_.AddName(table.name);
    text_.AddNames(table.column_aliases);
    text_.Add(" AS ");
    if (table.materialized) text_.Add(*table.materialized ? "MATERIALIZED " : "NOT MATERIALIZED ");
    text_.Add("(");
    text_.Line("", 0, 0, 0);
    Print(*table.query, nullptr, true);
    text_.Line("", 0, 0, 0);
    text_.Add(")");
    separator = ", ";
  }
  text_.Line("", -8, 0, 0);
}

void QueryDeparser::PrintArm(const Query& arm, const Columns* names, bool visible) {
  if (IsPlainSetOperation(arm)) {
    text_.Enter(arm);
    PrintSetOperation(arm, names, visible);
    text_.Leave();
    return;
  }
  const bool enclosed = arm.set_op != SetOp::kNone || !arm.ctes.empty() || !arm.order_by.empty() ||
                        arm.limit || arm.offset || !arm.locks.empty();
  if (enclosed) text_.Add("(");
  Print(arm, names, visible);
  if (enclosed) text_.Add(")");
}

void QueryDeparser::PrintSetOperation(const Query& query, const Columns* names, bool visible) {
  const Query &left = *query.left, &right = *query.right;
  const bool left_enclosed =
      IsPlainSetOperation(left) && (left.set_op != query.set_op || left.set_all != query.set_all);
  const int left_indent = left_enclosed ? 8 : 0;
  if (left_enclosed) {
    text_.Add("(");
    text_.Line("", left_indent, 0, 0);
  }
  PrintArm(left, names, visible);
  text_.Line(left_enclosed ? ") " : "", -left_indent, 0, 0);
  text_.Add(query.set_op == SetOp::kUnion       ? "UNION "
            : query.set_op == SetOp::kIntersect ? "INTERSECT "
                                                : "EXCEPT ");
  if (query.set_all) text_.Add("ALL ");
  const bool right_enclosed = IsPlainSetOperation(right);
  const int right_indent = right_enclosed ? 8 : 0;
  if (right_enclosed) text_.Add("(");
  text_.Line("", right_indent, 0, 0);
  PrintArm(right, names, false);
  text_.set_indent(text_.indent() - right_indent);
  if (right_enclosed) text_.Line(")", 0, 0, 0);
}

void QueryDeparser::PrintPlain(const Query& query, const Columns* names, bool visible) {
  text_.set_indent(text_.indent() + 8);
  text_.Add(" ");
  if (IsBareValues(query, names)) return PrintValues(query.relations[0]);
  text_.Add("SELECT");
  if (query.distinct) text_.Add(" DISTINCT");
  if (!query.distinct_on.empty()) PrintDistinctOn(query);
  PrintTargets(query, names, visible);
  FromDeparser(text_).Print(query);
  if (query.where) {
    text_.Line(" WHERE ", -8, 8, 1);
    exprs_.Print(*query.where, false);
  }
  PrintGroupBy(query);
  if (query.having) {
    text_.Line(" HAVING ", -8, 8, 0);
    exprs_.Print(*query.having, false);
  }
  PrintWindows(query);
}

void QueryDeparser::PrintGroupBy(const Query& query) {
  if (query.group_by.empty() && query.grouping_items.empty()) return;
  text_.Line(" GROUP BY ", -8, 8, 1);
  std::string_view separator = query.group_distinct ? "DISTINCT " : "";
  for (const GroupingItem& item : query.grouping_items) {
    text_.Add(separator);
    PrintGrouping(query, item, true);
    separator = ", ";
  }
  if (!query.grouping_items.empty()) return;
  for (const ExprPtr& expr : query.group_by) {
    text_.Add(separator);
    sort_.PrintItem(*expr);
    separator = ", ";
  }
}

void QueryDeparser::PrintGrouping(const Query& query, const GroupingItem& item, bool bare) {
  using Kind = GroupingItem::Kind;
  std::string_view separator;
  if (item.kind == Kind::kSimple) {
    const bool enclosed = !bare || item.exprs.size() != 1;
    if (enclosed) text_.Add("(");
    for (const int index : item.exprs) {
      text_.Add(separator);
      sort_.PrintItem(*query.group_by[static_cast<size_t>(index)]);
      separator = ", ";
    }
    if (enclosed) text_.Add(")");
    return;
  }
  text_.Add(item.kind == Kind::kRollup ? "ROLLUP("
            : item.kind == Kind::kCube ? "CUBE("
                                       : "GROUPING SETS (");
  for (const GroupingItem& inner : item.items) {
    text_.Add(separator);
    PrintGrouping(query, inner, item.kind != Kind::kSets);
    separator = ", ";
  }
  text_.Add(")");
}

void QueryDeparser::PrintValues(const Relation& relation) {
  text_.Add("VALUES ");
  std::string_view separator;
  for (const std::vector<ExprPtr>& row : relation.values) {
    text_.Add(separator);
    separator = ", ";
    for (size_t i = 0; i < row.size(); ++i) {
      text_.Add(i == 0 ? "(" : ",");
      exprs_.Print(*row[i], false);
    }
    text_.Add(")");
  }
}

// Those that ORDER BY begins with come first, in its order.
void QueryDeparser::PrintDistinctOn(const Query& query) {
  std::vector<const Expr*> items;
  auto listed = [&](const Expr& expr) {
    return std::ranges::any_of(items, [&](const Expr* item) { return SameExpr(*item, expr); });
  };
  for (const SortKey& key : query.order_by) {
    const bool named = std::ranges::any_of(
        query.distinct_on, [&](const ExprPtr& expr) { return SameExpr(*expr, *key.expr); });
    if (named && !listed(*key.expr)) items.push_back(key.expr.get());
  }
  for (const ExprPtr& expr : query.distinct_on) {
    if (!listed(*expr)) items.push_back(expr.get());
  }
  for (size_t i = 0; i < items.size(); ++i) {
    text_.Add(i == 0 ? " DISTINCT ON (" : ", ");
    sort_.PrintItem(*items[i]);
  }
  text_.Add(")");
}

void QueryDeparser::PrintTargets(const Query& query, const Columns* names, bool visible) {
  bool first = true, last_was_long = false;
  for (size_t i = 0; i < query.targets.size(); ++i) {
    const TargetEntry& target = query.targets[i];
    if (target.junk) return text_.Fail();
    text_.Add(first ? " " : ", ");
    const std::string field = text_.Field([&] {
      exprs_.Print(*target.expr, true);
      // A column is known by its own name, and where nobody sees names, an expression by none.
      std::string own = visible ? "" : "?column?";
      if (IsVariable(*target.expr)) own = text_.names().ShownColumn(*target.expr);
      const std::string_view name = OutputName(query, i, names);
      if (own != name) {
        text_.Add(" AS ");
        text_.AddName(name);
      }
    });
    last_was_long = text_.AddField(field, !first, last_was_long);
    first = false;
  }
}

void QueryDeparser::PrintWindows(const Query& query) {
  bool first = true;
  for (const WindowDef& window : query.windows) {
    if (window.name.empty()) continue;
    if (first) {
      text_.Line(" WINDOW ", -8, 8, 1);
    } else {
      text_.Add(", ");
    }
    first = false;
    text_.AddName(window.name);
    text_.Add(" AS ");
    WindowDeparser(text_).PrintSpec(window);
  }
}

void QueryDeparser::PrintLimits(const Query& query) {
  if (query.offset) {
    text_.Line(" OFFSET ", -8, 8, 0);
    exprs_.Print(*query.offset, false);
  }
  if (!query.limit) return;
  if (query.with_ties) {
    text_.Line(" FETCH FIRST ", -8, 8, 0);
    text_.Add("(");
    exprs_.Print(*query.limit, false);
    return text_.Add(") ROWS WITH TIES");
  }
  text_.Line(" LIMIT ", -8, 8, 0);
  if (query.limit->kind == ExprKind::kConst && query.limit->value.is_null())
    return text_.Add("ALL");
  exprs_.Print(*query.limit, false);
}

void QueryDeparser::PrintLocks(const Query& query) {
  if (text_.failed()) return;  // there may be no names
  std::set<int> locked;
  for (const RowLock& lock : query.locks) {
    for (const int relation : lock.relations) {
      // PostgreSQL keeps the stronger of two for one relation.
      if (!locked.insert(relation).second) return text_.Fail();
      text_.Line(LockWords(lock.strength), -8, 8, 0);
      text_.Add(" OF ");
      text_.AddName(text_.names().current().relations[static_cast<size_t>(relation)]);
      if (lock.wait == LockWait::kError) text_.Add(" NOWAIT");
      if (lock.wait == LockWait::kSkip) text_.Add(" SKIP LOCKED");
    }
  }
}

}  // namespace omen::sql
