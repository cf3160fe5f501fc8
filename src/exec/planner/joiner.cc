#include "exec/planner/joiner.h"

#include <algorithm>

#include "base/blame.h"
#include "colstore/colstore.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;

namespace {

// An outer join keeps the rows of its sides that have no partner.
double JoinedRows(JoinKind kind, double matched, const PlanNode& left, const PlanNode& right) {
  double rows = std::max(matched, 1.0);
  if (kind == JoinKind::kLeft || kind == JoinKind::kFull) rows = std::max(rows, left.rows);
  if (kind == JoinKind::kFull) rows = std::max(rows, right.rows);
  return rows;
}

}  // namespace

bool HashSides(const Expr& expr, uint64_t left_rels, uint64_t right_rels, const Expr** left,
               const Expr** right) {
  CompareOp op;
  if (expr.kind != ExprKind::kFunction || expr.args.size() != 2 || !ComparisonOf(expr.op, &op) ||
      op != CompareOp::kEq ||
      FamilyOf(expr.args[0]->type, expr.args[1]->type) == ValueFamily::kNone) {
    return false;
  }
  for (size_t side = 0; side < 2; ++side) {
    const uint64_t one = RelationsOf(*expr.args[side]);
    const uint64_t other = RelationsOf(*expr.args[1 - side]);
    if (one == 0 || other == 0 || (one & ~left_rels) != 0 || (other & ~right_rels) != 0) continue;
    *left = expr.args[side].get();
    *right = expr.args[1 - side].get();
    return true;
  }
  return false;
}

Result<std::vector<JoinKey>> LevelPlanner::Joiner::TakeHashKeys(uint64_t left_rels,
                                                                uint64_t right_rels,
                                                                std::vector<Conjunct>* conjuncts,
                                                                std::vector<const Expr*>* taken) {
  std::vector<JoinKey> keys;
  for (Conjunct& conjunct : *conjuncts) {
    const Expr *left, *right;
    if (conjunct.used || conjunct.is_volatile ||
        !HashSides(*conjunct.expr, left_rels, right_rels, &left, &right)) {
      continue;
    }
    JoinKey key;
    OMEN_ASSIGN_OR_RETURN(key.left, Compile(*left, &level_.scope_));
    OMEN_ASSIGN_OR_RETURN(key.right, Compile(*right, &level_.scope_));
    key.type = FamilyType(FamilyOf(left->type, right->type), left->type);
    keys.push_back(std::move(key));
    taken->push_back(conjunct.expr);
    conjunct.used = true;
  }
  return keys;
}

Result<PlanNodePtr> LevelPlanner::Joiner::Join(JoinKind kind, PlanNodePtr left, uint64_t left_rels,
                                               PlanNodePtr right, uint64_t right_rels,
                                               std::vector<Conjunct>* conjuncts, bool swappable) {
  const uint64_t visible = left_rels | right_rels;
  if ((level_.NeedsOf(right_rels) & left_rels) != 0) {
    return Nest(kind, std::move(left), std::move(right), conjuncts, visible);
  }
  const double left_bytes = kept_rows_.Bytes(left_rels, 1, left->rows);
  const double right_bytes = kept_rows_.Bytes(right_rels, 1, right->rows);
  const bool cramped = !kept_rows_.HasRoom(right_bytes) && left_bytes < right_bytes;
  if (kind == JoinKind::kInner && swappable && (left->rows * 4 < right->rows || cramped)) {
    std::swap(left, right);
    std::swap(left_rels, right_rels);
  }
  std::vector<const Expr*> taken, residual;
  OMEN_ASSIGN_OR_RETURN(std::vector<JoinKey> keys,
                        TakeHashKeys(left_rels, right_rels, conjuncts, &taken));
  if (keys.empty()) {
    if (kind == JoinKind::kFull) {
      return Refusal(
          "FULL JOIN is only supported with merge-joinable or hash-joinable join conditions");
    }
    if (level_.NeedsOf(right_rels) == 0) {
      auto kept = level_.Numbered(std::make_unique<Materialize>(std::move(right)));
      kept->rows = kept->child->rows;
      kept->cost = kept->child->cost;
      kept->startup = kept->child->startup;
      kept_rows_.Keep(kept_rows_.Bytes(right_rels, 0, kept->rows));
      right = std::move(kept);
    }
    return Nest(kind, std::move(left), std::move(right), conjuncts, visible);
  }
  double rows =
      left->rows * right->rows * level_.estimates_.KeyJoinShare(left_rels, right_rels, taken);
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || (conjunct.relations & ~visible) != 0) continue;
    if (kind == JoinKind::kInner && (conjunct.relations == 0 || conjunct.is_volatile)) continue;
    residual.push_back(conjunct.expr);
    conjunct.used = true;
    rows *= level_.estimates_.JoinShare(*conjunct.expr);
  }
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, CompileConjunction(residual, &level_.scope_));
  taken.insert(taken.end(), residual.begin(), residual.end());
  auto join = level_.Numbered(std::make_unique<HashJoin>(kind, std::move(left), std::move(right),
                                                         std::move(keys), std::move(condition),
                                                         ConjunctText(taken, level_.query_)));
  const bool keys_alone = KeepsLeftOnly(kind) && join->condition == nullptr;
  const double kept =
      kept_rows_.Bytes(keys_alone ? 0 : right_rels, join->keys.size(), join->right->rows);
  const double hash_row = level_.environment_->costs.hash_row * kept_rows_.Factor(kept);
  kept_rows_.Keep(kept);
  join->rows = JoinedRows(kind, rows, *join->left, *join->right);
  join->cost =
      join->left->cost + join->right->cost + (join->left->rows + join->right->rows) * hash_row;
  join->startup = join->left->startup + join->right->cost + join->right->rows * hash_row;
  level_.environment_->engine_us +=
      (join->left->rows + join->right->rows) * level_.environment_->costs.engine_join_row;
  level_.environment_->NotePart(level_.query_, sql::PlanPart::Kind::kJoin, visible, join.get());
  return PlanNodePtr(std::move(join));
}

// The column engine tells a scan of rows the keys of the other side, where they are few.
void LevelPlanner::Joiner::NoteJoinKeys(JoinKind kind, double outer_rows, const PlanNode& inner) {
  const auto* scan = dynamic_cast<const TableScan*>(&inner);
  if (scan == nullptr || !scan->found_by_join ||
      (kind != JoinKind::kInner && kind != JoinKind::kLeft) ||
      outer_rows > colstore::KeysTold(level_.estimates_.TableRows(scan->relation()))) {
    return;
  }
  level_.scanned_[static_cast<size_t>(scan->relation())] = outer_rows * inner.rows;
}

Result<PlanNodePtr> LevelPlanner::Joiner::Nest(JoinKind kind, PlanNodePtr left, PlanNodePtr right,
                                               std::vector<Conjunct>* conjuncts, uint64_t visible) {
  std::vector<const Expr*> exprs;
  double rows = left->rows * right->rows;
  for (Conjunct& conjunct : *conjuncts) {
    if (conjunct.used || (conjunct.relations & ~visible) != 0) continue;
    if (kind == JoinKind::kInner && (conjunct.relations == 0 || conjunct.is_volatile)) continue;
    exprs.push_back(conjunct.expr);
    conjunct.used = true;
    rows *= level_.estimates_.JoinShare(*conjunct.expr);
  }
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr condition, CompileConjunction(exprs, &level_.scope_));
  const bool kept = dynamic_cast<const Materialize*>(right.get()) != nullptr;
  const double cost = kept ? left->cost + right->cost +
                                 left->rows * right->rows * level_.environment_->costs.pair_row
                           : left->cost + left->rows * right->cost;
  const double startup = left->startup + right->startup;
  const double outer_rows = left->rows;
  NoteJoinKeys(kind, outer_rows, *right);
  auto join = level_.Numbered(std::make_unique<NestedLoop>(kind, std::move(left), std::move(right),
                                                           std::move(condition),
                                                           ConjunctText(exprs, level_.query_)));
  join->rows = JoinedRows(kind, rows, *join->left, *join->right);
  join->cost = cost;
  join->startup = startup;
  level_.environment_->engine_us += outer_rows * level_.environment_->costs.engine_join_row;
  level_.environment_->NotePart(level_.query_, sql::PlanPart::Kind::kJoin, visible, join.get());
  return PlanNodePtr(std::move(join));
}

}  // namespace omen::exec
