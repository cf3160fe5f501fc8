#include "sql/deparse/deparse_from.h"

#include <string>
#include <string_view>

#include "sql/deparse/deparse_query.h"
#include "sql/tree/expr_walk.h"

namespace omen::sql {
namespace {

// Whether a function's arguments read relations beside it.
bool ReadsSiblings(const Expr& call) {
  bool found = false;
  WalkExpr(call, [&](const Expr& node, int depth) {
    found |= node.kind == ExprKind::kColumn && node.levels_up == depth;
    return !found;
  });
  return found;
}

// What the grammar takes as a function in FROM.
bool LooksLikeCall(const Expr& expr) {
  if (expr.written) {
    return expr.written->form == Wording::Form::kValueFunction ||
           expr.written->form == Wording::Form::kSqlSyntax;
  }
  switch (expr.kind) {
    case ExprKind::kFunction:
      return expr.op == nullptr;
    case ExprKind::kNullIf:
    case ExprKind::kCoalesce:
    case ExprKind::kGreatest:
    case ExprKind::kLeast:
      return true;
    default:
      return false;
  }
}

std::string_view CatalogName(const Relation& relation) {
  if (relation.table) return relation.table->name;
  if (relation.system) return relation.system->name;
  if (relation.view) return relation.view->name;
  return relation.cte_name;
}

}  // namespace

void FromDeparser::Print(const Query& query) {
  for (size_t i = 0; i < query.from.size(); ++i) {
    if (i == 0) {
      text_.Line(" FROM ", -8, 8, 2);
      PrintItem(query, query.from[i]);
      continue;
    }
    text_.Add(", ");
    const std::string field = text_.Field([&] { PrintItem(query, query.from[i]); });
    text_.AddField(field, true, false);
  }
}

void FromDeparser::PrintItem(const Query& query, const FromItem& item) {
  if (text_.failed()) return;
  if (item.relation >= 0) return PrintRelation(query, item.relation);
  PrintJoin(query, item);
}

void FromDeparser::PrintJoin(const Query& query, const FromItem& item) {
  const bool enclosed = !text_.pretty() || !item.alias.empty();
  if (enclosed) text_.Add("(");
  PrintItem(query, *item.left);
  const bool inner = item.join == JoinType::kInner || item.join == JoinType::kCross;
  text_.Line(inner && !item.condition        ? " CROSS JOIN "
             : item.join == JoinType::kLeft  ? " LEFT JOIN "
             : item.join == JoinType::kRight ? " RIGHT JOIN "
             : item.join == JoinType::kFull  ? " FULL JOIN "
                                             : " JOIN ",
             -8, 8, 4);
  const bool right_enclosed =
      text_.pretty() && item.right->relation < 0 && item.right->alias.empty();
  if (right_enclosed) text_.Add("(");
  PrintItem(query, *item.right);
  if (right_enclosed) text_.Add(")");
  if (!item.using_columns.empty()) {
    text_.Add(" USING ");
    text_.AddNames(item.using_columns);
  } else if (item.condition) {
    text_.Add(text_.pretty() ? " ON " : " ON (");
    exprs_.Print(*item.condition, false);
    text_.Close();
  } else if (!inner) {
    text_.Add(" ON TRUE");
  }
  if (enclosed) text_.Add(")");
  if (item.alias.empty()) return;
  text_.Add(" ");
  text_.AddName(item.alias);
  text_.AddNames(item.column_aliases);
}

void FromDeparser::PrintFunction(const Relation& relation) {
  const Expr& call = *relation.function_call;
  if (LooksLikeCall(call)) {
    exprs_.Print(call, true);
  } else {
    text_.Add("CAST(");
    exprs_.Print(call, false);
    text_.Add(" AS ");
    text_.Add(FormatType(call.type));
    text_.Add(")");
  }
  if (relation.with_ordinality) text_.Add(" WITH ORDINALITY");
}

void FromDeparser::PrintRelation(const Query& query, int index) {
  const auto at = static_cast<size_t>(index);
  const Relation& relation = query.relations[at];
  const std::string name = text_.names().current().relations[at];
  const bool lists = text_.names().current().lists_columns[at];
  bool aliased = relation.aliased || lists;
  const bool calls = relation.kind == RelationKind::kFunction;
  if (relation.lateral || (calls && ReadsSiblings(*relation.function_call))) text_.Add("LATERAL ");
  if (relation.table) {
    text_.Add(text_.names().RelationName(relation.table->oid, relation.table->schema,
                                         relation.table->name));
  } else if (relation.system) {
    text_.Add(text_.names().RelationName(relation.system->oid, relation.system->schema,
                                         relation.system->name));
  } else if (relation.view) {
    text_.Add(
        text_.names().RelationName(relation.view->oid, relation.view->schema, relation.view->name));
  } else if (relation.kind == RelationKind::kCte) {
    text_.AddName(relation.cte_name);
  } else if (calls) {
    PrintFunction(relation);
    aliased = true;
  } else if (relation.subquery) {
    text_.Add("(");
    QueryDeparser(text_).Print(*relation.subquery, nullptr, true);
    text_.Add(")");
    aliased = true;
  } else {
    text_.Add("(");
    QueryDeparser(text_).PrintValues(relation);
    text_.Add(")");
    aliased = true;
  }
  if (!aliased && name == CatalogName(relation)) return;
  text_.Add(" ");
  text_.AddName(name);
  if (lists) text_.AddNames(text_.names().current().columns[at]);
}

}  // namespace omen::sql
