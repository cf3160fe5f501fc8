#include "sql/duckdb/text/streamed_union.h"

#include <algorithm>

namespace omen::sql::duckdb {

bool StreamsUnion(const Query& query, const Level* level) {
  if (query.set_op == SetOp::kUnion) return query.set_all && query.order_by.empty();
  if (query.has_aggregates || query.distinct || !query.order_by.empty()) return false;
  if (query.left != nullptr &&
      (StreamsUnion(*query.left, level) || StreamsUnion(*query.right, level))) {
    return true;
  }
  return std::ranges::any_of(
      query.relations, [&](const Relation& relation) { return StreamsUnion(relation, level); });
}

bool StreamsUnion(const Relation& relation, const Level* level) {
  if (relation.subquery != nullptr) return StreamsUnion(*relation.subquery, level);
  if (relation.kind == RelationKind::kValues) return relation.values.size() > 1;
  if (relation.kind != RelationKind::kCte) return false;
  for (const Level* at = level; at != nullptr; at = at->outer) {
    for (const CteName& cte : at->ctes) {
      if (cte.table->name != relation.cte_name) continue;
      if (StreamsUnion(*cte.table->query, level)) return true;
    }
  }
  return false;
}

}  // namespace omen::sql::duckdb
