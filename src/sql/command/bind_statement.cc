// Which binding each utility statement gets, and what they share.

#include "sql/command/bind_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "sql/command/storage_parameters.h"
#include "sql/grammar/internal/sql_text.h"
#include "sql/query/query.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Result<Drop> BindDrop(const DropStmt& node) {
  Drop drop;
  drop.if_exists = node.missing_ok;
  drop.cascade = node.behavior == DROP_CASCADE;
  switch (node.removeType) {
    case OBJECT_TABLE:
      drop.type = ObjectType::kTable;
      break;
    case OBJECT_VIEW:
      drop.type = ObjectType::kView;
      break;
    case OBJECT_SEQUENCE:
      drop.type = ObjectType::kSequence;
      break;
    case OBJECT_INDEX:
      drop.type = ObjectType::kIndex;
      break;
    case OBJECT_SCHEMA:
      drop.type = ObjectType::kSchema;
      break;
    default:
      return NotSupported("DROP of this kind of object");
  }
  for (const Node* object : Items<Node>(node.objects)) {
    if (nodeTag(object) == T_String) {
      drop.names.push_back({"", Text(object)});
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(QualifiedName name, NameOfList(reinterpret_cast<const List*>(object)));
    drop.names.push_back(std::move(name));
  }
  return drop;
}

Result<CreateView> BindView(UtilityContext* context, const ViewStmt& node) {
  if (node.view->relpersistence == 't') return NotSupported("CREATE TEMPORARY VIEW");
  if (node.withCheckOption != NO_CHECK_OPTION) return NotSupported("WITH CHECK OPTION");
  OMEN_RETURN_IF_ERROR(CheckStorageParameters(node.options, StorageOf::kView));
  CreateView view;
  OMEN_ASSIGN_OR_RETURN(view.name, NameOfRange(*context->state, *node.view));
  view.or_replace = node.replace;
  const auto* select = NodeAs<SelectStmt>(node.query, T_SelectStmt);
  if (select != nullptr && select->intoClause != nullptr) {
    return Status(sqlstate::kFeatureNotSupported, "views must not contain SELECT INTO");
  }
  OMEN_ASSIGN_OR_RETURN(QueryPtr query, BindQuery(context->state, node.query));
  view.columns = query->Outputs();
  const Items<Node> aliases(node.aliases);
  if (aliases.size() > static_cast<int>(view.columns.size())) {
    return Status(sqlstate::kSyntaxError, "CREATE VIEW specifies more column names than columns");
  }
  for (int i = 0; i < aliases.size(); ++i) {
    view.columns[static_cast<size_t>(i)].name = Text(aliases[i]);
  }
  for (size_t i = 0; i < view.columns.size(); ++i) {
    OMEN_RETURN_IF_ERROR(CheckColumnName(view.columns[i].name));
    for (size_t j = 0; j < i; ++j) {
      if (view.columns[i].name != view.columns[j].name) continue;
      return Status(sqlstate::kDuplicateColumn,
                    fmt::format("column \"{}\" specified more than once", view.columns[i].name));
    }
  }
  const std::string_view text = context->script();
  const auto begin = static_cast<size_t>(context->parsed.offset);
  const size_t after = AfterKeyword(text, begin, "as");
  if (after == std::string_view::npos) return InternalError("CREATE VIEW without AS");
  // The grammar wraps a recursive view's query in a WITH that its text does not show.
  const size_t recursive = AfterKeyword(text.substr(0, after), begin, "recursive");
  if (recursive != std::string_view::npos) return NotSupported("CREATE RECURSIVE VIEW");
  view.query_sql = text.substr(after, context->statement_end() - after);
  return view;
}

Result<Truncate> BindTruncate(UtilityContext* context, const TruncateStmt& node) {
  Truncate truncate;
  truncate.restart_identity = node.restart_seqs;
  truncate.cascade = node.behavior == DROP_CASCADE;
  for (const Node* relation : Items<Node>(node.relations)) {
    OMEN_ASSIGN_OR_RETURN(QualifiedName name, NameOfRange(*context->state, As<RangeVar>(relation)));
    truncate.tables.push_back(std::move(name));
  }
  return truncate;
}

Result<LockTable> BindLock(UtilityContext* context, const LockStmt& node) {
  LockTable lock;
  lock.mode = node.mode;
  lock.nowait = node.nowait;
  for (const Node* relation : Items<Node>(node.relations)) {
    OMEN_ASSIGN_OR_RETURN(QualifiedName name, NameOfRange(*context->state, As<RangeVar>(relation)));
    lock.tables.push_back(std::move(name));
  }
  return lock;
}

// What VACUUM and ANALYZE do here, these options do not change.
Status CheckVacuumOption(const DefElem& option, bool vacuum) {
  static constexpr std::string_view kOptions[] = {
      "verbose",       "skip_locked",   "full",     "freeze",  "analyze", "disable_page_skipping",
      "index_cleanup", "process_toast", "truncate", "parallel"};
  const auto end = vacuum ? std::end(kOptions) : std::begin(kOptions) + 2;
  if (std::find(std::begin(kOptions), end, option.defname) != end) return Status::Ok();
  return Status(sqlstate::kSyntaxError, fmt::format("unrecognized {} option \"{}\"",
                                                    vacuum ? "VACUUM" : "ANALYZE", option.defname))
      .At(option.location);
}

Status CheckAnalyzed(const BindState& state, const QualifiedName& name, const List* columns) {
  const catalog::Object* object = LookupRelation(state, name.schema, name.name);
  const auto* table = object == nullptr ? nullptr : std::get_if<catalog::Table>(object);
  for (const Node* column : Items<Node>(columns)) {
    if (table == nullptr || table->FindColumn(Text(column)) != nullptr) continue;
    return Status(
        sqlstate::kUndefinedColumn,
        fmt::format("column \"{}\" of relation \"{}\" does not exist", Text(column), name.name));
  }
  return Status::Ok();
}

Result<Vacuum> BindVacuum(UtilityContext* context, const VacuumStmt& node) {
  Vacuum vacuum;
  vacuum.vacuum = node.is_vacuumcmd;
  vacuum.analyze = !node.is_vacuumcmd;
  for (const Node* option : Items<Node>(node.options)) {
    const auto& element = As<DefElem>(option);
    OMEN_RETURN_IF_ERROR(CheckVacuumOption(element, node.is_vacuumcmd));
    if (std::string_view(element.defname) == "analyze") vacuum.analyze |= OptionBool(element);
  }
  for (const Node* item : Items<Node>(node.rels)) {
    const auto& relation = As<VacuumRelation>(item);
    if (relation.va_cols != nullptr && !vacuum.analyze) {
      return Status(sqlstate::kFeatureNotSupported,
                    "ANALYZE option must be specified when a column list is provided");
    }
    if (relation.relation == nullptr) continue;
    OMEN_ASSIGN_OR_RETURN(QualifiedName name, NameOfRange(*context->state, *relation.relation));
    OMEN_RETURN_IF_ERROR(CheckAnalyzed(*context->state, name, relation.va_cols));
    vacuum.tables.push_back(std::move(name));
    std::vector<std::string>& columns = vacuum.columns.emplace_back();
    for (const Node* column : Items<Node>(relation.va_cols)) columns.emplace_back(Text(column));
  }
  return vacuum;
}

Result<CreateSchema> BindCreateSchema(UtilityContext* context, const CreateSchemaStmt& node) {
  CreateSchema create;
  create.if_not_exists = node.if_not_exists;
  if (node.authrole != nullptr) {
    OMEN_ASSIGN_OR_RETURN(create.owner, RoleName(*context->state, *node.authrole));
  }
  create.name = node.schemaname != nullptr ? node.schemaname : create.owner;
  return create;
}

Result<AlterTable> BindSetSchema(UtilityContext* context, const AlterObjectSchemaStmt& node) {
  if (node.objectType != OBJECT_TABLE) return NotSupported("SET SCHEMA of this kind of object");
  AlterTable alter;
  OMEN_ASSIGN_OR_RETURN(alter.name, NameOfRange(*context->state, *node.relation));
  alter.if_exists = node.missing_ok;
  AlterAction action;
  action.kind = AlterAction::Kind::kSetSchema;
  action.new_name = node.newschema;
  alter.actions.push_back(std::move(action));
  return alter;
}

template <typename T>
Status Store(Result<T> bound, StatementBody* out) {
  if (!bound.ok()) return std::move(bound).status();
  *out = std::move(*bound);
  return Status::Ok();
}

Status BindObjectStatement(UtilityContext* context, const Node* node, StatementBody* out) {
  switch (nodeTag(node)) {
    case T_CreateStmt:
      return Store(BindCreateTable(context, As<CreateStmt>(node)), out);
    case T_CreateTableAsStmt: {
      const auto& create = As<CreateTableAsStmt>(node);
      if (create.objtype != OBJECT_TABLE) return NotSupported("CREATE MATERIALIZED VIEW");
      return Store(BindCreateTableAs(context, create.query, *create.into, create.if_not_exists),
                   out);
    }
    case T_SelectStmt:
      context->state->into_select = node;
      return Store(BindCreateTableAs(context, node, *As<SelectStmt>(node).intoClause, false), out);
    case T_AlterTableStmt:
      return Store(BindAlterTable(context, As<AlterTableStmt>(node)), out);
    case T_RenameStmt:
      return Store(BindRename(context, As<RenameStmt>(node)), out);
    case T_AlterObjectSchemaStmt:
      return Store(BindSetSchema(context, As<AlterObjectSchemaStmt>(node)), out);
    case T_DropStmt:
      return Store(BindDrop(As<DropStmt>(node)), out);
    case T_IndexStmt:
      return Store(BindCreateIndex(context, As<IndexStmt>(node)), out);
    case T_CreateSchemaStmt:
      return Store(BindCreateSchema(context, As<CreateSchemaStmt>(node)), out);
    case T_ViewStmt:
      return Store(BindView(context, As<ViewStmt>(node)), out);
    case T_CreateSeqStmt:
      return Store(BindCreateSequence(context, As<CreateSeqStmt>(node)), out);
    case T_AlterSeqStmt:
      return Store(BindAlterSequence(context, As<AlterSeqStmt>(node)), out);
    case T_TruncateStmt:
      return Store(BindTruncate(context, As<TruncateStmt>(node)), out);
    case T_CopyStmt:
      return Store(BindCopy(context, As<CopyStmt>(node)), out);
    case T_LockStmt:
      return Store(BindLock(context, As<LockStmt>(node)), out);
    case T_CreateRoleStmt:
      return Store(BindCreateRole(As<CreateRoleStmt>(node)), out);
    case T_AlterRoleStmt:
      return Store(BindAlterRole(context, As<AlterRoleStmt>(node)), out);
    case T_DropRoleStmt:
      return Store(BindDropRole(As<DropRoleStmt>(node)), out);
    case T_VacuumStmt:
      return Store(BindVacuum(context, As<VacuumStmt>(node)), out);
    case T_CheckPointStmt:
      *out = Checkpoint{};
      return Status::Ok();
    case T_CommentStmt:
      return Store(BindComment(context, As<CommentStmt>(node)), out);
    default:
      return NotSupported(CommandTag(node));
  }
}

// Utility statements whose query may use parameters; elsewhere they would be stored.
bool TakesParams(NodeTag tag) {
  return tag == T_CreateTableAsStmt || tag == T_SelectStmt || tag == T_DeclareCursorStmt ||
         tag == T_ExecuteStmt;
}

}  // namespace

Result<StatementBody> BindUtility(BindState* state, const Node* node,
                                  const ParsedStatement::Impl& parsed) {
  UtilityContext context{parsed, state};
  StatementBody body;
  bool found = false;
  OMEN_RETURN_IF_ERROR(BindSessionStatement(&context, node, &body, &found));
  if (!found) OMEN_RETURN_IF_ERROR(BindObjectStatement(&context, node, &body));
  if (nodeTag(node) == T_ExplainStmt) return body;
  if (!TakesParams(nodeTag(node)) && !state->params.empty()) {
    return Status(sqlstate::kUndefinedParameter, "there is no parameter $1");
  }
  OMEN_RETURN_IF_ERROR(FinishParams(state, nullptr));
  return body;
}

Result<QualifiedName> NameOfRange(const BindState& state, const RangeVar& range) {
  if (range.catalogname != nullptr && state.context.current_database != range.catalogname) {
    return Status(sqlstate::kFeatureNotSupported,
                  fmt::format("cross-database references are not implemented: \"{}.{}.{}\"",
                              range.catalogname, range.schemaname, range.relname))
        .At(range.location);
  }
  return QualifiedName{range.schemaname == nullptr ? "" : range.schemaname, range.relname};
}

Result<std::string> RoleName(const BindState& state, const RoleSpec& role) {
  switch (role.roletype) {
    case ROLESPEC_CSTRING:
      return std::string(role.rolename);
    case ROLESPEC_PUBLIC:
      return Status(sqlstate::kUndefinedObject, "role \"public\" does not exist").At(role.location);
    default:
      return state.context.current_user;
  }
}

Result<QualifiedName> NameOfList(const List* names) {
  const Items<Node> items(names);
  if (items.size() > 3 || items.size() == 0) {
    return Status(sqlstate::kSyntaxError, "improper relation name (too many dotted names)");
  }
  QualifiedName name;
  name.name = Text(items.back());
  if (items.size() > 1) name.schema = Text(items[items.size() - 2]);
  return name;
}

bool OptionBool(const DefElem& option, bool missing) {
  if (option.arg == nullptr) return missing;
  if (nodeTag(option.arg) == T_Boolean) return As<Boolean>(option.arg).boolval;
  if (nodeTag(option.arg) == T_Integer) return As<Integer>(option.arg).ival != 0;
  std::string text = OptionText(option);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text == "true" || text == "on" || text == "1" || text == "yes";
}

Status CheckBool(const DefElem& option) {
  if (option.arg == nullptr || nodeTag(option.arg) == T_Boolean) return Status::Ok();
  std::string text = OptionText(option);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const std::string_view known : {"true", "false", "on", "off", "1", "0"}) {
    if (text == known) return Status::Ok();
  }
  return Status(sqlstate::kSyntaxError, fmt::format("{} requires a Boolean value", option.defname));
}

Status CheckOnce(const List* options) {
  std::vector<std::string_view> seen;
  for (const DefElem* option : Items<DefElem>(options)) {
    if (std::ranges::find(seen, option->defname) != seen.end()) {
      return Status(sqlstate::kSyntaxError, "conflicting or redundant options")
          .At(option->location);
    }
    seen.push_back(option->defname);
  }
  return Status::Ok();
}

Result<int64_t> OptionInt(const DefElem& option) {
  if (option.arg != nullptr && nodeTag(option.arg) == T_Integer) {
    return int64_t{As<Integer>(option.arg).ival};
  }
  if (option.arg != nullptr && nodeTag(option.arg) == T_Float) {
    OMEN_ASSIGN_OR_RETURN(const Value value,
                          ParseText({oid::kInt8, -1}, As<Float>(option.arg).fval));
    return value.AsInt();
  }
  return Status(sqlstate::kSyntaxError, fmt::format("{} requires an integer value", option.defname))
      .At(option.location);
}

std::string OptionText(const DefElem& option) {
  if (option.arg == nullptr) return "";
  switch (nodeTag(option.arg)) {
    case T_String:
      return Text(option.arg);
    case T_Integer:
      return std::to_string(As<Integer>(option.arg).ival);
    case T_Float:
      return As<Float>(option.arg).fval;
    case T_Boolean:
      return As<Boolean>(option.arg).boolval ? "true" : "false";
    case T_TypeName:
      return Text(Items<Node>(As<TypeName>(option.arg).names).back());
    default:
      return "";
  }
}

}  // namespace omen::sql
