#include "sql/duckdb/expr/array.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/literal.h"
#include "sql/duckdb/text/numeric.h"
#include "types/column_functions.h"
#include "types/column_type.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

Result<Text> ArrayPrinter::PrintArray(const Expr& expr) {
  const TypeInfo& info = InfoOf(expr.type.oid);
  NumericForm element = FormOf({info.element, expr.type.typmod});
  std::vector<std::string> elements;
  for (const ExprPtr& arg : expr.args) {
    if (InfoOf(arg->type.oid).element != oid::kInvalid) {
      return Refusal("arrays of more than one dimension on columns");
    }
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*arg));
    elements.push_back(Coerce(text, element));
  }
  return Text{fmt::format("[{}]::{}", Join(elements, ", "), ColumnStoreType(expr.type)), {}};
}

Result<Text> ArrayPrinter::PrintSubscript(const Expr& expr) {
  const Type array = expr.args[0]->type;
  OMEN_ASSIGN_OR_RETURN(std::string list, exprs_.PrintPlain(*expr.args[0]));
  NumericForm form = FormOf({InfoOf(array.oid).element, array.typmod});
  const Value* constant = KnownValueOf(*expr.args[1]);
  if (constant != nullptr && constant->AsInt() >= 1) {
    return Text{fmt::format("({})[{}]", list, constant->AsInt()), form};
  }
  // DuckDB counts negative subscripts from the end; in PostgreSQL nothing is there.
  OMEN_ASSIGN_OR_RETURN(std::string index, exprs_.PrintPlain(*expr.args[1]));
  return Text{fmt::format("CASE WHEN {1} >= 1 THEN ({0})[{1}] END", list, index), form};
}

Result<Text> ArrayPrinter::PrintSlice(const Expr& expr) {
  std::string bounds[2];
  for (size_t i = 0; i < 2; ++i) {
    const Expr& bound = *expr.args[i + 1];
    if (bound.type.oid == oid::kVoid) continue;  // omitted
    const Value* known = ConstantOf(bound);
    if (known == nullptr) return Refusal("array slices with computed bounds on columns");
    if (known->is_null()) return LiteralPrinter(printing_).PrintNull(expr.type);
    // DuckDB counts from the end below zero. Arrays from columns begin at 1.
    const int64_t low = i == 0 ? 1 : 0;
    bounds[i] = std::to_string(std::max(known->AsInt(), low));
  }
  OMEN_ASSIGN_OR_RETURN(std::string list, exprs_.PrintPlain(*expr.args[0]));
  return Text{fmt::format("({})[{}:{}]", list, bounds[0], bounds[1]), {}};
}

Result<Text> ArrayPrinter::PrintSetAsList(const Expr& call) {
  for (const ExprPtr& arg : call.args) {
    if (arg->kind == ExprKind::kFunction && arg->function->returns_set) {
      return Refusal("set-returning functions inside set-returning functions on columns");
    }
  }
  if (call.function->meaning == functions::Meaning::kUnnest && call.args.size() == 1) {
    const Type array = call.args[0]->type;
    OMEN_ASSIGN_OR_RETURN(std::string list, exprs_.PrintPlain(*call.args[0]));
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
  OMEN_ASSIGN_OR_RETURN(std::vector<std::string> args, exprs_.PrintAllPlain(call.args));
  args.insert(args.begin(), Quote(names::AdapterSignature(types, call.type)));
  return Text{Call(names::SetAdapter(call.function->oid), args), FormOf(call.type)};
}

Result<std::string> ArrayPrinter::PrintSeries(const Expr& call) {
  bool integers = call.type.oid == oid::kInt4 || call.type.oid == oid::kInt8;
  if (call.function->meaning != functions::Meaning::kSeries || !integers) return std::string();
  if (call.args.size() == 3) {
    const Value* step = KnownValueOf(*call.args[2]);
    if (step == nullptr || step->AsInt() == 0) return std::string();
  }
  OMEN_ASSIGN_OR_RETURN(std::vector<std::string> args, exprs_.PrintAllPlain(call.args));
  return Call("generate_series", args);
}

}  // namespace omen::sql::duckdb
