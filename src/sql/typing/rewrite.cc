#include "sql/typing/rewrite.h"

#include "sql/tree/parts.h"
#include "sql/typing/coerce.h"

namespace omen::sql {
namespace {

/// A walk that may change what it meets.
class Rewriter {
 public:
  using VisitRelation = std::function<void(Relation&, int depth)>;
  explicit Rewriter(const NodeVisit& visit, VisitRelation relation = nullptr)
      : visit_(visit), relation_(std::move(relation)) {}

  void One(ExprPtr& expr, int depth) {
    ForEachOperand(*expr, [&](ExprPtr& operand) { One(operand, depth); });
    if (expr->subquery) Walk(expr->subquery.get(), depth + 1);
    visit_(expr, depth);
  }

  void Walk(Query* query, int depth) {
    if (relation_) {
      for (Relation& relation : query->relations) relation_(relation, depth);
    }
    ForEachPart(
        *query, [&](ExprPtr& expr) { One(expr, depth); },
        [&](std::unique_ptr<Query>& inner) { Walk(inner.get(), depth + 1); });
  }

 private:
  const NodeVisit& visit_;
  VisitRelation relation_;
};

/// Adds one to every reference that leaves `query`.
void Deepen(Query* query) {
  NodeVisit columns = [](ExprPtr& expr, int depth) {
    if (expr->kind == ExprKind::kColumn && expr->levels_up > depth) ++expr->levels_up;
  };
  Rewriter rewriter(columns, [](Relation& relation, int depth) {
    if (relation.kind == RelationKind::kCte && relation.cte_levels_up > depth) {
      ++relation.cte_levels_up;
    }
  });
  rewriter.Walk(query, 0);
}

bool LosesBlanks(Type from, Type to) { return to.typmod < 0 && HasHiddenBlanks(from); }

bool CastsInPlace(const Query& query) {
  return query.set_op == SetOp::kNone && !query.distinct && query.distinct_on.empty();
}

}  // namespace

void VisitNodes(Query* query, const NodeVisit& visit, int depth) {
  Rewriter(visit).Walk(query, depth);
}

void VisitNodes(ExprPtr& expr, const NodeVisit& visit, int depth) {
  if (expr) Rewriter(visit).One(expr, depth);
}

std::unique_ptr<Query> WrapQuery(std::unique_ptr<Query> query) {
  Deepen(query.get());
  auto outer = std::make_unique<Query>();
  Relation relation{RelationKind::kSubquery};
  relation.columns = query->Outputs();
  relation.subquery = std::move(query);
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    auto column = std::make_unique<Expr>(ExprKind::kColumn, relation.columns[i].type);
    column->rel = 0;
    column->column = static_cast<int>(i);
    outer->targets.push_back({std::move(column), relation.columns[i]});
  }
  outer->relations.push_back(std::move(relation));
  FromItem item;
  item.relation = 0;
  outer->from.push_back(std::move(item));
  return outer;
}

namespace {

// Of what a set operation or a comparison asks of its query's columns, only a literal's type is
// written.
Result<std::unique_ptr<Query>> TypeLiterals(BindState* state, std::unique_ptr<Query> query,
                                            const std::vector<Type>& types,
                                            std::string_view construct) {
  size_t index = 0;
  for (TargetEntry& entry : query->targets) {
    if (entry.junk) continue;
    const Type target = types[index++];
    if (!IsUnknown(*entry.expr)) continue;
    OMEN_ASSIGN_OR_RETURN(entry.expr,
                          CoerceToCommon(state, std::move(entry.expr), target.oid, construct));
    entry.output.type = target;
  }
  return query;
}

}  // namespace

Result<std::unique_ptr<Query>> CoerceOutputs(BindState* state, std::unique_ptr<Query> query,
                                             const std::vector<Type>& types,
                                             std::string_view construct) {
  if (state->as_written()) return TypeLiterals(state, std::move(query), types, construct);
  bool same = true;
  size_t index = 0;
  for (const TargetEntry& entry : query->targets) {
    if (entry.junk) continue;
    same &=
        entry.expr->type.oid == types[index].oid && !LosesBlanks(entry.expr->type, types[index]);
    ++index;
  }
  if (!same && !CastsInPlace(*query)) query = WrapQuery(std::move(query));
  index = 0;
  for (TargetEntry& entry : query->targets) {
    if (entry.junk) continue;
    Type target = types[index++];
    Oid from = entry.expr->type.oid;
    if (from != target.oid) {
      OMEN_ASSIGN_OR_RETURN(entry.expr,
                            CoerceToCommon(state, std::move(entry.expr), target.oid, construct));
      entry.output.table = 0;
      entry.output.attnum = 0;
    }
    if (LosesBlanks(entry.expr->type, target)) {
      entry.expr = WithBlanks(state, std::move(entry.expr));
    }
    entry.output.type = target;
  }
  return query;
}

}  // namespace omen::sql
