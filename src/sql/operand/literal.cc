#include "sql/operand/literal.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <limits>
#include <string>

#include "sql/binding/figure_name.h"
#include "sql/operand/arguments.h"
#include "sql/operand/casts.h"
#include "sql/operand/copy.h"
#include "sql/typing/coerce.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// A number that the lexer does not take for int4: int8 if it fits, else numeric. The least int4
/// is one, its digits alone are not.
ExprResult BigNumber(BindState* state, const char* text, int location) {
  std::string_view digits(text);
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc() && end == digits.data() + digits.size()) {
    const bool least = value == std::numeric_limits<int32_t>::min();
    return MakeConst({least ? oid::kInt4 : oid::kInt8}, Value::Int(value), location);
  }
  return LiteralAs(state, digits, {oid::kNumeric}, false, location);
}

/// CURRENT_TIMESTAMP(3): the name of its column in capitals, and the precision.
std::string ValueFunctionText(const SQLValueFunction& node) {
  std::string text = FigureColumnName(reinterpret_cast<const Node*>(&node));
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const bool precise = node.op == SVFOP_CURRENT_TIMESTAMP_N || node.op == SVFOP_LOCALTIME_N ||
                       node.op == SVFOP_LOCALTIMESTAMP_N;
  return precise ? fmt::format("{}({})", text, node.typmod) : text;
}

}  // namespace

ExprResult BindConst(BindState* state, const A_Const& node) {
  if (node.isnull) return MakeConst({oid::kUnknown}, Value::Null(), node.location);
  switch (nodeTag(&node.val)) {
    case T_Integer:
      return MakeConst({oid::kInt4}, Value::Int(node.val.ival.ival), node.location);
    case T_Float:
      return BigNumber(state, node.val.fval.fval, node.location);
    case T_Boolean:
      return MakeConst({oid::kBool}, Value::Bool(node.val.boolval.boolval), node.location);
    case T_String:
      return MakeConst({oid::kUnknown}, Value::Text(node.val.sval.sval), node.location);
    default:
      return NotSupported("type bit").At(node.location);
  }
}

ExprResult BindParam(BindState* state, const ParamRef& node) {
  constexpr int kMaxParams = 65535;
  if (node.number <= 0 || node.number > kMaxParams || !state->context.has_params) {
    return Status(sqlstate::kUndefinedParameter,
                  fmt::format("there is no parameter ${}", node.number))
        .At(node.location);
  }
  size_t index = static_cast<size_t>(node.number) - 1;
  if (index >= state->params.size()) state->params.resize(index + 1);
  Type& known = state->params[index];
  if (known.oid == oid::kInvalid) known.oid = oid::kUnknown;
  auto expr = std::make_unique<Expr>(ExprKind::kParam, known, node.location);
  expr->param_index = static_cast<int>(index);
  return expr;
}

ExprResult BindValueFunction(BindState* state, const SQLValueFunction& node) {
  Oid target = 0;
  const char* function = "now";
  switch (node.op) {
    case SVFOP_CURRENT_DATE:
      target = oid::kDate;
      break;
    case SVFOP_CURRENT_TIME:
    case SVFOP_CURRENT_TIME_N:
      return NotSupported("type time with time zone").At(node.location);
    case SVFOP_CURRENT_TIMESTAMP:
    case SVFOP_CURRENT_TIMESTAMP_N:
      target = oid::kTimestamptz;
      break;
    case SVFOP_LOCALTIME:
    case SVFOP_LOCALTIME_N:
      target = oid::kTime;
      break;
    case SVFOP_LOCALTIMESTAMP:
    case SVFOP_LOCALTIMESTAMP_N:
      target = oid::kTimestamp;
      break;
    case SVFOP_SESSION_USER:
      function = "session_user";
      break;
    case SVFOP_CURRENT_CATALOG:
      function = "current_database";
      break;
    case SVFOP_CURRENT_SCHEMA:
      function = "current_schema";
      break;
    default:
      function = "current_user";
      break;
  }
  OMEN_ASSIGN_OR_RETURN(ExprPtr call, CallFunction(state, function, {}, node.location));
  if (target != 0) {
    OMEN_ASSIGN_OR_RETURN(
        call, ExplicitCast(state, std::move(call), {target, node.typmod}, node.location));
  }
  return KeepWriting(state, std::move(call), Wording::Form::kValueFunction,
                     ValueFunctionText(node));
}

}  // namespace omen::sql
