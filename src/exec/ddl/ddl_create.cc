// CREATE of tables, indexes, schemas, views and sequences.
#include <fmt/format.h>

#include "exec/ddl/ddl_run.h"
#include "exec/write/storage_fill.h"

namespace omen::exec {
namespace {

constexpr size_t kFillBatch = 1024;

Status AlreadyExists(std::string_view name) {
  return Status(sqlstate::kDuplicateTable, fmt::format("relation \"{}\" already exists", name));
}

Status NameChecks(DdlRun* run, const std::vector<catalog::CheckConstraint>& checks,
                  catalog::Table* table) {
  for (catalog::CheckConstraint check : checks) {
    OMEN_ASSIGN_OR_RETURN(check.oid, run->NewOid());
    const std::string base = check.name.empty() ? table->name + "_check" : check.name;
    const auto taken = [&](const std::string& name) {
      for (const catalog::CheckConstraint& other : table->checks) {
        if (other.name == name) return true;
      }
      return false;
    };
    if (!check.name.empty() && taken(base)) {
      return Status(sqlstate::kDuplicateObject,
                    fmt::format("check constraint \"{}\" already exists", base));
    }
    check.name = base;
    for (int number = 1; taken(check.name); ++number) check.name = base + std::to_string(number);
    table->checks.push_back(std::move(check));
  }
  return Status::Ok();
}

Status BuildDefinition(DdlRun* run, const sql::CreateTable& create, catalog::Table* table) {
  OMEN_ASSIGN_OR_RETURN(table->oid, run->NewOid());
  OMEN_ASSIGN_OR_RETURN(table->storage_id, run->rows().NewStorageId());
  run->transaction().end_work().DropAtAbort(table->storage_id);
  table->name = create.name.name;
  table->owner = run->context()->user;
  table->storage_kind = create.storage;
  for (const sql::ColumnDef& definition : create.columns) {
    catalog::Column column = definition.column;
    column.attnum = static_cast<int>(table->columns.size()) + 1;
    if (table->FindColumn(column.name) != nullptr) {
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" specified more than once", column.name));
    }
    OMEN_RETURN_IF_ERROR(run->SettleColumn(definition, *table, &column));
    table->columns.push_back(std::move(column));
  }
  OMEN_RETURN_IF_ERROR(NameChecks(run, create.checks, table));
  for (const sql::IndexDef& index : create.indexes) {
    OMEN_RETURN_IF_ERROR(run->AddIndex(index, table));
  }
  return Status::Ok();
}

// CREATE TABLE AS: runs the query, then loads what it returned.
Status FillFromQuery(DdlRun* run, const sql::CreateTable& create, const catalog::Table& table,
                     const std::shared_ptr<const sql::Statement>& statement,
                     const std::shared_ptr<const catalog::Snapshot>& catalog, uint64_t* count) {
  std::shared_ptr<const sql::Query> query(statement, create.as_query.get());
  OMEN_ASSIGN_OR_RETURN(auto plan, MakeSelectPlan(*run->writes().reads, statement, query, catalog,
                                                  RowsFor::kStatement));
  OMEN_RETURN_IF_ERROR(CheckCanRebuild(run->transaction()));
  run->ReadPresent();
  OMEN_ASSIGN_OR_RETURN(auto cursor, plan->Open(run->params(), run->context()));
  OMEN_ASSIGN_OR_RETURN(auto fill, TableFill::Make(&run->rows(), &run->transaction(), table));
  std::vector<Row> rows;
  while (true) {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, kFillBatch));
    if (rows.empty()) break;
    for (const Row& row : rows) OMEN_RETURN_IF_ERROR(fill->Add(row));
  }
  *count = fill->rows();
  return fill->Finish();
}

/// The table whose identity column takes its values from the sequence, or null.
const catalog::Table* IdentityTable(DdlRun* run, const catalog::Sequence& sequence) {
  const catalog::Object* owner = run->catalog()->FindRelation(sequence.owned_by_table);
  const auto* table = owner == nullptr ? nullptr : std::get_if<catalog::Table>(owner);
  if (table == nullptr) return nullptr;
  const catalog::Column& column = table->column(sequence.owned_by_attnum);
  return column.identity == catalog::Identity::kNone ? nullptr : table;
}

Status ResolveOwner(DdlRun* run, const sql::SequenceChange& change, catalog::Sequence* sequence) {
  if (!change.owned_by) return Status::Ok();
  if (const catalog::Table* table = IdentityTable(run, *sequence)) {
    return Status(sqlstate::kFeatureNotSupported, "cannot change ownership of identity sequence")
        .Detail(
            fmt::format("Sequence \"{}\" is linked to table \"{}\".", sequence->name, table->name));
  }
  if (change.owned_by->first.name.empty()) {  // OWNED BY NONE
    sequence->owned_by_table = 0;
    sequence->owned_by_attnum = 0;
    return Status::Ok();
  }
  const auto snapshot = run->catalog();
  const catalog::Object* object = run->Find(*snapshot, change.owned_by->first);
  const auto* table = object == nullptr ? nullptr : std::get_if<catalog::Table>(object);
  if (table == nullptr) return UndefinedRelation(change.owned_by->first);
  const catalog::Column* column = table->FindColumn(change.owned_by->second);
  if (column == nullptr) {
    return Status(sqlstate::kUndefinedColumn,
                  fmt::format("column \"{}\" of relation \"{}\" does not exist",
                              change.owned_by->second, table->name));
  }
  if (table->schema != sequence->schema) {
    return Status(sqlstate::kNotInPrerequisiteState,
                  "sequence must be in same schema as table it is linked to");
  }
  if (table->owner != sequence->owner) {
    return Status(sqlstate::kNotInPrerequisiteState,
                  "sequence must have same owner as table it is linked to");
  }
  sequence->owned_by_table = table->oid;
  sequence->owned_by_attnum = column->attnum;
  return Status::Ok();
}

Status CreateSequenceObject(DdlRun* run, const sql::SequenceChange& change) {
  OMEN_ASSIGN_OR_RETURN(const Oid schema, run->TargetSchema(change.name));
  OMEN_ASSIGN_OR_RETURN(const bool taken, run->NameIsTaken(schema, change.name.name));
  if (taken && change.if_not_exists) {
    run->Notice(fmt::format("relation \"{}\" already exists, skipping", change.name.name));
    return Status::Ok();
  }
  if (taken) return AlreadyExists(change.name.name);
  catalog::Sequence sequence = change.options;
  OMEN_ASSIGN_OR_RETURN(sequence.oid, run->NewOid());
  sequence.schema = schema;
  sequence.name = change.name.name;
  sequence.owner = run->context()->user;
  OMEN_RETURN_IF_ERROR(ResolveOwner(run, change, &sequence));
  return run->CreateSequence(sequence);
}

// The value that the sequence has reached must lie within its new bounds.
Status CheckLastValue(DdlRun* run, const sql::SequenceChange& change,
                      const catalog::Sequence& sequence) {
  if (change.restart) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(const rowstore::SequenceState state,
                        run->rows().ReadSequence(sequence.oid));
  const bool below = state.last_value < sequence.min;
  if (!below && state.last_value <= sequence.max) return Status::Ok();
  return Status(sqlstate::kInvalidParameter,
                fmt::format("RESTART value ({}) cannot be {} than {} ({})", state.last_value,
                            below ? "less" : "greater", below ? "MINVALUE" : "MAXVALUE",
                            below ? sequence.min : sequence.max));
}

Status AlterSequenceObject(DdlRun* run, const sql::SequenceChange& change) {
  const auto snapshot = run->catalog();
  const catalog::Object* object = run->Find(*snapshot, change.name);
  if (object == nullptr && change.if_exists) {
    run->Notice(fmt::format("relation \"{}\" does not exist, skipping", change.name.name));
    return Status::Ok();
  }
  if (object == nullptr) return UndefinedRelation(change.name);
  const auto* found = std::get_if<catalog::Sequence>(object);
  if (found == nullptr) {
    return Status(sqlstate::kWrongObjectType,
                  fmt::format("\"{}\" is not a sequence", change.name.name));
  }
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(found->oid, LockMode::kShareRowExclusive));
  catalog::Sequence sequence = change.options;
  sequence.oid = found->oid;
  sequence.schema = found->schema;
  sequence.name = found->name;
  sequence.owner = found->owner;
  sequence.comment = found->comment;
  sequence.owned_by_table = found->owned_by_table;
  sequence.owned_by_attnum = found->owned_by_attnum;
  OMEN_RETURN_IF_ERROR(ResolveOwner(run, change, &sequence));
  OMEN_RETURN_IF_ERROR(CheckLastValue(run, change, sequence));
  if (change.restart) {
    rowstore::RowStore* store = &run->rows();
    const Oid oid = sequence.oid;
    const int64_t value = *change.restart;
    run->transaction().end_work().AtCommit([=] {
      (void)store->WriteSequence(oid, {value, false}).ok();
    });
  }
  run->draft().Put(sequence);
  return Status::Ok();
}

}  // namespace

Status RunCreateTable(DdlRun* run, const sql::CreateTable& create,
                      const std::shared_ptr<const sql::Statement>& statement,
                      const std::shared_ptr<const catalog::Snapshot>& catalog, uint64_t* rows) {
  catalog::Table table;
  OMEN_ASSIGN_OR_RETURN(table.schema, run->TargetSchema(create.name));
  OMEN_ASSIGN_OR_RETURN(const bool taken, run->NameIsTaken(table.schema, create.name.name));
  if (taken && create.if_not_exists) {
    run->Notice(fmt::format("relation \"{}\" already exists, skipping", create.name.name));
    return Status::Ok();
  }
  if (taken) return AlreadyExists(create.name.name);
  OMEN_RETURN_IF_ERROR(BuildDefinition(run, create, &table));
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(table.oid, LockMode::kAccessExclusive));
  run->draft().Put(table);
  if (create.as_query == nullptr || !create.with_data) return Status::Ok();
  return FillFromQuery(run, create, table, statement, catalog, rows);
}

Status RunCreateIndex(DdlRun* run, const sql::CreateIndex& create) {
  OMEN_ASSIGN_OR_RETURN(catalog::Table table, run->LockTable(create.table, LockMode::kShare));
  if (create.if_not_exists && !create.index.name.empty()) {
    OMEN_ASSIGN_OR_RETURN(const bool taken, run->NameIsTaken(table.schema, create.index.name));
    if (taken) {
      run->Notice(fmt::format("relation \"{}\" already exists, skipping", create.index.name));
      return Status::Ok();
    }
  }
  OMEN_RETURN_IF_ERROR(run->AddIndex(create.index, &table));
  OMEN_RETURN_IF_ERROR(run->BuildIndex(table, table.indexes.back()));
  run->draft().Put(table);
  return Status::Ok();
}

Status RunCreateSchema(DdlRun* run, const sql::CreateSchema& create) {
  OMEN_RETURN_IF_ERROR(
      run->transaction().Lock(NameTag(0, create.name), LockMode::kAccessExclusive));
  if (run->draft().draft().FindSchema(create.name) != nullptr) {
    if (!create.if_not_exists) {
      return Status(sqlstate::kDuplicateSchema,
                    fmt::format("schema \"{}\" already exists", create.name));
    }
    run->Notice(fmt::format("schema \"{}\" already exists, skipping", create.name));
    return Status::Ok();
  }
  if (create.name.starts_with("pg_")) {
    return Status(sqlstate::kReservedName,
                  fmt::format("unacceptable schema name \"{}\"", create.name))
        .Detail("The prefix \"pg_\" is reserved for system schemas.");
  }
  const std::string& owner = create.owner.empty() ? run->context()->user : create.owner;
  if (!create.owner.empty() && run->catalog()->FindRole(owner) == nullptr) {
    return Status(sqlstate::kUndefinedObject, fmt::format("role \"{}\" does not exist", owner));
  }
  OMEN_ASSIGN_OR_RETURN(const Oid oid, run->NewOid());
  run->draft().Put(catalog::Schema{oid, create.name, owner, ""});
  return Status::Ok();
}

// What others read of a view stays: it may only get columns at its end.
static Status CheckReplacement(const catalog::View& old, const sql::CreateView& create) {
  const auto invalid = [](std::string message) {
    return Status(sqlstate::kInvalidTableDefinition, std::move(message));
  };
  if (create.columns.size() < old.columns.size()) return invalid("cannot drop columns from view");
  for (size_t i = 0; i < old.columns.size(); ++i) {
    const catalog::Column& before = old.columns[i];
    const sql::OutputColumn& after = create.columns[i];
    if (before.name != after.name) {
      return invalid(fmt::format("cannot change name of view column \"{}\" to \"{}\"", before.name,
                                 after.name))
          .Hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.");
    }
    if (before.type == after.type) continue;
    return invalid(fmt::format("cannot change data type of view column \"{}\" from {} to {}",
                               before.name, FormatType(before.type), FormatType(after.type)));
  }
  return Status::Ok();
}

Status RunCreateView(DdlRun* run, const sql::CreateView& create) {
  OMEN_ASSIGN_OR_RETURN(const Oid schema, run->TargetSchema(create.name));
  OMEN_ASSIGN_OR_RETURN(const bool taken, run->NameIsTaken(schema, create.name.name));
  catalog::View view;
  view.owner = run->context()->user;
  std::vector<std::string> comments;
  if (taken) {
    const catalog::Object* object = run->draft().draft().FindRelation(schema, create.name.name);
    const auto* old = object == nullptr ? nullptr : std::get_if<catalog::View>(object);
    if (!create.or_replace) return AlreadyExists(create.name.name);
    if (old == nullptr) {
      return Status(sqlstate::kWrongObjectType,
                    fmt::format("\"{}\" is not a view", create.name.name));
    }
    OMEN_RETURN_IF_ERROR(CheckReplacement(*old, create));
    view.oid = old->oid;
    view.owner = old->owner;
    view.comment = old->comment;
    for (const catalog::Column& column : old->columns) comments.push_back(column.comment);
  } else {
    OMEN_ASSIGN_OR_RETURN(view.oid, run->NewOid());
  }
  view.schema = schema;
  view.name = create.name.name;
  view.query_sql = create.query_sql;
  view.search_path = run->context()->search_path;
  for (const sql::OutputColumn& output : create.columns) {
    catalog::Column column;
    column.attnum = static_cast<int>(view.columns.size()) + 1;
    column.name = output.name;
    column.type = output.type;
    if (view.columns.size() < comments.size()) column.comment = comments[view.columns.size()];
    view.columns.push_back(std::move(column));
  }
  run->draft().Put(std::move(view));
  return Status::Ok();
}

Status RunSequence(DdlRun* run, const sql::SequenceChange& change) {
  return change.create ? CreateSequenceObject(run, change) : AlterSequenceObject(run, change);
}

}  // namespace omen::exec
