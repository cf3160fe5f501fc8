// Which key answers a table's conditions best.
#pragma once

#include <vector>

#include "exec/cost/cost_model.h"
#include "exec/expr/evaluate.h"
#include "exec/planner/estimates.h"
#include "exec/statement/storage_ages.h"
#include "sql/tree/query.h"

namespace omen::exec {

/// One condition of a conjunction. `relations` are the level's own that it uses.
struct Conjunct {
  const sql::Expr* expr = nullptr;
  uint64_t relations = 0;
  bool is_volatile = false;
  bool used = false;  // held by the plan already
};

Conjunct MakeConjunct(const sql::Expr* expr);

/// A conjunct seen as a condition on one column of one table.
struct KeyMatch {
  enum class Kind { kCompare, kInList, kAnyArray, kIsNull, kNotNull } kind;
  size_t conjunct;
  CompareOp op = CompareOp::kEq;
  const sql::Expr* value = nullptr;  // the other side; the IN or ANY expression
};

/// ORDER BY over columns of one table, in key terms.
struct WantedOrder {
  struct Column {
    int attnum;
    bool descending, nulls_first;
  };
  int relation = -1;  // -1: no such order
  std::vector<Column> columns;
  double wanted = 0;  // rows that a LIMIT lets through; 0: all
};

/// A way to read one table. `index` null means all rows of a table without a primary key.
struct AccessPath {
  const catalog::Index* index = nullptr;
  std::vector<KeyMatch> terms;   // one per leading key column
  std::vector<KeyMatch> limits;  // on the column after
  double rows = 0;               // expected per opening
  double cost = 0;               // microseconds
  bool point = false;
  bool ordered = false, backward = false;  // gives the wanted order
};

/// The cheapest path given that `available` relations' columns are known.
/// `order` may be null.
AccessPath ChooseAccessPath(const sql::Relation& relation, int relation_index, uint64_t available,
                            const std::vector<Conjunct>& conjuncts, Estimates* estimates,
                            const WantedOrder* order, const HiddenIndexes::Set* hidden,
                            const CostModel& costs);

/// Conditions of those that nothing holds yet that are decided once the relations are read.
std::vector<const sql::Expr*> DecidedBy(uint64_t visible, const std::vector<Conjunct>& conjuncts);

}  // namespace omen::exec
