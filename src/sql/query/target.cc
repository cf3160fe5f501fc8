#include "sql/query/target.h"

#include <fmt/format.h>

#include "sql/binding/figure_name.h"
#include "sql/binding/item_columns.h"
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

TargetEntry TargetBinder::MakeTarget(ExprPtr expr, std::string name) {
  TargetEntry entry;
  entry.output.name = std::move(name);
  entry.output.type = expr->type;
  if (expr->kind == ExprKind::kColumn && expr->rel >= 0) {
    Scope* scope = &scope_;
    for (int i = 0; i < expr->levels_up && scope; ++i) scope = scope->parent;
    if (scope != nullptr) {
      const OutputColumn& from = scope->query->relations[static_cast<size_t>(expr->rel)]
                                     .columns[static_cast<size_t>(expr->column)];
      entry.output.table = from.table;
      entry.output.attnum = from.attnum;
    }
  }
  entry.expr = std::move(expr);
  return entry;
}

void TargetBinder::ExpandItem(const Scope& scope, const NsItem& item, int levels_up, int location,
                              std::vector<TargetEntry>* out) {
  size_t count = ColumnCount(scope, item);
  for (size_t i = 0; i < count; ++i) {
    out->push_back(MakeTarget(ColumnOf(scope, item, i, levels_up, location),
                              std::string(ColumnNameOf(scope, item, i))));
  }
}

Status TargetBinder::BindStar(const ColumnRef& node, std::vector<TargetEntry>* out) {
  Items<> fields(node.fields);
  if (fields.size() == 1) {
    bool any = false;
    for (const NsItem& item : scope_.items) {
      if (!item.by_column || item.lateral_only) continue;
      ExpandItem(scope_, item, 0, node.location, out);
      any = true;
    }
    if (any) return Status::Ok();
    return Status(sqlstate::kSyntaxError, "SELECT * with no tables specified is not valid")
        .At(node.location);
  }
  int last = fields.size() - 2;
  Scope* scope = nullptr;
  int levels_up = 0;
  std::string_view schema = last > 0 ? Text(fields[last - 1]) : "";
  OMEN_ASSIGN_OR_RETURN(const NsItem* item, names_.FindItem(schema, Text(fields[last]),
                                                            node.location, &scope, &levels_up));
  if (item == nullptr) return names_.MissingRelation(Text(fields[last]), node.location);
  ExpandItem(*scope, *item, levels_up, node.location, out);
  return Status::Ok();
}

Status TargetBinder::Bind(const List* targets, Clause clause, std::vector<TargetEntry>* out) {
  out->reserve(static_cast<size_t>(Items<>(targets).size()));
  for (const ResTarget* target : Items<ResTarget>(targets)) {
    if (IsStar(target->val)) {
      OMEN_RETURN_IF_ERROR(BindStar(*reinterpret_cast<const ColumnRef*>(target->val), out));
      continue;
    }
    OMEN_ASSIGN_OR_RETURN(ExprPtr expr, exprs_.BindExpr(target->val, clause));
    out->push_back(
        MakeTarget(std::move(expr), target->name ? target->name : FigureColumnName(target->val)));
  }
  if (static_cast<int>(out->size()) <= kMaxTargets) return Status::Ok();
  return Status(SqlState("54011"),
                fmt::format("target lists can have at most {} entries", kMaxTargets));
}

}  // namespace omen::sql
