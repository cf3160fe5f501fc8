// FROM: relations, joins and their aliases.

#include "functions/kernel/quoting.h"
#include "sql/deparse/deparser.h"

namespace omen::sql {
namespace {

// Whether an expression `depth` levels below a query reads that query's columns.
bool ReadsLevel(const Expr& expr, int depth) {
  if (expr.kind == ExprKind::kColumn) return expr.levels_up == depth;
  for (const ExprPtr& arg : expr.args) {
    if (arg && ReadsLevel(*arg, depth)) return true;
  }
  for (const SortKey& key : expr.order_by) {
    if (ReadsLevel(*key.expr, depth)) return true;
  }
  if (expr.filter && ReadsLevel(*expr.filter, depth)) return true;
  if (!expr.subquery) return false;
  bool found = false;
  ForEachExpr(
      *expr.subquery,
      [&](const Expr& inner, int below) { found = found || ReadsLevel(inner, below); }, depth + 1);
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

std::string Deparser::RelationName(Oid oid, Oid schema, std::string_view name) const {
  const catalog::Object* found = reader_.catalog->FindRelation(reader_.search_path, name);
  bool visible = found != nullptr && catalog::OidOf(*found) == oid;
  for (const TextScope& scope : scopes_) {
    if (scope.query == nullptr) continue;
    for (const CommonTable& table : scope.query->ctes) visible = visible && table.name != name;
  }
  const std::string quoted = functions::QuoteIdentifier(name);
  const catalog::Schema* home = reader_.catalog->FindSchema(schema);
  if (visible || home == nullptr) return quoted;
  return functions::QuoteIdentifier(home->name) + "." + quoted;
}

void Deparser::From(const Query& query) {
  for (size_t i = 0; i < query.from.size(); ++i) {
    if (i == 0) {
      Line(" FROM ", -8, 8, 2);
      Item(query, query.from[i]);
      continue;
    }
    Add(", ");
    std::string field;
    std::string* const outer = std::exchange(out_, &field);
    Item(query, query.from[i]);
    out_ = outer;
    AddField(field, true, false);
  }
}

void Deparser::Item(const Query& query, const FromItem& item) {
  if (failed_) return;
  if (item.relation >= 0) return RelationItem(query, item.relation);
  Join(query, item);
}

void Deparser::Join(const Query& query, const FromItem& item) {
  const bool enclosed = !layout_.pretty || !item.alias.empty();
  if (enclosed) Add("(");
  Item(query, *item.left);
  const bool inner = item.join == JoinType::kInner || item.join == JoinType::kCross;
  Line(inner && !item.condition        ? " CROSS JOIN "
       : item.join == JoinType::kLeft  ? " LEFT JOIN "
       : item.join == JoinType::kRight ? " RIGHT JOIN "
       : item.join == JoinType::kFull  ? " FULL JOIN "
                                       : " JOIN ",
       -8, 8, 4);
  const bool right_enclosed =
      layout_.pretty && item.right->relation < 0 && item.right->alias.empty();
  if (right_enclosed) Add("(");
  Item(query, *item.right);
  if (right_enclosed) Add(")");
  if (!item.using_columns.empty()) {
    Add(" USING ");
    AddNames(item.using_columns);
  } else if (item.condition) {
    Add(layout_.pretty ? " ON " : " ON (");
    Expression(*item.condition, false);
    Close();
  } else if (!inner) {
    Add(" ON TRUE");
  }
  if (enclosed) Add(")");
  if (item.alias.empty()) return;
  Add(" ");
  AddName(item.alias);
  AddNames(item.column_aliases);
}

void Deparser::FunctionItem(const Relation& relation) {
  const Expr& call = *relation.function_call;
  if (LooksLikeCall(call)) {
    Expression(call, true);
  } else {
    Add("CAST(");
    Expression(call, false);
    Add(" AS ");
    Add(FormatType(call.type));
    Add(")");
  }
  if (relation.with_ordinality) Add(" WITH ORDINALITY");
}

void Deparser::RelationItem(const Query& query, int index) {
  const auto at = static_cast<size_t>(index);
  const Relation& relation = query.relations[at];
  const std::string name = scopes_.back().relations[at];
  const bool lists = scopes_.back().lists_columns[at];
  bool aliased = relation.aliased || lists;
  const bool calls = relation.kind == RelationKind::kFunction;
  if (relation.lateral || (calls && ReadsLevel(*relation.function_call, 0))) Add("LATERAL ");
  if (relation.table) {
    Add(RelationName(relation.table->oid, relation.table->schema, relation.table->name));
  } else if (relation.system) {
    Add(RelationName(relation.system->oid, relation.system->schema, relation.system->name));
  } else if (relation.view) {
    Add(RelationName(relation.view->oid, relation.view->schema, relation.view->name));
  } else if (relation.kind == RelationKind::kCte) {
    AddName(relation.cte_name);
  } else if (calls) {
    FunctionItem(relation);
    aliased = true;
  } else if (relation.subquery) {
    Add("(");
    Select(*relation.subquery, nullptr, true);
    Add(")");
    aliased = true;
  } else {
    Add("(");
    Values(relation);
    Add(")");
    aliased = true;
  }
  if (!aliased && name == CatalogName(relation)) return;
  Add(" ");
  AddName(name);
  if (lists) AddNames(scopes_.back().columns[at]);
}

}  // namespace omen::sql
