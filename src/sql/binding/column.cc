#include "sql/binding/column.h"

#include <fmt/format.h>

#include "sql/binding/item_columns.h"
#include "sql/typing/names.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

Status TooManyNames(const Items<>& fields) {
  std::string name;
  for (const Node* field : fields)
    name += fmt::format("{}{}", name.empty() ? "" : ".", Text(field));
  return Status(sqlstate::kSyntaxError,
                fmt::format("improper qualified name (too many dotted names): {}", name));
}

}  // namespace

ExprResult ColumnBinder::BindBare(std::string_view name, int location) {
  OMEN_ASSIGN_OR_RETURN(ExprPtr column, names_.FindColumn(name, location));
  if (column) return column;
  Scope* scope = nullptr;
  int levels_up = 0;
  OMEN_ASSIGN_OR_RETURN(const NsItem* item,
                        names_.FindItem("", name, location, &scope, &levels_up));
  if (item != nullptr) {
    const Relation* relation = item->relation >= 0
                                   ? &scope->query->relations[static_cast<size_t>(item->relation)]
                                   : nullptr;
    // A function that yields one scalar column is that column.
    if (relation && relation->kind == RelationKind::kFunction && relation->columns.size() == 1) {
      return ColumnOf(*scope, *item, 0, levels_up, location);
    }
    OMEN_RETURN_IF_ERROR(binding_.state()->CannotWrite("the text of a whole row"));
    return WholeRow(*scope, *item, levels_up, location);
  }
  if (IsSystemColumn(name) && !binding_.scope()->items.empty()) {
    return NotSupported(fmt::format("system column {}", name)).At(location);
  }
  return names_.MissingColumn("", name, location);
}

ExprResult ColumnBinder::BindQualified(std::string_view schema, std::string_view relation,
                                       std::string_view column, int location) {
  Scope* scope = nullptr;
  int levels_up = 0;
  OMEN_ASSIGN_OR_RETURN(const NsItem* item,
                        names_.FindItem(schema, relation, location, &scope, &levels_up));
  if (item == nullptr) return names_.MissingRelation(relation, location);
  OMEN_ASSIGN_OR_RETURN(ExprPtr expr, names_.FindInItem(scope, *item, levels_up, column, location));
  if (expr) return expr;
  if (IsSystemColumn(column)) {
    return NotSupported(fmt::format("system column {}", column)).At(location);
  }
  return names_.MissingColumn(relation, column, location);
}

ExprResult ColumnBinder::BindWholeRow(std::string_view relation, int location) {
  Scope* scope = nullptr;
  int levels_up = 0;
  OMEN_ASSIGN_OR_RETURN(const NsItem* item,
                        names_.FindItem("", relation, location, &scope, &levels_up));
  if (item == nullptr) return names_.MissingRelation(relation, location);
  OMEN_RETURN_IF_ERROR(binding_.state()->CannotWrite("the text of a whole row"));
  return WholeRow(*scope, *item, levels_up, location);
}

ExprResult ColumnBinder::Bind(const ColumnRef& node) {
  Items<> fields(node.fields);
  if (NodeAs<A_Star>(fields.back(), T_A_Star) != nullptr) {
    if (fields.size() == 2) return BindWholeRow(Text(fields[0]), node.location);
    return NotSupported("\"*\" in this place").At(node.location);
  }
  if (binding_.scope()->clause == Clause::kColumnDefault) {
    return Status(sqlstate::kFeatureNotSupported,
                  "cannot use column reference in DEFAULT expression")
        .At(node.location);
  }
  switch (fields.size()) {
    case 1:
      return BindBare(Text(fields[0]), node.location);
    case 2:
      return BindQualified("", Text(fields[0]), Text(fields[1]), node.location);
    case 3:
      return BindQualified(Text(fields[0]), Text(fields[1]), Text(fields[2]), node.location);
    case 4:
      if (binding_.state()->context.current_database == Text(fields[0])) {
        return BindQualified(Text(fields[1]), Text(fields[2]), Text(fields[3]), node.location);
      }
      return NotSupported(fmt::format("cross-database references: {}.{}.{}.{}", Text(fields[0]),
                                      Text(fields[1]), Text(fields[2]), Text(fields[3])))
          .At(node.location);
    default:
      return TooManyNames(fields).At(node.location);
  }
}

}  // namespace omen::sql
