// Leaves: which key a table is read by, and what is kept of a relation's conditions.
#include <algorithm>

#include "colstore/colstore.h"
#include "exec/planner/planner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;
using sql::RelationKind;

namespace {

// It reads other relations' columns, so that its rows are theirs as well.
bool UsesOthers(const AccessPath& path, const std::vector<Conjunct>& conjuncts, int relation) {
  const auto others = [&](const KeyMatch& match) {
    return (conjuncts[match.conjunct].relations & ~(uint64_t{1} << relation)) != 0;
  };
  return std::ranges::any_of(path.terms, others) || std::ranges::any_of(path.limits, others);
}

// Its primary key's first column equals another relation's column, of the same type.
bool BeginsWithJoin(const AccessPath& path, const sql::Relation& source) {
  if (path.terms.empty() || !path.index->primary) return false;
  const KeyMatch& first = path.terms[0];
  const Oid type = source.table->column(path.index->columns[0].attnum).type.oid;
  return first.kind == KeyMatch::Kind::kCompare && first.value->kind == ExprKind::kColumn &&
         first.value->levels_up == 0 && first.value->type.oid == type &&
         colstore::TellsJoinKeys(type);
}

}  // namespace

AccessPath LevelPlanner::PathTo(int relation, uint64_t available,
                                const std::vector<Conjunct>& conjuncts, bool ordered) {
  return ChooseAccessPath(query_.relations[static_cast<size_t>(relation)], relation, available,
                          conjuncts, &estimates_, ordered ? &order_ : nullptr,
                          environment_->hidden.get(), environment_->costs);
}

Result<PlanNodePtr> LevelPlanner::PlanRelation(int relation, uint64_t available,
                                               std::vector<Conjunct>* conjuncts, bool driving) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  if (source.kind == RelationKind::kTable) {
    const AccessPath path = PathTo(relation, available, *conjuncts, driving);
    if (driving) order_satisfied_ = path.ordered;
    return BuildTableScan(relation, path, available, conjuncts);
  }
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<DerivedScan> scan, PlanDerived(relation, conjuncts));
  const uint64_t visible = available | (uint64_t{1} << relation);
  const double share = estimates_.Share(relation, DecidedBy(visible, *conjuncts));
  scan->rows = std::max(1.0, scan->rows * share);
  OMEN_RETURN_IF_ERROR(ClaimFilters(visible, conjuncts, &scan->filter, &scan->filter_text));
  return PlanNodePtr(Numbered(std::move(scan)));
}

// Takes the conditions that `visible` relations decide.
Status LevelPlanner::ClaimFilters(uint64_t visible, std::vector<Conjunct>* conjuncts,
                                  EvaluatorPtr* filter, std::string* text) {
  const std::vector<const Expr*> filters = DecidedBy(visible, *conjuncts);
  for (Conjunct& conjunct : *conjuncts) {
    const bool taken = std::ranges::find(filters, conjunct.expr) != filters.end();
    conjunct.used = conjunct.used || taken;
  }
  OMEN_ASSIGN_OR_RETURN(*filter, CompileConjunction(filters, &scope_));
  *text = ConjunctText(filters, query_);
  return Status::Ok();
}

Result<PlanNodePtr> LevelPlanner::BuildTableScan(int relation, const AccessPath& path,
                                                 uint64_t available,
                                                 std::vector<Conjunct>* conjuncts) {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  const uint64_t visible = available | (uint64_t{1} << relation);
  const double share = estimates_.Share(relation, DecidedBy(visible, *conjuncts));
  KeyConditions conditions(*source.table, path.index);
  std::vector<const Expr*> held;
  for (const KeyMatch& match : path.terms) {
    KeyTerm term;
    if (match.kind == KeyMatch::Kind::kIsNull) {
      term.is_null = true;
    } else if (match.kind == KeyMatch::Kind::kAnyArray) {
      OMEN_ASSIGN_OR_RETURN(term.array, Compile(*match.value->args[1], &scope_));
    } else if (match.kind == KeyMatch::Kind::kInList) {
      for (size_t i = 1; i < match.value->args.size(); ++i) {
        OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*match.value->args[i], &scope_));
        term.values.push_back(std::move(value));
      }
    } else {
      OMEN_ASSIGN_OR_RETURN(EvaluatorPtr value, Compile(*match.value, &scope_));
      term.values.push_back(std::move(value));
    }
    conditions.AddTerm(std::move(term));
    (*conjuncts)[match.conjunct].used = true;
    held.push_back((*conjuncts)[match.conjunct].expr);
  }
  for (const KeyMatch& match : path.limits) {
    EvaluatorPtr value;
    if (match.kind != KeyMatch::Kind::kNotNull) {
      OMEN_ASSIGN_OR_RETURN(value, Compile(*match.value, &scope_));
    }
    conditions.AddLimit({std::move(value), match.op});
    (*conjuncts)[match.conjunct].used = true;
    held.push_back((*conjuncts)[match.conjunct].expr);
  }
  auto scan = Numbered(std::make_unique<TableScan>(relation, source, std::move(conditions)));
  scan->condition_text = ConjunctText(held, query_);
  scan->rows = std::min(path.rows, std::max(1.0, estimates_.TableRows(relation) * share));
  scan->cost = path.cost;
  scan->backward = path.ordered && path.backward;
  scan->key_slot = key_slots_[static_cast<size_t>(relation)];
  scan->row_slot = row_slots_[static_cast<size_t>(relation)];
  OMEN_RETURN_IF_ERROR(ClaimFilters(visible, conjuncts, &scan->filter, &scan->filter_text));
  if (!UsesOthers(path, *conjuncts, relation)) {
    if (path.index != nullptr && path.index->primary) {
      scanned_[static_cast<size_t>(relation)] = path.rows;
    }
    environment_->NotePart(query_, sql::PlanPart::Kind::kScan, uint64_t{1} << relation, scan.get());
  } else {
    scan->found_by_join = BeginsWithJoin(path, source);
  }
  key_lookup_ = key_lookup_ && path.point;
  environment_->touched += path.rows;
  return PlanNodePtr(std::move(scan));
}

uint64_t LevelPlanner::NeedsOf(uint64_t relations) {
  uint64_t needs = 0;
  if (lateral_needs_.empty()) {
    for (size_t i = 0; i < query_.relations.size(); ++i) {
      lateral_needs_.push_back(LateralNeeds(static_cast<int>(i)));
    }
  }
  for (size_t i = 0; i < lateral_needs_.size(); ++i) {
    if (((relations >> i) & 1) != 0) needs |= lateral_needs_[i];
  }
  return needs & ~relations;
}

// Relations that must be placed before this one because it refers to their columns.
uint64_t LevelPlanner::LateralNeeds(int relation) const {
  const sql::Relation& source = query_.relations[static_cast<size_t>(relation)];
  uint64_t needs = 0;
  const auto note = [&](const Expr& node, int depth) {
    if (node.kind == ExprKind::kColumn && node.levels_up == depth && node.rel >= 0) {
      needs |= uint64_t{1} << node.rel;
    }
    return true;
  };
  if (source.subquery != nullptr) WalkQuery(*source.subquery, note, 1);
  if (source.function_call != nullptr) WalkExpr(*source.function_call, note, 0);
  for (const auto& row : source.values) {
    for (const sql::ExprPtr& value : row) WalkExpr(*value, note, 0);
  }
  return needs & ~(uint64_t{1} << relation);
}

}  // namespace omen::exec
