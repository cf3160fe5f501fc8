#include "sql/from/relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Relation SystemTable(std::shared_ptr<const catalog::SystemRelation> system) {
  Relation relation{RelationKind::kSystem};
  relation.alias = system->name;
  for (const catalog::Column& column : system->columns) {
    relation.columns.push_back({column.name, column.type, system->oid, column.attnum});
  }
  relation.system = std::move(system);
  return relation;
}

// A view by its name and columns, without its query.
Relation ViewAsWritten(std::shared_ptr<const catalog::View> view) {
  Relation relation{RelationKind::kSubquery};
  relation.alias = view->name;
  for (const catalog::Column& column : view->columns) {
    relation.columns.push_back({column.name, column.type, view->oid, column.attnum});
  }
  relation.view = std::move(view);
  return relation;
}

Status NoRelation(const RangeVar& node) {
  std::string name = node.schemaname ? fmt::format("{}.{}", node.schemaname, node.relname)
                                     : std::string(node.relname);
  return Status(sqlstate::kUndefinedTable, fmt::format("relation \"{}\" does not exist", name))
      .At(node.location);
}

/// A catalogue object as its own type, kept alive beyond the snapshot.
template <typename T>
std::shared_ptr<const T> Share(const BindState& state, const catalog::Object& object) {
  auto whole = state.context.catalog->ShareObject(catalog::OidOf(object));
  const T* part = &std::get<T>(*whole);
  return std::shared_ptr<const T>(std::move(whole), part);
}

/// A reference to a WITH query, which may be one that is still being bound.
Status NoteReference(CteEntry* entry, int location) {
  ++entry->references;
  if (entry->pending && !entry->is_union) {
    return Status(SqlState("42P19"), fmt::format("recursive query \"{}\" does not have the form "
                                                 "non-recursive-term UNION [ALL] recursive-term",
                                                 entry->name))
        .At(entry->location);
  }
  if (entry->pending) {
    return Status(SqlState("42P19"),
                  fmt::format("recursive reference to query \"{}\" must not appear within its "
                              "non-recursive term",
                              entry->name))
        .At(location);
  }
  if (entry->single_reference && entry->references > 1) {
    return Status(SqlState("42P19"),
                  fmt::format("recursive reference to query \"{}\" must not appear more than once",
                              entry->name))
        .At(location);
  }
  return Status::Ok();
}

void NoteTable(BindState* state, Oid table) {
  std::vector<Oid>& tables = state->statement->tables;
  if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
}

}  // namespace

Relation TableRelation(std::shared_ptr<const catalog::Table> table) {
  Relation relation{RelationKind::kTable};
  relation.alias = table->name;
  relation.columns.reserve(table->columns.size());
  relation.attnums.reserve(table->columns.size());
  for (const catalog::Column& column : table->columns) {
    if (column.dropped) continue;
    relation.columns.push_back({column.name, column.type, table->oid, column.attnum});
    relation.attnums.push_back(column.attnum);
  }
  relation.table = std::move(table);
  return relation;
}

Result<Relation> RelationOf(Binding& binding, const RangeVar& node) {
  BindState* state = binding.state();
  if (node.catalogname != nullptr && state->context.current_database != node.catalogname) {
    return NotSupported(fmt::format("cross-database references: \"{}.{}.{}\"", node.catalogname,
                                    node.schemaname, node.relname))
        .At(node.location);
  }
  std::string_view schema = node.schemaname ? node.schemaname : "";
  const catalog::Object* object = LookupRelation(*state, schema, node.relname);
  if (object == nullptr) return NoRelation(node);
  if (std::get_if<catalog::Table>(object) != nullptr) {
    auto table = Share<catalog::Table>(*state, *object);
    NoteTable(state, table->oid);
    return TableRelation(std::move(table));
  }
  if (std::get_if<catalog::SystemRelation>(object) != nullptr) {
    return SystemTable(Share<catalog::SystemRelation>(*state, *object));
  }
  const auto* view = std::get_if<catalog::View>(object);
  if (view == nullptr) return NotSupported("reading a sequence as a table").At(node.location);
  Relation relation{RelationKind::kSubquery};
  relation.alias = view->name;
  if (state->as_written()) return ViewAsWritten(Share<catalog::View>(*state, *object));
  OMEN_ASSIGN_OR_RETURN(relation.subquery, binding.subqueries().BindView(state, *view));
  relation.columns = relation.subquery->Outputs();
  for (size_t i = 0; i < relation.columns.size() && i < view->columns.size(); ++i) {
    relation.columns[i].name = view->columns[i].name;
    relation.columns[i].table = view->oid;
    relation.columns[i].attnum = static_cast<int>(i) + 1;
  }
  return relation;
}

bool FindCte(Scope* scope, const RangeVar& node, Relation* relation, Status* status) {
  int levels_up = 0;
  for (; scope != nullptr; scope = scope->parent, ++levels_up) {
    for (auto entry = scope->ctes.rbegin(); entry != scope->ctes.rend(); ++entry) {
      if (entry->name != node.relname) continue;
      *status = NoteReference(&*entry, node.location);
      if (!status->ok()) return true;
      relation->kind = RelationKind::kCte;
      relation->alias = entry->name;
      relation->columns = entry->columns;
      relation->cte_name = entry->name;
      relation->cte_levels_up = levels_up;
      return true;
    }
  }
  return false;
}

}  // namespace omen::sql
