#include "exec/database/answer_sample.h"

#include "base/contention/serving_place.h"
#include "exec/database/run_again.h"
#include "sql/lexer/template_text.h"
#include "sql/traits/one_answer.h"

namespace omen::exec {
namespace {

constexpr size_t kBatch = 1024;

std::vector<Type> TypesOf(const Plan& plan) {
  std::vector<Type> types;
  for (const sql::OutputColumn& output : plan.outputs()) types.push_back(output.type);
  return types;
}

/// Any thread, one at a time.
class SecondRun final : public answers::Recheck {
 public:
  SecondRun(Database* database, std::shared_ptr<const Plan> plan, Row params,
            const StatementContext& first, std::shared_ptr<rowstore::ReadView> view)
      : database_(database),
        again_(database, std::move(plan), std::move(params), first),
        first_(first.report.path),
        view_(std::move(view)) {}

  Result<Answer> Run(CancelToken* cancel) override {
    Status refused = Status(sqlstate::kFeatureNotSupported, "no other path can run it");
    for (const Route route : Others()) {
      Result<Answer> answer = RunOn(route, cancel);
      const bool other = !answer.ok() && (answer.status().Is(sqlstate::kFeatureNotSupported) ||
                                          answer.status().Is(sqlstate::kNotInPrerequisiteState));
      if (!other) return answer;
      refused = answer.status().Clone();
    }
    return refused;
  }

 private:
  /// The columns show the commit only while it is the last.
  std::vector<Route> Others() const {
    std::vector<Route> routes;
    if (first_ != Path::kRow) routes.push_back(Route::kRow);
    const bool last = database_->rows().last_commit() == view_->commit_id();
    if (first_ != Path::kColumn && last) routes.push_back(Route::kColumn);
    if (first_ != Path::kMixed) routes.push_back(Route::kMixed);
    return routes;
  }

  Result<Answer> RunOn(Route route, CancelToken* cancel) {
    RunAgain::Run run;
    const bool columns = route == Route::kColumn;
    OMEN_RETURN_IF_ERROR(again_.Open(route, columns ? nullptr : view_, cancel, &run));
    const bool elsewhere = columns && (run.context.report.watermark != view_->commit_id() ||
                                       run.transaction->view()->commit_id() != view_->commit_id());
    if (elsewhere) return Status(sqlstate::kNotInPrerequisiteState, "the columns have moved on");
    return Read(run.cursor.get(), PathName(run.context.report.path));
  }

  Result<Answer> Read(Cursor* cursor, std::string path) {
    Answer answer{answers::Digest(TypesOf(again_.plan())), std::move(path)};
    std::vector<Row> rows;
    do {
      OMEN_RETURN_IF_ERROR(cursor->Next(&rows, kBatch));
      for (const Row& row : rows) answer.digest.Add(row);
    } while (!rows.empty());
    return answer;
  }

  Database* const database_;
  const RunAgain again_;
  const Path first_;
  const std::shared_ptr<rowstore::ReadView> view_;
};

/// Passes rows on and shows them to the sample.
class SampledCursor final : public Cursor {
 public:
  SampledCursor(std::unique_ptr<Cursor> cursor, std::unique_ptr<AnswerSample> sample)
      : cursor_(std::move(cursor)), sample_(std::move(sample)) {}

  Status Next(std::vector<Row>* rows, size_t max) override {
    Status status = cursor_->Next(rows, max);
    Show(status.ok(), *rows);
    return status;
  }
  bool has_fields() const override { return cursor_->has_fields(); }
  Result<FieldRange> NextFields() override {
    Result<FieldRange> range = cursor_->NextFields();
    if (sample_ == nullptr) return range;
    std::vector<Row> rows;
    if (range.ok() && !range->empty()) ReadRows(*range, &rows);
    Show(range.ok(), rows);
    return range;
  }
  uint64_t row_count() const override { return cursor_->row_count(); }

 private:
  /// No rows: the end.
  void Show(bool ok, const std::vector<Row>& rows) {
    if (sample_ == nullptr) return;
    if (!ok) {
      sample_.reset();
    } else if (rows.empty()) {
      sample_->Submit();
      sample_.reset();
    } else {
      sample_->See(rows);
    }
  }

  std::unique_ptr<Cursor> cursor_;
  std::unique_ptr<AnswerSample> sample_;
};

/// The row view the read used, where its columns (if it read any) show the same commit.
std::shared_ptr<rowstore::ReadView> CommonView(const StatementContext& context) {
  std::shared_ptr<rowstore::ReadView> view = context.transaction->view();
  if (view == nullptr) return nullptr;
  const RunReport& report = context.report;
  if (report.path == Path::kColumn && report.watermark != view->commit_id()) return nullptr;
  return view;
}

}  // namespace

AnswerSample::AnswerSample(Database* database, answers::Checker* checker,
                           std::shared_ptr<const Plan> plan, const Row& params,
                           StatementContext* context)
    : database_(database),
      checker_(checker),
      plan_(std::move(plan)),
      params_(params),
      context_(context) {
  sample_.template_text = sql::TemplateText(context->text);
  sample_.share = context->options.answer_check;
  sample_.digest = answers::Digest(TypesOf(*plan_));
}

std::unique_ptr<AnswerSample> AnswerSample::Take(Database* database, answers::Checker* checker,
                                                 const std::shared_ptr<const Plan>& plan,
                                                 const Row& params, StatementContext* context) {
  if (context->check == AnswerCheck::kAgain) return nullptr;
  context->check = AnswerCheck::kNone;
  if (context->options.answer_check <= 0 || checker == nullptr) return nullptr;
  const sql::Query* query = ReadOf(*plan);
  if (query == nullptr || plan->statement()->tables.empty()) return nullptr;
  if (!checker->Wants(context->options.answer_check)) return nullptr;
  std::string_view why = sql::WhyManyAnswers(*query);
  if (why.empty() && context->transaction->has_writes()) why = "the transaction's own changes";
  if (!why.empty()) {
    checker->Skip(why);
    return nullptr;
  }
  context->check = AnswerCheck::kFirst;
  return std::unique_ptr<AnswerSample>(new AnswerSample(database, checker, plan, params, context));
}

std::unique_ptr<Cursor> AnswerSample::Watch(std::unique_ptr<AnswerSample> sample,
                                            std::unique_ptr<Cursor> cursor) {
  sample->view_ = CommonView(*sample->context_);
  if (sample->view_ == nullptr) {
    sample->checker_->Skip("rows and columns at different commits");
    return cursor;
  }
  sample->sample_.path = PathName(sample->context_->report.path);
  sample->sample_.commit = sample->view_->commit_id();
  return std::make_unique<SampledCursor>(std::move(cursor), std::move(sample));
}

void AnswerSample::See(const std::vector<Row>& rows) {
  for (const Row& row : rows) sample_.digest.Add(row);
}

void AnswerSample::Submit() {
  sample_.again = std::make_unique<SecondRun>(database_, std::move(plan_), std::move(params_),
                                              *context_, std::move(view_));
  PassPlace();  // it may wait for room
  checker_->Submit(std::move(sample_), context_->cancel);
}

}  // namespace omen::exec
