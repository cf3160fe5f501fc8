// Statements that are not queries, as plain data. Names are kept as written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "sql/tree/query.h"
#include "sql/tree/session_commands.h"

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
  bool unique = false, primary = false, is_constraint = false, nulls_not_distinct = false;
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
  std::string name, owner;  // no owner: the user
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
  std::vector<std::vector<std::string>> columns;  // by table; empty: all
};
struct Checkpoint {};
struct Discard {
  enum class What { kAll, kPlans, kSequences, kTemp } what;
};
struct Comment {
  enum class Kind {
    kTable,
    kView,
    kSequence,
    kIndex,
    kColumn,
    kConstraint,
    kSchema,
    kRole
  } kind = Kind::kTable;
  QualifiedName name;  // of the relation for kColumn and kConstraint
  std::string part;    // the column or constraint
  std::string text;    // empty: forget what there was
};
struct Empty {};

}  // namespace omen::sql
