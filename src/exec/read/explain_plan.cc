#include "exec/read/explain_plan.h"

#include <fmt/format.h>

#include "exec/statement/context.h"

namespace omen::exec {
namespace {

class LinesCursor final : public Cursor {
 public:
  explicit LinesCursor(std::vector<std::string> lines) : lines_(std::move(lines)) {}
  Status Next(std::vector<Row>* rows, size_t max) override {
    rows->clear();
    for (; next_ < lines_.size() && rows->size() < max; ++next_) {
      rows->push_back({Value::Text(lines_[next_])});
    }
    return Status::Ok();
  }
  uint64_t row_count() const override { return next_; }

 private:
  std::vector<std::string> lines_;
  size_t next_ = 0;
};

std::string JsonString(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// One plan object that holds the lines: enough for tools that want to see JSON come back.
std::vector<std::string> AsJson(const std::vector<std::string>& lines) {
  std::string text = "[\n  {\n    \"Plan\": {\n      \"Node Type\": ";
  text += JsonString(lines.empty() ? "Result" : lines[0]);
  text += ",\n      \"Lines\": [";
  for (size_t i = 0; i < lines.size(); ++i) {
    text += (i > 0 ? ", " : "") + JsonString(lines[i]);
  }
  return {text + "]\n    }\n  }\n]"};
}

}  // namespace

ExplainPlan::ExplainPlan(std::shared_ptr<const sql::Statement> statement,
                         std::shared_ptr<const ExecutablePlan> explained)
    : explained_(std::move(explained)) {
  statement_ = std::move(statement);
  const sql::Explain& explain = std::get<sql::Explain>(statement_->body);
  const bool json = explain.format == sql::Explain::Format::kJson;
  outputs_ = {{"QUERY PLAN", {json ? oid::kJson : oid::kText, -1}, 0, 0}};
  returns_rows_ = true;
}

Result<std::unique_ptr<Cursor>> ExplainPlan::Open(Row params, StatementContext* context) const {
  const sql::Explain& explain = std::get<sql::Explain>(statement_->body);
  ExplainOptions options;
  options.analyze = explain.analyze;
  options.verbose = explain.verbose;
  options.costs = explain.costs;
  options.timing = explain.timing;
  std::vector<std::string> lines;
  OMEN_RETURN_IF_ERROR(explained_->Explain(params, context, options, &lines));
  context->report = {};
  if (explain.format == sql::Explain::Format::kJson) lines = AsJson(lines);
  return std::unique_ptr<Cursor>(std::make_unique<LinesCursor>(std::move(lines)));
}

}  // namespace omen::exec
