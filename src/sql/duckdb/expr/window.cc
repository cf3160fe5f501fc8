#include "sql/duckdb/expr/window.h"

#include <fmt/format.h>

#include "base/blame.h"
#include "sql/duckdb/expr/aggregate.h"
#include "sql/duckdb/expr/over.h"
#include "sql/duckdb/text/expr_facts.h"
#include "sql/duckdb/text/numeric.h"

namespace omen::sql::duckdb {

using Kind = NumericForm::Kind;
using functions::Meaning;

Result<Text> WindowPrinter::Print() {
  if (call_.aggregate != nullptr) return AggregatePrinter(printing_, call_).Print();
  const Meaning meaning = call_.window_function->meaning;
  Level& level = *printing_.level();
  Scoped<bool> blocking(level.blocking, true);
  const WindowDef& window = level.query->windows[static_cast<size_t>(call_.window)];
  OMEN_ASSIGN_OR_RETURN(std::string over, OverPrinter(printing_, window).Print());
  over.insert(0, " OVER ");
  if (meaning == Meaning::kLag || meaning == Meaning::kLead) return PrintNeighbour(over);
  OMEN_RETURN_IF_ERROR(Check(window));
  return PrintCall(window, over);
}

Status WindowPrinter::Check(const WindowDef& window) const {
  const functions::WindowFunction& function = *call_.window_function;
  if (function.TakesARow() && window.exclude == WindowDef::Exclude::kTies) {
    // Where the row itself is not in its frame, DuckDB takes one beside it.
    return Refusal("EXCLUDE TIES for the values of rows on columns");
  }
  if (function.meaning == Meaning::kNtile || function.meaning == Meaning::kNthValue) {
    const Value* count = KnownValueOf(*call_.args.back());
    if (count == nullptr || count->AsInt() <= 0) {
      return Refusal(fmt::format("{}() of a computed argument on columns", function.name));
    }
  }
  return Status::Ok();
}

Result<Text> WindowPrinter::PrintCall(const WindowDef& window, const std::string& over) {
  const functions::WindowFunction& function = *call_.window_function;
  std::vector<std::string> args;
  NumericForm form;
  for (size_t i = 0; i < call_.args.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(Text text, exprs_.Print(*call_.args[i]));
    if (text.form.kind != Kind::kNone && !text.form.is_decimal()) {
      text = {Coerce(text, NumericForm::Blob()), NumericForm::Blob()};
    }
    if (i == 0) form = text.form;
    args.push_back(std::move(text.sql));
  }
  std::string sql = Call(function.name, args) + over;
  const bool first = function.meaning == Meaning::kFirstValue;
  if (first && window.partition_by.empty() && window.order_by.empty()) {
    // Streamed, it would be the first of all rows, whatever the frame is.
    args.emplace_back("1");
    sql = Call("nth_value", args) + over;
  }
  if (function.meaning == Meaning::kNtile) return Text{"CAST(" + sql + " AS INTEGER)", {}};
  return Text{std::move(sql), form};
}

Result<Text> WindowPrinter::PrintNeighbour(const std::string& over) {
  std::vector<std::string> args;
  OMEN_ASSIGN_OR_RETURN(Text value, exprs_.Print(*call_.args[0]));
  Text fallback;
  NumericForm form = value.form;
  if (call_.args.size() == 3) {
    OMEN_ASSIGN_OR_RETURN(fallback, exprs_.Print(*call_.args[2]));
    form = CommonForm({value.form, fallback.form});
  } else if (form.kind != Kind::kNone && !form.is_decimal()) {
    form = NumericForm::Blob();
  }
  args.push_back(Coerce(value, form));
  if (call_.args.size() >= 2) {
    OMEN_ASSIGN_OR_RETURN(std::string offset, exprs_.PrintPlain(*call_.args[1]));
    args.push_back(std::move(offset));
  }
  if (call_.args.size() == 3) args.push_back(Coerce(fallback, form));
  return Text{Call(call_.window_function->name, args) + over, form};
}

}  // namespace omen::sql::duckdb
