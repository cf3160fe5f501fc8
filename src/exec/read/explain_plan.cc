#include "exec/read/explain_plan.h"

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
  ExplainReport report;
  OMEN_RETURN_IF_ERROR(explained_->Explain(params, context, options, &report));
  context->report = {};
  const bool json = explain.format == sql::Explain::Format::kJson;
  std::vector<std::string> lines =
      json ? std::vector{ExplainJson(report, options)} : ExplainText(report, options);
  return std::unique_ptr<Cursor>(std::make_unique<LinesCursor>(std::move(lines)));
}

}  // namespace omen::exec
