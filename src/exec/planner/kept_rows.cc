// What rows take that joins keep, against what a statement may take.
#include "exec/planner/planner.h"

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
double LevelPlanner::KeptBytes(uint64_t relations, size_t keys, double rows) {
  if (kept_widths_.empty()) {
    kept_widths_.resize(query_.relations.size());
    std::vector<std::vector<bool>> used(query_.relations.size());
    const auto note = [&](const Expr& node, int depth) {
      if (node.kind != ExprKind::kColumn || node.levels_up != depth || node.rel < 0) return true;
      const auto relation = static_cast<size_t>(node.rel),
                 column = static_cast<size_t>(node.column);
      used[relation].resize(query_.relations[relation].columns.size());
      if (used[relation][column]) return true;
      used[relation][column] = true;
      const double width = estimates_.WidthOf(node.rel, node.column);
      kept_widths_[relation] += sizeof(Value) + (width > kInlineWidth ? width + kSharedBytes : 0);
      return true;
    };
    WalkQuery(query_, note, 0);
    NoteColumns(unnested_.joins, note);
  }
  double width = kRowBytes + static_cast<double>(keys * sizeof(Value));
  for (size_t i = 0; i < kept_widths_.size(); ++i) {
    if ((relations >> i & 1) != 0) width += kept_widths_[i];
  }
  return rows * width;
}

bool LevelPlanner::HasRoom(double bytes) const {
  return environment_->kept_bytes + bytes <= environment_->memory * PlanEnvironment::kMemoryShare;
}

double LevelPlanner::KeepingFactor(double bytes) {
  if (HasRoom(bytes)) return 1;
  environment_->refused_bytes =
      std::min(environment_->refused_bytes, environment_->kept_bytes + bytes);
  return kNoRoomFactor;
}

}  // namespace omen::exec
