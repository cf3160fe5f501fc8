// Who can see which names: the chain of query levels while one is being bound.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/tree/query.h"

struct WindowDef;

namespace omen::sql {

/// The part of a statement an expression stands in: decides what it may contain.
enum class Clause : uint8_t {
  kNone,
  kTarget,
  kWhere,
  kHaving,
  kGroupBy,
  kOrderBy,
  kDistinctOn,
  kJoinOn,
  kFromFunction,
  kLimit,
  kOffset,
  kReturning,
  kValues,
  kInsertValues,
  kUpdateSource,
  kColumnDefault,
  kCheck,
  kAlterUsing,
  kWindowPartition,
  kWindowOrder,
  kWindowFrame,
  kFilter,
  kExecute,
};

/// As error messages name it: "WHERE", "JOIN conditions".
std::string_view ClauseName(Clause clause);

/// A column of a join: what it stands for, at the join's own level.
struct NsColumn {
  std::string name;
  ExprPtr expr;
};

/// A name that FROM introduced.
struct NsItem {
  std::string alias;
  int relation = -1;              // index in the query's relations; -1 for a join
  std::vector<NsColumn> columns;  // of a join with USING or an alias
  Oid table = 0;                  // for schema.table.column; 0 once an alias hides it
  bool by_name = true;            // alias.column finds it
  bool by_column = true;          // a bare column does
  bool lateral_only = false;      // only from LATERAL siblings, while FROM is being bound
  bool lateral_ok = true;         // false: seen, but on the wrong side of an outer join
};

/// A WITH query that may be referred to.
struct CteEntry {
  std::string name;
  std::vector<OutputColumn> columns;
  bool pending = false;  // being bound: only a recursive term may refer to it
  bool is_union = false;
  bool single_reference = false;  // within the recursive term, which may refer to it once
  int location = -1;
  int references = 0;
};

struct NamedWindow {
  const ::WindowDef* node;
  int index = -1;  // in the query's windows once bound
};

/// One query level being bound.
struct Scope {
  Scope* parent = nullptr;
  Query* query = nullptr;
  std::vector<NsItem> items;
  std::vector<CteEntry> ctes;
  std::vector<NamedWindow> windows;
  Clause clause = Clause::kNone;
  bool lateral_active = false;
  bool has_aggregates = false;
  bool has_grouping_sets = false;
  std::vector<int> group_targets;  // the output that each group key names, or -1
  bool has_sets = false;           // set-returning functions among the targets
  bool value_is_coerced = false;   // unknown outputs are left for the caller to type
};

/// The key of a grouping set that an expression of ORDER BY stands for, or the expression.
ExprPtr AsGroupKey(const Query& query, ExprPtr expr);

/// A FROM item and the names it brings.
struct BoundFrom {
  FromItem item;
  std::vector<NsItem> names;
};

}  // namespace omen::sql
