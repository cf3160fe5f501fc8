// Statements that are not queries, as plain data. Names are kept as written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "sql/query.h"

namespace omen::sql {

struct QualifiedName {
  std::string schema;  // empty: search path
  std::string name;
};

struct ColumnDef {
  catalog::Column column;              // type, not_null, default_sql, identity filled
  bool serial = false;                 // serial/bigserial: needs an owned sequence
  catalog::Sequence sequence_options;  // for serial and identity
};

struct IndexDef {
  std::string name;  // empty: choose as PostgreSQL would
  std::vector<std::string> column_names;
  std::vector<bool> descending, nulls_first;
  bool unique = false, primary = false, is_constraint = false;
};

struct CreateTable {
  QualifiedName name;
  bool if_not_exists = false;
  std::vector<ColumnDef> columns;
  std::vector<IndexDef> indexes;  // PRIMARY KEY and UNIQUE
  std::vector<catalog::CheckConstraint> checks;
  catalog::StorageKind storage = catalog::StorageKind::kHybrid;
  std::unique_ptr<Query> as_query;  // CREATE TABLE AS / SELECT INTO
  bool with_data = true;
};

struct AlterAction {
  enum class Kind {
    kAddColumn,
    kDropColumn,
    kSetDefault,
    kDropDefault,
    kSetNotNull,
    kDropNotNull,
    kAlterType,
    kAddIndex,
    kAddCheck,
    kDropConstraint,
    kRenameTable,
    kRenameColumn,
    kRenameConstraint,
    kSetSchema,
    kOwnerTo,
    kNoOp,
  } kind;
  ColumnDef column;            // kAddColumn; kAlterType (its type)
  std::string name, new_name;  // column or constraint
  std::string expression_sql;  // default, USING
  ExprPtr using_expr;          // kAlterType: over the table as relation 0
  IndexDef index;
  catalog::CheckConstraint check;
  bool if_exists = false, if_not_exists = false, cascade = false;
};

struct AlterTable {
  QualifiedName name;
  bool if_exists = false;
  std::vector<AlterAction> actions;
};

enum class ObjectType { kTable, kView, kSequence, kIndex, kSchema };

struct Drop {
  ObjectType type;
  std::vector<QualifiedName> names;
  bool if_exists = false, cascade = false;
};

struct CreateIndex {
  QualifiedName table;
  IndexDef index;
  bool if_not_exists = false;
};

struct CreateSchema {
  std::string name;
  bool if_not_exists = false;
};

struct CreateView {
  QualifiedName name;
  bool or_replace = false;
  std::string query_sql;
  std::vector<OutputColumn> columns;
};

struct SequenceChange {  // CREATE or ALTER SEQUENCE
  QualifiedName name;
  bool create = true, if_exists = false, if_not_exists = false;
  catalog::Sequence options;
  std::optional<int64_t> restart;
  std::optional<std::pair<QualifiedName, std::string>> owned_by;
};

struct Truncate {
  std::vector<QualifiedName> tables;
  bool restart_identity = false, cascade = false;
};

struct Copy {
  bool from = true;  // FROM STDIN, else TO STDOUT
  QualifiedName table;
  std::vector<std::string> columns;  // empty: all
  std::unique_ptr<Query> query;      // COPY (query) TO
  enum class Format { kText, kCsv, kBinary } format = Format::kText;
  char delimiter = '\t', quote = '"', escape = '"';
  std::string null_text = "\\N";
  bool header = false;
  std::vector<std::string> force_quote, force_not_null, force_null;
  bool force_quote_all = false, freeze = false;
};

enum class Isolation : uint8_t { kReadUncommitted, kReadCommitted, kRepeatableRead, kSerializable };

struct TransactionControl {
  enum class Kind { kBegin, kCommit, kRollback, kSavepoint, kRelease, kRollbackTo } kind;
  std::optional<Isolation> isolation;
  std::optional<bool> read_only;
  std::string savepoint;
  bool chain = false;
};

struct SetVariable {
  std::string name;  // lower case; "transaction isolation level" is its own kind below
  std::vector<std::string> values;  // empty with is_default
  bool is_default = false, local = false;
};
struct ResetVariable {
  std::string name;  // or "all"
};
struct ShowVariable {
  std::string name;  // or "all"
};
struct SetTransaction {
  std::optional<Isolation> isolation;
  std::optional<bool> read_only;
  bool session_default = false;  // SET SESSION CHARACTERISTICS
};

struct Statement;
struct Prepare {
  std::string name;
  std::vector<Type> types;
  std::string body_sql;
};
struct Execute {
  std::string name;
  std::vector<ExprPtr> args;  // bound without casts to the parameter types; exec coerces
  bool explain = false;
};
struct Deallocate {
  std::string name; /* empty: all */
};

struct Explain {
  std::unique_ptr<Statement> statement;
  bool analyze = false, verbose = false, costs = true, buffers = false, timing = true;
  enum class Format { kText, kJson } format = Format::kText;
};

struct DeclareCursor {
  std::string name;
  std::unique_ptr<Query> query;
  bool hold = false, scroll = false, binary = false;
};
struct Fetch {
  std::string name;
  int64_t count = 1;
  bool all = false, forward = true, move = false;
};
struct CloseCursor {
  std::string name; /* empty: all */
};

struct LockTable {
  std::vector<QualifiedName> tables;
  int mode = 8;
  bool nowait = false;
};
struct CreateRole {
  std::string name;
  std::optional<std::string> password;
  std::optional<bool> superuser, login;
  bool alter = false;
};
struct DropRole {
  std::vector<std::string> names;
  bool if_exists = false;
};
struct Vacuum {
  bool vacuum = true, analyze = false;
  std::vector<QualifiedName> tables;
};
struct Checkpoint {};
struct Discard {
  enum class What { kAll, kPlans, kSequences, kTemp } what;
};
struct Comment {
  std::string text;
};  // COMMENT ON: accepted for known objects
struct Empty {};

}  // namespace omen::sql
