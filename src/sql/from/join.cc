#include "sql/from/join.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "sql/binding/item_columns.h"
#include "sql/from/from.h"
#include "sql/tree/expr_walk.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

sql::JoinType JoinKind(::JoinType type) {
  switch (type) {
    case JOIN_LEFT:
      return sql::JoinType::kLeft;
    case JOIN_RIGHT:
      return sql::JoinType::kRight;
    case JOIN_FULL:
      return sql::JoinType::kFull;
    default:
      return sql::JoinType::kInner;
  }
}

void AddRelations(const FromItem& item, std::set<int>* relations) {
  if (item.relation >= 0) relations->insert(item.relation);
  if (item.left != nullptr) AddRelations(*item.left, relations);
  if (item.right != nullptr) AddRelations(*item.right, relations);
}

// The relations of this level that an expression reads.
std::set<int> RelationsRead(const Expr& expr) {
  std::set<int> read;
  WalkExpr(expr, [&](const Expr& node, int depth) {
    if (node.kind == ExprKind::kColumn && node.levels_up == depth) read.insert(node.rel);
    return true;
  });
  return read;
}

bool Within(const std::set<int>& some, const std::set<int>& all) {
  return !some.empty() && std::ranges::includes(all, some);
}

/// A full join needs an equality between its sides to find what neither has; a condition that
/// reads no row is one for all.
bool CanJoinFully(const FromItem& join) {
  if (RelationsRead(*join.condition).empty()) return true;
  std::set<int> left, right;
  AddRelations(*join.left, &left);
  AddRelations(*join.right, &right);
  std::vector<const Expr*> conjuncts;
  SplitConjunction(join.condition.get(), &conjuncts);
  for (const Expr* part : conjuncts) {
    if (part->op == nullptr || part->op->name != "=" || part->args.size() != 2) continue;
    const std::set<int> one = RelationsRead(*part->args[0]), other = RelationsRead(*part->args[1]);
    if (Within(one, left) && Within(other, right)) return true;
    if (Within(one, right) && Within(other, left)) return true;
  }
  return false;
}

/// Takes the items from `first` on back out, as they were before they were lent.
std::vector<NsItem> TakeItems(std::vector<NsItem>* items, size_t first) {
  auto from = items->begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<NsItem> taken(std::make_move_iterator(from), std::make_move_iterator(items->end()));
  items->erase(from, items->end());
  CloseLateral(&taken);
  return taken;
}

// The columns of a join with an alias are written as its own, each by a name that no other has.
void NameJoinColumns(const std::vector<std::string>& below, NsItem* join, FromItem* written) {
  std::vector<std::string> names;
  for (NsColumn& column : join->columns) {
    std::string name = column.name;
    for (int suffix = 1; std::ranges::find(names, name) != names.end(); ++suffix) {
      name = fmt::format("{}_{}", column.name, suffix);
    }
    column.expr->written =
        std::make_shared<const Wording>(Wording{Wording::Form::kJoinColumn, name, join->alias});
    names.push_back(std::move(name));
  }
  if (names != below) written->column_aliases = std::move(names);
}

}  // namespace

std::vector<NsColumn> JoinBinder::Columns(const std::vector<NsItem>& names) const {
  std::vector<NsColumn> columns;
  for (const NsItem& item : names) {
    if (!item.by_column) continue;
    for (size_t i = 0; i < ColumnCount(scope_, item); ++i) {
      columns.push_back(
          {std::string(ColumnNameOf(scope_, item, i)), ColumnOf(scope_, item, i, 0, -1)});
    }
  }
  return columns;
}

Result<BoundFrom> JoinBinder::BindRight(const JoinExpr& node, BoundFrom* left) {
  const sql::JoinType kind = JoinKind(node.jointype);
  const bool lateral_ok = kind == sql::JoinType::kInner || kind == sql::JoinType::kLeft;
  const size_t visible = scope_.items.size();
  for (NsItem& item : left->names) {
    scope_.items.push_back(std::move(item));
    scope_.items.back().lateral_only = true;
    scope_.items.back().lateral_ok = lateral_ok;
  }
  auto right = FromBinder(binding_).BindItem(node.rarg);
  left->names = TakeItems(&scope_.items, visible);
  return right;
}

Status JoinBinder::NameJoin(const ::Alias& alias, BoundFrom* joined) {
  NsItem item;
  item.alias = alias.aliasname;
  item.columns = Columns(joined->names);
  const auto named = static_cast<size_t>(Items<>(alias.colnames).size());
  if (named > item.columns.size()) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("join expression \"{}\" has {} columns available but {} columns "
                              "specified",
                              alias.aliasname, item.columns.size(), named));
  }
  std::vector<std::string> below;
  for (const NsColumn& column : item.columns) below.push_back(column.name);
  size_t index = 0;
  for (const Node* name : Items<>(alias.colnames)) item.columns[index++].name = Text(name);
  joined->item.alias = item.alias;
  if (binding_.as_written()) NameJoinColumns(below, &item, &joined->item);
  joined->names.clear();
  joined->names.push_back(std::move(item));
  return Status::Ok();
}

Result<BoundFrom> JoinBinder::Bind(const JoinExpr& node) {
  OMEN_ASSIGN_OR_RETURN(BoundFrom left, FromBinder(binding_).BindItem(node.larg));
  OMEN_ASSIGN_OR_RETURN(BoundFrom right, BindRight(node, &left));
  OMEN_RETURN_IF_ERROR(CheckNames(left.names, right.names));
  const sql::JoinType kind = JoinKind(node.jointype);
  BoundFrom joined;
  joined.item.join = kind;
  if (node.isNatural || node.usingClause != nullptr) {
    OMEN_RETURN_IF_ERROR(BindUsing(node, &left, &right, &joined));
  }
  for (NsItem& item : left.names) joined.names.push_back(std::move(item));
  for (NsItem& item : right.names) joined.names.push_back(std::move(item));
  joined.item.left = std::make_unique<FromItem>(std::move(left.item));
  joined.item.right = std::make_unique<FromItem>(std::move(right.item));
  if (node.quals != nullptr) {
    OMEN_RETURN_IF_ERROR(BindCondition(node, &joined));
  } else if (!joined.item.condition && kind == sql::JoinType::kInner) {
    joined.item.join = sql::JoinType::kCross;
  } else if (!joined.item.condition && !binding_.as_written()) {
    // NATURAL without a common column.
    joined.item.condition = MakeConst({oid::kBool}, Value::Bool(true));
  }
  if (node.alias != nullptr) OMEN_RETURN_IF_ERROR(NameJoin(*node.alias, &joined));
  return joined;
}

Status JoinBinder::BindCondition(const JoinExpr& node, BoundFrom* joined) {
  // ON sees the two sides, and outwards only what LATERAL would.
  std::swap(scope_.items, joined->names);
  auto condition = exprs_.BindBool(node.quals, Clause::kJoinOn);
  std::swap(scope_.items, joined->names);
  OMEN_ASSIGN_OR_RETURN(joined->item.condition, std::move(condition));
  if (node.jointype == JOIN_FULL && !CanJoinFully(joined->item)) {
    return Status(sqlstate::kFeatureNotSupported,
                  "FULL JOIN is only supported with merge-joinable or hash-joinable join "
                  "conditions");
  }
  return Status::Ok();
}

}  // namespace omen::sql
