#include "sql/clause/target.h"

#include <fmt/format.h>

#include "sql/binding/figure_name.h"
#include "sql/binding/star.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

constexpr int kMaxTargets = 1664;

}  // namespace

Status ResolveUnknownTargets(BindState* state, std::vector<TargetEntry>* targets) {
  for (TargetEntry& entry : *targets) {
    OMEN_ASSIGN_OR_RETURN(entry.expr, ResolveUnknown(state, std::move(entry.expr)));
    entry.output.type = entry.expr->type;
  }
  return Status::Ok();
}

Status TargetBinder::Bind(const List* targets, Clause clause, std::vector<TargetEntry>* out) {
  out->reserve(static_cast<size_t>(Items<>(targets).size()));
  for (const ResTarget* target : Items<ResTarget>(targets)) {
    if (IsStar(target->val)) {
      OMEN_RETURN_IF_ERROR(stars_.Bind(*reinterpret_cast<const ColumnRef*>(target->val), out));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(target->val, clause));
    out->push_back(MakeTarget(scope_, std::move(expr),
                              target->name ? target->name : FigureColumnName(target->val)));
  }
  if (static_cast<int>(out->size()) <= kMaxTargets) return Status::Ok();
  return Status(SqlState("54011"),
                fmt::format("target lists can have at most {} entries", kMaxTargets));
}

}  // namespace omen::sql
