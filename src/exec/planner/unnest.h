// EXISTS and IN of a WHERE, seen as joins: what PostgreSQL's pull_up_sublinks does.
//
// A subquery that only selects from and filters relations becomes relations of the level around it,
// and its conditions those of the join. Of any other that stands alone, IN joins the result.
#pragma once

#include <memory>
#include <vector>

#include "exec/rows/join.h"
#include "sql/tree/query.h"

namespace omen::exec {

/// A condition of WHERE that asks whether a row has a partner.
struct SemiJoin {
  JoinKind kind;               // semi or anti
  const sql::Expr* condition;  // of the level's WHERE, which it decides
  std::vector<sql::FromItem> from;
  std::vector<sql::ExprPtr> on;
  std::vector<SemiJoin> within;  // joins of its own rows alone, decided by conditions of `on`
};

/// A level whose relations are followed by those of its semi joins. Its WHERE is whole: the
/// conditions that they decide are still there, for rows that are checked again.
struct Unnested {
  std::unique_ptr<sql::Query> query;  // null: there was nothing to unnest
  std::vector<SemiJoin> joins;
};

Unnested Unnest(const sql::Query& query);

}  // namespace omen::exec
