#include "exec/ddl/ddl_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "exec/ddl/privileges.h"
#include "exec/write/storage_fill.h"
#include "functions/kernel/quoting.h"
#include "rowstore/key_codec.h"
#include "sql/command/bind.h"

namespace omen::exec {
namespace {

constexpr size_t kNameBytesMax = 63;

bool HasIndexNamed(const catalog::Snapshot& catalog, Oid schema, const std::string& name) {
  return catalog.FindIndexOwner(schema, name) != nullptr;
}

}  // namespace

Status CheckIndexable(Type type) {
  if (type.oid == oid::kJson) {
    return Status(sqlstate::kUndefinedObject,
                  "data type json has no default operator class for access method \"btree\"")
        .Hint(
            "You must specify an operator class for the index or define a default operator class "
            "for the data type.");
  }
  if (type.oid == oid::kBpchar && type.typmod < 0) {
    return NotSupported("an index on bpchar without a length");
  }
  return Status::Ok();
}

Status UndefinedRelation(const sql::QualifiedName& name) {
  const std::string full = name.schema.empty() ? name.name : name.schema + "." + name.name;
  return Status(sqlstate::kUndefinedTable, fmt::format("relation \"{}\" does not exist", full));
}

void DdlRun::Notice(std::string message) {
  if (context_->notice) context_->notice(Status(SqlState("00000"), std::move(message)));
}

Result<Oid> DdlRun::TargetSchema(const sql::QualifiedName& name) {
  const auto snapshot = catalog();
  if (!name.schema.empty()) {
    const catalog::Schema* schema = snapshot->FindSchema(name.schema);
    if (schema == nullptr) {
      return Status(sqlstate::kInvalidSchemaName,
                    fmt::format("schema \"{}\" does not exist", name.schema));
    }
    if (schema->oid < catalog::kFirstUserOid && schema->oid != catalog::kPublicSchema) {
      return Status(sqlstate::kInsufficientPrivilege,
                    fmt::format("permission denied to create in schema \"{}\"", name.schema))
          .Detail("System catalog modifications are currently disallowed.");
    }
    return schema->oid;
  }
  for (const std::string& candidate : context_->search_path) {
    const catalog::Schema* schema = snapshot->FindSchema(candidate);
    const bool system = schema != nullptr && schema->oid < catalog::kFirstUserOid &&
                        schema->oid != catalog::kPublicSchema;
    if (schema != nullptr && !system) return schema->oid;
  }
  return Status(sqlstate::kInvalidSchemaName, "no schema has been selected to create in");
}

Result<bool> DdlRun::NameIsTaken(Oid schema, const std::string& name) {
  OMEN_RETURN_IF_ERROR(transaction().Lock(NameTag(schema, name), LockMode::kAccessExclusive));
  const catalog::Snapshot& now = draft().draft();
  return now.FindRelation(schema, name) != nullptr || HasIndexNamed(now, schema, name);
}

Result<std::string> DdlRun::ChooseName(Oid schema, const std::string& table,
                                       const std::string& column, const std::string& suffix) {
  for (int number = 0;; ++number) {
    std::string tail = column.empty() ? "" : "_" + column;
    tail += "_" + suffix + (number == 0 ? "" : std::to_string(number));
    std::string head = table;
    if (head.size() + tail.size() > kNameBytesMax && tail.size() < kNameBytesMax) {
      head.resize(kNameBytesMax - tail.size());
    }
    std::string name = head + tail;
    if (name.size() > kNameBytesMax) name.resize(kNameBytesMax);
    OMEN_ASSIGN_OR_RETURN(const bool taken, NameIsTaken(schema, name));
    if (!taken) return name;
  }
}

const catalog::Object* DdlRun::Find(const catalog::Snapshot& snapshot,
                                    const sql::QualifiedName& name) {
  if (name.schema.empty()) return snapshot.FindRelation(context_->search_path, name.name);
  const catalog::Schema* schema = snapshot.FindSchema(name.schema);
  return schema == nullptr ? nullptr : snapshot.FindRelation(schema->oid, name.name);
}

const catalog::Table* DdlRun::FindIndexOwner(const catalog::Snapshot& snapshot,
                                             const sql::QualifiedName& name) {
  std::vector<std::string> path = context_->search_path;
  if (!name.schema.empty()) path = {name.schema};
  for (const std::string& schema_name : path) {
    const catalog::Schema* schema = snapshot.FindSchema(schema_name);
    if (schema == nullptr) continue;
    const catalog::Table* owner = snapshot.FindIndexOwner(schema->oid, name.name);
    if (owner != nullptr) return owner;
  }
  return nullptr;
}

Result<catalog::Table> DdlRun::LockTable(const sql::QualifiedName& name, LockMode mode) {
  while (true) {
    const auto snapshot = catalog();
    const catalog::Object* object = Find(*snapshot, name);
    if (object == nullptr) return UndefinedRelation(name);
    const auto* table = std::get_if<catalog::Table>(object);
    if (table == nullptr) {
      return Status(sqlstate::kWrongObjectType, fmt::format("\"{}\" is not a table", name.name));
    }
    const Oid oid = table->oid;
    OMEN_RETURN_IF_ERROR(transaction().LockRelation(oid, mode));
    const catalog::Table* locked = draft().draft().FindTable(oid);
    // Gone or renamed while we waited: look the name up again.
    if (locked == nullptr || locked->name != name.name) continue;
    OMEN_RETURN_IF_ERROR(RequireOwner(this, *locked));
    return *locked;
  }
}

std::vector<catalog::View> DdlRun::BrokenViews(const catalog::Snapshot* snapshot) {
  std::vector<catalog::View> broken;
  for (const catalog::Object* object : snapshot->All(catalog::ObjectClass::kView)) {
    const auto& view = std::get<catalog::View>(*object);
    sql::BindContext context;
    context.catalog = snapshot;
    context.search_path = view.search_path;
    auto parsed = sql::Parse(view.query_sql);
    if (!parsed.ok() || parsed->empty()) {
      broken.push_back(view);
      continue;
    }
    auto bound = sql::Bind(parsed->front(), context);
    // What an older server stored may be no query.
    const auto* query =
        bound.ok() ? std::get_if<std::unique_ptr<sql::Query>>(&(*bound)->body) : nullptr;
    bool same = query != nullptr;
    if (same) {
      const auto outputs = (*query)->Outputs();
      same = outputs.size() == view.columns.size();
      for (size_t i = 0; same && i < outputs.size(); ++i) {
        same = outputs[i].type.oid == view.columns[i].type.oid;
      }
    }
    if (!same) broken.push_back(view);
  }
  return broken;
}

std::vector<catalog::View> DdlRun::NewlyBrokenViews() {
  std::vector<catalog::View> broken = BrokenViews(catalog().get());
  if (broken.empty()) return broken;
  const std::vector<catalog::View> before = BrokenViews(before_.get());
  std::erase_if(broken, [&](const catalog::View& view) {
    return std::ranges::find(before, view.oid, &catalog::View::oid) != before.end();
  });
  return broken;
}

Status DdlRun::SettleViews(bool cascade, const std::string& object) {
  while (true) {
    const std::vector<catalog::View> broken = NewlyBrokenViews();
    if (broken.empty()) return Status::Ok();
    if (!cascade) {
      std::string detail;
      for (const catalog::View& view : broken) {
        if (!detail.empty()) detail += "\n";
        detail += fmt::format("view {} depends on {}", view.name, object);
      }
      return Status(sqlstate::kDependentObjects,
                    fmt::format("cannot drop {} because other objects depend on it", object))
          .Detail(detail)
          .Hint("Use DROP ... CASCADE to drop the dependent objects too.");
    }
    for (const catalog::View& view : broken) {
      Notice(fmt::format("drop cascades to view {}", view.name));
      draft().Erase(view.oid);
    }
  }
}

Status DdlRun::CreateSequence(const catalog::Sequence& sequence) {
  OMEN_RETURN_IF_ERROR(rows().WriteSequence(sequence.oid, {sequence.start, false}));
  draft().Put(sequence);
  return Status::Ok();
}

Status DdlRun::DropSequence(const catalog::Sequence& sequence) {
  OMEN_RETURN_IF_ERROR(transaction().LockRelation(sequence.oid, LockMode::kAccessExclusive));
  rowstore::RowStore* store = &rows();
  const Oid oid = sequence.oid;
  // Failing here leaves an unnamed counter behind, which nothing can read.
  transaction().end_work().AtCommit([store, oid] { (void)store->DropSequence(oid).ok(); });
  const catalog::Schema* schema = draft().draft().FindSchema(sequence.schema);
  dropped_sequences_.push_back({oid, schema == nullptr ? "" : schema->name, sequence.name});
  draft().Erase(oid);
  return Status::Ok();
}

bool DdlRun::TakesFrom(const catalog::Column& column, const DroppedSequence& sequence) {
  if (column.dropped) return false;
  if (column.identity != catalog::Identity::kNone) return column.owned_sequence == sequence.oid;
  for (const std::string& spelling : {functions::QuoteIdentifier(sequence.name),
                                      functions::QuoteQualified(sequence.schema, sequence.name)}) {
    if (column.default_sql.find("nextval('" + spelling + "'") != std::string::npos) return true;
  }
  return false;
}

namespace {

Status StillTaken(const catalog::Table& table, const catalog::Column& column, bool cascade,
                  const std::string& what) {
  if (column.identity != catalog::Identity::kNone) {
    return Status(sqlstate::kDependentObjects,
                  fmt::format("cannot drop {} because column {} of table {} requires it", what,
                              column.name, table.name))
        .Hint(fmt::format("You can drop column {} of table {} instead.", column.name, table.name));
  }
  if (cascade) return NotSupported("dropping the default of a column by CASCADE");
  return Status(sqlstate::kDependentObjects,
                fmt::format("cannot drop {} because other objects depend on it", what))
      .Detail(fmt::format("default value for column {} of table {} depends on {}", column.name,
                          table.name, what))
      .Hint("Use DROP ... CASCADE to drop the dependent objects too.");
}

}  // namespace

Status DdlRun::CheckDefaults(bool cascade, const std::string& what) {
  if (dropped_sequences_.empty()) return Status::Ok();
  for (const catalog::Object* object : draft().draft().All(catalog::ObjectClass::kTable)) {
    const auto& table = std::get<catalog::Table>(*object);
    for (const catalog::Column& column : table.columns) {
      const bool taken = std::ranges::any_of(
          dropped_sequences_,
          [&](const DroppedSequence& sequence) { return TakesFrom(column, sequence); });
      if (taken) return StillTaken(table, column, cascade, what);
    }
  }
  return Status::Ok();
}

std::string DdlRun::QualifiedSequence(const catalog::Sequence& sequence) {
  const catalog::Schema* schema = draft().draft().FindSchema(sequence.schema);
  OMEN_CHECK(schema != nullptr);
  return functions::QuoteQualified(schema->name, sequence.name);
}

Status DdlRun::SettleColumn(const sql::ColumnDef& definition, const catalog::Table& table,
                            catalog::Column* column) {
  const bool identity = column->identity != catalog::Identity::kNone;
  if (!definition.serial && !identity) return Status::Ok();
  catalog::Sequence sequence = definition.sequence_options;
  OMEN_ASSIGN_OR_RETURN(sequence.oid, NewOid());
  sequence.schema = table.schema;
  OMEN_ASSIGN_OR_RETURN(sequence.name, ChooseName(table.schema, table.name, column->name, "seq"));
  sequence.owner = table.owner;
  sequence.owned_by_table = table.oid;
  sequence.owned_by_attnum = column->attnum;
  OMEN_RETURN_IF_ERROR(CreateSequence(sequence));
  column->owned_sequence = sequence.oid;
  column->not_null = true;
  if (definition.serial) {
    std::string quoted;
    for (char c : QualifiedSequence(sequence)) {
      if (c == '\'') quoted += '\'';
      quoted += c;
    }
    column->default_sql = fmt::format("nextval('{}'::regclass)", quoted);
  }
  return Status::Ok();
}

Status ConstraintExists(std::string_view name, const catalog::Table& table) {
  return Status(
      sqlstate::kDuplicateObject,
      fmt::format("constraint \"{}\" for relation \"{}\" already exists", name, table.name));
}

Status DdlRun::AddIndex(const sql::IndexDef& definition, catalog::Table* table) {
  if (definition.primary && table->primary_key() != nullptr) {
    return Status(
        sqlstate::kInvalidTableDefinition,
        fmt::format("multiple primary keys for table \"{}\" are not allowed", table->name));
  }
  catalog::Index index;
  OMEN_ASSIGN_OR_RETURN(index.oid, NewOid());
  index.unique = definition.unique || definition.primary;
  index.primary = definition.primary;
  index.nulls_not_distinct = index.unique && definition.nulls_not_distinct;
  index.is_constraint = definition.is_constraint || definition.primary;
  std::string joined;
  for (size_t i = 0; i < definition.column_names.size(); ++i) {
    const catalog::Column* column = table->FindColumn(definition.column_names[i]);
    if (column == nullptr) {
      return Status(sqlstate::kUndefinedColumn,
                    fmt::format("column \"{}\" does not exist", definition.column_names[i]));
    }
    OMEN_RETURN_IF_ERROR(CheckIndexable(column->type));
    const bool descending = i < definition.descending.size() && definition.descending[i];
    const bool nulls_first = i < definition.nulls_first.size() && definition.nulls_first[i];
    index.columns.push_back({column->attnum, descending, nulls_first});
    joined += (joined.empty() ? "" : "_") + column->name;
    if (definition.primary) {
      table->columns[static_cast<size_t>(column->attnum) - 1].not_null = true;
    }
  }
  if (definition.name.empty()) {
    const char* suffix = index.primary ? "pkey" : index.is_constraint ? "key" : "idx";
    OMEN_ASSIGN_OR_RETURN(
        index.name, ChooseName(table->schema, table->name, index.primary ? "" : joined, suffix));
  } else {
    index.name = definition.name;
    if (index.is_constraint && table->HasConstraint(index.name)) {
      return ConstraintExists(index.name, *table);
    }
    OMEN_ASSIGN_OR_RETURN(const bool taken, NameIsTaken(table->schema, index.name));
    if (taken) {
      return Status(sqlstate::kDuplicateTable,
                    fmt::format("relation \"{}\" already exists", index.name));
    }
  }
  if (index.primary) {
    table->indexes.insert(table->indexes.begin(), index);
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(index.storage_id, rows().NewStorageId());
  transaction().end_work().DropAtAbort(index.storage_id);
  table->indexes.push_back(index);
  return Status::Ok();
}

Status DdlRun::BuildIndex(const catalog::Table& table, const catalog::Index& index) {
  OMEN_RETURN_IF_ERROR(CheckCanRebuild(transaction()));
  ReadPresent();
  OMEN_ASSIGN_OR_RETURN(auto fill, StorageFill::Make(&rows(), &transaction(), index.storage_id));
  std::vector<int> attnums;
  for (const catalog::IndexColumn& part : index.columns) attnums.push_back(part.attnum);
  std::string entry;
  OMEN_RETURN_IF_ERROR(ForEachRow(
      &transaction(), table, attnums, context_->cancel, [&](std::string_view key, const Row& row) {
        entry.clear();
        rowstore::AppendIndexKey(index, table, row, key, entry);
        return fill->Add(entry, key.substr(rowstore::kStoragePrefixBytes));
      }));
  std::string duplicate;
  Status built = fill->Finish(&duplicate);
  if (built.Is(sqlstate::kUniqueViolation)) return DuplicateInIndex(table, index, duplicate, true);
  return built;
}

}  // namespace omen::exec
