// ALTER TABLE: each action changes the draft definition; those that change how rows are
// stored rebuild the table under new storage ids.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "exec/ddl/alter_order.h"
#include "exec/ddl/ddl_run.h"
#include "exec/write/row_source.h"
#include "exec/write/storage_fill.h"
#include "exec/write/table_writer.h"
#include "functions/kernel/quoting.h"
#include "rowstore/key_codec.h"
#include "sql/query/stored_text.h"
#include "sql/tree/expr_walk.h"

namespace omen::exec {
namespace {

using Kind = sql::AlterAction::Kind;

// One ALTER TABLE under way. `table` is the definition so far.
struct Alteration {
  DdlRun* run;
  catalog::Table table;
  std::set<std::string> skipped;  // columns of ADD COLUMN IF NOT EXISTS that were there
  sql::BindContext Bindings(const std::shared_ptr<const catalog::Snapshot>& snapshot) const {
    sql::BindContext context;
    context.catalog = snapshot.get();
    context.search_path = run->context()->search_path;
    context.current_user = run->context()->user;
    context.style = run->context()->call.style;
    return context;
  }
};

Result<catalog::Column*> FindColumn(Alteration* alteration, const std::string& name) {
  for (catalog::Column& column : alteration->table.columns) {
    if (!column.dropped && column.name == name) return &column;
  }
  return Status(
      sqlstate::kUndefinedColumn,
      fmt::format("column \"{}\" of relation \"{}\" does not exist", name, alteration->table.name));
}

// Copies every row through `change` into new storage, built as `after` says.
Status Rebuild(Alteration* alteration, const catalog::Table& before,
               const std::function<Status(Row*)>& change) {
  DdlRun* run = alteration->run;
  OMEN_RETURN_IF_ERROR(CheckCanRebuild(run->transaction()));
  run->ReadPresent();
  OMEN_RETURN_IF_ERROR(AssignNewStorage(&run->rows(), &run->transaction(), &alteration->table));
  OMEN_ASSIGN_OR_RETURN(auto fill,
                        TableFill::Make(&run->rows(), &run->transaction(), alteration->table));
  // Hidden row ids are given anew: those of the new storage begin at one again.
  OMEN_RETURN_IF_ERROR(ForEachRow(&run->transaction(), before, run->context()->cancel,
                                  [&](std::string_view, const Row& row) -> Status {
                                    Row changed = row;
                                    changed.resize(alteration->table.columns.size());
                                    OMEN_RETURN_IF_ERROR(change(&changed));
                                    return fill->Add(changed);
                                  }));
  Status built = fill->Finish();
  if (built.Is(sqlstate::kUniqueViolation)) {
    const std::string& name = built.error().constraint;
    built.error().message = fmt::format("could not create unique index \"{}\"", name);
  }
  return built;
}

Status Unchanged(Row*) { return Status::Ok(); }

Status CheckNoNulls(Alteration* alteration, const catalog::Column& column) {
  DdlRun* run = alteration->run;
  run->ReadPresent();
  const size_t at = static_cast<size_t>(column.attnum) - 1;
  return ForEachRow(&run->transaction(), alteration->table, run->context()->cancel,
                    [&](std::string_view, const Row& row) -> Status {
                      if (!row[at].is_null()) return Status::Ok();
                      return Status(sqlstate::kNotNullViolation,
                                    fmt::format("column \"{}\" of relation \"{}\" contains null "
                                                "values",
                                                column.name, alteration->table.name));
                    });
}

// Fills the new column of every row with its own evaluation of the default.
Status FillNewColumn(Alteration* alteration, const catalog::Table& before, int attnum) {
  DdlRun* run = alteration->run;
  OMEN_ASSIGN_OR_RETURN(
      auto plan,
      TableWritePlan::Make(run->writes(), std::make_shared<catalog::Table>(alteration->table),
                           run->catalog()));
  run->ReadPresent();
  TableWriter writer(plan, run->context());
  return Rebuild(alteration, before, [&](Row* row) -> Status {
    OMEN_ASSIGN_OR_RETURN((*row)[static_cast<size_t>(attnum) - 1], writer.Default(attnum));
    return Status::Ok();
  });
}

Status AddColumn(Alteration* alteration, const sql::AlterAction& action) {
  catalog::Table& table = alteration->table;
  catalog::Column column = action.column.column;
  if (table.FindColumn(column.name) != nullptr) {
    if (!action.if_not_exists) {
      return Status(
          sqlstate::kDuplicateColumn,
          fmt::format("column \"{}\" of relation \"{}\" already exists", column.name, table.name));
    }
    alteration->run->Notice(fmt::format("column \"{}\" of relation \"{}\" already exists, skipping",
                                        column.name, table.name));
    alteration->skipped.insert(column.name);
    return Status::Ok();
  }
  const catalog::Table before = table;
  column.attnum = static_cast<int>(table.columns.size()) + 1;
  OMEN_RETURN_IF_ERROR(alteration->run->SettleColumn(action.column, table, &column));
  const int attnum = column.attnum;
  const bool not_null = column.not_null;
  bool per_row = column.owned_sequence != 0;
  if (!column.default_sql.empty() && !per_row) {
    const auto snapshot = alteration->run->catalog();
    OMEN_ASSIGN_OR_RETURN(const sql::ExprPtr expr,
                          sql::BindTableExpr(column.default_sql, nullptr, column.type,
                                             alteration->Bindings(snapshot)));
    per_row = IsVolatile(*expr);
    if (!per_row) {
      OMEN_ASSIGN_OR_RETURN(
          auto compiled,
          CompileTableExpressions(alteration->run->writes(), nullptr, {expr.get()}, snapshot));
      const Row no_params;
      alteration->run->ReadPresent();
      auto evaluation = compiled->Open(&no_params, alteration->run->context());
      OMEN_RETURN_IF_ERROR(evaluation->Eval(0, &column.missing_value));
    }
  }
  table.columns.push_back(column);
  ++table.schema_version;
  if (per_row) return FillNewColumn(alteration, before, attnum);
  if (not_null && column.missing_value.is_null()) {
    return CheckNoNulls(alteration, table.column(attnum));
  }
  return Status::Ok();
}

Status DropColumn(Alteration* alteration, const sql::AlterAction& action) {
  auto found = FindColumn(alteration, action.name);
  if (!found.ok()) {
    if (!action.if_exists) return std::move(found).status();
    alteration->run->Notice(found.status().error().message + ", skipping");
    return Status::Ok();
  }
  const int attnum = (*found)->attnum;
  catalog::Table& table = alteration->table;
  const catalog::Table before = table;
  bool dropped_primary = false;
  std::erase_if(table.indexes, [&](const catalog::Index& index) {
    const bool uses = std::ranges::any_of(
        index.columns, [&](const catalog::IndexColumn& part) { return part.attnum == attnum; });
    if (uses && index.primary) dropped_primary = true;
    if (uses && !index.primary) {
      alteration->run->transaction().end_work().DropAtCommit(index.storage_id);
    }
    return uses;
  });
  for (const catalog::Sequence* sequence :
       alteration->run->draft().draft().OwnedSequences(table.oid)) {
    if (sequence->owned_by_attnum != attnum) continue;
    OMEN_RETURN_IF_ERROR(alteration->run->DropSequence(catalog::Sequence(*sequence)));
  }
  catalog::Column& column = table.columns[static_cast<size_t>(attnum) - 1];
  column.dropped = true;
  column.not_null = false;
  column.default_sql.clear();
  column.identity = catalog::Identity::kNone;
  column.owned_sequence = 0;
  column.name = fmt::format("........pg.dropped.{}........", attnum);
  ++table.schema_version;
  const auto snapshot = alteration->run->catalog();
  const auto context = alteration->Bindings(snapshot);
  std::erase_if(table.checks, [&](const catalog::CheckConstraint& check) {
    return !sql::BindTableExpr(check.expression_sql, &table, Type{oid::kBool, -1}, context).ok();
  });
  if (!dropped_primary) return Status::Ok();
  return Rebuild(alteration, before, Unchanged);
}

// The value of a column under its new type: USING, or the column itself by assignment.
Result<sql::ExprPtr> ConvertedColumn(Alteration* alteration, const catalog::Table& before,
                                     const catalog::Column& column, Type type) {
  const auto snapshot = alteration->run->catalog();
  return sql::BindTableExpr(functions::QuoteIdentifier(column.name), &before, type,
                            alteration->Bindings(snapshot));
}

Status CannotCast(const catalog::Column& column, Type type) {
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("column \"{}\" cannot be cast automatically to type {}", column.name,
                            FormatType(type)))
      .Hint(fmt::format("You might need to specify \"USING {}::{}\".",
                        functions::QuoteIdentifier(column.name), FormatType(type)));
}

// The default follows its column: it must be assignable from the old type to the new one. Where
// its text alone would not be, the old type is written into it.
Status ConvertDefault(Alteration* alteration, const catalog::Table& before, Type type,
                      catalog::Column* column) {
  if (column->default_sql.empty()) return Status::Ok();
  if (!ConvertedColumn(alteration, before, *column, type).ok()) {
    return Status(sqlstate::kDatatypeMismatch,
                  fmt::format("default for column \"{}\" cannot be cast automatically to type {}",
                              column->name, FormatType(type)));
  }
  const auto snapshot = alteration->run->catalog();
  const auto bound =
      sql::BindTableExpr(column->default_sql, nullptr, type, alteration->Bindings(snapshot));
  if (!bound.ok()) {
    column->default_sql = fmt::format("({})::{}", column->default_sql, FormatType(column->type));
  }
  return Status::Ok();
}

Status CheckRetypedIndexes(const catalog::Table& table, int attnum, Type type) {
  for (const catalog::Index& index : table.indexes) {
    if (std::ranges::any_of(index.columns, [&](const catalog::IndexColumn& part) {
          return part.attnum == attnum;
        })) {
      OMEN_RETURN_IF_ERROR(CheckIndexable(type));
    }
  }
  return Status::Ok();
}

// Columns under new types: where each value comes from and goes to.
struct TypeChanges {
  std::vector<sql::ExprPtr> own;         // where there is no USING
  std::vector<const sql::Expr*> values;  // over the row as it was
  std::vector<size_t> places;            // by attnum - 1
};

Status PlanTypeChange(Alteration* alteration, const catalog::Table& before,
                      const sql::AlterAction& action, TypeChanges* changes) {
  OMEN_ASSIGN_OR_RETURN(catalog::Column * column, FindColumn(alteration, action.name));
  const Type type = action.column.column.type;
  const size_t at = static_cast<size_t>(column->attnum) - 1;
  if (std::ranges::find(changes->places, at) != changes->places.end()) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("cannot alter type of column \"{}\" twice", column->name));
  }
  const bool whole = type.oid == oid::kInt2 || type.oid == oid::kInt4 || type.oid == oid::kInt8;
  if (column->identity != catalog::Identity::kNone && !whole) {
    return Status(sqlstate::kInvalidParameter,
                  "identity column type must be smallint, integer, or bigint");
  }
  OMEN_RETURN_IF_ERROR(CheckRetypedIndexes(before, column->attnum, type));
  if (action.using_expr == nullptr) {
    auto own = ConvertedColumn(alteration, before, *column, type);
    if (!own.ok()) return CannotCast(*column, type);
    changes->own.push_back(std::move(*own));
    changes->values.push_back(changes->own.back().get());
  } else {
    changes->values.push_back(action.using_expr.get());
  }
  changes->places.push_back(at);
  OMEN_RETURN_IF_ERROR(ConvertDefault(alteration, before, type, column));
  column->type = type;
  column->missing_value = Value::Null();
  return Status::Ok();
}

// A constraint that a row under its new types breaks, said as of the whole table.
Status BrokenByTypes(Status status, const catalog::Table& table) {
  if (status.Is(sqlstate::kNotNullViolation)) {
    status.error().message = fmt::format("column \"{}\" of relation \"{}\" contains null values",
                                         status.error().column, table.name);
    status.error().detail.clear();
  }
  if (status.Is(sqlstate::kCheckViolation)) {
    status.error().message =
        fmt::format("check constraint \"{}\" of relation \"{}\" is violated by some row",
                    status.error().constraint, table.name);
    status.error().detail.clear();
  }
  return status;
}

Status CheckViewsKeepTypes(DdlRun* run) {
  const std::vector<catalog::View> broken = run->NewlyBrokenViews();
  if (broken.empty()) return Status::Ok();
  return Status(sqlstate::kFeatureNotSupported,
                "cannot alter type of a column used by a view or rule")
      .Detail(fmt::format("rule _RETURN on view {} depends on the column", broken.front().name));
}

// All type changes of the statement in one rewrite of the rows.
Status AlterTypes(Alteration* alteration, std::span<const sql::AlterAction* const> actions) {
  DdlRun* run = alteration->run;
  const catalog::Table before = alteration->table;
  TypeChanges changes;
  for (const sql::AlterAction* action : actions) {
    OMEN_RETURN_IF_ERROR(PlanTypeChange(alteration, before, *action, &changes));
  }
  ++alteration->table.schema_version;
  const auto snapshot = run->catalog();
  run->draft().Put(alteration->table);
  OMEN_RETURN_IF_ERROR(CheckViewsKeepTypes(run));
  OMEN_ASSIGN_OR_RETURN(auto compiled,
                        CompileTableExpressions(run->writes(), &before, changes.values, snapshot));
  // Checks are bound to the new types here: one that has no meaning for them is refused.
  OMEN_ASSIGN_OR_RETURN(
      auto plan, TableWritePlan::Make(
                     run->writes(), std::make_shared<catalog::Table>(alteration->table), snapshot));
  run->ReadPresent();
  const Row no_params;
  auto evaluation = compiled->Open(&no_params, run->context());
  TableWriter writer(plan, run->context());
  return Rebuild(alteration, before, [&](Row* row) -> Status {
    evaluation->SetRow(0, *row);
    std::vector<Value> values(changes.places.size());
    for (size_t i = 0; i < values.size(); ++i) {
      OMEN_RETURN_IF_ERROR(evaluation->Eval(i, &values[i]));
    }
    for (size_t i = 0; i < values.size(); ++i) (*row)[changes.places[i]] = std::move(values[i]);
    return BrokenByTypes(writer.CheckRow(*row), alteration->table);
  });
}

Status AddIndex(Alteration* alteration, const sql::AlterAction& action) {
  const catalog::Table before = alteration->table;
  OMEN_RETURN_IF_ERROR(alteration->run->AddIndex(action.index, &alteration->table));
  if (!action.index.primary) {
    return alteration->run->BuildIndex(alteration->table, alteration->table.indexes.back());
  }
  for (const catalog::IndexColumn& part : alteration->table.primary_key()->columns) {
    OMEN_RETURN_IF_ERROR(CheckNoNulls(alteration, before.column(part.attnum)));
  }
  ++alteration->table.schema_version;
  return Rebuild(alteration, before, Unchanged);
}

Status AddCheck(Alteration* alteration, const sql::AlterAction& action) {
  catalog::Table& table = alteration->table;
  catalog::CheckConstraint check = action.check;
  if (check.name.empty()) check.name = table.name + "_check";
  for (int number = 1; table.HasConstraint(check.name); ++number) {
    if (!action.check.name.empty()) return ConstraintExists(check.name, table);
    check.name = fmt::format("{}_check{}", table.name, number);
  }
  OMEN_ASSIGN_OR_RETURN(check.oid, alteration->run->NewOid());
  table.checks.push_back(check);
  OMEN_ASSIGN_OR_RETURN(auto plan, TableWritePlan::Make(alteration->run->writes(),
                                                        std::make_shared<catalog::Table>(table),
                                                        alteration->run->catalog()));
  alteration->run->ReadPresent();
  TableWriter writer(plan, alteration->run->context());
  return ForEachRow(&alteration->run->transaction(), table, alteration->run->context()->cancel,
                    [&](std::string_view, const Row& row) -> Status {
                      Status held = writer.CheckRow(row);
                      if (!held.Is(sqlstate::kCheckViolation)) return held;
                      return Status(sqlstate::kCheckViolation,
                                    fmt::format("check constraint \"{}\" of relation \"{}\" is "
                                                "violated by some row",
                                                check.name, table.name));
                    });
}

Status DropConstraint(Alteration* alteration, const sql::AlterAction& action) {
  catalog::Table& table = alteration->table;
  const catalog::Table before = table;
  if (std::erase_if(table.checks, [&](const auto& check) { return check.name == action.name; })) {
    return Status::Ok();
  }
  const auto index = std::ranges::find(table.indexes, action.name, &catalog::Index::name);
  if (index != table.indexes.end() && index->is_constraint) {
    const bool primary = index->primary;
    if (!primary) alteration->run->transaction().end_work().DropAtCommit(index->storage_id);
    table.indexes.erase(index);
    if (!primary) return Status::Ok();
    ++table.schema_version;
    return Rebuild(alteration, before, Unchanged);
  }
  const std::string missing =
      fmt::format("constraint \"{}\" of relation \"{}\" does not exist", action.name, table.name);
  if (!action.if_exists) return Status(sqlstate::kUndefinedObject, missing);
  alteration->run->Notice(missing + ", skipping");
  return Status::Ok();
}

Status CheckNameIsFree(DdlRun* run, Oid schema, const std::string& name) {
  OMEN_ASSIGN_OR_RETURN(const bool taken, run->NameIsTaken(schema, name));
  if (!taken) return Status::Ok();
  return Status(sqlstate::kDuplicateTable, fmt::format("relation \"{}\" already exists", name));
}

Status RenameConstraint(Alteration* alteration, const sql::AlterAction& action) {
  catalog::Table& table = alteration->table;
  const auto check = std::ranges::find(table.checks, action.name, &catalog::CheckConstraint::name);
  const auto index = std::ranges::find_if(table.indexes, [&](const catalog::Index& other) {
    return other.is_constraint && other.name == action.name;
  });
  if (check == table.checks.end() && index == table.indexes.end()) {
    return Status(
        sqlstate::kUndefinedObject,
        fmt::format("constraint \"{}\" for table \"{}\" does not exist", action.name, table.name));
  }
  if (table.HasConstraint(action.new_name)) return ConstraintExists(action.new_name, table);
  if (check != table.checks.end()) {
    check->name = action.new_name;
    return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(CheckNameIsFree(alteration->run, table.schema, action.new_name));
  index->name = action.new_name;
  return Status::Ok();
}

Status RenameTable(Alteration* alteration, Oid schema, const std::string& name) {
  OMEN_RETURN_IF_ERROR(CheckNameIsFree(alteration->run, schema, name));
  alteration->table.schema = schema;
  alteration->table.name = name;
  return Status::Ok();
}

Status RenameColumn(Alteration* alteration, const sql::AlterAction& action) {
  OMEN_ASSIGN_OR_RETURN(catalog::Column * column, FindColumn(alteration, action.name));
  if (alteration->table.FindColumn(action.new_name) != nullptr) {
    return Status(sqlstate::kDuplicateColumn,
                  fmt::format("column \"{}\" of relation \"{}\" already exists", action.new_name,
                              alteration->table.name));
  }
  for (const catalog::CheckConstraint& check : alteration->table.checks) {
    // Stored as text: renaming under it would change its meaning.
    if (check.expression_sql.find(action.name) != std::string::npos) {
      return NotSupported("renaming a column that a CHECK constraint names");
    }
  }
  column->name = action.new_name;
  return Status::Ok();
}

// An identity column has its sequence, and no other default.
Status CheckNoIdentity(const catalog::Column& column, const catalog::Table& table) {
  if (column.identity == catalog::Identity::kNone) return Status::Ok();
  return Status(sqlstate::kSyntaxError, fmt::format("column \"{}\" of relation \"{}\" is an "
                                                    "identity column",
                                                    column.name, table.name));
}

Status ColumnProperty(Alteration* alteration, const sql::AlterAction& action) {
  OMEN_ASSIGN_OR_RETURN(catalog::Column * column, FindColumn(alteration, action.name));
  switch (action.kind) {
    case Kind::kSetDefault:
      OMEN_RETURN_IF_ERROR(CheckNoIdentity(*column, alteration->table));
      column->default_sql = action.expression_sql;
      return Status::Ok();
    case Kind::kDropDefault:
      OMEN_RETURN_IF_ERROR(CheckNoIdentity(*column, alteration->table));
      column->default_sql.clear();
      return Status::Ok();
    case Kind::kDropNotNull:
      break;
    case Kind::kSetNotNull: {
      OMEN_RETURN_IF_ERROR(CheckNoNulls(alteration, *column));
      column->not_null = true;
      return Status::Ok();
    }
    default:
      return InternalError("not a column property");
  }
  if (const catalog::Index* primary = alteration->table.primary_key()) {
    for (const catalog::IndexColumn& part : primary->columns) {
      if (part.attnum != column->attnum) continue;
      return Status(sqlstate::kInvalidTableDefinition,
                    fmt::format("column \"{}\" is in a primary key", column->name));
    }
  }
  column->not_null = false;
  return Status::Ok();
}

Status ApplyAction(Alteration* alteration, const sql::AlterAction& action) {
  switch (action.kind) {
    case Kind::kAddColumn:
      return AddColumn(alteration, action);
    case Kind::kDropColumn:
      return DropColumn(alteration, action);
    case Kind::kSetDefault:
    case Kind::kDropDefault:
    case Kind::kSetNotNull:
    case Kind::kDropNotNull:
      return ColumnProperty(alteration, action);
    case Kind::kAddIndex:
      return alteration->skipped.contains(action.name) ? Status::Ok()
                                                       : AddIndex(alteration, action);
    case Kind::kAddCheck:
      return alteration->skipped.contains(action.name) ? Status::Ok()
                                                       : AddCheck(alteration, action);
    case Kind::kDropConstraint:
      return DropConstraint(alteration, action);
    case Kind::kRenameTable:
      return RenameTable(alteration, alteration->table.schema, action.new_name);
    case Kind::kRenameColumn:
      return RenameColumn(alteration, action);
    case Kind::kRenameConstraint:
      return RenameConstraint(alteration, action);
    case Kind::kSetSchema: {
      OMEN_ASSIGN_OR_RETURN(const Oid schema, alteration->run->TargetSchema({action.new_name, ""}));
      return RenameTable(alteration, schema, alteration->table.name);
    }
    case Kind::kOwnerTo:
      if (alteration->run->catalog()->FindRole(action.new_name) == nullptr) {
        return Status(sqlstate::kUndefinedObject,
                      fmt::format("role \"{}\" does not exist", action.new_name));
      }
      alteration->table.owner = action.new_name;
      return Status::Ok();
    case Kind::kNoOp:
      return Status::Ok();
    case Kind::kAlterType:
      break;  // AlterTypes, together with the others
  }
  return InternalError("unknown ALTER TABLE action");
}

bool Renames(Kind kind) {
  return kind == Kind::kRenameTable || kind == Kind::kRenameColumn || kind == Kind::kSetSchema;
}

// A view whose name is all that changes, as ALTER TABLE may change it, too; else null.
const catalog::View* RenamedView(DdlRun* run, const sql::AlterTable& alter) {
  if (alter.actions.size() != 1 || alter.actions[0].kind != Kind::kRenameTable) return nullptr;
  const catalog::Object* object = run->Find(run->draft().draft(), alter.name);
  return object == nullptr ? nullptr : std::get_if<catalog::View>(object);
}

Status RenameView(DdlRun* run, catalog::View view, const std::string& name) {
  OMEN_RETURN_IF_ERROR(run->transaction().LockRelation(view.oid, LockMode::kAccessExclusive));
  if (run->draft().draft().FindRelation(view.oid) == nullptr) {
    return UndefinedRelation({"", view.name});
  }
  OMEN_RETURN_IF_ERROR(CheckNameIsFree(run, view.schema, name));
  view.name = name;
  run->draft().Put(std::move(view));
  return run->NewlyBrokenViews().empty() ? Status::Ok()
                                         : NotSupported("renaming what a view depends on");
}

}  // namespace

Status RunAlterTable(DdlRun* run, const sql::AlterTable& alter) {
  if (const catalog::View* view = RenamedView(run, alter)) {
    return RenameView(run, *view, alter.actions[0].new_name);
  }
  auto locked = run->LockTable(alter.name, LockMode::kAccessExclusive);
  if (!locked.ok()) {
    if (!alter.if_exists || !locked.status().Is(sqlstate::kUndefinedTable)) {
      return std::move(locked).status();
    }
    run->Notice(locked.status().error().message + ", skipping");
    return Status::Ok();
  }
  Alteration alteration{run, std::move(*locked)};
  OMEN_RETURN_IF_ERROR(CheckDropsApart(alteration.table, alter.actions));
  bool cascade = false, renames = false;
  const std::vector<const sql::AlterAction*> actions = InPasses(alter.actions);
  for (size_t i = 0; i < actions.size();) {
    const size_t count = SameChange(actions, i);
    const std::span<const sql::AlterAction* const> group(&actions[i], count);
    const Kind kind = group.front()->kind;
    OMEN_RETURN_IF_ERROR(kind == Kind::kAlterType ? AlterTypes(&alteration, group)
                                                  : ApplyAction(&alteration, *group.front()));
    cascade = cascade || group.front()->cascade;
    renames = renames || Renames(kind);
    i += count;
    // The next action may lock names and so look at the draft.
    run->draft().Put(alteration.table);
  }
  if (renames && !run->NewlyBrokenViews().empty()) {
    return NotSupported("renaming what a view depends on");
  }
  const std::string what = fmt::format("table {}", alteration.table.name);
  OMEN_RETURN_IF_ERROR(run->CheckDefaults(cascade, what));
  return run->SettleViews(cascade, what);
}

}  // namespace omen::exec
