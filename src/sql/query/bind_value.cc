// CURRENT_DATE and the other functions that are written without parentheses.

#include <fmt/format.h>

#include <cctype>
#include <string>

#include "sql/query/binder.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

namespace omen::sql {
namespace {

/// CURRENT_TIMESTAMP(3): the name of its column in capitals, and the precision.
std::string ValueFunctionText(const SQLValueFunction& node) {
  std::string text = FigureColumnName(reinterpret_cast<const Node*>(&node));
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const bool precise = node.op == SVFOP_CURRENT_TIMESTAMP_N || node.op == SVFOP_LOCALTIME_N ||
                       node.op == SVFOP_LOCALTIMESTAMP_N;
  return precise ? fmt::format("{}({})", text, node.typmod) : text;
}

}  // namespace

ExprPtr Binder::KeepWriting(ExprPtr expr, Wording::Form form, std::string_view name) {
  if (!state_->as_written()) return expr;
  expr->written = std::make_shared<const Wording>(Wording{form, std::string(name), {}});
  return expr;
}

ExprResult Binder::BindValueFunction(const SQLValueFunction& node) {
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
  OMEN_ASSIGN_OR_RETURN(ExprPtr call, CallFunction(function, {}, node.location));
  if (target != 0) {
    OMEN_ASSIGN_OR_RETURN(call,
                          ExplicitCast(std::move(call), {target, node.typmod}, node.location));
  }
  return KeepWriting(std::move(call), Wording::Form::kValueFunction, ValueFunctionText(node));
}

}  // namespace omen::sql
