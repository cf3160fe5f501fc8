#include "exec/planner/unnest.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sql/tree/expr_walk.h"
#include "sql/tree/never_null.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;
using sql::ExprPtr;
using sql::Quantifier;
using sql::Query;
using sql::Relation;
using sql::RelationKind;

/// What relations are numbered by in a set of them.
constexpr size_t kRelationsMax = 64;

/// Reads of columns of the level around, in what `walk` goes through.
template <typename Walk>
size_t OuterReads(const Walk& walk) {
  size_t reads = 0;
  walk([&](const Expr& node, int depth) {
    reads += node.kind == ExprKind::kColumn && node.levels_up == depth + 1;
    return true;
  });
  return reads;
}

size_t OuterReadsOf(const Query& query) {
  return OuterReads([&](const sql::ExprVisitor& visit) { sql::WalkQuery(query, visit, 0); });
}

/// A LIMIT that lets the first row through.
bool IsOneOrMore(const Expr* limit) {
  return limit == nullptr ||
         (limit->kind == ExprKind::kConst && (limit->value.is_null() || limit->value.AsInt() > 0));
}

/// WITH queries are named by how far out they are, which only relations of its own may do here.
bool ReadsCommonTablesBelow(const Query& query) {
  bool found = false;
  sql::WalkQueries(query, [&](const Query& level) {
    if (&level == &query) return;
    found |= std::ranges::any_of(level.relations, [](const Relation& relation) {
      return relation.kind == RelationKind::kCte;
    });
  });
  return found;
}

bool SetsRows(const Query& query) {
  return std::ranges::any_of(query.targets, [](const sql::TargetEntry& target) {
    return sql::HasSetFunction(*target.expr);
  });
}

/// It selects from relations and filters them: each row that it has comes of one of theirs.
bool OnlyFilters(const Query& query) {
  return query.set_op == sql::SetOp::kNone && query.ctes.empty() && !query.from.empty() &&
         !query.has_aggregates && query.group_by.empty() && query.grouping_sets.empty() &&
         query.having == nullptr && query.windows.empty() && query.distinct_on.empty() &&
         query.limit == nullptr && query.offset == nullptr && query.locks.empty() &&
         !SetsRows(query) && !ReadsCommonTablesBelow(query);
}

class Unnester {
 public:
  explicit Unnester(Query* query) : query_(*query) {}

  /// The joins that conditions ask for. `own`: the relations they may read.
  std::vector<SemiJoin> Joins(const std::vector<const Expr*>& conditions, uint64_t own) {
    std::vector<SemiJoin> joins;
    for (const Expr* condition : conditions) {
      const uint64_t reads = sql::RelationsOf(*condition);
      if (reads == 0 || (reads & ~own) != 0 || sql::IsVolatile(*condition)) continue;
      SemiJoin join{JoinKind::kSemi, condition, {}, {}, {}};
      if (ToJoin(*condition, &join)) joins.push_back(std::move(join));
    }
    return joins;
  }

 private:
  bool ToJoin(const Expr& condition, SemiJoin* join) {
    const bool negated = condition.kind == ExprKind::kNot;
    const Expr& asked = negated ? *condition.args[0] : condition;
    if (negated) join->kind = JoinKind::kAnti;
    if (asked.kind == ExprKind::kExists) return PartnerExists(asked, join);
    const auto equals = [](const functions::Operator* op) { return op->name == "="; };
    return asked.kind == ExprKind::kInSubquery && asked.quantifier == Quantifier::kAny &&
           std::ranges::all_of(asked.ops, equals) && (!negated || KnowsPartners(asked)) &&
           IsIn(asked, join);
  }

  /// Whether a row has a partner is never unknown, which would leave it out of NOT IN.
  bool KnowsPartners(const Expr& in) const {
    return sql::ReturnsNoNulls(*in.subquery) &&
           std::ranges::all_of(in.args,
                               [&](const ExprPtr& arg) { return sql::IsNeverNull(query_, *arg); });
  }

  bool PartnerExists(const Expr& exists, SemiJoin* join) {
    std::unique_ptr<Query> inner = sql::CloneQuery(*exists.subquery);
    if (SetsRows(*inner) || !IsOneOrMore(inner->limit.get())) return false;
    inner->targets.clear();
    inner->order_by.clear();
    inner->limit = nullptr;
    return OuterReadsOf(*inner) > 0 && PullUp(inner.get(), join);
  }

  bool IsIn(const Expr& in, SemiJoin* join) {
    std::unique_ptr<Query> inner = sql::CloneQuery(*in.subquery);
    if (inner->limit == nullptr && inner->offset == nullptr) inner->order_by.clear();
    if (PullUp(inner.get(), join)) {
      std::vector<ExprPtr> outputs;
      for (sql::TargetEntry& target : inner->targets) {
        if (!target.junk) outputs.push_back(std::move(target.expr));
      }
      AddEqualities(in, std::move(outputs), join);
      return true;
    }
    return OuterReadsOf(*inner) == 0 && JoinResult(in, std::move(inner), join);
  }

  /// Makes the inner level's relations the outer one's; what is left of it speaks of those.
  bool PullUp(Query* inner, SemiJoin* join) {
    if (!OnlyFilters(*inner) || !HasRoom(inner->relations.size())) return false;
    const ExprPtr& where = inner->where;
    const size_t in_where = OuterReads([&](const sql::ExprVisitor& visit) {
      if (where != nullptr) sql::WalkExpr(*where, visit, 0);
    });
    if (OuterReadsOf(*inner) != in_where) return false;
    const auto offset = static_cast<int>(query_.relations.size());
    Lift(inner, offset);
    uint64_t own = 0;
    for (Relation& relation : inner->relations) {
      own |= uint64_t{1} << query_.relations.size();
      query_.relations.push_back(std::move(relation));
    }
    join->from = std::move(inner->from);
    for (sql::FromItem& item : join->from) Renumber(&item, offset);
    TakeConditions(std::move(inner->where), join);
    std::vector<const Expr*> conditions;
    for (const ExprPtr& condition : join->on) conditions.push_back(condition.get());
    join->within = Joins(conditions, own);
    return true;
  }

  /// The columns of the inner level, and those it reads of the levels around, as the outer one
  /// names them.
  static void Lift(Query* inner, int offset) {
    const auto lift = [&](const Expr& node, int depth) {
      if (node.kind != ExprKind::kColumn) return true;
      Expr& column = const_cast<Expr&>(node);  // of the caller's own copy
      if (column.levels_up > depth) {
        --column.levels_up;
      } else if (column.levels_up == depth && column.rel >= 0) {
        column.rel += offset;
      }
      return true;
    };
    sql::WalkQuery(*inner, lift, 0);
    for (Relation& relation : inner->relations) {
      if (relation.kind == RelationKind::kCte) --relation.cte_levels_up;
    }
  }

  static void Renumber(sql::FromItem* item, int offset) {
    if (item->relation >= 0) item->relation += offset;
    if (item->left != nullptr) Renumber(item->left.get(), offset);
    if (item->right != nullptr) Renumber(item->right.get(), offset);
  }

  static void TakeConditions(ExprPtr where, SemiJoin* join) {
    if (where == nullptr) return;
    if (where->kind != ExprKind::kAnd) {
      join->on.push_back(std::move(where));
      return;
    }
    for (ExprPtr& arg : where->args) TakeConditions(std::move(arg), join);
  }

  bool JoinResult(const Expr& in, std::unique_ptr<Query> inner, SemiJoin* join) {
    if (!HasRoom(1)) return false;
    const auto number = static_cast<int>(query_.relations.size());
    Relation relation{RelationKind::kSubquery};
    relation.alias = "ANY_subquery";
    relation.columns = inner->Outputs();
    std::vector<ExprPtr> outputs;
    for (size_t i = 0; i < relation.columns.size(); ++i) {
      outputs.push_back(std::make_unique<Expr>(ExprKind::kColumn, relation.columns[i].type));
      outputs.back()->rel = number;
      outputs.back()->column = static_cast<int>(i);
    }
    relation.subquery = std::move(inner);
    query_.relations.push_back(std::move(relation));
    join->from.emplace_back().relation = number;
    AddEqualities(in, std::move(outputs), join);
    return true;
  }

  static void AddEqualities(const Expr& in, std::vector<ExprPtr> outputs, SemiJoin* join) {
    OMEN_CHECK(outputs.size() == in.args.size() && outputs.size() == in.ops.size());
    for (size_t i = 0; i < outputs.size(); ++i) {
      auto equal = std::make_unique<Expr>(ExprKind::kFunction, in.type, in.location);
      equal->op = in.ops[i];
      equal->function = in.ops[i]->function;
      equal->args.push_back(sql::CloneExpr(*in.args[i]));
      equal->args.push_back(std::move(outputs[i]));
      join->on.push_back(std::move(equal));
    }
  }

  bool HasRoom(size_t relations) const {
    return query_.relations.size() + relations <= kRelationsMax;
  }

  Query& query_;
};

/// Cheap, so that levels without such conditions are not copied.
bool MayUnnest(const Query& query, const std::vector<const Expr*>& conditions) {
  return query.set_op == sql::SetOp::kNone && !query.from.empty() &&
         std::ranges::any_of(conditions, [](const Expr* condition) {
           const Expr* asked =
               condition->kind == ExprKind::kNot ? condition->args[0].get() : condition;
           return asked->kind == ExprKind::kExists || asked->kind == ExprKind::kInSubquery;
         });
}

}  // namespace

Unnested Unnest(const Query& query) {
  Unnested unnested;
  std::vector<const Expr*> conditions;
  sql::SplitConjunction(query.where.get(), &conditions);
  if (!MayUnnest(query, conditions)) return unnested;
  unnested.query = sql::CloneQuery(query);
  conditions.clear();
  sql::SplitConjunction(unnested.query->where.get(), &conditions);
  unnested.joins = Unnester(unnested.query.get()).Joins(conditions, ~uint64_t{0});
  if (unnested.joins.empty()) unnested.query = nullptr;
  return unnested;
}

}  // namespace omen::exec
