#include "sql/from/from.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "sql/binding/figure_name.h"
#include "sql/from/join.h"
#include "sql/from/relation.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// Alias and column aliases over a relation's own names.
Status ApplyAlias(const ::Alias* alias, Relation* relation) {
  if (alias == nullptr) return Status::Ok();
  relation->alias = alias->aliasname;
  relation->aliased = true;
  relation->column_aliases = Items<>(alias->colnames).size();
  size_t given = static_cast<size_t>(Items<>(alias->colnames).size());
  if (given > relation->columns.size()) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("table \"{}\" has {} columns available but {} columns specified",
                              relation->alias, relation->columns.size(), given));
  }
  size_t index = 0;
  for (const Node* name : Items<>(alias->colnames)) relation->columns[index++].name = Text(name);
  return Status::Ok();
}

/// A function's own name for what it returns, which no alias hides; else `alias`.
std::string ResultName(const Expr& call, std::string alias) {
  constexpr Oid kNamedValue[] = {3219, 3465, 3955, 3969};  // json(b)_array_elements(_text)
  const bool is_call = call.kind == ExprKind::kFunction && call.op == nullptr;
  const bool named =
      is_call && std::ranges::find(kNamedValue, call.function->oid) != std::end(kNamedValue);
  return named ? "value" : alias;
}

}  // namespace

void CloseLateral(std::vector<NsItem>* items) {
  for (NsItem& item : *items) {
    item.lateral_only = false;
    item.lateral_ok = true;
  }
}

Status CheckNames(const std::vector<NsItem>& have, const std::vector<NsItem>& more) {
  for (const NsItem& item : more) {
    if (!item.by_name) continue;
    for (const NsItem& other : have) {
      bool both_tables = item.table != 0 && other.table != 0;
      if (!other.by_name || other.alias != item.alias) continue;
      if (both_tables && item.table != other.table) continue;
      return Status(sqlstate::kDuplicateAlias,
                    fmt::format("table name \"{}\" specified more than once", item.alias));
    }
  }
  return Status::Ok();
}

Status FromBinder::Bind(const List* from) {
  for (const Node* node : Items<>(from)) {
    OMEN_ASSIGN_OR_RETURN(BoundFrom bound, BindItem(node));
    OMEN_RETURN_IF_ERROR(CheckNames(scope_.items, bound.names));
    for (NsItem& item : bound.names) {
      item.lateral_only = true;
      scope_.items.push_back(std::move(item));
    }
    scope_.query->from.push_back(std::move(bound.item));
  }
  CloseLateral(&scope_.items);
  return Status::Ok();
}

Result<BoundFrom> FromBinder::BindItem(const Node* node) {
  DepthGuard guard(binding_.state());
  OMEN_RETURN_IF_ERROR(guard.Check(-1));
  switch (nodeTag(node)) {
    case T_RangeVar:
      return BindTable(*reinterpret_cast<const RangeVar*>(node));
    case T_RangeSubselect:
      return BindSubselect(*reinterpret_cast<const RangeSubselect*>(node));
    case T_RangeFunction:
      return BindFunction(*reinterpret_cast<const RangeFunction*>(node));
    case T_JoinExpr:
      return JoinBinder(binding_).Bind(*reinterpret_cast<const JoinExpr*>(node));
    case T_RangeTableSample:
      return NotSupported("TABLESAMPLE");
    default:
      return NotSupported("this kind of FROM item");
  }
}

Result<BoundFrom> FromBinder::Add(Relation relation, const ::Alias* alias, Oid table) {
  OMEN_RETURN_IF_ERROR(ApplyAlias(alias, &relation));
  BoundFrom bound;
  bound.item.relation = static_cast<int>(scope_.query->relations.size());
  NsItem item;
  item.alias = relation.alias;
  item.relation = bound.item.relation;
  item.table = alias == nullptr ? table : 0;
  bound.names.push_back(std::move(item));
  scope_.query->relations.push_back(std::move(relation));
  return bound;
}

Result<BoundFrom> FromBinder::BindTable(const RangeVar& node) {
  Relation cte{RelationKind::kCte};
  Status status;
  if (node.schemaname == nullptr && FindCte(&scope_, node, &cte, &status)) {
    OMEN_RETURN_IF_ERROR(std::move(status));
    return Add(std::move(cte), node.alias);
  }
  OMEN_ASSIGN_OR_RETURN(Relation relation, RelationOf(binding_, node));
  Oid table = relation.table ? relation.table->oid : relation.system ? relation.system->oid : 0;
  if (relation.kind == RelationKind::kSubquery && !relation.columns.empty()) {
    table = relation.columns[0].table;
  }
  return Add(std::move(relation), node.alias, table);
}

Result<BoundFrom> FromBinder::BindSubselect(const RangeSubselect& node) {
  if (node.alias == nullptr) {
    bool values = NodeAs<SelectStmt>(node.subquery, T_SelectStmt)->valuesLists != nullptr;
    return Status(sqlstate::kSyntaxError, values ? "VALUES in FROM must have an alias"
                                                 : "subquery in FROM must have an alias")
        .Hint(values ? "For example, FROM (VALUES ...) [AS] foo."
                     : "For example, FROM (SELECT ...) [AS] foo.");
  }
  bool outer = scope_.lateral_active;
  scope_.lateral_active = node.lateral;
  auto query = binding_.subqueries().Bind(binding_, node.subquery);
  scope_.lateral_active = outer;
  if (!query.ok()) return std::move(query).status();
  Relation relation{RelationKind::kSubquery};
  relation.subquery = std::move(*query);
  relation.columns = relation.subquery->Outputs();
  relation.lateral = node.lateral;
  return Add(std::move(relation), node.alias);
}

Result<BoundFrom> FromBinder::BindFunction(const RangeFunction& node) {
  if (node.is_rowsfrom || Items<>(node.functions).size() != 1) return NotSupported("ROWS FROM");
  if (node.coldeflist != nullptr) return NotSupported("a column definition list");
  const List* pair = Items<List>(node.functions)[0];
  if (Items<>(pair).size() > 1 && Items<>(pair)[1] != nullptr) {
    return NotSupported("a column definition list");
  }
  const Node* call = Items<>(pair)[0];
  bool outer = scope_.lateral_active;
  scope_.lateral_active = true;  // functions in FROM may always refer to earlier items
  auto bound = exprs_.BindExpr(call, Clause::kFromFunction);
  scope_.lateral_active = outer;
  if (!bound.ok()) return std::move(bound).status();
  Relation relation{RelationKind::kFunction};
  OMEN_ASSIGN_OR_RETURN(relation.function_call,
                        ResolveUnknown(binding_.state(), std::move(*bound)));
  relation.alias = FigureColumnName(call);
  std::string column =
      ResultName(*relation.function_call, node.alias ? node.alias->aliasname : relation.alias);
  relation.columns.push_back({column, relation.function_call->type});
  relation.with_ordinality = node.ordinality;
  if (node.ordinality) relation.columns.push_back({"ordinality", {oid::kInt8}});
  relation.lateral = !binding_.as_written() || node.lateral;
  return Add(std::move(relation), node.alias);
}

}  // namespace omen::sql
