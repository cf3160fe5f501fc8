// FROM: every relation gets an alias of its own in the whole statement, so that correlated and
// lateral references need no care.
#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/printer.h"
#include "sql/duckdb/scopes.h"
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

/// Is a subquery printed for it?
bool ContainsSubquery(const Expr& expr) {
  const bool quantified = expr.kind == ExprKind::kAny || expr.kind == ExprKind::kAll;
  if (expr.subquery != nullptr || (quantified && expr.args[1]->kind != ExprKind::kConst &&
                                   expr.args[1]->kind != ExprKind::kArray)) {
    return true;
  }
  return std::ranges::any_of(expr.args, [](const ExprPtr& arg) { return ContainsSubquery(*arg); });
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

Result<std::string> Printer::PrintFrom(const Query& query, Level& level) {
  level.relations.resize(query.relations.size());
  std::vector<std::string> items;
  for (const FromItem& item : query.from) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintFromItem(item, level));
    items.push_back(std::move(sql));
  }
  return items.empty() ? std::string() : " FROM " + Join(items, ", ");
}

Result<std::string> Printer::PrintFromItem(const FromItem& item, Level& level) {
  if (item.relation >= 0) {
    return PrintRelation(level.query->relations[static_cast<size_t>(item.relation)], item.relation,
                         level);
  }
  OMEN_ASSIGN_OR_RETURN(std::string left, PrintFromItem(*item.left, level));
  OMEN_ASSIGN_OR_RETURN(std::string right, PrintFromItem(*item.right, level));
  if (item.condition == nullptr) return fmt::format("({} CROSS JOIN {})", left, right);
  std::string_view join = "JOIN";
  if (item.join == JoinType::kLeft) join = "LEFT JOIN";
  if (item.join == JoinType::kRight) join = "RIGHT JOIN";
  if (item.join == JoinType::kFull) join = "FULL JOIN";
  if (item.join != JoinType::kInner && ContainsSubquery(*item.condition)) {
    return Refusal("a subquery in an outer join's condition on columns");
  }
  OMEN_ASSIGN_OR_RETURN(std::string condition, PrintCondition(*item.condition));
  return fmt::format("({} {} {} ON {})", left, join, right, condition);
}

std::string Printer::NameColumns(Level& level, int index, const std::string& alias,
                                 const std::vector<NumericForm>& forms) {
  std::vector<ColumnName>& columns = level.relations[static_cast<size_t>(index)];
  columns.clear();
  for (size_t i = 0; i < forms.size(); ++i) {
    columns.push_back({fmt::format("{}.c{}", alias, i + 1), forms[i]});
  }
  return fmt::format("{}({})", alias, ColumnList(forms.size()));
}

Result<std::string> Printer::PrintRelation(const Relation& relation, int index, Level& level) {
  switch (relation.kind) {
    case RelationKind::kTable:
    case RelationKind::kSystem:
      return PrintTable(relation, index, level);
    case RelationKind::kSubquery:
      return PrintDerived(relation, index, level);
    case RelationKind::kFunction:
      return PrintFunctionScan(relation, index, level);
    case RelationKind::kValues:
      return PrintValues(relation, index, level);
    case RelationKind::kCte:
      return PrintCteScan(relation, index, level);
    case RelationKind::kJoin:
    case RelationKind::kResultRow:
      break;
  }
  return Refusal("this kind of relation on columns");
}

Result<std::string> Printer::PrintTable(const Relation& relation, int index, Level& level) {
  std::string alias = fmt::format("t{}", ++next_alias_);
  std::vector<ColumnName>& columns = level.relations[static_cast<size_t>(index)];
  columns.clear();
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    int number = i < relation.attnums.size() ? relation.attnums[i] : static_cast<int>(i) + 1;
    if (number <= 0) {
      columns.push_back({{}, {}});  // a system column: refused where it is used
    } else {
      columns.push_back({fmt::format("{}.c{}", alias, number), FormOf(relation.columns[i].type)});
    }
  }
  bool stored =
      relation.kind == RelationKind::kTable && source_of_(*relation.table) == TableSource::kColumns;
  if (stored) {
    return fmt::format("t{}_{} AS {}", relation.table->storage_id, relation.table->schema_version,
                       alias);
  }
  row_scans_.push_back({relation.table, relation.system});
  return fmt::format("{}({}) AS {}", names::kRows, row_scans_.size() - 1, alias);
}

Result<std::string> Printer::PrintDerived(const Relation& relation, int index, Level& level) {
  OMEN_ASSIGN_OR_RETURN(QueryText query, PrintQuery(*relation.subquery, &level, level.blocking));
  std::string alias = fmt::format("t{}", ++next_alias_);
  std::string named = NameColumns(level, index, alias, query.forms);
  if (query.forms.empty()) named = alias;
  return fmt::format("{}({}) AS {}", relation.lateral ? "LATERAL " : "", query.sql, named);
}

Result<std::string> Printer::PrintValues(const Relation& relation, int index, Level& level) {
  std::vector<std::vector<Text>> rows;
  bool constant = true;
  for (const std::vector<ExprPtr>& row : relation.values) {
    OMEN_ASSIGN_OR_RETURN(std::vector<Text> texts, PrintAll(row));
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
  std::string alias = fmt::format("t{}", ++next_alias_);
  std::string named = NameColumns(level, index, alias, forms);
  if (constant) return fmt::format("(VALUES {}) AS {}", Join(lines, ", "), named);
  return fmt::format("LATERAL ({}) AS {}", Join(lines, " UNION ALL "), named);
}

Result<std::string> Printer::PrintSeries(const Expr& call) {
  bool integers = call.type.oid == oid::kInt4 || call.type.oid == oid::kInt8;
  if (call.function->name != "generate_series" || !integers) return std::string();
  if (call.args.size() == 3) {
    const Value* step = KnownValueOf(*call.args[2]);
    if (step == nullptr || step->AsInt() == 0) return std::string();
  }
  std::vector<std::string> args;
  for (const ExprPtr& arg : call.args) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(*arg));
    args.push_back(std::move(sql));
  }
  return Call("generate_series", args);
}

Result<Text> Printer::PrintSetAsList(const Expr& call) {
  for (const ExprPtr& arg : call.args) {
    if (arg->kind == ExprKind::kFunction && arg->function->returns_set) {
      return Refusal("set-returning functions inside set-returning functions on columns");
    }
  }
  if (call.function->name == "unnest" && call.args.size() == 1) {
    const Type array = call.args[0]->type;
    OMEN_ASSIGN_OR_RETURN(std::string list, PrintPlain(*call.args[0]));
    return Text{std::move(list), FormOf({InfoOf(array.oid).element, array.typmod})};
  }
  OMEN_ASSIGN_OR_RETURN(std::string series, PrintSeries(call));
  if (!series.empty()) {
    if (call.type.oid == oid::kInt4) series = "CAST(" + series + " AS INTEGER[])";
    return Text{std::move(series), {}};
  }
  if (functions::Registry::Instance().FindSetKernel(call.function->oid) == nullptr) {
    return Refusal(fmt::format("function {}() on columns", call.function->name));
  }
  std::vector<Type> types;
  for (const ExprPtr& arg : call.args) types.push_back(arg->type);
  std::vector<std::string> args = {Quote(names::AdapterSignature(types, call.type))};
  for (const ExprPtr& arg : call.args) {
    OMEN_ASSIGN_OR_RETURN(std::string sql, PrintPlain(*arg));
    args.push_back(std::move(sql));
  }
  return Text{Call(names::SetAdapter(call.function->oid), args), FormOf(call.type)};
}

Result<std::string> Printer::PrintFunctionScan(const Relation& relation, int index, Level& level) {
  const Expr& call = *relation.function_call;
  size_t expected = relation.with_ordinality ? 2 : 1;
  if (relation.columns.size() != expected) {
    return Refusal("functions of several columns in FROM on columns");
  }
  std::string body;
  std::vector<NumericForm> forms;
  bool is_set = call.kind == ExprKind::kFunction && call.function->returns_set;
  bool lateral = UsesColumns(call);
  if (!is_set) {
    OMEN_ASSIGN_OR_RETURN(Text value, Print(call));
    NumericForm form = CommonForm({value.form});
    body = "SELECT " + Coerce(value, form) + (relation.with_ordinality ? ", 1::BIGINT" : "");
    forms.push_back(form);
  } else {
    OMEN_ASSIGN_OR_RETURN(std::string series, PrintSeries(call));
    bool plain = std::ranges::all_of(call.args, [](const ExprPtr& arg) {
      return ConstantOf(*arg) != nullptr || arg->kind == ExprKind::kColumn;
    });
    if (!series.empty() && plain && !relation.with_ordinality) {
      body =
          fmt::format("SELECT CAST(g.x AS {}) FROM {} AS g(x)", ColumnStoreType(call.type), series);
      forms.push_back({});
    } else {
      OMEN_ASSIGN_OR_RETURN(Text list, PrintSetAsList(call));
      std::vector<const Expr*> conditions;
      const bool fails = !plain || call.function->name != "unnest";
      if (fails && lateral && level.query->where != nullptr) {
        CollectOverFirst(*level.query->where, index, &conditions);
      }
      // DuckDB would make the sets of rows, too, that WHERE leaves out: an error there is not ours.
      for (const Expr* condition : conditions) {
        OMEN_ASSIGN_OR_RETURN(Text text, Print(*condition));
        list.sql = fmt::format("CASE WHEN {} THEN {} END", text.sql, list.sql);
      }
      body = fmt::format("SELECT unnest({})", list.sql);
      if (relation.with_ordinality) {
        body += fmt::format(", unnest(generate_series(1, len({})))", list.sql);
      }
      forms.push_back(list.form);
    }
  }
  if (relation.with_ordinality) forms.push_back({});
  std::string alias = fmt::format("t{}", ++next_alias_);
  return fmt::format("{}({}) AS {}", lateral ? "LATERAL " : "", body,
                     NameColumns(level, index, alias, forms));
}

Result<std::string> Printer::PrintCteScan(const Relation& relation, int index, Level& level) {
  for (const Level* at = &level; at != nullptr; at = at->outer) {
    for (auto cte = at->ctes.rbegin(); cte != at->ctes.rend(); ++cte) {
      if (cte->table->name != relation.cte_name) continue;
      std::string alias = fmt::format("t{}", ++next_alias_);
      NameColumns(level, index, alias, cte->forms);
      return fmt::format("{} AS {}", cte->alias, alias);
    }
  }
  return Refusal("forward references between WITH queries on columns");
}

}  // namespace omen::sql::duckdb
