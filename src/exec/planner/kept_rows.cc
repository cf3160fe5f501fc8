// What rows take that joins keep, against what a statement may take.
#include <algorithm>

#include "exec/planner/joiner.h"

namespace omen::exec {

using sql::Expr;
using sql::ExprKind;

namespace {

/// Of a row beside its values: what allocators keep, a place in a hash table.
constexpr double kRowBytes = 68;
/// Values up to this width need no memory of their own.
constexpr double kInlineWidth = 16;
/// Of a value that does.
constexpr double kSharedBytes = 32;
constexpr double kNoRoomFactor = 1000;

void NoteColumns(const std::vector<SemiJoin>& joins, const sql::ExprVisitor& note) {
  for (const SemiJoin& join : joins) {
    for (const sql::ExprPtr& condition : join.on) WalkExpr(*condition, note);
    NoteColumns(join.within, note);
  }
}

}  // namespace

// Slots are given as expressions are compiled, those of the select list last: so what is used is
// looked for in the query.
void LevelPlanner::KeptRows::MeasureWidths() const {
  const std::vector<sql::Relation>& relations = level_.query_.relations;
  level_.kept_widths_.resize(relations.size());
  std::vector<std::vector<bool>> used(relations.size());
  const auto note = [&](const Expr& node, int depth) {
    if (node.kind != ExprKind::kColumn || node.levels_up != depth || node.rel < 0) return true;
    const auto relation = static_cast<size_t>(node.rel), column = static_cast<size_t>(node.column);
    used[relation].resize(relations[relation].columns.size());
    if (used[relation][column]) return true;
    used[relation][column] = true;
    const double width = level_.estimates_.WidthOf(node.rel, node.column);
    level_.kept_widths_[relation] +=
        sizeof(Value) + (width > kInlineWidth ? width + kSharedBytes : 0);
    return true;
  };
  WalkQuery(level_.query_, note, 0);
  NoteColumns(level_.unnested_.joins, note);
}

double LevelPlanner::KeptRows::Bytes(uint64_t relations, size_t keys, double rows) const {
  if (level_.kept_widths_.empty()) MeasureWidths();
  double width = kRowBytes + static_cast<double>(keys * sizeof(Value));
  for (size_t i = 0; i < level_.kept_widths_.size(); ++i) {
    if ((relations >> i & 1) != 0) width += level_.kept_widths_[i];
  }
  return rows * width;
}

bool LevelPlanner::KeptRows::HasRoom(double bytes) const {
  const PlanEnvironment& environment = *level_.environment_;
  return environment.kept_bytes + bytes <= environment.memory * PlanEnvironment::kMemoryShare;
}

double LevelPlanner::KeptRows::Factor(double bytes) const {
  if (HasRoom(bytes)) return 1;
  PlanEnvironment& environment = *level_.environment_;
  environment.refused_bytes = std::min(environment.refused_bytes, environment.kept_bytes + bytes);
  return kNoRoomFactor;
}

}  // namespace omen::exec
