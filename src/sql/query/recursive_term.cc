#include "sql/query/recursive_term.h"

#include <fmt/format.h>

#include <vector>

#include "sql/tree/expr_walk.h"
#include "sql/tree/parts.h"

namespace omen::sql {
namespace {

class RecursiveTerm {
 public:
  explicit RecursiveTerm(const std::string& name) : name_(name) {}

  /// `within`: what the query stands in where it may not refer; null where it may.
  Status Check(const Query& query, int depth, const char* within) const {
    OMEN_RETURN_IF_ERROR(CheckArms(query, depth, within));
    for (const CommonTable& table : query.ctes) {
      if (table.query != nullptr) OMEN_RETURN_IF_ERROR(Check(*table.query, depth + 1, within));
    }
    std::vector<bool> nullable(query.relations.size());
    for (const FromItem& item : query.from) MarkNullable(item, false, &nullable);
    for (size_t i = 0; i < query.relations.size(); ++i) {
      OMEN_RETURN_IF_ERROR(
          CheckRelation(query, query.relations[i], depth, nullable[i] ? "an outer join" : within));
    }
    Status status;
    const auto expression = [&](const ExprPtr& expr) {
      if (status.ok()) status = CheckExpr(*expr, depth);
    };
    ForEachPart(query, expression, [](const std::unique_ptr<Query>&) {});
    return status;
  }

 private:
  Status CheckArms(const Query& query, int depth, const char* within) const {
    if (query.left == nullptr) return Status::Ok();
    // A row that comes again could end what INTERSECT ALL and EXCEPT had given before.
    const bool intersects = query.set_op == SetOp::kIntersect && query.set_all;
    const bool excepts = query.set_op == SetOp::kExcept;
    const char* left = intersects ? "INTERSECT" : excepts && query.set_all ? "EXCEPT" : within;
    const char* right = intersects ? "INTERSECT" : excepts ? "EXCEPT" : within;
    OMEN_RETURN_IF_ERROR(Check(*query.left, depth + 1, left));
    return Check(*query.right, depth + 1, right);
  }

  Status CheckRelation(const Query& query, const Relation& relation, int depth,
                       const char* within) const {
    if (relation.subquery != nullptr) return Check(*relation.subquery, depth + 1, within);
    if (relation.kind != RelationKind::kCte || relation.cte_name != name_ ||
        relation.cte_levels_up != depth) {
      return Status::Ok();
    }
    if (within != nullptr) {
      return Refused(fmt::format("recursive reference to query \"{}\" must not appear within {}",
                                 name_, within));
    }
    if (!query.has_aggregates || !HasAggregates(query)) return Status::Ok();
    return Refused("aggregate functions are not allowed in a recursive query's recursive term");
  }

  Status CheckExpr(const Expr& expr, int depth) const {
    if (expr.subquery != nullptr) {
      OMEN_RETURN_IF_ERROR(Check(*expr.subquery, depth + 1, "a subquery"));
    }
    Status status;
    ForEachOperand(expr, [&](const ExprPtr& operand) {
      if (status.ok()) status = CheckExpr(*operand, depth);
    });
    return status;
  }

  static void MarkNullable(const FromItem& item, bool here, std::vector<bool>* nullable) {
    if (item.relation >= 0) (*nullable)[static_cast<size_t>(item.relation)] = here;
    const bool full = item.join == JoinType::kFull;
    if (item.left != nullptr) {
      MarkNullable(*item.left, here || full || item.join == JoinType::kRight, nullable);
    }
    if (item.right != nullptr) {
      MarkNullable(*item.right, here || full || item.join == JoinType::kLeft, nullable);
    }
  }

  /// GROUP BY alone is allowed.
  static bool HasAggregates(const Query& query) {
    bool has = false;
    WalkQuery(
        query,
        [&](const Expr& expr, int depth) {
          has = has || (depth == 0 && expr.kind == ExprKind::kAggregate);
          return depth == 0 && !has;
        },
        0);
    return has;
  }

  static Status Refused(std::string message) {
    return Status(SqlState("42P19"), std::move(message));
  }

  const std::string& name_;
};

}  // namespace

Status CheckRecursiveTerm(const Query& term, const std::string& name, int depth) {
  return RecursiveTerm(name).Check(term, depth, nullptr);
}

}  // namespace omen::sql
