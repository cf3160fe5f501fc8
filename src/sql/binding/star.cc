#include "sql/binding/star.h"

#include "sql/binding/item_columns.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {

bool IsStar(const Node* node) {
  const auto* column = NodeAs<ColumnRef>(node, T_ColumnRef);
  return column && NodeAs<A_Star>(Items<>(column->fields).back(), T_A_Star);
}

TargetEntry MakeTarget(const Scope& level, ExprPtr expr, std::string name) {
  TargetEntry entry;
  entry.output.name = std::move(name);
  entry.output.type = expr->type;
  if (expr->kind == ExprKind::kColumn && expr->rel >= 0) {
    const Scope* scope = &level;
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

void StarBinder::ExpandItem(const Scope& scope, const NsItem& item, int levels_up, int location,
                            std::vector<TargetEntry>* out) {
  size_t count = ColumnCount(scope, item);
  for (size_t i = 0; i < count; ++i) {
    out->push_back(MakeTarget(scope_, ColumnOf(scope, item, i, levels_up, location),
                              std::string(ColumnNameOf(scope, item, i))));
  }
}

Status StarBinder::Bind(const ColumnRef& node, std::vector<TargetEntry>* out) {
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

}  // namespace omen::sql
