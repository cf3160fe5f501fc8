// A bound statement of any kind, and the two calls that make one: Parse (text to
// statements) and Bind (one statement against a catalogue snapshot).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/catalog.h"
#include "sql/commands.h"

namespace omen::sql {

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
/// About what Parse takes for it, while it runs and while its statements live. Charge it before.
int64_t EstimateParseBytes(std::string_view script);

/// What binding depends on besides the catalogue.
struct BindContext {
  const catalog::Snapshot* catalog = nullptr;
  std::vector<std::string> search_path;
  std::string current_user;
  std::string current_database;
  /// Types given at Parse (0: infer). Grows to the parameters found.
  std::vector<Oid> param_types;
  bool has_params = true;  // false in a script, which comes without values: $1 is 42P02
  TextStyle style;                 // for literals that need a zone or date style
  int64_t transaction_micros = 0;  // for 'now' and 'today' literals
  /// Binds for a definition's text: nothing is computed, rewritten or looked into that PostgreSQL
  /// keeps as written. 0A000 for what this tree cannot keep. Not for execution.
  bool as_written = false;
};

/// Resolves names and types. Errors carry PostgreSQL's SQLSTATE and a byte offset into the
/// script that was parsed (as Expr::location is).
Result<std::shared_ptr<const Statement>> Bind(const ParsedStatement& parsed,
                                              const BindContext& context);

/// Binds a stored expression (DEFAULT, CHECK) over a table's columns (relation 0), coerced
/// to `target` unless its oid is 0.
Result<ExprPtr> BindTableExpr(std::string_view expression_sql, const catalog::Table* table,
                              Type target, const BindContext& context);

/// The argument of an EXECUTE, which Bind gave, as the value that parameter `number` (from 1) of
/// the prepared statement takes: 42804 where it is not assignable to its type.
Result<ExprPtr> CoerceExecuteArgument(ExprPtr argument, Type target, size_t number,
                                      const BindContext& context);

}  // namespace omen::sql
