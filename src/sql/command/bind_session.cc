// Statements about the session: transactions, settings, prepared statements, cursors,
// EXPLAIN.

#include <fmt/format.h>

#include <string>

#include "sql/command/bind_statement.h"
#include "sql/grammar/internal/sql_text.h"
#include "sql/query/over_table.h"
#include "sql/query/query.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

Result<Isolation> IsolationOf(std::string_view name) {
  if (name == "read uncommitted") return Isolation::kReadUncommitted;
  if (name == "read committed") return Isolation::kReadCommitted;
  if (name == "repeatable read") return Isolation::kRepeatableRead;
  if (name == "serializable") return Isolation::kSerializable;
  return Status(sqlstate::kInvalidParameter,
                fmt::format("invalid value for parameter \"transaction_isolation\": \"{}\"", name));
}

std::string ConstText(const Node* node) {
  if (node == nullptr) return "";
  if (nodeTag(node) == T_TypeCast) return ConstText(As<TypeCast>(node).arg);
  if (nodeTag(node) != T_A_Const) return "";
  const auto& constant = As<A_Const>(node);
  switch (nodeTag(&constant.val)) {
    case T_Integer:
      return std::to_string(constant.val.ival.ival);
    case T_Float:
      return constant.val.fval.fval;
    case T_Boolean:
      return constant.val.boolval.boolval ? "on" : "off";
    case T_String:
      return constant.val.sval.sval;
    default:
      return "";
  }
}

// transaction_isolation, transaction_read_only... as BEGIN and SET TRANSACTION list them.
Status TransactionModes(const List* options, std::optional<Isolation>* isolation,
                        std::optional<bool>* read_only) {
  for (const Node* node : Items<Node>(options)) {
    const auto& option = As<DefElem>(node);
    const std::string_view name = option.defname;
    if (name == "transaction_isolation") {
      OMEN_ASSIGN_OR_RETURN(*isolation, IsolationOf(ConstText(option.arg)));
    } else if (name == "transaction_read_only") {
      const std::string value = ConstText(option.arg);
      *read_only = value == "1" || value == "on";
    }
  }
  return Status::Ok();
}

Result<TransactionControl> BindTransaction(const TransactionStmt& node) {
  TransactionControl control;
  control.savepoint = node.savepoint_name == nullptr ? "" : node.savepoint_name;
  control.chain = node.chain;
  OMEN_RETURN_IF_ERROR(TransactionModes(node.options, &control.isolation, &control.read_only));
  switch (node.kind) {
    case TRANS_STMT_BEGIN:
    case TRANS_STMT_START:
      control.kind = TransactionControl::Kind::kBegin;
      break;
    case TRANS_STMT_COMMIT:
      control.kind = TransactionControl::Kind::kCommit;
      break;
    case TRANS_STMT_ROLLBACK:
      control.kind = TransactionControl::Kind::kRollback;
      break;
    case TRANS_STMT_SAVEPOINT:
      control.kind = TransactionControl::Kind::kSavepoint;
      break;
    case TRANS_STMT_RELEASE:
      control.kind = TransactionControl::Kind::kRelease;
      break;
    case TRANS_STMT_ROLLBACK_TO:
      control.kind = TransactionControl::Kind::kRollbackTo;
      break;
    default:
      return NotSupported("two-phase commit");
  }
  return control;
}

// SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE gives a cast constant: what it is matters.
bool IsInterval(const Node* node) {
  const auto* cast = NodeAs<TypeCast>(node, T_TypeCast);
  if (cast == nullptr) return false;
  return std::string_view(Text(Items<Node>(cast->typeName->names).back())) == "interval";
}

Status BindSet(const VariableSetStmt& node, StatementBody* out) {
  const std::string name = node.name == nullptr ? "" : Lower(node.name);
  switch (node.kind) {
    case VAR_SET_MULTI: {
      SetTransaction set;
      set.session_default = name == "session characteristics";
      if (name == "transaction snapshot") return NotSupported("SET TRANSACTION SNAPSHOT");
      OMEN_RETURN_IF_ERROR(TransactionModes(node.args, &set.isolation, &set.read_only));
      *out = set;
      return Status::Ok();
    }
    case VAR_RESET:
      *out = ResetVariable{name};
      return Status::Ok();
    case VAR_RESET_ALL:
      *out = ResetVariable{"all"};
      return Status::Ok();
    case VAR_SET_CURRENT:
      return NotSupported("SET ... FROM CURRENT");
    case VAR_SET_DEFAULT:
    case VAR_SET_VALUE:
      break;
  }
  SetVariable set;
  set.name = name;
  set.local = node.is_local;
  set.is_default = node.kind == VAR_SET_DEFAULT;
  for (const Node* value : Items<Node>(node.args)) {
    std::string text = ConstText(value);
    set.values.push_back(IsInterval(value) ? fmt::format("INTERVAL '{}'", text) : std::move(text));
  }
  *out = std::move(set);
  return Status::Ok();
}

Result<Prepare> BindPrepare(UtilityContext* context, const PrepareStmt& node) {
  Prepare prepare;
  prepare.name = node.name;
  for (const Node* type : Items<Node>(node.argtypes)) {
    OMEN_ASSIGN_OR_RETURN(const Type resolved, ResolveType(As<TypeName>(type)));
    prepare.types.push_back(resolved);
  }
  const std::string_view text = context->script();
  const size_t after = AfterKeyword(text, static_cast<size_t>(context->parsed.offset), "as");
  if (after == std::string_view::npos) return InternalError("PREPARE without AS");
  prepare.body_sql = text.substr(after, context->statement_end() - after);
  return prepare;
}

Result<Execute> BindExecute(UtilityContext* context, const ExecuteStmt& node) {
  Execute execute;
  execute.name = node.name;
  for (const Node* param : Items<Node>(node.params)) {
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr,
                          BindOverTable(context->state, param, nullptr, Clause::kExecute));
    execute.args.push_back(std::move(expr));
  }
  return execute;
}

Status ExplainFormat(const DefElem& option, Explain* explain) {
  const std::string format = Lower(OptionText(option));
  explain->format = format == "json" ? Explain::Format::kJson : Explain::Format::kText;
  if (format == "text" || format == "json") return Status::Ok();
  if (format == "xml" || format == "yaml") {
    return NotSupported(fmt::format("EXPLAIN (FORMAT {})", format));
  }
  return Status(sqlstate::kInvalidParameter,
                fmt::format("unrecognized value for EXPLAIN option \"format\": \"{}\"",
                            OptionText(option)))
      .At(option.location);
}

// What measures an execution is nothing without one.
Status CheckMeasures(const List* options, const Explain& explain) {
  for (const DefElem* option : Items<DefElem>(options)) {
    const std::string_view name = option->defname;
    if (explain.analyze || !OptionBool(*option)) continue;
    if (name != "timing" && name != "wal") continue;
    return Status(sqlstate::kInvalidParameter, fmt::format("EXPLAIN option {} requires ANALYZE",
                                                           name == "wal" ? "WAL" : "TIMING"));
  }
  return Status::Ok();
}

Status ExplainOption(const DefElem& option, Explain* explain) {
  const std::string_view name = option.defname;
  if (name == "format") return ExplainFormat(option, explain);
  if (name == "analyze")
    explain->analyze = OptionBool(option);
  else if (name == "verbose")
    explain->verbose = OptionBool(option);
  else if (name == "costs")
    explain->costs = OptionBool(option);
  else if (name == "buffers")
    explain->buffers = OptionBool(option);
  else if (name == "timing")
    explain->timing = OptionBool(option);
  else if (name != "settings" && name != "wal" && name != "summary") {
    return Status(sqlstate::kSyntaxError, fmt::format("unrecognized EXPLAIN option \"{}\"", name))
        .At(option.location);
  }
  return CheckBool(option);
}

// The query whose plan EXPLAIN shows, where it is part of another statement.
Result<const Node*> ExplainedQuery(const Node* node, const Explain& explain) {
  if (const auto* declare = NodeAs<DeclareCursorStmt>(node, T_DeclareCursorStmt)) {
    return declare->query;
  }
  const auto* create = NodeAs<CreateTableAsStmt>(node, T_CreateTableAsStmt);
  if (create == nullptr) return node;
  if (explain.analyze) return NotSupported("EXPLAIN ANALYZE of CREATE TABLE AS");
  if (NodeAs<ExecuteStmt>(create->query, T_ExecuteStmt) != nullptr) {
    return NotSupported("EXPLAIN of CREATE TABLE AS EXECUTE");
  }
  return create->query;
}

// What stands before a prepared statement's text to explain it.
std::string ExplainPrefix(const Explain& explain) {
  return fmt::format(
      "EXPLAIN (ANALYZE {}, VERBOSE {}, COSTS {}, BUFFERS {}, TIMING {}, FORMAT {}) ",
      explain.analyze, explain.verbose, explain.costs, explain.buffers,
      explain.analyze && explain.timing,
      explain.format == Explain::Format::kJson ? "json" : "text");
}

Status BindExplain(UtilityContext* context, const ExplainStmt& node, StatementBody* out) {
  Explain explain;
  for (const Node* option : Items<Node>(node.options)) {
    OMEN_RETURN_IF_ERROR(ExplainOption(As<DefElem>(option), &explain));
  }
  OMEN_RETURN_IF_ERROR(CheckMeasures(node.options, explain));
  if (const auto* execute = NodeAs<ExecuteStmt>(node.query, T_ExecuteStmt)) {
    OMEN_ASSIGN_OR_RETURN(Execute explained, BindExecute(context, *execute));
    explained.explain = ExplainPrefix(explain);
    *out = std::move(explained);
    return Status::Ok();
  }
  OMEN_ASSIGN_OR_RETURN(const Node* query, ExplainedQuery(node.query, explain));
  explain.statement = std::make_unique<Statement>();
  explain.statement->tag = CommandTag(query);
  OMEN_ASSIGN_OR_RETURN(explain.statement->body, BindBody(context->state, query, context->parsed));
  explain.statement->tables = context->state->statement->tables;
  explain.statement->param_types = context->state->params;
  explain.statement->catalog_version = context->state->statement->catalog_version;
  *out = std::move(explain);
  return Status::Ok();
}

// Rows are locked as they are read, which must be now and once.
Status LockingCursor(std::string_view kind, const Query& query) {
  const LockStrength strength = query.locks.front().strength;
  return Status(sqlstate::kFeatureNotSupported,
                fmt::format("{} ... FOR {} is not supported", kind,
                            strength == LockStrength::kUpdate        ? "UPDATE"
                            : strength == LockStrength::kNoKeyUpdate ? "NO KEY UPDATE"
                            : strength == LockStrength::kShare       ? "SHARE"
                                                                     : "KEY SHARE"));
}

Result<DeclareCursor> BindDeclare(UtilityContext* context, const DeclareCursorStmt& node) {
  DeclareCursor declare;
  declare.name = node.portalname;
  declare.hold = (node.options & CURSOR_OPT_HOLD) != 0;
  declare.scroll = (node.options & CURSOR_OPT_SCROLL) != 0;
  declare.binary = (node.options & CURSOR_OPT_BINARY) != 0;
  if (declare.scroll && (node.options & CURSOR_OPT_NO_SCROLL) != 0) {
    return Status(SqlState("42P11"), "cannot specify both SCROLL and NO SCROLL");
  }
  if (nodeTag(node.query) != T_SelectStmt) return NotSupported("a cursor over this statement");
  OMEN_ASSIGN_OR_RETURN(declare.query, BindQuery(context->state, node.query));
  if (declare.query->locks.empty()) return declare;
  if (declare.hold) return LockingCursor("DECLARE CURSOR WITH HOLD", *declare.query);
  if (declare.scroll) return LockingCursor("DECLARE SCROLL CURSOR", *declare.query);
  return declare;
}

Result<Fetch> BindFetch(const FetchStmt& node) {
  Fetch fetch;
  fetch.name = node.portalname;
  fetch.move = node.ismove;
  fetch.all = node.howMany == FETCH_ALL;
  fetch.count = node.howMany;
  fetch.forward = node.direction == FETCH_FORWARD;
  if (node.direction == FETCH_ABSOLUTE || node.direction == FETCH_RELATIVE) {
    return NotSupported("FETCH ABSOLUTE and RELATIVE");
  }
  if (!fetch.forward) return NotSupported("FETCH BACKWARD");
  return fetch;
}

std::string NameOrAll(const char* name) { return name == nullptr ? "" : name; }

Discard::What DiscardWhat(DiscardMode mode) {
  switch (mode) {
    case DISCARD_PLANS:
      return Discard::What::kPlans;
    case DISCARD_SEQUENCES:
      return Discard::What::kSequences;
    case DISCARD_TEMP:
      return Discard::What::kTemp;
    default:
      return Discard::What::kAll;
  }
}

}  // namespace

Status BindSessionStatement(UtilityContext* context, const Node* node, StatementBody* out,
                            bool* found) {
  *found = true;
  switch (nodeTag(node)) {
    case T_TransactionStmt: {
      OMEN_ASSIGN_OR_RETURN(*out, BindTransaction(As<TransactionStmt>(node)));
      return Status::Ok();
    }
    case T_VariableSetStmt:
      return BindSet(As<VariableSetStmt>(node), out);
    case T_VariableShowStmt:
      *out = ShowVariable{Lower(As<VariableShowStmt>(node).name)};
      return Status::Ok();
    case T_PrepareStmt: {
      OMEN_ASSIGN_OR_RETURN(*out, BindPrepare(context, As<PrepareStmt>(node)));
      return Status::Ok();
    }
    case T_ExecuteStmt: {
      OMEN_ASSIGN_OR_RETURN(*out, BindExecute(context, As<ExecuteStmt>(node)));
      return Status::Ok();
    }
    case T_DeallocateStmt:
      *out = Deallocate{NameOrAll(As<DeallocateStmt>(node).name)};
      return Status::Ok();
    case T_ExplainStmt:
      return BindExplain(context, As<ExplainStmt>(node), out);
    case T_DeclareCursorStmt: {
      OMEN_ASSIGN_OR_RETURN(*out, BindDeclare(context, As<DeclareCursorStmt>(node)));
      return Status::Ok();
    }
    case T_FetchStmt: {
      OMEN_ASSIGN_OR_RETURN(*out, BindFetch(As<FetchStmt>(node)));
      return Status::Ok();
    }
    case T_ClosePortalStmt:
      *out = CloseCursor{NameOrAll(As<ClosePortalStmt>(node).portalname)};
      return Status::Ok();
    case T_DiscardStmt:
      *out = Discard{DiscardWhat(As<DiscardStmt>(node).target)};
      return Status::Ok();
    default:
      *found = false;
      return Status::Ok();
  }
}

}  // namespace omen::sql
