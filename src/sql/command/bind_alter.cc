// ALTER TABLE in its forms, and what the grammar parses apart: RENAME, SET SCHEMA, OWNER TO.

#include <fmt/format.h>

#include <string>

#include "sql/command/bind_statement.h"
#include "sql/command/storage_parameters.h"
#include "sql/grammar/internal/node_location.h"
#include "sql/grammar/internal/sql_text.h"
#include "sql/operand/casts.h"
#include "sql/query/over_table.h"
#include "sql/query/stored_text.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

using ActionKind = AlterAction::Kind;

// One ALTER TABLE being bound. `table` is null where it is something else, which is refused later.
struct AlterContext {
  UtilityContext* utility;
  const catalog::Table* table;
};

Status AddColumn(AlterContext* context, const AlterTableCmd& command, AlterTable* alter) {
  AlterAction action;
  action.kind = ActionKind::kAddColumn;
  action.if_not_exists = command.missing_ok;
  catalog::Table table;
  if (context->table != nullptr) table.name = context->table->name;
  CreateTable extra;
  OMEN_ASSIGN_OR_RETURN(action.column,
                        BindColumnDef(context->utility, command.def, &table, &extra));
  const std::string name = action.column.column.name;
  action.name = name;
  alter->actions.push_back(std::move(action));
  for (IndexDef& index : extra.indexes) {
    AlterAction add;
    add.kind = ActionKind::kAddIndex;
    add.name = name;
    add.index = std::move(index);
    alter->actions.push_back(std::move(add));
  }
  for (catalog::CheckConstraint& check : extra.checks) {
    AlterAction add;
    add.kind = ActionKind::kAddCheck;
    add.name = name;
    add.check = std::move(check);
    alter->actions.push_back(std::move(add));
  }
  return Status::Ok();
}

Status AddConstraint(AlterContext* context, const AlterTableCmd& command, AlterTable* alter) {
  static const catalog::Table empty;
  const catalog::Table& table = context->table == nullptr ? empty : *context->table;
  CreateTable made;
  OMEN_RETURN_IF_ERROR(BindTableConstraint(context->utility, command.def, table, &made));
  for (IndexDef& index : made.indexes) {
    AlterAction action;
    action.kind = ActionKind::kAddIndex;
    action.index = std::move(index);
    alter->actions.push_back(std::move(action));
  }
  OMEN_RETURN_IF_ERROR(ValidateCheck(context->utility, As<Constraint>(command.def), table));
  for (catalog::CheckConstraint& check : made.checks) {
    AlterAction action;
    action.kind = ActionKind::kAddCheck;
    action.check = std::move(check);
    alter->actions.push_back(std::move(action));
  }
  return Status::Ok();
}

// The text of an expression whose tree begins at `location`, with the parentheses around it.
std::string SliceExpression(std::string_view script, int location) {
  auto from = static_cast<size_t>(location);
  while (from > 0) {
    size_t before = from;
    while (before > 0 && std::isspace(static_cast<unsigned char>(script[before - 1]))) --before;
    if (before == 0 || script[before - 1] != '(') break;
    from = before - 1;
  }
  return std::string(ExpressionText(script, from, false));
}

Status ColumnDefault(AlterContext* context, const AlterTableCmd& command, AlterAction* action) {
  action->name = command.name;
  action->kind = command.def == nullptr ? ActionKind::kDropDefault : ActionKind::kSetDefault;
  if (command.def == nullptr) return Status::Ok();
  const catalog::Column* column =
      context->table == nullptr ? nullptr : context->table->FindColumn(command.name);
  if (column != nullptr) {
    OMEN_RETURN_IF_ERROR(ValidateDefault(context->utility, command.def, *column));
  } else {
    OMEN_RETURN_IF_ERROR(
        BindOverTable(context->utility->state, command.def, nullptr, Clause::kColumnDefault)
            .status()
            .Clone());
  }
  const int location = LeftmostLocation(command.def);
  if (location < 0) return NotSupported("this form of DEFAULT");
  action->expression_sql = SliceExpression(context->utility->script(), location);
  if (column == nullptr) return Status::Ok();
  action->expression_sql =
      KeptDefault(*context->utility, command.def, column->type, action->expression_sql);
  return Status::Ok();
}

Status AlterType(AlterContext* context, const AlterTableCmd& command, AlterAction* action) {
  action->kind = ActionKind::kAlterType;
  action->name = command.name;
  const auto& written = As<::ColumnDef>(command.def);
  OMEN_ASSIGN_OR_RETURN(action->column.column.type, ResolveType(*written.typeName));
  action->column.column.name = command.name;
  if (written.raw_default == nullptr || context->table == nullptr) return Status::Ok();
  BindState* state = context->utility->state;
  OMEN_ASSIGN_OR_RETURN(
      ExprPtr expr, BindOverTable(state, written.raw_default, context->table, Clause::kAlterUsing));
  OMEN_ASSIGN_OR_RETURN(action->using_expr,
                        CoerceToColumn(state, std::move(expr), action->column.column));
  return Status::Ok();
}

// A column's statistics target and storage change nothing here, but it must be there.
Status CheckNamesColumn(const catalog::Table* table, const AlterTableCmd& command) {
  if (table == nullptr || command.name == nullptr || table->FindColumn(command.name) != nullptr) {
    return Status::Ok();
  }
  return Status(
      sqlstate::kUndefinedColumn,
      fmt::format("column \"{}\" of relation \"{}\" does not exist", command.name, table->name));
}

Status BindSimple(AlterContext* context, const AlterTableCmd& command, AlterAction* action) {
  action->name = command.name == nullptr ? "" : command.name;
  action->if_exists = command.missing_ok;
  action->cascade = command.behavior == DROP_CASCADE;
  switch (command.subtype) {
    case AT_DropColumn:
      action->kind = ActionKind::kDropColumn;
      return Status::Ok();
    case AT_ColumnDefault:
      return ColumnDefault(context, command, action);
    case AT_SetNotNull:
      action->kind = ActionKind::kSetNotNull;
      return Status::Ok();
    case AT_DropNotNull:
      action->kind = ActionKind::kDropNotNull;
      return Status::Ok();
    case AT_AlterColumnType:
      return AlterType(context, command, action);
    case AT_DropConstraint:
      action->kind = ActionKind::kDropConstraint;
      return Status::Ok();
    case AT_ChangeOwner: {
      action->kind = ActionKind::kOwnerTo;
      OMEN_ASSIGN_OR_RETURN(action->new_name,
                            RoleName(*context->utility->state, *command.newowner));
      return Status::Ok();
    }
    case AT_SetRelOptions:
      action->kind = ActionKind::kNoOp;
      return CheckStorageParameters(reinterpret_cast<const List*>(command.def), StorageOf::kTable);
    case AT_SetStatistics:
    case AT_SetStorage:
      action->kind = ActionKind::kNoOp;
      return CheckNamesColumn(context->table, command);
    case AT_ResetRelOptions:
    case AT_ClusterOn:
    case AT_DropCluster:
    case AT_ReplicaIdentity:
      action->kind = ActionKind::kNoOp;
      return Status::Ok();
    default:
      return NotSupported("this form of ALTER TABLE");
  }
}

Status BindCommand(AlterContext* context, const AlterTableCmd& command, AlterTable* alter) {
  if (command.subtype == AT_AddColumn) return AddColumn(context, command, alter);
  if (command.subtype == AT_AddConstraint) return AddConstraint(context, command, alter);
  AlterAction action;
  OMEN_RETURN_IF_ERROR(BindSimple(context, command, &action));
  alter->actions.push_back(std::move(action));
  return Status::Ok();
}

}  // namespace

Result<AlterTable> BindAlterTable(UtilityContext* context, const AlterTableStmt& node) {
  if (node.objtype != OBJECT_TABLE && node.objtype != OBJECT_SEQUENCE &&
      node.objtype != OBJECT_VIEW) {
    return NotSupported("ALTER of this kind of object");
  }
  AlterTable alter;
  OMEN_ASSIGN_OR_RETURN(alter.name, NameOfRange(*context->state, *node.relation));
  alter.if_exists = node.missing_ok;
  const catalog::Object* object =
      LookupRelation(*context->state, alter.name.schema, alter.name.name);
  if (object == nullptr) return alter;  // IF EXISTS decides when it runs
  AlterContext inner{context, std::get_if<catalog::Table>(object)};
  if (inner.table == nullptr && node.objtype == OBJECT_VIEW &&
      std::holds_alternative<catalog::View>(*object)) {
    return NotSupported("this form of ALTER VIEW");
  }
  for (const Node* command : Items<Node>(node.cmds)) {
    OMEN_RETURN_IF_ERROR(BindCommand(&inner, As<AlterTableCmd>(command), &alter));
  }
  return alter;
}

Result<AlterTable> BindRename(UtilityContext* context, const RenameStmt& node) {
  AlterTable alter;
  AlterAction action;
  if (node.relation == nullptr) return NotSupported("renaming this kind of object");
  OMEN_ASSIGN_OR_RETURN(alter.name, NameOfRange(*context->state, *node.relation));
  alter.if_exists = node.missing_ok;
  action.name = node.subname == nullptr ? "" : node.subname;
  action.new_name = node.newname;
  const catalog::Object* object =
      LookupRelation(*context->state, alter.name.schema, alter.name.name);
  const bool of_view = node.renameType == OBJECT_VIEW;
  if (of_view && object != nullptr && !std::holds_alternative<catalog::View>(*object)) {
    return Status(sqlstate::kWrongObjectType, fmt::format("\"{}\" is not a view", alter.name.name));
  }
  if (node.renameType == OBJECT_TABLE || of_view) {
    action.kind = ActionKind::kRenameTable;
  } else if (node.renameType == OBJECT_COLUMN && node.relationType == OBJECT_TABLE) {
    OMEN_RETURN_IF_ERROR(CheckColumnName(action.new_name));
    action.kind = ActionKind::kRenameColumn;
  } else if (node.renameType == OBJECT_TABCONSTRAINT) {
    action.kind = ActionKind::kRenameConstraint;
  } else {
    return NotSupported("renaming this kind of object");
  }
  alter.actions.push_back(std::move(action));
  return alter;
}

}  // namespace omen::sql
