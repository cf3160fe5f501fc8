// INSERT: the columns, where their values come from, ON CONFLICT and RETURNING.

#include <fmt/format.h>

#include <algorithm>

#include "sql/clause/target.h"
#include "sql/command/write_binder.h"
#include "sql/from/relation.h"
#include "sql/operand/casts.h"
#include "sql/query/query.h"
#include "sql/typing/coerce.h"
#include "sql/typing/names.h"
#include "sql/typing/rewrite.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status NoColumn(std::string_view column, const catalog::Table& table, int location) {
  return Status(sqlstate::kUndefinedColumn,
                fmt::format("column \"{}\" of relation \"{}\" does not exist", column, table.name))
      .At(location);
}

/// VALUES without anything around it, whose cells may be DEFAULT.
bool IsPlainValues(const SelectStmt& select) {
  return select.valuesLists != nullptr && select.sortClause == nullptr &&
         select.limitCount == nullptr && select.limitOffset == nullptr &&
         select.lockingClause == nullptr && select.withClause == nullptr;
}

/// The columns that ON CONFLICT (...) names, else 0A000.
Result<std::vector<int>> InferredColumns(const InferClause& infer, const catalog::Table& table) {
  if (infer.whereClause != nullptr) {
    return NotSupported("ON CONFLICT with an index predicate").At(infer.location);
  }
  std::vector<int> attnums;
  for (const IndexElem* element : Items<IndexElem>(infer.indexElems)) {
    if (element->expr != nullptr) {
      return NotSupported("ON CONFLICT over expressions").At(infer.location);
    }
    if (element->opclass != nullptr || element->collation != nullptr) {
      return NotSupported("ON CONFLICT with an operator class or collation").At(infer.location);
    }
    const catalog::Column* column = table.FindColumn(element->name);
    if (column == nullptr) {
      return Status(sqlstate::kUndefinedColumn,
                    fmt::format("column \"{}\" does not exist", element->name))
          .At(infer.location);
    }
    if (std::find(attnums.begin(), attnums.end(), column->attnum) == attnums.end()) {
      attnums.push_back(column->attnum);
    }
  }
  return attnums;
}

bool IndexesExactly(const catalog::Index& index, const std::vector<int>& attnums) {
  if (!index.unique || index.columns.size() != attnums.size()) return false;
  return std::all_of(index.columns.begin(), index.columns.end(), [&](const auto& part) {
    return std::find(attnums.begin(), attnums.end(), part.attnum) != attnums.end();
  });
}

}  // namespace

Result<const catalog::Table*> WriteBinder::TargetTable(const RangeVar& node,
                                                       std::string_view verb) {
  std::string_view schema = node.schemaname ? node.schemaname : "";
  const catalog::Object* object = LookupRelation(*binding_.state(), schema, node.relname);
  if (object != nullptr) {
    if (std::holds_alternative<catalog::View>(*object)) {
      return NotSupported(fmt::format("{} a view", verb)).At(node.location);
    }
    if (std::holds_alternative<catalog::SystemRelation>(*object)) {
      return Status(sqlstate::kInsufficientPrivilege,
                    fmt::format("permission denied for table {}", node.relname));
    }
    if (!std::holds_alternative<catalog::Table>(*object)) {
      return Status(sqlstate::kWrongObjectType,
                    fmt::format("cannot change sequence \"{}\"", node.relname));
    }
  }
  OMEN_ASSIGN_OR_RETURN(Relation relation, RelationOf(binding_, node));
  Query* query = binding_.scope()->query;
  query->target_relation = static_cast<int>(query->relations.size());
  if (node.alias != nullptr) relation.alias = node.alias->aliasname;
  query->relations.push_back(std::move(relation));
  return query->relations.back().table.get();
}

/// Makes the target's names visible, for RETURNING and for what UPDATE and DELETE read.
void WriteBinder::ShowTarget(const RangeVar& node) {
  const Relation& relation =
      binding_.scope()
          ->query->relations[static_cast<size_t>(binding_.scope()->query->target_relation)];
  NsItem item;
  item.alias = relation.alias;
  item.relation = binding_.scope()->query->target_relation;
  item.table = node.alias == nullptr ? relation.table->oid : 0;
  binding_.scope()->items.push_back(std::move(item));
}

Status WriteBinder::InsertColumns(const InsertStmt& insert, const catalog::Table& table) {
  std::vector<int>& attnums = binding_.scope()->query->insert_attnums;
  if (insert.cols == nullptr) {
    for (const catalog::Column& column : table.columns) {
      if (!column.dropped) attnums.push_back(column.attnum);
    }
    return Status::Ok();
  }
  for (const ResTarget* target : Items<ResTarget>(insert.cols)) {
    const catalog::Column* column = table.FindColumn(target->name);
    if (column == nullptr) return NoColumn(target->name, table, target->location);
    if (target->indirection != nullptr) {
      return NotSupported("INSERT into a part of a column").At(target->location);
    }
    if (std::find(attnums.begin(), attnums.end(), column->attnum) != attnums.end()) {
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" specified more than once", target->name))
          .At(target->location);
    }
    attnums.push_back(column->attnum);
  }
  return Status::Ok();
}

Status WriteBinder::FitColumns(const InsertStmt& insert, size_t given, int extra_location) {
  std::vector<int>& attnums = binding_.scope()->query->insert_attnums;
  if (given > attnums.size()) {
    return Status(sqlstate::kSyntaxError, "INSERT has more expressions than target columns")
        .At(extra_location);
  }
  if (given < attnums.size() && insert.cols != nullptr) {
    return Status(sqlstate::kSyntaxError, "INSERT has more target columns than expressions")
        .At(Items<ResTarget>(insert.cols)[static_cast<int>(given)]->location);
  }
  attnums.resize(given);
  return Status::Ok();
}

ExprResult WriteBinder::InsertCell(const Node* node, const catalog::Column& column) {
  if (const auto* keyword = NodeAs<SetToDefault>(node, T_SetToDefault)) {
    return std::make_unique<Expr>(ExprKind::kDefault, column.type, keyword->location);
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(node, Clause::kInsertValues));
  return CoerceToColumn(binding_.state(), std::move(expr), column);
}

Status WriteBinder::InsertValues(const InsertStmt& insert, const SelectStmt& select,
                                 const catalog::Table& table) {
  Items<List> rows(select.valuesLists);
  size_t width = static_cast<size_t>(Items<>(rows[0]).size());
  const std::vector<int>& attnums = binding_.scope()->query->insert_attnums;
  int extra = -1;
  if (width > attnums.size()) {
    // The position of the first surplus expression, as PostgreSQL gives it.
    auto surplus =
        exprs_.BindExpr(Items<>(rows[0])[static_cast<int>(attnums.size())], Clause::kInsertValues);
    if (surplus.ok()) extra = LocationOf(**surplus);
  }
  OMEN_RETURN_IF_ERROR(FitColumns(insert, width, extra));
  auto source = std::make_unique<Query>();
  Relation relation{RelationKind::kValues};
  relation.alias = "*VALUES*";
  for (int attnum : attnums) {
    const catalog::Column& column = table.column(attnum);
    relation.columns.push_back({column.name, column.type});
  }
  {
    std::vector<int> columns = attnums;
    ScopeFrame scope(binding_, source.get());
    relation.values.reserve(static_cast<size_t>(rows.size()));
    for (const List* row : rows) {
      std::vector<ExprPtr> cells;
      cells.reserve(width);
      if (static_cast<size_t>(Items<>(row).size()) != width) {
        return Status(sqlstate::kSyntaxError, "VALUES lists must all be the same length")
            .At(FirstLocation(row));
      }
      for (size_t i = 0; i < width; ++i) {
        OMEN_ASSIGN_OR_RETURN(
            ExprPtr cell, InsertCell(Items<>(row)[static_cast<int>(i)], table.column(columns[i])));
        cells.push_back(std::move(cell));
      }
      relation.values.push_back(std::move(cells));
    }
    source->relations.push_back(std::move(relation));
    FromItem item;
    item.relation = 0;
    source->from.push_back(std::move(item));
    NsItem names;
    names.relation = 0;
    StarBinder(binding_).ExpandItem(*binding_.scope(), names, 0, -1, &source->targets);
  }
  binding_.scope()->query->insert_source = std::move(source);
  return Status::Ok();
}

int WriteBinder::FirstLocation(const List* row) {
  if (Items<>(row).size() == 0) return -1;
  auto bound = exprs_.BindExpr(Items<>(row)[0], Clause::kInsertValues);
  return bound.ok() ? LocationOf(**bound) : -1;
}

Status WriteBinder::InsertSource(const InsertStmt& insert, const catalog::Table& table) {
  Query* query = binding_.scope()->query;
  const auto* select = NodeAs<SelectStmt>(insert.selectStmt, T_SelectStmt);
  if (select == nullptr) {
    query->insert_default_values = true;
    query->insert_attnums.clear();
    return Status::Ok();
  }
  if (IsPlainValues(*select) && insert.withClause == nullptr) {
    return InsertValues(insert, *select, table);
  }
  OMEN_ASSIGN_OR_RETURN(QueryPtr source,
                        QueryBinder(binding_).BindSelect(*select, true, insert.withClause));
  if (source->set_op != SetOp::kNone || source->distinct || !source->distinct_on.empty()) {
    source = WrapQuery(std::move(source));
  }
  size_t given = source->targets.size();
  size_t room = query->insert_attnums.size();
  OMEN_RETURN_IF_ERROR(
      FitColumns(insert, given, given > room ? LocationOf(*source->targets[room].expr) : -1));
  for (size_t i = 0; i < given; ++i) {
    TargetEntry& entry = source->targets[i];
    OMEN_ASSIGN_OR_RETURN(entry.expr, CoerceToColumn(binding_.state(), std::move(entry.expr),
                                                     table.column(query->insert_attnums[i])));
    entry.output.type = entry.expr->type;
  }
  query->insert_source = std::move(source);
  return Status::Ok();
}

Status WriteBinder::BindReturning(const List* returning) {
  if (returning == nullptr) return Status::Ok();
  std::vector<TargetEntry>& targets = binding_.scope()->query->returning;
  OMEN_RETURN_IF_ERROR(TargetBinder(binding_).Bind(returning, Clause::kReturning, &targets));
  return ResolveUnknownTargets(binding_.state(), &targets);
}

Result<const catalog::Index*> WriteBinder::InferArbiter(const OnConflictClause& clause,
                                                        const catalog::Table& table) {
  const InferClause* infer = clause.infer;
  if (infer == nullptr) {
    if (clause.action == ONCONFLICT_NOTHING) return nullptr;
    return Status(sqlstate::kSyntaxError,
                  "ON CONFLICT DO UPDATE requires inference specification or constraint name")
        .Hint("For example, ON CONFLICT (column_name).")
        .At(clause.location);
  }
  if (infer->conname != nullptr) {
    for (const catalog::Index& index : table.indexes) {
      if (index.is_constraint && index.name == infer->conname) return &index;
    }
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("constraint \"{}\" for table \"{}\" does not exist", infer->conname,
                              table.name));
  }
  OMEN_ASSIGN_OR_RETURN(std::vector<int> attnums, InferredColumns(*infer, table));
  for (const catalog::Index& index : table.indexes) {
    if (IndexesExactly(index, attnums)) return &index;
  }
  return Status(
      sqlstate::kInvalidColumnReference,
      "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

Status WriteBinder::BindConflict(const OnConflictClause& clause, const catalog::Table& table) {
  Query* query = binding_.scope()->query;
  OnConflict conflict;
  conflict.do_update = clause.action == ONCONFLICT_UPDATE;
  OMEN_ASSIGN_OR_RETURN(conflict.arbiter, InferArbiter(clause, table));
  if (conflict.do_update) {
    Relation excluded{RelationKind::kResultRow};
    const Relation& target = query->relations[static_cast<size_t>(query->target_relation)];
    excluded.alias = "excluded";
    excluded.columns = target.columns;
    excluded.table = target.table;
    excluded.attnums = target.attnums;
    NsItem item;
    item.alias = "excluded";
    item.relation = static_cast<int>(query->relations.size());
    query->relations.push_back(std::move(excluded));
    binding_.scope()->items.push_back(std::move(item));
    OMEN_RETURN_IF_ERROR(BindSetList(clause.targetList, table, &conflict.set));
    if (clause.whereClause != nullptr) {
      OMEN_ASSIGN_OR_RETURN(conflict.where, exprs_.BindBool(clause.whereClause, Clause::kWhere));
    }
    binding_.scope()->items.pop_back();
  }
  query->on_conflict = std::move(conflict);
  return Status::Ok();
}

QueryResult WriteBinder::BindInsert(const InsertStmt& insert) {
  auto query = std::make_unique<Query>();
  query->kind = QueryKind::kInsert;
  ScopeFrame scope(binding_, query.get());
  OMEN_ASSIGN_OR_RETURN(const catalog::Table* table, TargetTable(*insert.relation, "INSERT into"));
  if (insert.override == OVERRIDING_USER_VALUE) query->overriding = Overriding::kUser;
  if (insert.override == OVERRIDING_SYSTEM_VALUE) query->overriding = Overriding::kSystem;
  OMEN_RETURN_IF_ERROR(InsertColumns(insert, *table));
  OMEN_RETURN_IF_ERROR(InsertSource(insert, *table));
  ShowTarget(*insert.relation);
  if (insert.onConflictClause != nullptr) {
    OMEN_RETURN_IF_ERROR(BindConflict(*insert.onConflictClause, *table));
  }
  OMEN_RETURN_IF_ERROR(BindReturning(insert.returningList));
  return query;
}

}  // namespace omen::sql
