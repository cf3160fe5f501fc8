// CREATE TABLE, CREATE TABLE AS and CREATE INDEX.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "sql/command/bind_statement.h"
#include "sql/command/storage_parameters.h"
#include "sql/definition/deparse.h"
#include "sql/grammar/internal/sql_text.h"
#include "sql/query/over_table.h"
#include "sql/query/query.h"
#include "sql/typing/coerce.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

// serial types, which are no types: the integer each stands for, or 0.
Oid SerialType(const TypeName& name) {
  const Items<Node> names(name.names);
  const std::string_view word = Text(names.back());
  if (word == "serial" || word == "serial4") return oid::kInt4;
  if (word == "bigserial" || word == "serial8") return oid::kInt8;
  if (word == "smallserial" || word == "serial2") return oid::kInt2;
  return oid::kInvalid;
}

catalog::Sequence SequenceFor(Type type) {
  catalog::Sequence sequence;
  sequence.type = {type.oid, -1};
  if (type.oid == oid::kInt2) sequence.max = INT16_MAX;
  if (type.oid == oid::kInt4) sequence.max = INT32_MAX;
  return sequence;
}

Status CheckAccess(const char* method_name, OnCommitAction on_commit) {
  const std::string_view method = method_name == nullptr ? "" : method_name;
  if (!method.empty() && method != "hybrid" && method != "heap") {
    return Status(sqlstate::kUndefinedObject,
                  fmt::format("access method \"{}\" does not exist", method));
  }
  if (on_commit == ONCOMMIT_NOOP) return Status::Ok();
  return Status(sqlstate::kInvalidTableDefinition,
                "ON COMMIT can only be used on temporary tables");
}

Status CheckTableOptions(const CreateStmt& create) {
  if (create.relation->relpersistence == 't') return NotSupported("CREATE TEMPORARY TABLE");
  if (create.inhRelations != nullptr && create.partbound == nullptr) {
    return NotSupported("table inheritance");
  }
  OMEN_RETURN_IF_ERROR(CheckStorageParameters(create.options, StorageOf::kTable));
  return CheckAccess(create.accessMethod, create.oncommit);
}

Status CheckConstraintOptions(const Constraint& constraint) {
  if (constraint.deferrable || constraint.initdeferred) {
    return NotSupported("a DEFERRABLE constraint");
  }
  if (constraint.including != nullptr) return NotSupported("INCLUDE columns");
  const bool key = constraint.contype == CONSTR_PRIMARY || constraint.contype == CONSTR_UNIQUE;
  return key ? CheckStorageParameters(constraint.options, StorageOf::kIndex) : Status::Ok();
}

IndexDef KeyDef(const Constraint& constraint) {
  IndexDef index;
  index.name = constraint.conname == nullptr ? "" : constraint.conname;
  index.primary = constraint.contype == CONSTR_PRIMARY;
  index.unique = true;
  index.is_constraint = true;
  index.nulls_not_distinct = constraint.nulls_not_distinct;
  for (const Node* key : Items<Node>(constraint.keys)) index.column_names.push_back(Text(key));
  index.descending.assign(index.column_names.size(), false);
  index.nulls_first.assign(index.column_names.size(), false);
  return index;
}

// PostgreSQL names a column's check after the column, a table's after the table alone.
catalog::CheckConstraint CheckDef(UtilityContext* context, const Constraint& constraint,
                                  const catalog::Table& table, std::string_view column) {
  catalog::CheckConstraint check;
  if (constraint.conname != nullptr) {
    check.name = constraint.conname;
  } else if (!column.empty()) {
    check.name = fmt::format("{}_{}_check", table.name, column);
  }
  const auto from = static_cast<size_t>(std::max(constraint.location, 0));
  check.expression_sql = ParenthesisedAfter(context->script(), from, "check");
  return check;
}

Status CheckKeyColumns(const IndexDef& index, const catalog::Table& table, int location) {
  for (size_t i = 0; i < index.column_names.size(); ++i) {
    const std::string& name = index.column_names[i];
    if (table.FindColumn(name) == nullptr) {
      return Status(sqlstate::kUndefinedColumn,
                    fmt::format("column \"{}\" named in key does not exist", name))
          .At(location);
    }
    if (std::count(index.column_names.begin(), index.column_names.end(), name) > 1) {
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" appears twice in {} constraint", name,
                                index.primary ? "primary key" : "unique"))
          .At(location);
    }
  }
  return Status::Ok();
}

Status AddKey(UtilityContext* context, IndexDef index, const catalog::Table& table, int location,
              CreateTable* create) {
  OMEN_RETURN_IF_ERROR(CheckKeyColumns(index, table, location));
  const bool second = index.primary && std::ranges::any_of(create->indexes, &IndexDef::primary);
  if (second) {
    return Status(sqlstate::kInvalidTableDefinition,
                  fmt::format("multiple primary keys for table \"{}\" are not allowed", table.name))
        .At(location);
  }
  create->indexes.push_back(std::move(index));
  return Status::Ok();
}

Status ApplyIdentity(const Constraint& constraint, ColumnDef* definition) {
  catalog::Column& column = definition->column;
  const bool integer = column.type.oid == oid::kInt2 || column.type.oid == oid::kInt4 ||
                       column.type.oid == oid::kInt8;
  if (!integer) {
    return Status(sqlstate::kInvalidParameter,
                  "identity column type must be smallint, integer, or bigint")
        .At(constraint.location);
  }
  column.identity =
      constraint.generated_when == 'a' ? catalog::Identity::kAlways : catalog::Identity::kByDefault;
  column.not_null = true;
  definition->sequence_options = SequenceFor(column.type);
  SequenceChange ignored;
  return SequenceOptions(constraint.options, &definition->sequence_options, &ignored);
}

}  // namespace

std::string KeptDefault(const UtilityContext& context, const Node* node, Type type,
                        std::string_view text) {
  const auto* constant = NodeAs<A_Const>(node, T_A_Const);
  if (constant != nullptr && constant->isnull && type.typmod < 0) return std::string();
  return SettledDefault(text, type, context.state->context);
}

Status ValidateCheck(UtilityContext* context, const Constraint& constraint,
                     const catalog::Table& table) {
  if (constraint.contype != CONSTR_CHECK) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(ExprPtr check,
                        BindOverTable(context->state, constraint.raw_expr, &table, Clause::kCheck));
  return CoerceToBool(context->state, std::move(check), "CHECK").status().Clone();
}

Status ValidateDefault(UtilityContext* context, const Node* node, const catalog::Column& column) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr,
                        BindOverTable(context->state, node, nullptr, Clause::kColumnDefault));
  const Oid from = expr->type.oid;
  OMEN_ASSIGN_OR_RETURN(const ExprPtr value, Coerce(context->state, std::move(expr), column.type,
                                                    CastContext::kAssignment));
  if (value) return Status::Ok();
  return Status(sqlstate::kDatatypeMismatch,
                fmt::format("column \"{}\" is of type {} but default expression is of type {}",
                            column.name, NameOf(column.type.oid), NameOf(from)))
      .Hint("You will need to rewrite or cast the expression.");
}

namespace {

Status ApplyDefault(UtilityContext* context, const Constraint& constraint, ColumnDef* definition) {
  catalog::Column& column = definition->column;
  OMEN_RETURN_IF_ERROR(ValidateDefault(context, constraint.raw_expr, column));
  const auto from = static_cast<size_t>(std::max(constraint.location, 0));
  const size_t after = AfterKeyword(context->script(), from, "default");
  column.default_sql = KeptDefault(*context, constraint.raw_expr, column.type,
                                   ExpressionText(context->script(), after, true));
  return Status::Ok();
}

// One constraint written with a column. What needs the whole table goes to `create`.
Status ApplyColumnConstraint(UtilityContext* context, const Constraint& constraint,
                             catalog::Table* table, ColumnDef* definition, CreateTable* create) {
  catalog::Column& column = definition->column;
  OMEN_RETURN_IF_ERROR(CheckConstraintOptions(constraint));
  switch (constraint.contype) {
    case CONSTR_NULL:
      return Status::Ok();
    case CONSTR_NOTNULL:
      column.not_null = true;
      return Status::Ok();
    case CONSTR_DEFAULT:
      return ApplyDefault(context, constraint, definition);
    case CONSTR_IDENTITY:
      return ApplyIdentity(constraint, definition);
    case CONSTR_PRIMARY:
    case CONSTR_UNIQUE: {
      IndexDef index = KeyDef(constraint);
      index.column_names = {column.name};
      index.descending = index.nulls_first = {false};
      column.not_null = column.not_null || index.primary;
      return AddKey(context, std::move(index), *table, constraint.location, create);
    }
    case CONSTR_CHECK:
      create->checks.push_back(CheckDef(context, constraint, *table, column.name));
      return Status::Ok();
    case CONSTR_FOREIGN:
      return NotSupported("FOREIGN KEY").At(constraint.location);
    case CONSTR_GENERATED:
      return NotSupported("a GENERATED ALWAYS AS (...) STORED column").At(constraint.location);
    default:
      return NotSupported("this column constraint").At(constraint.location);
  }
}

// Binds every CHECK over the finished table, so that a bad one fails now.
Status ValidateChecks(UtilityContext* context, const List* elements, const catalog::Table& table) {
  for (const Node* element : Items<Node>(elements)) {
    if (const auto* column = NodeAs<::ColumnDef>(element, T_ColumnDef)) {
      OMEN_RETURN_IF_ERROR(ValidateChecks(context, column->constraints, table));
    } else if (nodeTag(element) == T_Constraint) {
      OMEN_RETURN_IF_ERROR(ValidateCheck(context, As<Constraint>(element), table));
    }
  }
  return Status::Ok();
}

Status BindTableElement(UtilityContext* context, const Node* node, catalog::Table* table,
                        CreateTable* create) {
  if (nodeTag(node) == T_ColumnDef) {
    OMEN_ASSIGN_OR_RETURN(ColumnDef column, BindColumnDef(context, node, table, create));
    create->columns.push_back(std::move(column));
    return Status::Ok();
  }
  return Status::Ok();
}

// What a column's constraints say of it must not contradict itself.
Status CheckDeclarations(const ::ColumnDef& column, const catalog::Table& table, bool serial) {
  bool nullable = false, not_null = serial, defaulted = serial, identity = false;
  const auto fault = [&](const char* what, int location) {
    return Status(sqlstate::kSyntaxError, fmt::format("{} for column \"{}\" of table \"{}\"", what,
                                                      column.colname, table.name))
        .At(location);
  };
  for (const Constraint* constraint : Items<Constraint>(column.constraints)) {
    const ConstrType type = constraint->contype;
    nullable |= type == CONSTR_NULL;
    not_null |= type == CONSTR_NOTNULL || type == CONSTR_IDENTITY;
    if (nullable && not_null) {
      return fault("conflicting NULL/NOT NULL declarations", constraint->location);
    }
    if (type == CONSTR_DEFAULT && std::exchange(defaulted, true)) {
      return fault("multiple default values specified", constraint->location);
    }
    if (type == CONSTR_IDENTITY && std::exchange(identity, true)) {
      return fault("multiple identity specifications", constraint->location);
    }
    if (defaulted && identity) {
      return fault("both default and identity specified", constraint->location);
    }
  }
  return Status::Ok();
}

Status CheckCollation(const List* collation) {
  const std::string_view name = Text(Items<Node>(collation).back());
  if (name == "C" || name == "POSIX" || name == "default" || name == "ucs_basic") {
    return Status::Ok();
  }
  return NotSupported(fmt::format("collation \"{}\"", name));
}

Status ColumnType(const ::ColumnDef& node, ColumnDef* definition) {
  const Oid serial = SerialType(*node.typeName);
  if (serial != oid::kInvalid) {
    definition->serial = true;
    definition->column.type = {serial, -1};
    definition->column.not_null = true;
    definition->sequence_options = SequenceFor(definition->column.type);
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(definition->column.type, ResolveType(*node.typeName));
  if (InfoOf(definition->column.type.oid).category == TypeCategory::kPseudo ||
      definition->column.type.oid == oid::kUnknown) {
    return Status(sqlstate::kInvalidTableDefinition,
                  fmt::format("column \"{}\" has pseudo-type {}", node.colname,
                              FormatType(definition->column.type)));
  }
  return Status::Ok();
}

}  // namespace

Result<ColumnDef> BindColumnDef(UtilityContext* context, const Node* node, catalog::Table* table,
                                CreateTable* create) {
  const auto& written = As<::ColumnDef>(node);
  ColumnDef definition;
  definition.column.name = written.colname;
  definition.column.attnum = static_cast<int>(table->columns.size()) + 1;
  if (table->FindColumn(definition.column.name) != nullptr) {
    return Status(sqlstate::kDuplicateColumn,
                  fmt::format("column \"{}\" specified more than once", written.colname))
        .At(written.location);
  }
  OMEN_RETURN_IF_ERROR(CheckColumnName(definition.column.name).At(written.location));
  OMEN_RETURN_IF_ERROR(ColumnType(written, &definition).At(written.typeName->location));
  if (written.collClause != nullptr) {
    OMEN_RETURN_IF_ERROR(
        CheckCollation(written.collClause->collname).At(written.collClause->location));
    if (InfoOf(definition.column.type.oid).category != TypeCategory::kString) {
      return Status(sqlstate::kDatatypeMismatch,
                    fmt::format("collations are not supported by type {}",
                                FormatType(definition.column.type)))
          .At(written.collClause->location);
    }
  }
  table->columns.push_back(definition.column);
  OMEN_RETURN_IF_ERROR(CheckDeclarations(written, *table, definition.serial));
  for (const Node* constraint : Items<Node>(written.constraints)) {
    OMEN_RETURN_IF_ERROR(
        ApplyColumnConstraint(context, As<Constraint>(constraint), table, &definition, create));
  }
  table->columns.back() = definition.column;
  return definition;
}

Status BindTableConstraint(UtilityContext* context, const Node* node, const catalog::Table& table,
                           CreateTable* create) {
  const auto& constraint = As<Constraint>(node);
  OMEN_RETURN_IF_ERROR(CheckConstraintOptions(constraint));
  switch (constraint.contype) {
    case CONSTR_PRIMARY:
    case CONSTR_UNIQUE:
      if (constraint.indexname != nullptr) return NotSupported("a constraint USING INDEX");
      return AddKey(context, KeyDef(constraint), table, constraint.location, create);
    case CONSTR_CHECK: {
      create->checks.push_back(CheckDef(context, constraint, table, ""));
      return Status::Ok();
    }
    case CONSTR_FOREIGN:
      return NotSupported("FOREIGN KEY").At(constraint.location);
    case CONSTR_EXCLUSION:
      return NotSupported("EXCLUDE constraints").At(constraint.location);
    default:
      return NotSupported("this table constraint").At(constraint.location);
  }
}

Result<CreateTable> BindCreateTable(UtilityContext* context, const CreateStmt& node) {
  OMEN_RETURN_IF_ERROR(CheckTableOptions(node));
  CreateTable create;
  OMEN_ASSIGN_OR_RETURN(create.name, NameOfRange(*context->state, *node.relation));
  create.if_not_exists = node.if_not_exists;
  catalog::Table table;
  table.name = create.name.name;
  for (const Node* element : Items<Node>(node.tableElts)) {
    OMEN_RETURN_IF_ERROR(BindTableElement(context, element, &table, &create));
  }
  for (const Node* element : Items<Node>(node.tableElts)) {
    if (nodeTag(element) != T_Constraint) continue;
    OMEN_RETURN_IF_ERROR(BindTableConstraint(context, element, table, &create));
  }
  for (const Node* element : Items<Node>(node.constraints)) {
    OMEN_RETURN_IF_ERROR(BindTableConstraint(context, element, table, &create));
  }
  OMEN_RETURN_IF_ERROR(ValidateChecks(context, node.tableElts, table));
  OMEN_RETURN_IF_ERROR(ValidateChecks(context, node.constraints, table));
  return create;
}

Result<CreateTable> BindCreateTableAs(UtilityContext* context, const Node* query,
                                      const IntoClause& into, bool if_not_exists) {
  if (into.rel->relpersistence == 't') return NotSupported("CREATE TEMPORARY TABLE");
  OMEN_RETURN_IF_ERROR(CheckStorageParameters(into.options, StorageOf::kTable));
  OMEN_RETURN_IF_ERROR(CheckAccess(into.accessMethod, into.onCommit));
  CreateTable create;
  OMEN_ASSIGN_OR_RETURN(create.name, NameOfRange(*context->state, *into.rel));
  create.if_not_exists = if_not_exists;
  create.with_data = !into.skipData;
  OMEN_ASSIGN_OR_RETURN(create.as_query, BindQuery(context->state, query));
  const Items<Node> names(into.colNames);
  const auto outputs = create.as_query->Outputs();
  if (names.size() > static_cast<int>(outputs.size())) {
    return Status(sqlstate::kSyntaxError, "too many column names were specified");
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    ColumnDef definition;
    const bool named = static_cast<int>(i) < names.size();
    definition.column.name = named ? Text(names[static_cast<int>(i)]) : outputs[i].name;
    definition.column.attnum = static_cast<int>(i) + 1;
    definition.column.type = outputs[i].type;
    if (definition.column.type.oid == oid::kUnknown) definition.column.type = {oid::kText, -1};
    OMEN_RETURN_IF_ERROR(CheckColumnName(definition.column.name));
    for (const ColumnDef& other : create.columns) {
      if (other.column.name != definition.column.name) continue;
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" specified more than once", other.column.name));
    }
    create.columns.push_back(std::move(definition));
  }
  return create;
}

Result<CreateIndex> BindCreateIndex(UtilityContext* context, const IndexStmt& node) {
  CreateIndex create;
  OMEN_ASSIGN_OR_RETURN(create.table, NameOfRange(*context->state, *node.relation));
  create.if_not_exists = node.if_not_exists;
  if (node.whereClause != nullptr) return NotSupported("a partial index");
  const std::string_view method = node.accessMethod == nullptr ? "btree" : node.accessMethod;
  if (method != "btree" && method != "hash") {
    return NotSupported(fmt::format("index access method \"{}\"", method));
  }
  if (node.unique && method == "hash") {
    return Status(sqlstate::kFeatureNotSupported,
                  "access method \"hash\" does not support unique indexes");
  }
  create.index.name = node.idxname == nullptr ? "" : node.idxname;
  create.index.unique = node.unique;
  create.index.nulls_not_distinct = node.nulls_not_distinct;
  OMEN_RETURN_IF_ERROR(CheckStorageParameters(node.options, StorageOf::kIndex));
  for (const Node* item : Items<Node>(node.indexParams)) {
    const auto& element = As<IndexElem>(item);
    if (element.name == nullptr) return NotSupported("an index on an expression");
    if (element.opclass != nullptr) return NotSupported("an operator class");
    if (element.collation != nullptr) OMEN_RETURN_IF_ERROR(CheckCollation(element.collation));
    const bool descending = element.ordering == SORTBY_DESC;
    create.index.column_names.push_back(element.name);
    create.index.descending.push_back(descending);
    create.index.nulls_first.push_back(
        element.nulls_ordering == SORTBY_NULLS_FIRST ||
        (descending && element.nulls_ordering == SORTBY_NULLS_DEFAULT));
  }
  return create;
}

}  // namespace omen::sql
