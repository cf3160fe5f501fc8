// A bound statement of any kind, and the two calls that make one: Parse (text to
// statements) and Bind (one statement against a catalogue snapshot).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/catalog.h"
#include "sql/query.h"

namespace omen::sql {

// Utility statements, as plain data. Names keep what was written; binding resolved what
// the catalogue must know.

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
  std::string name; /* "all" */
};
struct ShowVariable {
  std::string name; /* "all" */
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

using StatementBody =
    std::variant<Empty, std::unique_ptr<Query>, CreateTable, AlterTable, Drop, CreateIndex,
                 CreateSchema, CreateView, SequenceChange, Truncate, Copy, TransactionControl,
                 SetVariable, ResetVariable, ShowVariable, SetTransaction, Prepare, Execute,
                 Deallocate, Explain, DeclareCursor, Fetch, CloseCursor, LockTable, CreateRole,
                 DropRole, Vacuum, Checkpoint, Discard, Comment>;

/// A bound statement. Immutable once bound; may be shared between sessions.
struct Statement {
  StatementBody body;
  std::string tag;                // command tag verb: "SELECT", "INSERT", "CREATE TABLE"
  std::vector<Type> param_types;  // resolved, one per $n
  std::vector<Oid> tables;        // every table it reads or writes (views expanded)
  uint64_t catalog_version = 0;
  /// A literal was read under the session's time zone or clock ('now'): bind anew when
  /// either differs.
  bool session_literals = false;
};

/// One parsed, unbound statement of a script. Owns its tree.
class ParsedStatement {
 public:
  ParsedStatement();
  ~ParsedStatement();
  ParsedStatement(ParsedStatement&&) noexcept;
  ParsedStatement& operator=(ParsedStatement&&) noexcept;
  /// Its own text within the script, without the semicolon.
  std::string_view text() const;
  /// Byte offset of text() in the script.
  int offset() const;
  /// True for COMMIT, ROLLBACK, ROLLBACK TO: the only ones a failed transaction takes.
  bool is_transaction_exit() const;
  bool is_empty() const;
  /// What CommandComplete will say, known before binding.
  const std::string& tag() const;

  struct Impl;
  const Impl* impl() const { return impl_.get(); }
  explicit ParsedStatement(std::unique_ptr<Impl> impl);

 private:
  std::unique_ptr<Impl> impl_;
};

/// Parses a script with PostgreSQL's grammar. Errors: 42601 with position, 22021 for bad
/// UTF-8, 54001 for nesting or operator chains beyond limits. Any thread.
Result<std::vector<ParsedStatement>> Parse(std::string_view script);

/// What binding depends on besides the catalogue.
struct BindContext {
  const catalog::Snapshot* catalog = nullptr;
  std::vector<std::string> search_path;
  std::string current_user;
  std::string current_database;
  /// Types given at Parse (0: infer). Grows to the parameters found.
  std::vector<Oid> param_types;
  TextStyle style;                 // for literals that need a zone or date style
  int64_t transaction_micros = 0;  // for 'now' and 'today' literals
};

/// Resolves names and types. Errors carry PostgreSQL's SQLSTATE and a byte offset into the
/// script that was parsed (as Expr::location is).
Result<std::shared_ptr<const Statement>> Bind(const ParsedStatement& parsed,
                                              const BindContext& context);

/// Binds a stored expression (DEFAULT, CHECK) over a table's columns (relation 0), coerced
/// to `target` unless its oid is 0.
Result<ExprPtr> BindTableExpr(std::string_view expression_sql, const catalog::Table* table,
                              Type target, const BindContext& context);

}  // namespace omen::sql
