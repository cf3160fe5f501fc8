// Expressions as EXPLAIN prints them: close to PostgreSQL's, meant for reading.
#include "exec/expr/expr_text.h"

#include <fmt/format.h>

#include "sql/tree/expr_kind.h"
#include "types/io.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

class Printer {
 public:
  explicit Printer(const sql::Query& query) : query_(query) {}

  std::string Print(const Expr& expr) const {
    switch (expr.kind) {
      case ExprKind::kConst:
        return Literal(expr);
      case ExprKind::kParam:
        return fmt::format("${}", expr.param_index + 1);
      case ExprKind::kColumn:
        return Column(expr);
      case ExprKind::kFunction:
        return Call(expr);
      case ExprKind::kCast:
        return fmt::format("({})::{}", Print(*expr.args[0]), FormatType(expr.type));
      case ExprKind::kAnd:
        return "(" + List(expr.args, " AND ", 0) + ")";
      case ExprKind::kOr:
        return "(" + List(expr.args, " OR ", 0) + ")";
      case ExprKind::kNot:
        return "(NOT " + Print(*expr.args[0]) + ")";
      case ExprKind::kInList:
        return fmt::format("({}{} ({}))", Print(*expr.args[0]), expr.negated ? " NOT IN" : " IN",
                           List(expr.args, ", ", 1));
      case ExprKind::kAny:
      case ExprKind::kAll:
        return fmt::format("({} {} {} ({}))", Print(*expr.args[0]), expr.op->name,
                           expr.kind == ExprKind::kAny ? "ANY" : "ALL", Print(*expr.args[1]));
      case ExprKind::kAggregate:
        return fmt::format("{}({})", expr.aggregate->name,
                           expr.args.empty() ? "*" : List(expr.args, ", ", 0));
      default:
        return Rest(expr);
    }
  }

 private:
  std::string Rest(const Expr& expr) const {
    if (const sql::ValueTest* test = sql::TestOf(expr.kind)) {
      return fmt::format("({} {})", Print(*expr.args[0]), test->words);
    }
    if (expr.subquery != nullptr) return "(SubPlan)";
    switch (expr.kind) {
      case ExprKind::kCase:
        return Case(expr);
      case ExprKind::kIsDistinct:
        return "(" + List(expr.args, " IS DISTINCT FROM ", 0) + ")";
      case ExprKind::kIsNotDistinct:
        return "(" + List(expr.args, " IS NOT DISTINCT FROM ", 0) + ")";
      case ExprKind::kSubscript:
        return fmt::format("{}[{}]", Print(*expr.args[0]), Print(*expr.args[1]));
      case ExprKind::kArray:
        return "ARRAY[" + List(expr.args, ", ", 0) + "]";
      default:
        return fmt::format("{}({})", sql::CallWordOf(expr.kind), List(expr.args, ", ", 0));
    }
  }

  std::string Case(const Expr& expr) const {
    std::string text = "CASE";
    size_t i = 0;
    for (; i + 1 < expr.args.size(); i += 2) {
      text += fmt::format(" WHEN {} THEN {}", Print(*expr.args[i]), Print(*expr.args[i + 1]));
    }
    if (i < expr.args.size()) text += " ELSE " + Print(*expr.args[i]);
    return text + " END";
  }

  static std::string Literal(const Expr& expr) {
    if (expr.value.is_null()) return "NULL";
    const std::string text = ToText(expr.type, expr.value);
    if (InfoOf(expr.type.oid).category == TypeCategory::kNumeric) return text;
    return fmt::format("'{}'::{}", text, FormatType(expr.type));
  }

  std::string Column(const Expr& expr) const {
    if (expr.levels_up > 0) return fmt::format("outer.{}", expr.column + 1);
    if (expr.rel < 0) return query_.targets[static_cast<size_t>(expr.column)].output.name;
    const sql::Relation& relation = query_.relations[static_cast<size_t>(expr.rel)];
    const std::string& name = relation.columns[static_cast<size_t>(expr.column)].name;
    return query_.relations.size() > 1 ? relation.alias + "." + name : name;
  }

  std::string Call(const Expr& expr) const {
    if (expr.op != nullptr && expr.args.size() == 2) {
      return fmt::format("({} {} {})", Print(*expr.args[0]), expr.op->name, Print(*expr.args[1]));
    }
    if (expr.op != nullptr) return fmt::format("({} {})", expr.op->name, Print(*expr.args[0]));
    return fmt::format("{}({})", expr.function->name, List(expr.args, ", ", 0));
  }

  std::string List(const std::vector<sql::ExprPtr>& exprs, const char* between,
                   size_t first) const {
    std::string text;
    for (size_t i = first; i < exprs.size(); ++i) {
      if (i > first) text += between;
      if (i - first == 20) return text + "...";
      text += Print(*exprs[i]);
    }
    return text;
  }

  const sql::Query& query_;
};

}  // namespace

std::string ExprText(const Expr& expr, const sql::Query& query) {
  return Printer(query).Print(expr);
}

std::string KeysText(const std::vector<const Expr*>& keys, const sql::Query& query) {
  std::string text;
  for (const Expr* key : keys) text += (text.empty() ? "" : ", ") + ExprText(*key, query);
  return text;
}

std::string ConjunctText(const std::vector<const Expr*>& conjuncts, const sql::Query& query) {
  std::string text;
  for (const Expr* conjunct : conjuncts) {
    if (!text.empty()) text += " AND ";
    text += ExprText(*conjunct, query);
  }
  return text;
}

}  // namespace omen::exec
