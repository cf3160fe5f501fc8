#include "sql/query/with.h"

#include <fmt/format.h>

#include <string_view>

#include "sql/grammar/internal/node_location.h"
#include "sql/query/query.h"
#include "sql/query/recursive_term.h"
#include "sql/query/set_operation.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status NameCteColumns(const CommonTableExpr& node, std::vector<OutputColumn>* columns) {
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

/// 0A000 for what could only be done to all the rows of a recursive query, as PostgreSQL.
Status CheckClauses(const SelectStmt& select) {
  const auto refused = [](std::string_view what, const Node* node) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("{} in a recursive query is not implemented", what))
        .At(LeftmostLocation(node));
  };
  if (const List* keys = select.sortClause) {
    return refused("ORDER BY", Items<SortBy>(keys)[0]->node);
  }
  if (select.limitOffset != nullptr) return refused("OFFSET", select.limitOffset);
  if (select.limitCount != nullptr) return refused("LIMIT", select.limitCount);
  return Status::Ok();
}

/// 42804 where both arms of a recursive query make a column of another type than the first alone.
Status CheckColumnTypes(const CommonTableExpr& node, const Query& query,
                        const std::vector<OutputColumn>& before) {
  for (size_t i = 0; i < before.size(); ++i) {
    const Type overall = query.targets[i].output.type;
    if (before[i].type == overall) continue;
    return Status(
               sqlstate::kDatatypeMismatch,
               fmt::format("recursive query \"{}\" column {} has type {} in non-recursive term but "
                           "type {} overall",
                           node.ctename, i + 1, FormatType(before[i].type), FormatType(overall)))
        .Hint("Cast the output of the non-recursive term to the correct type.")
        .At(LocationOf(*query.left->targets[i].expr));
  }
  return Status::Ok();
}

}  // namespace

Status WithBinder::Bind(const WithClause& with) {
  scope_.query->with_recursive = with.recursive;
  size_t first = scope_.ctes.size();
  for (const CommonTableExpr* node : Items<CommonTableExpr>(with.ctes)) {
    for (size_t i = first; i < scope_.ctes.size(); ++i) {
      if (scope_.ctes[i].name != node->ctename) continue;
      return Status(sqlstate::kDuplicateAlias,
                    fmt::format("WITH query name \"{}\" specified more than once", node->ctename))
          .At(node->location);
    }
    if (node->search_clause) return NotSupported("SEARCH in WITH").At(node->location);
    if (node->cycle_clause) return NotSupported("CYCLE in WITH").At(node->location);
    OMEN_RETURN_IF_ERROR(BindTable(*node, with.recursive));
  }
  return Status::Ok();
}

Status WithBinder::BindTable(const CommonTableExpr& node, bool recursive) {
  const auto* select = NodeAs<SelectStmt>(node.ctequery, T_SelectStmt);
  if (select == nullptr) {
    return NotSupported("a data-modifying statement in WITH").At(node.location);
  }
  CommonTable table;
  table.name = node.ctename;
  for (const Node* name : Items<>(node.aliascolnames)) table.column_aliases.push_back(Text(name));
  if (node.ctematerialized == CTEMaterializeAlways) table.materialized = true;
  if (node.ctematerialized == CTEMaterializeNever) table.materialized = false;
  if (recursive) {
    size_t entry = scope_.ctes.size();
    CteEntry self{node.ctename};
    self.pending = true;
    self.location = node.location;
    self.is_union = select->op == SETOP_UNION && select->withClause == nullptr;
    scope_.ctes.push_back(std::move(self));
    scope_.query->ctes.push_back(std::move(table));
    return BindRecursive(node, *select, entry);
  }
  OMEN_ASSIGN_OR_RETURN(table.query, QueryBinder(binding_).BindSelect(*select, false));
  CteEntry entry{node.ctename, table.query->Outputs()};
  OMEN_RETURN_IF_ERROR(NameCteColumns(node, &entry.columns));
  scope_.ctes.push_back(std::move(entry));
  scope_.query->ctes.push_back(std::move(table));
  return Status::Ok();
}

Status WithBinder::BindRecursive(const CommonTableExpr& node, const SelectStmt& select,
                                 size_t entry) {
  CommonTable* table = &scope_.query->ctes.back();
  bool is_union = select.op == SETOP_UNION && select.withClause == nullptr;
  if (!is_union) {
    OMEN_ASSIGN_OR_RETURN(table->query, QueryBinder(binding_).BindSelect(select, false));
    scope_.ctes[entry].columns = table->query->Outputs();
    scope_.ctes[entry].pending = false;
    return NameCteColumns(node, &scope_.ctes[entry].columns);
  }
  DepthGuard guard(binding_.state(), kQueryDepth);
  OMEN_RETURN_IF_ERROR(guard.Check(node.location));
  auto query = std::make_unique<Query>();
  ScopeFrame scope(binding_, query.get());
  query->set_op = SetOp::kUnion;
  query->set_all = select.all;
  OMEN_ASSIGN_OR_RETURN(const int references, BindArms(node, select, entry));
  OMEN_RETURN_IF_ERROR(SetOperationBinder(binding_).BindOrder(select));
  if (references > 0) OMEN_RETURN_IF_ERROR(CheckClauses(select));
  if (references == 0) {
    const std::vector<OutputColumn> outputs = query->Outputs();
    for (size_t i = 0; i < outputs.size(); ++i)
      scope_.ctes[entry].columns[i].type = outputs[i].type;
  }
  scope_.query->ctes.back().recursive = references > 0;
  scope_.query->ctes.back().query = std::move(query);
  return Status::Ok();
}

Result<int> WithBinder::BindArms(const CommonTableExpr& node, const SelectStmt& select,
                                 size_t entry) {
  Query* query = binding_.scope()->query;
  OMEN_ASSIGN_OR_RETURN(query->left, QueryBinder(binding_).BindSelect(*select.larg, false));
  CteEntry& self = scope_.ctes[entry];
  self.columns = query->left->Outputs();
  OMEN_RETURN_IF_ERROR(NameCteColumns(node, &self.columns));
  self.pending = false;
  self.references = 0;
  self.single_reference = true;
  const std::vector<OutputColumn> before = query->left->Outputs();
  OMEN_ASSIGN_OR_RETURN(query->right, QueryBinder(binding_).BindSelect(*select.rarg, true));
  const int references = scope_.ctes[entry].references;
  scope_.ctes[entry].single_reference = false;
  if (references > 0) OMEN_RETURN_IF_ERROR(CheckRecursiveTerm(*query->right, node.ctename, 2));
  OMEN_RETURN_IF_ERROR(SetOperationBinder(binding_).BindTargets("UNION"));
  if (references > 0) OMEN_RETURN_IF_ERROR(CheckColumnTypes(node, *query, before));
  return references;
}

}  // namespace omen::sql
