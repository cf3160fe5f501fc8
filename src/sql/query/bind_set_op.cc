// UNION, INTERSECT, EXCEPT and WITH.

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/query/binder.h"
#include "sql/query/recursive_term.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

std::string_view SetName(SetOperation op) {
  return op == SETOP_UNION ? "UNION" : op == SETOP_INTERSECT ? "INTERSECT" : "EXCEPT";
}

SetOp SetKind(SetOperation op) {
  return op == SETOP_UNION       ? SetOp::kUnion
         : op == SETOP_INTERSECT ? SetOp::kIntersect
                                 : SetOp::kExcept;
}

ExprPtr ResultColumn(size_t index, Type type) {
  auto column = std::make_unique<Expr>(ExprKind::kColumn, type);
  column->rel = -1;
  column->column = static_cast<int>(index);
  return column;
}

}  // namespace

Status Binder::BindSetOperation(const SelectStmt& select) {
  Query* query = scope_->query;
  query->set_op = SetKind(select.op);
  query->set_all = select.all;
  OMEN_ASSIGN_OR_RETURN(query->left, BindSelect(*select.larg, true));
  OMEN_ASSIGN_OR_RETURN(query->right, BindSelect(*select.rarg, true));
  OMEN_RETURN_IF_ERROR(BindSetTargets(select, SetName(select.op)));
  return BindSetOrder(select);
}

Status Binder::BindSetTargets(const SelectStmt& select, std::string_view name) {
  Query* query = scope_->query;
  std::vector<TargetEntry>&left = query->left->targets, &right = query->right->targets;
  if (left.size() != right.size()) {
    return Status(sqlstate::kSyntaxError,
                  fmt::format("each {} query must have the same number of columns", name))
        .At(right.empty() ? -1 : LocationOf(*right[0].expr));
  }
  std::vector<Type> types;
  for (size_t i = 0; i < left.size(); ++i) {
    std::vector<const Expr*> pair{left[i].expr.get(), right[i].expr.get()};
    OMEN_ASSIGN_OR_RETURN(Oid common, CommonType(pair, name));
    types.push_back({common, CommonTypmod(pair, common)});
    if (query->set_op != SetOp::kUnion || !query->set_all) {
      Expr probe(ExprKind::kConst, types.back(), left[i].expr->location);
      OMEN_RETURN_IF_ERROR(NeedEquality(probe));
    }
  }
  OMEN_ASSIGN_OR_RETURN(query->left, CoerceOutputs(state_, std::move(query->left), types, name));
  OMEN_ASSIGN_OR_RETURN(query->right, CoerceOutputs(state_, std::move(query->right), types, name));
  for (size_t i = 0; i < types.size(); ++i) {
    query->targets.push_back(
        {ResultColumn(i, types[i]), {query->left->targets[i].output.name, types[i]}});
  }
  return Status::Ok();
}

Status Binder::BindSetOrder(const SelectStmt& select) {
  // Only the result's columns can be named here, so expressions over them find nothing.
  std::vector<NsItem> names = std::move(scope_->items);
  scope_->items.clear();
  for (const SortBy* item : Items<SortBy>(select.sortClause)) {
    NsItem results;
    for (size_t i = 0; i < scope_->query->targets.size(); ++i) {
      const TargetEntry& entry = scope_->query->targets[i];
      results.columns.push_back({entry.output.name, ResultColumn(i, entry.output.type)});
    }
    scope_->items.clear();
    scope_->items.push_back(std::move(results));
    std::vector<SortKey> keys;
    OMEN_ASSIGN_OR_RETURN(ExprPtr probe, MatchTarget(item->node, Clause::kOrderBy));
    if (probe->kind != ExprKind::kColumn || probe->levels_up != 0) {
      return Status(sqlstate::kFeatureNotSupported,
                    "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
          .Detail("Only result column names can be used, not expressions or functions.")
          .Hint(
              "Add the expression/function to every SELECT, or move the UNION into a FROM clause.")
          .At(LocationOf(*probe));
    }
  }
  OMEN_RETURN_IF_ERROR(BindOrderBy(select.sortClause, SortRule::kTargets, Clause::kOrderBy,
                                   &scope_->query->order_by));
  scope_->items = std::move(names);
  OMEN_RETURN_IF_ERROR(BindLimit(select));
  return BindLocks(select);
}

Status Binder::BindWith(const WithClause& with) {
  scope_->query->with_recursive = with.recursive;
  size_t first = scope_->ctes.size();
  for (const CommonTableExpr* node : Items<CommonTableExpr>(with.ctes)) {
    for (size_t i = first; i < scope_->ctes.size(); ++i) {
      if (scope_->ctes[i].name != node->ctename) continue;
      return Status(sqlstate::kDuplicateAlias,
                    fmt::format("WITH query name \"{}\" specified more than once", node->ctename))
          .At(node->location);
    }
    if (node->search_clause) return NotSupported("SEARCH in WITH").At(node->location);
    if (node->cycle_clause) return NotSupported("CYCLE in WITH").At(node->location);
    OMEN_RETURN_IF_ERROR(BindCte(*node, with.recursive));
  }
  return Status::Ok();
}

Status Binder::NameCteColumns(const CommonTableExpr& node, std::vector<OutputColumn>* columns) {
  size_t given = static_cast<size_t>(Items<>(node.aliascolnames).size());
  if (given > columns->size()) {
    return Status(sqlstate::kInvalidColumnReference,
                  fmt::format("WITH query \"{}\" has {} columns available but {} columns specified",
                              node.ctename, columns->size(), given))
        .At(node.location);
  }
  size_t index = 0;
  for (const Node* name : Items<>(node.aliascolnames)) (*columns)[index++].name = Text(name);
  return Status::Ok();
}

Status Binder::BindCte(const CommonTableExpr& node, bool recursive) {
  const auto* select = NodeAs<SelectStmt>(node.ctequery, T_SelectStmt);
  if (select == nullptr)
    return NotSupported("a data-modifying statement in WITH").At(node.location);
  CommonTable table;
  table.name = node.ctename;
  for (const Node* name : Items<>(node.aliascolnames)) table.column_aliases.push_back(Text(name));
  if (node.ctematerialized == CTEMaterializeAlways) table.materialized = true;
  if (node.ctematerialized == CTEMaterializeNever) table.materialized = false;
  if (recursive) {
    size_t entry = scope_->ctes.size();
    CteEntry self{node.ctename};
    self.pending = true;
    self.location = node.location;
    self.is_union = select->op == SETOP_UNION && select->withClause == nullptr;
    scope_->ctes.push_back(std::move(self));
    scope_->query->ctes.push_back(std::move(table));
    return BindRecursiveCte(node, *select, entry);
  }
  OMEN_ASSIGN_OR_RETURN(table.query, BindSelect(*select, false));
  CteEntry entry{node.ctename, table.query->Outputs()};
  OMEN_RETURN_IF_ERROR(NameCteColumns(node, &entry.columns));
  scope_->ctes.push_back(std::move(entry));
  scope_->query->ctes.push_back(std::move(table));
  return Status::Ok();
}

/// A WITH RECURSIVE query. The left arm of its UNION fixes the columns; the right may refer
/// to them. Without such a reference it is an ordinary one.
Status Binder::BindRecursiveCte(const CommonTableExpr& node, const SelectStmt& select,
                                size_t entry) {
  CommonTable* table = &scope_->query->ctes.back();
  bool is_union = select.op == SETOP_UNION && select.withClause == nullptr;
  if (!is_union) {
    OMEN_ASSIGN_OR_RETURN(table->query, BindSelect(select, false));
    scope_->ctes[entry].columns = table->query->Outputs();
    scope_->ctes[entry].pending = false;
    return NameCteColumns(node, &scope_->ctes[entry].columns);
  }
  DepthGuard guard(state_, kQueryDepth);
  OMEN_RETURN_IF_ERROR(guard.Check(node.location));
  Scope* owner = scope_;
  auto query = std::make_unique<Query>();
  ScopeFrame scope(this, query.get());
  query->set_op = SetOp::kUnion;
  query->set_all = select.all;
  OMEN_ASSIGN_OR_RETURN(query->left, BindSelect(*select.larg, false));
  CteEntry& self = owner->ctes[entry];
  self.columns = query->left->Outputs();
  OMEN_RETURN_IF_ERROR(NameCteColumns(node, &self.columns));
  self.pending = false;
  self.references = 0;
  self.single_reference = true;
  std::vector<OutputColumn> before = query->left->Outputs();
  OMEN_ASSIGN_OR_RETURN(query->right, BindSelect(*select.rarg, true));
  int references = owner->ctes[entry].references;
  owner->ctes[entry].single_reference = false;
  if (references > 0) OMEN_RETURN_IF_ERROR(CheckRecursiveTerm(*query->right, node.ctename, 2));
  OMEN_RETURN_IF_ERROR(BindSetTargets(select, "UNION"));
  for (size_t i = 0; references > 0 && i < before.size(); ++i) {
    Type overall = query->targets[i].output.type;
    if (before[i].type == overall) continue;
    return Status(
               sqlstate::kDatatypeMismatch,
               fmt::format("recursive query \"{}\" column {} has type {} in non-recursive term but "
                           "type {} overall",
                           node.ctename, i + 1, FormatType(before[i].type), FormatType(overall)))
        .Hint("Cast the output of the non-recursive term to the correct type.")
        .At(LocationOf(*query->left->targets[i].expr));
  }
  OMEN_RETURN_IF_ERROR(BindSetOrder(select));
  if (references > 0 && (!query->order_by.empty() || query->limit || query->offset)) {
    return NotSupported("ORDER BY or LIMIT in a recursive query").At(node.location);
  }
  owner->query->ctes.back().recursive = references > 0;
  owner->query->ctes.back().query = std::move(query);
  if (references == 0) {
    auto outputs = owner->query->ctes.back().query->Outputs();
    for (size_t i = 0; i < outputs.size(); ++i)
      owner->ctes[entry].columns[i].type = outputs[i].type;
  }
  return Status::Ok();
}

}  // namespace omen::sql
