// What is known of a statement before it runs, whatever path will run it: its identity, what it
// reads and writes, what its answer depends on, its shape. Router, caches, statistics and the
// index tier learn by these, so each of them is worked out here and once per plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "functions/kernel/function.h"
#include "sql/tree/statement.h"

namespace omen::sql {

/// A column of a table.
struct ColumnRef {
  Oid table;
  int attnum;
  auto operator<=>(const ColumnRef&) const = default;
};

/// How a condition narrows one column.
enum class PredicateKind : uint8_t {
  kEqual,    // with a literal, a parameter or what no row of the level decides
  kIn,       // a list or an array of those
  kRange,    // < <= > >=
  kLike,     // LIKE, ~ and their like
  kNull,     // IS NULL
  kNotNull,  // IS NOT NULL
  kJoin,     // = a column of another relation
  kOther,
};
std::string_view PredicateName(PredicateKind kind);

struct Predicate {
  ColumnRef column;
  PredicateKind kind;
  auto operator<=>(const Predicate&) const = default;
};

/// A column that is compared with a parameter or a literal, by = IN < <= > or >=.
struct KeyOperand {
  ColumnRef column;
  /// From 0, among the parameters, or the literals of a statement without any; -1: not known.
  int position = -1;
  int location = -1;  // of a literal that has no position yet: its offset in the statement
  auto operator<=>(const KeyOperand&) const = default;
};

/// A part of a statement with an identity of its own: what is learned of it serves statements
/// that were never seen.
struct PlanPart {
  enum class Kind : uint8_t {
    kScan,   // one table with the conditions on it alone
    kJoin,   // two of those with the conditions between them, or all of a level
    kGroup,  // a level's join and its grouping keys
  };
  Kind kind;
  uint64_t id;
  std::vector<Oid> tables;
};

/// How much of what there is in a statement, all levels together.
struct StatementShape {
  int relations = 0, inner_joins = 0, outer_joins = 0, subqueries = 0, set_operations = 0;
  int group_keys = 0, aggregates = 0, windows = 0, order_keys = 0, ctes = 0;
  int loose_conditions = 0;  // on expressions and patterns
  bool distinct = false, limit = false, recursive = false, locks = false;
};

struct StatementTraits {
  /// Equal for what asks the same, however written: blanks, aliases, the order of AND, of FROM and
  /// of operands, literals or parameters, lists of any length, a view or its query. Stable across
  /// restarts. Tables and columns count by OID and number, so that renaming keeps it.
  uint64_t template_id = 0;
  std::vector<Oid> tables_read, tables_written;  // sorted
  std::vector<ColumnRef> columns_read, columns_written;
  std::vector<Predicate> predicates;
  std::vector<KeyOperand> key_operands;
  functions::Volatility volatility = functions::Volatility::kImmutable;
  uint16_t surroundings = functions::kNoSurroundings;  // bits of functions::Surroundings
  bool reads_system = false;                           // relations that the server computes
  StatementShape shape;
  std::vector<PlanPart> parts;
};

/// True where the parts of a query are steps of its own plan: it joins tables by inner joins, under
/// conditions on them alone.
bool HasPlainParts(const Query& query);

/// Of any bound statement. Those that are not queries are told apart by their template text. Any
/// thread; takes as long as a small multiple of the tree's size.
StatementTraits TraitsOf(const Statement& statement, std::string_view template_text);

/// Gives literals among the key operands their positions in `text`, from which the statement was
/// bound; those that are not where they should be are left out.
void PlaceLiterals(std::string_view text, StatementTraits* traits);

/// 64 bits of FNV-1a, mixed: the same on every machine and in every version.
uint64_t StableHash(std::string_view bytes);

}  // namespace omen::sql
