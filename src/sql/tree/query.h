// A bound SELECT or DML statement, in the shape SQL has (as PostgreSQL's Query has):
// the row path plans from it, the generator prints it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/schema.h"
#include "sql/tree/expr.h"

namespace omen::sql {

/// A named, typed output column; `table`/`attnum` for RowDescription when it is a plain column.
struct OutputColumn {
  std::string name;
  Type type;
  Oid table = 0;
  int attnum = 0;
};

enum class RelationKind : uint8_t {
  kTable,      // table
  kSystem,     // system
  kSubquery,   // subquery (a view is one), lateral when it refers to siblings
  kFunction,   // function_call (set-returning or scalar), with_ordinality
  kValues,     // values
  kCte,        // cte_name, cte_levels_up: refers to Query.ctes of an outer (or this) level
  kJoin,       // never stored in `relations`; see FromItem. Join aliases are resolved away
  kResultRow,  // excluded (ON CONFLICT): the row proposed for insertion
};

/// One entry of the range table. Columns are numbered as in `columns`.
struct Relation {
  RelationKind kind;
  std::string alias;
  std::vector<OutputColumn> columns;
  std::shared_ptr<const catalog::Table> table;
  std::vector<int> attnums;  // for kTable: attnum of each of `columns` (dropped ones skipped)
  std::shared_ptr<const catalog::SystemRelation> system;
  std::unique_ptr<Query> subquery;
  bool lateral = false;
  ExprPtr function_call;
  bool with_ordinality = false;
  std::vector<std::vector<ExprPtr>> values;
  std::string cte_name;
  int cte_levels_up = 0;
  bool aliased = false;    // the alias was written
  int column_aliases = 0;  // as many of the columns' names were written
  /// The view that this is, under BindContext::as_written: its query is not bound then.
  std::shared_ptr<const catalog::View> view;
};

enum class JoinType : uint8_t { kInner, kLeft, kRight, kFull, kCross };

/// The FROM clause: a tree of joins over relations. Top-level items are cross-joined.
/// USING/NATURAL are rewritten into `condition`; merged columns into coalesce or one side.
struct FromItem {
  int relation = -1;  // leaf when >= 0
  JoinType join = JoinType::kInner;
  std::unique_ptr<FromItem> left, right;
  ExprPtr condition;  // null for kCross
  std::vector<std::string> using_columns;
  bool merges_values = false;               // one of them is neither side's column
  std::string alias;                        // of the join
  std::vector<std::string> column_aliases;  // every column's, where one has a name of the alias's
};

struct TargetEntry {
  ExprPtr expr;
  OutputColumn output;
  bool junk = false;  // only for ORDER BY / GROUP BY; not returned
};

struct WindowDef {
  std::vector<ExprPtr> partition_by;
  std::vector<SortKey> order_by;
  enum class Frame : uint8_t { kRange, kRows, kGroups } frame = Frame::kRange;
  enum class Bound : uint8_t {
    kUnboundedPreceding,
    kPreceding,
    kCurrentRow,
    kFollowing,
    kUnboundedFollowing
  };
  Bound start = Bound::kUnboundedPreceding, end = Bound::kCurrentRow;
  ExprPtr start_offset, end_offset;
  enum class Exclude : uint8_t { kNone, kCurrentRow, kGroup, kTies } exclude = Exclude::kNone;
  // As written: its name in WINDOW, the window it adds to, and whether it says a frame.
  std::string name, base;
  bool base_orders = false;  // order_by is the base's
  bool has_frame = false, has_between = false;
};

/// An item of a GROUP BY with grouping sets, as written. The numbers are of Query.group_by.
struct GroupingItem {
  enum class Kind : uint8_t { kSimple, kRollup, kCube, kSets } kind = Kind::kSimple;
  std::vector<int> exprs;  // of kSimple; none for ()
  std::vector<GroupingItem> items;
};

enum class SetOp : uint8_t { kNone, kUnion, kIntersect, kExcept };

struct CommonTable {
  std::string name;
  std::unique_ptr<Query> query;
  bool recursive = false;
  std::optional<bool> materialized;
  std::vector<std::string> column_aliases;
};

enum class LockStrength : uint8_t { kNone, kKeyShare, kShare, kNoKeyUpdate, kUpdate };
enum class LockWait : uint8_t { kBlock, kSkip, kError };

struct RowLock {
  LockStrength strength;
  LockWait wait = LockWait::kBlock;
  std::vector<int> relations;
};

enum class QueryKind : uint8_t { kSelect, kInsert, kUpdate, kDelete };
/// OVERRIDING SYSTEM VALUE or USER VALUE of an INSERT.
enum class Overriding : uint8_t { kNone, kSystem, kUser };

struct OnConflict {
  bool do_update = false;
  /// The arbiter; null means any unique index (only for DO NOTHING).
  const catalog::Index* arbiter = nullptr;
  std::vector<std::pair<int, ExprPtr>>
      set;  // attnum, expression; `excluded` is a kResultRow relation
  ExprPtr where;
};

/// A bound query. Every Query held by another (subquery, FROM subquery, CTE, arm, insert
/// source) is one level deeper: levels_up counts through all of them. For set operations `set_op`
/// is set, `left` and `right` are the arms, and targets name the result columns (kColumn over rel
/// -1); ORDER BY then refers to targets.
struct Query {
  QueryKind kind = QueryKind::kSelect;
  std::vector<CommonTable> ctes;
  bool with_recursive = false;  // WITH RECURSIVE, whether or not one of them is
  std::vector<Relation> relations;
  std::vector<FromItem> from;
  std::vector<TargetEntry> targets;
  ExprPtr where;
  std::vector<ExprPtr> group_by;                // distinct grouping expressions
  std::vector<std::vector<int>> grouping_sets;  // indexes into group_by; empty: plain GROUP BY
  std::vector<GroupingItem> grouping_items;     // kept under BindContext::as_written
  bool group_distinct = false;
  bool has_aggregates = false;  // aggregated, with or without GROUP BY
  ExprPtr having;
  std::vector<WindowDef> windows;
  bool distinct = false;
  std::vector<ExprPtr> distinct_on;
  std::vector<SortKey> order_by;  // expressions over the same scope as targets (may equal a target)
  ExprPtr limit, offset;          // int8
  bool with_ties = false;
  std::vector<RowLock> locks;

  SetOp set_op = SetOp::kNone;
  bool set_all = false;
  std::unique_ptr<Query> left, right;

  // DML. The target table is relations[target_relation]; for UPDATE and DELETE `from` begins
  // with it, so that from and where select the rows to change.
  int target_relation = -1;
  std::vector<int> insert_attnums;       // INSERT: the column each source column goes to
  std::unique_ptr<Query> insert_source;  // SELECT, or VALUES as a query over a kValues relation
  bool insert_default_values = false;
  Overriding overriding = Overriding::kNone;
  std::vector<std::pair<int, ExprPtr>>
      set;  // UPDATE: attnum, new value (coerced; kDefault allowed)
  std::optional<OnConflict> on_conflict;
  std::vector<TargetEntry> returning;

  std::vector<OutputColumn> Outputs() const;  // of SELECT, or RETURNING
};

std::unique_ptr<Query> CloneQuery(const Query& query);

}  // namespace omen::sql
