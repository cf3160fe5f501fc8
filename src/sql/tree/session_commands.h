// Statements about the session itself, as plain data: transactions, settings, prepared
// statements, cursors, EXPLAIN.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sql/tree/query.h"

namespace omen::sql {

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
  std::vector<ExprPtr> args;  // bound, without casts to the parameters' types
  std::string explain;        // EXPLAIN and its options, to stand before the statement's text
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

}  // namespace omen::sql
