// DROP, with what depends on the object, and TRUNCATE.
#include <fmt/format.h>

#include <algorithm>

#include "exec/ddl/ddl_run.h"
#include "exec/write/storage_fill.h"

namespace omen::exec {
namespace {

const char* TypeName(sql::ObjectType type) {
  switch (type) {
    case sql::ObjectType::kTable:
      return "table";
    case sql::ObjectType::kView:
      return "view";
    case sql::ObjectType::kSequence:
      return "sequence";
    case sql::ObjectType::kIndex:
      return "index";
    case sql::ObjectType::kSchema:
      return "schema";
  }
  return "object";
}

Status Missing(const sql::Drop& drop, const sql::QualifiedName& name, DdlRun* run) {
  const char* type = TypeName(drop.type);
  if (drop.if_exists) {
    run->Notice(fmt::format("{} \"{}\" does not exist, skipping", type, name.name));
    return Status::Ok();
  }
  const SqlState state = drop.type == sql::ObjectType::kSchema  ? sqlstate::kInvalidSchemaName
                         : drop.type == sql::ObjectType::kIndex ? sqlstate::kUndefinedObject
                                                                : sqlstate::kUndefinedTable;
  return Status(state, fmt::format("{} \"{}\" does not exist", type, name.name));
}

Status DropTableObject(DdlRun* run, const catalog::Table& table) {
  run->transaction().end_work().DropAtCommit(table.storage_id);
  for (const catalog::Index& index : table.indexes) {
    if (!index.primary) run->transaction().end_work().DropAtCommit(index.storage_id);
  }
  for (const catalog::Sequence* sequence : run->draft().draft().OwnedSequences(table.oid)) {
    OMEN_RETURN_IF_ERROR(run->DropSequence(catalog::Sequence(*sequence)));
  }
  run->draft().Erase(table.oid);
  return Status::Ok();
}

Status DropIndexObject(DdlRun* run, const sql::Drop& drop, const sql::QualifiedName& name) {
  const auto snapshot = run->catalog();
  const catalog::Table* owner = run->FindIndexOwner(*snapshot, name);
  if (owner == nullptr) return Missing(drop, name, run);
  const Oid oid = owner->oid;
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(oid, LockMode::kAccessExclusive));
  const catalog::Table* locked = run->draft().draft().FindTable(oid);
  if (locked == nullptr) return Missing(drop, name, run);
  catalog::Table table = *locked;
  const auto index = std::ranges::find(table.indexes, name.name, &catalog::Index::name);
  if (index == table.indexes.end()) return Missing(drop, name, run);
  if (index->is_constraint) {
    return Status(sqlstate::kDependentObjects,
                  fmt::format("cannot drop index {} because constraint {} on table {} requires it",
                              name.name, name.name, table.name))
        .Hint(
            fmt::format("You can drop constraint {} on table {} instead.", name.name, table.name));
  }
  run->transaction().end_work().DropAtCommit(index->storage_id);
  table.indexes.erase(index);
  run->draft().Put(std::move(table));
  return Status::Ok();
}

Status DropRelation(DdlRun* run, const sql::Drop& drop, const sql::QualifiedName& name) {
  const auto snapshot = run->catalog();
  const catalog::Object* object = run->Find(*snapshot, name);
  if (object == nullptr) return Missing(drop, name, run);
  const bool matches =
      (drop.type == sql::ObjectType::kTable && std::holds_alternative<catalog::Table>(*object)) ||
      (drop.type == sql::ObjectType::kView && std::holds_alternative<catalog::View>(*object)) ||
      (drop.type == sql::ObjectType::kSequence &&
       std::holds_alternative<catalog::Sequence>(*object));
  if (!matches) {
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("\"{}\" is not a {}", name.name, TypeName(drop.type)));
  }
  const Oid oid = catalog::OidOf(*object);
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(oid, LockMode::kAccessExclusive));
  const catalog::Object* locked = run->draft().draft().FindRelation(oid);
  if (locked == nullptr) return Missing(drop, name, run);
  const catalog::Object copy = *locked;
  if (const auto* table = std::get_if<catalog::Table>(&copy)) {
    return DropTableObject(run, *table);
  }
  if (const auto* sequence = std::get_if<catalog::Sequence>(&copy)) {
    return run->DropSequence(*sequence);
  }
  run->draft().Erase(oid);
  return Status::Ok();
}

Oid SchemaHolding(const catalog::Object& object) {
  if (const auto* table = std::get_if<catalog::Table>(&object)) return table->schema;
  if (const auto* view = std::get_if<catalog::View>(&object)) return view->schema;
  if (const auto* sequence = std::get_if<catalog::Sequence>(&object)) return sequence->schema;
  return 0;
}

Status DropSchemaObject(DdlRun* run, const sql::Drop& drop, const std::string& name) {
  OMEN_RETURN_IF_ERROR(run->transaction().Lock(NameTag(0, name), LockMode::kAccessExclusive));
  const auto snapshot = run->catalog();
  const catalog::Schema* schema = snapshot->FindSchema(name);
  if (schema == nullptr) return Missing(drop, {"", name}, run);
  if (schema->oid < catalog::kFirstUserOid && schema->oid != catalog::kPublicSchema) {
    return Status(sqlstate::kInsufficientPrivilege,
                  fmt::format("permission denied for schema {}", name));
  }
  const Oid schema_oid = schema->oid;
  for (const auto type : {catalog::ObjectClass::kView, catalog::ObjectClass::kTable,
                          catalog::ObjectClass::kSequence}) {
    for (const catalog::Object* object : snapshot->All(type)) {
      if (SchemaHolding(*object) != schema_oid) continue;
      if (!drop.cascade) {
        return Status(sqlstate::kDependentObjects,
                      fmt::format("cannot drop schema {} because other objects depend on it", name))
            .Hint("Use DROP ... CASCADE to drop the dependent objects too.");
      }
      const Oid oid = catalog::OidOf(*object);
      OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(oid, LockMode::kAccessExclusive));
      const catalog::Object* locked = run->draft().draft().FindRelation(oid);
      if (locked == nullptr) continue;
      const catalog::Object copy = *locked;
      if (const auto* table = std::get_if<catalog::Table>(&copy)) {
        OMEN_RETURN_IF_ERROR(DropTableObject(run, *table));
      } else if (const auto* sequence = std::get_if<catalog::Sequence>(&copy)) {
        OMEN_RETURN_IF_ERROR(run->DropSequence(*sequence));
      } else {
        run->draft().Erase(oid);
      }
    }
  }
  run->draft().Erase(schema_oid);
  return Status::Ok();
}

}  // namespace

Status RunDrop(DdlRun* run, const sql::Drop& drop) {
  for (const sql::QualifiedName& name : drop.names) {
    if (drop.type == sql::ObjectType::kSchema) {
      OMEN_RETURN_IF_ERROR(DropSchemaObject(run, drop, name.name));
    } else if (drop.type == sql::ObjectType::kIndex) {
      OMEN_RETURN_IF_ERROR(DropIndexObject(run, drop, name));
    } else {
      OMEN_RETURN_IF_ERROR(DropRelation(run, drop, name));
    }
  }
  if (drop.type == sql::ObjectType::kIndex) return Status::Ok();
  const std::string what = fmt::format("{} {}", TypeName(drop.type), drop.names.front().name);
  OMEN_RETURN_IF_ERROR(run->CheckDefaults(drop.cascade, what));
  if (drop.type == sql::ObjectType::kSequence) return Status::Ok();
  return run->SettleViews(drop.cascade, what);
}

Status RunTruncate(DdlRun* run, const sql::Truncate& truncate) {
  for (const sql::QualifiedName& name : truncate.tables) {
    OMEN_ASSIGN_OR_RETURN(catalog::Table table, run->LockTable(name, LockMode::kAccessExclusive));
    OMEN_RETURN_IF_ERROR(AssignNewStorage(&run->rows(), &run->transaction(), &table));
    run->transaction().NoteFill(table.storage_id, 0);
    run->draft().Put(table);
    if (!truncate.restart_identity) continue;
    for (const catalog::Sequence* sequence : run->draft().draft().OwnedSequences(table.oid)) {
      rowstore::RowStore* store = &run->rows();
      const Oid oid = sequence->oid;
      const int64_t start = sequence->start;
      run->transaction().end_work().AtCommit([=] {
        (void)store->WriteSequence(oid, {start, false}).ok();
      });
    }
  }
  return Status::Ok();
}

}  // namespace omen::exec
