// Queries, clause by clause, with PostgreSQL's line breaks.

#include <algorithm>
#include <set>
#include <utility>

#include "sql/deparse/deparser.h"

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

size_t LineLength(std::string_view text) {
  const size_t line = text.rfind('\n');
  return line == std::string_view::npos ? text.size() : text.size() - line - 1;
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

// A call, or a cast that a function does: what ORDER BY and GROUP BY need parentheses around.
bool IsCallLike(const Expr& expr) {
  if (expr.written && expr.written->form != Wording::Form::kSqlSyntax) return false;
  if (expr.kind == ExprKind::kCast) {
    return expr.cast_method == functions::CastMethod::kFunction || expr.type.typmod >= 0;
  }
  return (expr.kind == ExprKind::kFunction && expr.op == nullptr) ||
         expr.kind == ExprKind::kAggregate || expr.kind == ExprKind::kWindow;
}

}  // namespace

bool Deparser::ViewQuery(const Query& query, const catalog::View& view) {
  if (query.Outputs().size() != view.columns.size()) return false;
  prefixed_ = true;
  Select(query, &view.columns, true);
  Add(";");
  return !failed_;
}

bool Deparser::TableExpression(const Expr& expr, const catalog::Table* table) {
  TextScope scope;
  if (table != nullptr) {
    scope.relations.push_back(table->name);
    scope.columns.emplace_back();
    for (const catalog::Column& column : table->columns) {
      if (!column.dropped) scope.columns[0].push_back(column.name);
    }
  }
  scopes_.push_back(std::move(scope));
  Expression(expr, false);
  return !failed_;
}

void Deparser::Line(std::string_view keyword, int before, int after, int alone) {
  constexpr int kIndentLimit = 40, kStep = 8;
  indent_ += before;
  while (out_->ends_with(' ')) out_->pop_back();
  int spaces = std::max(indent_, 0);
  if (indent_ >= kIndentLimit) {
    spaces = (kIndentLimit + (indent_ - kIndentLimit) / (kStep / 2)) % kIndentLimit;
  }
  *out_ += '\n';
  out_->append(static_cast<size_t>(spaces + alone), ' ');
  Add(keyword);
  indent_ = std::max(indent_ + after, 0);
}

void Deparser::Select(const Query& query, const Columns* names, bool visible) {
  if (failed_) return;
  const int indent = indent_;
  EnterScope(query);
  With(query);
  if (query.set_op != SetOp::kNone) {
    SetOperation(query, names, visible);
  } else {
    Plain(query, names, visible);
  }
  if (!query.order_by.empty()) {
    Line(" ORDER BY ", -8, 8, 1);
    SortItems(query.order_by, query.set_op != SetOp::kNone);
  }
  Limits(query);
  Locks(query);
  scopes_.pop_back();
  indent_ = indent;
}

void Deparser::With(const Query& query) {
  if (query.ctes.empty()) return;
  indent_ += 8;
  Add(query.with_recursive ? " WITH RECURSIVE " : " WITH ");
  std::string_view separator;
  for (const CommonTable& table : query.ctes) {
    Add(separator);
    AddName(table.name);
    AddNames(table.column_aliases);
    Add(" AS ");
    if (table.materialized) Add(*table.materialized ? "MATERIALIZED " : "NOT MATERIALIZED ");
    Add("(");
    Line("", 0, 0, 0);
    Select(*table.query, nullptr, true);
    Line("", 0, 0, 0);
    Add(")");
    separator = ", ";
  }
  Line("", -8, 0, 0);
}

void Deparser::Arm(const Query& arm, const Columns* names, bool visible) {
  if (IsPlainSetOperation(arm)) {
    EnterScope(arm);
    SetOperation(arm, names, visible);
    scopes_.pop_back();
    return;
  }
  const bool enclosed = arm.set_op != SetOp::kNone || !arm.ctes.empty() || !arm.order_by.empty() ||
                        arm.limit || arm.offset || !arm.locks.empty();
  if (enclosed) Add("(");
  Select(arm, names, visible);
  if (enclosed) Add(")");
}

void Deparser::SetOperation(const Query& query, const Columns* names, bool visible) {
  const Query &left = *query.left, &right = *query.right;
  const bool left_enclosed =
      IsPlainSetOperation(left) && (left.set_op != query.set_op || left.set_all != query.set_all);
  const int left_indent = left_enclosed ? 8 : 0;
  if (left_enclosed) {
    Add("(");
    Line("", left_indent, 0, 0);
  }
  Arm(left, names, visible);
  Line(left_enclosed ? ") " : "", -left_indent, 0, 0);
  Add(query.set_op == SetOp::kUnion       ? "UNION "
      : query.set_op == SetOp::kIntersect ? "INTERSECT "
                                          : "EXCEPT ");
  if (query.set_all) Add("ALL ");
  const bool right_enclosed = IsPlainSetOperation(right);
  const int right_indent = right_enclosed ? 8 : 0;
  if (right_enclosed) Add("(");
  Line("", right_indent, 0, 0);
  Arm(right, names, false);
  indent_ -= right_indent;
  if (right_enclosed) Line(")", 0, 0, 0);
}

void Deparser::Plain(const Query& query, const Columns* names, bool visible) {
  indent_ += 8;
  Add(" ");
  if (IsBareValues(query, names)) return Values(query.relations[0]);
  Add("SELECT");
  if (query.distinct) Add(" DISTINCT");
  if (!query.distinct_on.empty()) DistinctOn(query);
  Targets(query, names, visible);
  From(query);
  if (query.where) {
    Line(" WHERE ", -8, 8, 1);
    Expression(*query.where, false);
  }
  GroupBy(query);
  if (query.having) {
    Line(" HAVING ", -8, 8, 0);
    Expression(*query.having, false);
  }
  Windows(query);
}

void Deparser::GroupBy(const Query& query) {
  if (query.group_by.empty() && query.grouping_items.empty()) return;
  Line(" GROUP BY ", -8, 8, 1);
  std::string_view separator = query.group_distinct ? "DISTINCT " : "";
  for (const GroupingItem& item : query.grouping_items) {
    Add(separator);
    Grouping(query, item, true);
    separator = ", ";
  }
  if (!query.grouping_items.empty()) return;
  for (const ExprPtr& expr : query.group_by) {
    Add(separator);
    SortItem(*expr);
    separator = ", ";
  }
}

void Deparser::Grouping(const Query& query, const GroupingItem& item, bool bare) {
  using Kind = GroupingItem::Kind;
  std::string_view separator;
  if (item.kind == Kind::kSimple) {
    const bool enclosed = !bare || item.exprs.size() != 1;
    if (enclosed) Add("(");
    for (const int index : item.exprs) {
      Add(separator);
      SortItem(*query.group_by[static_cast<size_t>(index)]);
      separator = ", ";
    }
    if (enclosed) Add(")");
    return;
  }
  Add(item.kind == Kind::kRollup ? "ROLLUP("
      : item.kind == Kind::kCube ? "CUBE("
                                 : "GROUPING SETS (");
  for (const GroupingItem& inner : item.items) {
    Add(separator);
    Grouping(query, inner, item.kind != Kind::kSets);
    separator = ", ";
  }
  Add(")");
}

void Deparser::Values(const Relation& relation) {
  Add("VALUES ");
  std::string_view separator;
  for (const std::vector<ExprPtr>& row : relation.values) {
    Add(separator);
    separator = ", ";
    for (size_t i = 0; i < row.size(); ++i) {
      Add(i == 0 ? "(" : ",");
      Expression(*row[i], false);
    }
    Add(")");
  }
}

// Those that ORDER BY begins with come first, in its order.
void Deparser::DistinctOn(const Query& query) {
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
    Add(i == 0 ? " DISTINCT ON (" : ", ");
    SortItem(*items[i]);
  }
  Add(")");
}

void Deparser::Targets(const Query& query, const Columns* names, bool visible) {
  bool first = true, last_was_long = false;
  for (size_t i = 0; i < query.targets.size(); ++i) {
    const TargetEntry& target = query.targets[i];
    if (target.junk) return Fail();
    Add(first ? " " : ", ");
    std::string field;
    std::string* const outer = std::exchange(out_, &field);
    Expression(*target.expr, true);
    // A column is known by its own name, and where nobody sees names, an expression by none.
    std::string own = visible ? "" : "?column?";
    if (IsVariable(*target.expr)) own = ShownColumn(*target.expr);
    const std::string_view name = OutputName(query, i, names);
    if (own != name) {
      Add(" AS ");
      AddName(name);
    }
    out_ = outer;
    last_was_long = AddField(field, !first, last_was_long);
    first = false;
  }
}

bool Deparser::AddField(std::string_view field, bool may_break, bool must_break) {
  if (layout_.wrap_column < 0) {
    Add(field);
    return false;
  }
  const bool broken = field.starts_with('\n');
  if (broken) {
    while (out_->ends_with(' ')) out_->pop_back();
  } else if (may_break && (must_break || LineLength(*out_) + field.size() >
                                             static_cast<size_t>(layout_.wrap_column))) {
    Line("", -8, 8, 4);
  }
  Add(field);
  return field.find('\n', broken ? 1 : 0) != std::string_view::npos;
}

void Deparser::Windows(const Query& query) {
  bool first = true;
  for (const WindowDef& window : query.windows) {
    if (window.name.empty()) continue;
    if (first) {
      Line(" WINDOW ", -8, 8, 1);
    } else {
      Add(", ");
    }
    first = false;
    AddName(window.name);
    Add(" AS ");
    WindowSpec(window);
  }
}

void Deparser::Limits(const Query& query) {
  if (query.offset) {
    Line(" OFFSET ", -8, 8, 0);
    Expression(*query.offset, false);
  }
  if (!query.limit) return;
  if (query.with_ties) {
    Line(" FETCH FIRST ", -8, 8, 0);
    Add("(");
    Expression(*query.limit, false);
    return Add(") ROWS WITH TIES");
  }
  Line(" LIMIT ", -8, 8, 0);
  if (query.limit->kind == ExprKind::kConst && query.limit->value.is_null()) return Add("ALL");
  Expression(*query.limit, false);
}

void Deparser::Locks(const Query& query) {
  std::set<int> locked;
  for (const RowLock& lock : query.locks) {
    for (const int relation : lock.relations) {
      // PostgreSQL keeps the stronger of two for one relation.
      if (!locked.insert(relation).second) return Fail();
      Line(LockWords(lock.strength), -8, 8, 0);
      Add(" OF ");
      AddName(scopes_.back().relations[static_cast<size_t>(relation)]);
      if (lock.wait == LockWait::kError) Add(" NOWAIT");
      if (lock.wait == LockWait::kSkip) Add(" SKIP LOCKED");
    }
  }
}

void Deparser::SortItem(const Expr& expr, bool by_number) {
  if (by_number) return Add(std::to_string(expr.column + 1));
  if (expr.kind == ExprKind::kConst) return Constant(expr, 1);
  const bool enclosed = !IsVariable(expr) && (layout_.pretty || IsCallLike(expr));
  if (enclosed) Add("(");
  Expression(expr, true);
  if (enclosed) Add(")");
}

void Deparser::SortItems(const std::vector<SortKey>& keys, bool by_number) {
  std::string_view separator;
  for (const SortKey& key : keys) {
    Add(separator);
    SortItem(*key.expr, by_number);
    if (key.descending) Add(" DESC");
    if (key.nulls_first != key.descending) Add(key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
    separator = ", ";
  }
}

}  // namespace omen::sql
