#include "sql/duckdb/query/from.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/expr/array.h"
#include "sql/duckdb/expr/condition.h"
#include "sql/duckdb/query/query.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"
#include "sql/tree/expr_walk.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

namespace {

/// Does the expression use columns of its own query level?
bool UsesColumns(const Expr& expr) {
  if (expr.kind == ExprKind::kColumn && expr.levels_up == 0) return true;
  if (expr.subquery != nullptr) return true;
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return UsesColumns(*arg); });
}

/// Is a query in it, or ANY or ALL of an array whose elements are not written one by one?
bool ContainsSubquery(const Expr& expr) {
  const bool quantified = expr.kind == ExprKind::kAny || expr.kind == ExprKind::kAll;
  if (expr.subquery != nullptr || (quantified && expr.args[1]->kind != ExprKind::kConst &&
                                   expr.args[1]->kind != ExprKind::kArray)) {
    return true;
  }
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return ContainsSubquery(*arg); });
}

/// A column of the relation, as a key may hold it.
bool IsPlainColumnOf(const Expr& expr, size_t relation) {
  if (expr.kind == ExprKind::kCast && expr.cast_method == functions::CastMethod::kBinary) {
    return IsPlainColumnOf(*expr.args[0], relation);
  }
  return expr.kind == ExprKind::kColumn && expr.levels_up == 0 &&
         expr.rel == static_cast<int>(relation);
}

/// Cannot fail, and asks nothing but this relation, constants and parameters. It does not hold for
/// a row that an outer join fills with nulls, so that a row may be left out before the join.
bool ComparesAlone(const Expr& expr, size_t relation) {
  constexpr std::string_view kComparisons[] = {"=", "<", "<=", ">", ">="};
  const bool of_list = (expr.kind == ExprKind::kInList || expr.kind == ExprKind::kAny) &&
                       !expr.negated && expr.subquery == nullptr;
  return (of_list || expr.kind == ExprKind::kFunction) && expr.op != nullptr &&
         std::ranges::find(kComparisons, expr.op->name) != std::end(kComparisons) &&
         std::ranges::all_of(expr.args, [&](const ExprPtr& arg) {
           return IsPlainColumnOf(*arg, relation) || arg->kind == ExprKind::kConst ||
                  arg->kind == ExprKind::kParam;
         });
}

/// Adds the conditions of joins without which none of the relation's rows is kept; true where the
/// relation is in `item`.
bool AddJoinConditions(const FromItem& item, size_t relation,
                       std::vector<const Expr*>* conditions) {
  if (item.relation >= 0) return item.relation == static_cast<int>(relation);
  const bool in_left = AddJoinConditions(*item.left, relation, conditions);
  const bool in_right = !in_left && AddJoinConditions(*item.right, relation, conditions);
  const bool inner = item.join == JoinType::kInner || item.join == JoinType::kCross;
  if ((in_left && (inner || item.join == JoinType::kRight)) ||
      (in_right && (inner || item.join == JoinType::kLeft))) {
    SplitConjunction(item.condition.get(), conditions);
  }
  return in_left || in_right;
}

/// The relation under those of the level's conditions that read it alone; null for none.
std::shared_ptr<const Query> FilteredAlone(const Query& level, size_t index) {
  std::vector<const Expr*> conditions;
  SplitConjunction(level.where.get(), &conditions);
  for (const FromItem& item : level.from) AddJoinConditions(item, index, &conditions);
  std::erase_if(conditions, [&](const Expr* expr) { return !ComparesAlone(*expr, index); });
  if (conditions.empty()) return nullptr;
  const Relation& relation = level.relations[index];
  auto filtered = std::make_shared<Query>();
  Relation& alone = filtered->relations.emplace_back(Relation{RelationKind::kTable});
  alone.alias = relation.alias;
  alone.columns = relation.columns;
  alone.table = relation.table;
  alone.attnums = relation.attnums;
  filtered->from.emplace_back().relation = 0;
  filtered->where = std::make_unique<Expr>(ExprKind::kAnd, Type{oid::kBool});
  for (const Expr* condition : conditions) {
    filtered->where->args.push_back(CloneExpr(*condition));
    ForEachColumn(filtered->where->args.back().get(), [](Expr* column, int) { column->rel = 0; });
  }
  return filtered;
}

/// A condition that may be evaluated twice, over the first `relations` of its own query only.
bool IsOverFirst(const Expr& expr, int relations) {
  if (expr.subquery != nullptr) return false;
  if (expr.kind == ExprKind::kColumn && expr.levels_up == 0 &&
      (expr.rel < 0 || expr.rel >= relations)) {
    return false;
  }
  const bool is_volatile =
      expr.function != nullptr && expr.function->volatility == functions::Volatility::kVolatile;
  return !is_volatile && std::ranges::all_of(expr.args, [&](const ExprPtr& arg) {
    return IsOverFirst(*arg, relations);
  });
}

void CollectOverFirst(const Expr& where, int relations, std::vector<const Expr*>* out) {
  if (where.kind == ExprKind::kAnd) {
    for (const ExprPtr& arg : where.args) CollectOverFirst(*arg, relations, out);
  } else if (IsOverFirst(where, relations)) {
    out->push_back(&where);
  }
}

}  // namespace

Result<std::string> FromPrinter::Print() {
  level_.relations.resize(level_.query->relations.size());
  std::vector<std::string> items;
  for (const FromItem& item : level_.query->from) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintItem(item));
    items.push_back(std::move(sql));
  }
  return items.empty() ? std::string() : " FROM " + Join(items, ", ");
}

Result<std::string> FromPrinter::PrintItem(const FromItem& item) {
  if (item.relation >= 0) return PrintRelation(static_cast<size_t>(item.relation));
  OMEN_ASSIGN_OR_RETURN(std::string left, PrintItem(*item.left));
  OMEN_ASSIGN_OR_RETURN(std::string right, PrintItem(*item.right));
  if (item.condition == nullptr) return fmt::format("({} CROSS JOIN {})", left, right);
  std::string_view join = "JOIN";
  if (item.join == JoinType::kLeft) join = "LEFT JOIN";
  if (item.join == JoinType::kRight) join = "RIGHT JOIN";
  if (item.join == JoinType::kFull) join = "FULL JOIN";
  if (item.join != JoinType::kInner && ContainsSubquery(*item.condition)) {
    return Refusal("a subquery in an outer join's condition on columns");
  }
  OMEN_ASSIGN_OR_RETURN(std::string condition, ConditionPrinter(printing_).Print(*item.condition));
  return fmt::format("({} {} {} ON {})", left, join, right, condition);
}

std::string FromPrinter::NameColumns(size_t index, const std::string& alias,
                                     const std::vector<NumericForm>& forms) {
  std::vector<ColumnName>& columns = level_.relations[index];
  columns.clear();
  for (size_t i = 0; i < forms.size(); ++i) {
    columns.push_back({fmt::format("{}.c{}", alias, i + 1), forms[i]});
  }
  return fmt::format("{}({})", alias, ColumnList(forms.size()));
}

Result<std::string> FromPrinter::PrintRelation(size_t index) {
  switch (RelationAt(index).kind) {
    case RelationKind::kTable:
    case RelationKind::kSystem:
      return PrintTable(index);
    case RelationKind::kSubquery:
      return PrintDerived(index);
    case RelationKind::kFunction:
      return PrintFunction(index);
    case RelationKind::kValues:
      return PrintValues(index);
    case RelationKind::kCte:
      return PrintCteScan(index);
    case RelationKind::kJoin:
    case RelationKind::kResultRow:
      break;
  }
  return Refusal("this kind of relation on columns");
}

std::string FromPrinter::PrintTable(size_t index) {
  const Relation& relation = RelationAt(index);
  std::string alias = printing_.NewAlias('t');
  std::vector<ColumnName>& columns = level_.relations[index];
  columns.clear();
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    int number = i < relation.attnums.size() ? relation.attnums[i] : static_cast<int>(i) + 1;
    if (number <= 0) {
      columns.push_back({{}, {}});  // a system column: refused where it is used
    } else {
      columns.push_back({fmt::format("{}.c{}", alias, number), FormOf(relation.columns[i].type)});
    }
  }
  if (relation.kind == RelationKind::kTable && printing_.IsInColumns(*relation.table)) {
    return fmt::format("t{}_{} AS {}", relation.table->storage_id, relation.table->schema_version,
                       alias);
  }
  const size_t scan = printing_.AddRowScan(
      {relation.table, relation.system,
       relation.table != nullptr ? FilteredAlone(*level_.query, index) : nullptr});
  return fmt::format("{}({}) AS {}", names::kRows, scan, alias);
}

Result<std::string> FromPrinter::PrintDerived(size_t index) {
  const Relation& relation = RelationAt(index);
  OMEN_ASSIGN_OR_RETURN(
      QueryText query, QueryPrinter(printing_).Print(*relation.subquery, &level_, level_.blocking));
  std::string alias = printing_.NewAlias('t');
  std::string named = NameColumns(index, alias, query.forms);
  if (query.forms.empty()) named = alias;
  return fmt::format("{}({}) AS {}", relation.lateral ? "LATERAL " : "", query.sql, named);
}

Result<std::string> FromPrinter::PrintValues(size_t index) {
  const Relation& relation = RelationAt(index);
  std::vector<std::vector<Text>> rows;
  bool constant = true;
  for (const std::vector<ExprPtr>& row : relation.values) {
    OMEN_ASSIGN_OR_RETURN(std::vector<Text> texts, exprs_.PrintAll(row));
    for (const ExprPtr& value : row) constant = constant && !UsesColumns(*value);
    rows.push_back(std::move(texts));
  }
  std::vector<NumericForm> forms;
  for (size_t column = 0; column < relation.columns.size(); ++column) {
    std::vector<NumericForm> own;
    for (const std::vector<Text>& row : rows) own.push_back(row[column].form);
    forms.push_back(CommonForm(own));
  }
  std::vector<std::string> lines;
  for (const std::vector<Text>& row : rows) {
    std::vector<std::string> values;
    for (size_t i = 0; i < row.size(); ++i) values.push_back(Coerce(row[i], forms[i]));
    std::string line = Join(values, ", ");
    lines.push_back(constant ? "(" + line + ")" : "SELECT " + line);
  }
  std::string alias = printing_.NewAlias('t');
  std::string named = NameColumns(index, alias, forms);
  if (constant) return fmt::format("(VALUES {}) AS {}", Join(lines, ", "), named);
  return fmt::format("LATERAL ({}) AS {}", Join(lines, " UNION ALL "), named);
}

Result<std::string> FromPrinter::PrintFunction(size_t index) {
  const Relation& relation = RelationAt(index);
  const Expr& call = *relation.function_call;
  const size_t expected = relation.with_ordinality ? 2 : 1;
  if (relation.columns.size() != expected) {
    return Refusal("functions of several columns in FROM on columns");
  }
  const bool is_set = call.kind == ExprKind::kFunction && call.function->returns_set;
  OMEN_ASSIGN_OR_RETURN(QueryText rows, is_set ? PrintSet(index) : PrintRow(relation));
  if (relation.with_ordinality) rows.forms.push_back({});
  const std::string alias = printing_.NewAlias('t');
  return fmt::format("{}({}) AS {}", UsesColumns(call) ? "LATERAL " : "", rows.sql,
                     NameColumns(index, alias, rows.forms));
}

Result<QueryText> FromPrinter::PrintRow(const Relation& relation) {
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*relation.function_call));
  NumericForm form = CommonForm({value.form});
  std::string sql = "SELECT " + Coerce(value, form);
  return QueryText{sql + (relation.with_ordinality ? ", 1::BIGINT" : ""), {std::move(form)}};
}

Result<QueryText> FromPrinter::PrintSet(size_t index) {
  const Relation& relation = RelationAt(index);
  const Expr& call = *relation.function_call;
  ArrayPrinter arrays(printing_);
  OMEN_ASSIGN_OR_RETURN(std::string series, arrays.PrintSeries(call));
  const bool plain = std::ranges::all_of(call.args, [](const ExprPtr& arg) {
    return ConstantOf(*arg) != nullptr || arg->kind == ExprKind::kColumn;
  });
  if (!series.empty() && plain && !relation.with_ordinality) {
    return QueryText{
        fmt::format("SELECT CAST(g.x AS {}) FROM {} AS g(x)", ColumnStoreType(call.type), series),
        {NumericForm{}}};
  }
  OMEN_ASSIGN_OR_RETURN(Text list, arrays.PrintSetAsList(call));
  std::vector<const Expr*> conditions;
  const bool fails = !plain || call.function->meaning != functions::Meaning::kUnnest;
  const Expr* where = level_.query->where.get();
  if (fails && where != nullptr && UsesColumns(call)) {
    CollectOverFirst(*where, static_cast<int>(index), &conditions);
  }
  // DuckDB would make the sets of rows, too, that WHERE leaves out: an error there is not ours.
  for (const Expr* condition : conditions) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*condition));
    list.sql = fmt::format("CASE WHEN {} THEN {} END", text.sql, list.sql);
  }
  std::string sql = fmt::format("SELECT unnest({})", list.sql);
  if (relation.with_ordinality) {
    sql += fmt::format(", unnest(generate_series(1, len({})))", list.sql);
  }
  return QueryText{std::move(sql), {list.form}};
}

Result<std::string> FromPrinter::PrintCteScan(size_t index) {
  const Relation& relation = RelationAt(index);
  for (const Level* at = &level_; at != nullptr; at = at->outer) {
    for (auto cte = at->ctes.rbegin(); cte != at->ctes.rend(); ++cte) {
      if (cte->table->name != relation.cte_name) continue;
      std::string alias = printing_.NewAlias('t');
      NameColumns(index, alias, cte->forms);
      return fmt::format("{} AS {}", cte->alias, alias);
    }
  }
  return Refusal("forward references between WITH queries on columns");
}

}  // namespace omen::sql::duckdb
