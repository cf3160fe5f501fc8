// The objects of the catalogue as plain values. A Snapshot (catalog.h) holds them
// immutably; DDL makes changed copies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "types/type.h"
#include "types/value.h"

namespace omen::catalog {

/// Names the row and column data of one version of a table. Row keys begin with it.
using StorageId = uint64_t;

enum class Identity : char { kNone = 0, kAlways = 'a', kByDefault = 'd' };

struct Column {
  int attnum = 0;  // 1-based, never reused
  std::string name;
  Type type;
  bool not_null = false;
  bool dropped = false;
  Identity identity = Identity::kNone;
  std::string default_sql;  // deparsed expression text, empty for none
  Oid owned_sequence = 0;   // serial and identity
  /// What rows written before the column existed read as (ADD COLUMN ... DEFAULT).
  Value missing_value;
  std::string comment;
};

struct IndexColumn {
  int attnum;
  bool descending = false;
  bool nulls_first = false;
};

struct Index {
  Oid oid = 0;
  std::string name;
  std::vector<IndexColumn> columns;
  bool unique = false;
  bool primary = false;
  bool is_constraint = false;
  bool nulls_not_distinct = false;  // of a unique one: two nulls are a duplicate
  std::string comment, constraint_comment;
  /// Secondary indexes have their own key space; the primary key's is the table's.
  StorageId storage_id = 0;
};

struct CheckConstraint {
  Oid oid = 0;
  std::string name;
  std::string expression_sql;
  std::string comment;
};

enum class StorageKind : uint8_t { kHybrid = 0 };

struct Table {
  Oid oid = 0;
  Oid schema = 0;
  std::string name;
  std::vector<Column> columns;  // by attnum - 1, dropped ones included
  std::vector<Index> indexes;   // the primary key, if any, is first
  std::vector<CheckConstraint> checks;
  StorageId storage_id = 0;
  /// Raised by every change of the row layout; rows carry the one they were written under.
  uint32_t schema_version = 1;
  StorageKind storage_kind = StorageKind::kHybrid;
  /// attnum of a column that rose as the rows were loaded, which their keys did not; 0: none.
  int load_order = 0;
  std::string owner;
  std::string comment;

  const Index* primary_key() const {
    return !indexes.empty() && indexes.front().primary ? &indexes.front() : nullptr;
  }
  const Column* FindColumn(std::string_view column_name) const;
  bool HasConstraint(std::string_view constraint_name) const;
  const Column& column(int attnum) const { return columns[static_cast<size_t>(attnum) - 1]; }
};

struct View {
  Oid oid = 0;
  Oid schema = 0;
  std::string name;
  std::string query_sql;  // the SELECT as written, bound anew under search_path at creation
  std::vector<std::string> search_path;
  std::vector<Column> columns;
  std::string owner;
  std::string comment;
};

struct Sequence {
  Oid oid = 0;
  Oid schema = 0;
  std::string name;
  Type type{oid::kInt8, -1};
  int64_t start = 1, increment = 1, min = 1, max = INT64_MAX, cache = 1;
  bool cycle = false;
  Oid owned_by_table = 0;
  int owned_by_attnum = 0;
  std::string owner;
  std::string comment;
};

struct Schema {
  Oid oid = 0;
  std::string name;
  std::string owner;
  std::string comment;
};

struct Role {
  Oid oid = 0;
  std::string name;
  bool superuser = false;
  bool can_login = true;
  std::string scram_verifier;  // SCRAM-SHA-256$iterations:salt$stored:server; empty: no password
  std::string comment;
};

/// A relation computed by the server (pg_class, omendb.replica_status). Its rows come
/// from a producer that `exec` knows by `producer`.
struct SystemRelation {
  Oid oid = 0;
  Oid schema = 0;
  std::string name;
  std::vector<Column> columns;
  std::string producer;
};

}  // namespace omen::catalog
