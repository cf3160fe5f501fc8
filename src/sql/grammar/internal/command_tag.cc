// The verb of each statement, as PostgreSQL's CreateCommandTag names it.

#include <string>

#include "sql/grammar/internal/parsed.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

constexpr struct {
  ::ObjectType key;
  const char* word;
} kObjectWords[] = {
    {OBJECT_TABLE, "TABLE"},
    {OBJECT_VIEW, "VIEW"},
    {OBJECT_SEQUENCE, "SEQUENCE"},
    {OBJECT_INDEX, "INDEX"},
    {OBJECT_SCHEMA, "SCHEMA"},
    {OBJECT_MATVIEW, "MATERIALIZED VIEW"},
    {OBJECT_TYPE, "TYPE"},
    {OBJECT_DOMAIN, "DOMAIN"},
    {OBJECT_FUNCTION, "FUNCTION"},
    {OBJECT_PROCEDURE, "PROCEDURE"},
    {OBJECT_ROUTINE, "ROUTINE"},
    {OBJECT_AGGREGATE, "AGGREGATE"},
    {OBJECT_OPERATOR, "OPERATOR"},
    {OBJECT_EXTENSION, "EXTENSION"},
    {OBJECT_TRIGGER, "TRIGGER"},
    {OBJECT_RULE, "RULE"},
    {OBJECT_POLICY, "POLICY"},
    {OBJECT_COLLATION, "COLLATION"},
    {OBJECT_CAST, "CAST"},
    {OBJECT_FOREIGN_TABLE, "FOREIGN TABLE"},
    {OBJECT_PUBLICATION, "PUBLICATION"},
    {OBJECT_LANGUAGE, "LANGUAGE"},
    {OBJECT_ROLE, "ROLE"},
    {OBJECT_DATABASE, "DATABASE"},
    {OBJECT_TABLESPACE, "TABLESPACE"},
};

const char* ObjectWord(::ObjectType type) {
  for (const auto& entry : kObjectWords) {
    if (entry.key == type) return entry.word;
  }
  return "TABLE";
}

std::string TransactionTag(const TransactionStmt& statement) {
  switch (statement.kind) {
    case TRANS_STMT_BEGIN:
      return "BEGIN";
    case TRANS_STMT_START:
      return "START TRANSACTION";
    case TRANS_STMT_COMMIT:
      return "COMMIT";
    case TRANS_STMT_ROLLBACK:
    case TRANS_STMT_ROLLBACK_TO:
      return "ROLLBACK";
    case TRANS_STMT_SAVEPOINT:
      return "SAVEPOINT";
    case TRANS_STMT_RELEASE:
      return "RELEASE";
    case TRANS_STMT_PREPARE:
      return "PREPARE TRANSACTION";
    case TRANS_STMT_COMMIT_PREPARED:
      return "COMMIT PREPARED";
    case TRANS_STMT_ROLLBACK_PREPARED:
      return "ROLLBACK PREPARED";
  }
  return "";
}

std::string DiscardTag(const DiscardStmt& statement) {
  switch (statement.target) {
    case DISCARD_ALL:
      return "DISCARD ALL";
    case DISCARD_PLANS:
      return "DISCARD PLANS";
    case DISCARD_SEQUENCES:
      return "DISCARD SEQUENCES";
    case DISCARD_TEMP:
      return "DISCARD TEMP";
  }
  return "DISCARD";
}

std::string AlterTag(const Node* statement) {
  switch (nodeTag(statement)) {
    case T_AlterTableStmt:
      return std::string("ALTER ") + ObjectWord(As<AlterTableStmt>(statement).objtype);
    case T_RenameStmt: {
      const auto& rename = As<RenameStmt>(statement);
      bool part = rename.renameType == OBJECT_COLUMN || rename.renameType == OBJECT_TABCONSTRAINT;
      return std::string("ALTER ") + ObjectWord(part && rename.renameType == OBJECT_COLUMN
                                                    ? rename.relationType
                                                    : rename.renameType);
    }
    case T_AlterObjectSchemaStmt:
      return std::string("ALTER ") + ObjectWord(As<AlterObjectSchemaStmt>(statement).objectType);
    case T_AlterOwnerStmt:
      return std::string("ALTER ") + ObjectWord(As<AlterOwnerStmt>(statement).objectType);
    default:
      return "ALTER SEQUENCE";
  }
}

constexpr struct {
  NodeTag key;
  const char* word;
} kFixedTags[] = {
    {T_InsertStmt, "INSERT"},
    {T_UpdateStmt, "UPDATE"},
    {T_DeleteStmt, "DELETE"},
    {T_MergeStmt, "MERGE"},
    {T_CreateStmt, "CREATE TABLE"},
    {T_IndexStmt, "CREATE INDEX"},
    {T_CreateSchemaStmt, "CREATE SCHEMA"},
    {T_ViewStmt, "CREATE VIEW"},
    {T_CreateSeqStmt, "CREATE SEQUENCE"},
    {T_TruncateStmt, "TRUNCATE TABLE"},
    {T_CopyStmt, "COPY"},
    {T_VariableShowStmt, "SHOW"},
    {T_PrepareStmt, "PREPARE"},
    {T_ExecuteStmt, "EXECUTE"},
    {T_ExplainStmt, "EXPLAIN"},
    {T_LockStmt, "LOCK TABLE"},
    {T_CreateRoleStmt, "CREATE ROLE"},
    {T_AlterRoleStmt, "ALTER ROLE"},
    {T_AlterRoleSetStmt, "ALTER ROLE"},
    {T_DropRoleStmt, "DROP ROLE"},
    {T_CheckPointStmt, "CHECKPOINT"},
    {T_CommentStmt, "COMMENT"},
    {T_DoStmt, "DO"},
    {T_CallStmt, "CALL"},
    {T_NotifyStmt, "NOTIFY"},
    {T_ListenStmt, "LISTEN"},
    {T_UnlistenStmt, "UNLISTEN"},
    {T_CreateFunctionStmt, "CREATE FUNCTION"},
    {T_CreateTrigStmt, "CREATE TRIGGER"},
    {T_CreateExtensionStmt, "CREATE EXTENSION"},
    {T_CreateEnumStmt, "CREATE TYPE"},
    {T_CompositeTypeStmt, "CREATE TYPE"},
    {T_CreateRangeStmt, "CREATE TYPE"},
    {T_CreateDomainStmt, "CREATE DOMAIN"},
    {T_CreatedbStmt, "CREATE DATABASE"},
    {T_DropdbStmt, "DROP DATABASE"},
    {T_ReindexStmt, "REINDEX"},
    {T_ClusterStmt, "CLUSTER"},
    {T_CreatePolicyStmt, "CREATE POLICY"},
    {T_RuleStmt, "CREATE RULE"},
    {T_RefreshMatViewStmt, "REFRESH MATERIALIZED VIEW"},
    {T_ConstraintsSetStmt, "SET CONSTRAINTS"},
    {T_AlterDatabaseSetStmt, "ALTER DATABASE"},
    {T_AlterDefaultPrivilegesStmt, "ALTER DEFAULT PRIVILEGES"},
    {T_AlterSystemStmt, "ALTER SYSTEM"},
    {T_AlterDomainStmt, "ALTER DOMAIN"},
    {T_AlterEnumStmt, "ALTER TYPE"},
    {T_CreateStatsStmt, "CREATE STATISTICS"},
    {T_CreateTableSpaceStmt, "CREATE TABLESPACE"},
    {T_CreatePublicationStmt, "CREATE PUBLICATION"},
    {T_CreateSubscriptionStmt, "CREATE SUBSCRIPTION"},
    {T_CreateForeignTableStmt, "CREATE FOREIGN TABLE"},
    {T_CreateFdwStmt, "CREATE FOREIGN DATA WRAPPER"},
    {T_CreateCastStmt, "CREATE CAST"},
    {T_SecLabelStmt, "SECURITY LABEL"},
    {T_ImportForeignSchemaStmt, "IMPORT FOREIGN SCHEMA"},
    {T_DropOwnedStmt, "DROP OWNED"},
    {T_ReassignOwnedStmt, "REASSIGN OWNED"},
    {T_LoadStmt, "LOAD"},
};

const char* FixedTag(NodeTag tag) {
  for (const auto& entry : kFixedTags) {
    if (entry.key == tag) return entry.word;
  }
  return "";
}

std::string SelectTag(const SelectStmt& select) {
  return select.intoClause != nullptr ? "SELECT INTO" : "SELECT";
}

}  // namespace

std::string CommandTag(const Node* statement) {
  if (statement == nullptr) return "";
  switch (nodeTag(statement)) {
    case T_SelectStmt:
      return SelectTag(As<SelectStmt>(statement));
    case T_TransactionStmt:
      return TransactionTag(As<TransactionStmt>(statement));
    case T_VariableSetStmt: {
      VariableSetKind kind = As<VariableSetStmt>(statement).kind;
      return kind == VAR_RESET || kind == VAR_RESET_ALL ? "RESET" : "SET";
    }
    case T_CreateTableAsStmt: {
      const auto& create = As<CreateTableAsStmt>(statement);
      if (create.is_select_into) return "SELECT INTO";
      return create.objtype == OBJECT_MATVIEW ? "CREATE MATERIALIZED VIEW" : "CREATE TABLE AS";
    }
    case T_DropStmt:
      return std::string("DROP ") + ObjectWord(As<DropStmt>(statement).removeType);
    case T_AlterTableStmt:
    case T_RenameStmt:
    case T_AlterObjectSchemaStmt:
    case T_AlterOwnerStmt:
    case T_AlterSeqStmt:
      return AlterTag(statement);
    case T_DiscardStmt:
      return DiscardTag(As<DiscardStmt>(statement));
    case T_DeclareCursorStmt:
      return "DECLARE CURSOR";
    case T_FetchStmt:
      return As<FetchStmt>(statement).ismove ? "MOVE" : "FETCH";
    case T_ClosePortalStmt:
      return As<ClosePortalStmt>(statement).portalname ? "CLOSE CURSOR" : "CLOSE CURSOR ALL";
    case T_DeallocateStmt:
      return As<DeallocateStmt>(statement).name ? "DEALLOCATE" : "DEALLOCATE ALL";
    case T_VacuumStmt:
      return As<VacuumStmt>(statement).is_vacuumcmd ? "VACUUM" : "ANALYZE";
    case T_GrantStmt:
      return As<GrantStmt>(statement).is_grant ? "GRANT" : "REVOKE";
    case T_GrantRoleStmt:
      return As<GrantRoleStmt>(statement).is_grant ? "GRANT ROLE" : "REVOKE ROLE";
    case T_AlterFunctionStmt:
      return "ALTER FUNCTION";
    case T_DefineStmt:
      return std::string("CREATE ") + ObjectWord(As<DefineStmt>(statement).kind);
    default:
      return FixedTag(nodeTag(statement));
  }
}

}  // namespace omen::sql
