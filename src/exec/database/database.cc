#include "exec/database/database.h"

#include <mutex>
#include <optional>

#include "base/blame.h"
#include "base/containment.h"
#include "base/contention/serving_place.h"
#include "exec/database/answer_sample.h"
#include "exec/database/services.h"
#include "exec/read/explain_plan.h"
#include "exec/read/path_choice.h"
#include "exec/read/select_plan.h"
#include "exec/statement/statement_locks.h"
#include "exec/write/dml_plan.h"
#include "rowstore/block_reads.h"
#include "sql/lexer/template_text.h"

namespace omen::exec {
namespace {

router::Shape ShapeOf(const sql::StatementShape& shape) {
  return {.relations = shape.relations,
          .joins = shape.inner_joins + shape.outer_joins,
          .subqueries = shape.subqueries + shape.ctes,
          .group_keys = shape.group_keys,
          .aggregates = shape.aggregates,
          .windows = shape.windows,
          .order_keys = shape.order_keys,
          .set_operations = shape.set_operations,
          .loose_conditions = shape.loose_conditions,
          .limit = shape.limit,
          .distinct = shape.distinct};
}

bool IsQuery(const sql::Statement& statement) {
  return std::holds_alternative<std::unique_ptr<sql::Query>>(statement.body);
}

bool IsRead(const sql::Statement& statement) {
  return IsQuery(statement) &&
         std::get<std::unique_ptr<sql::Query>>(statement.body)->kind == sql::QueryKind::kSelect;
}

/// What MakePlan gives out: an executable plan, what it was bound against, and the identity by
/// which its runs are told. Any thread.
class PlannedStatement final : public Plan {
 public:
  PlannedStatement(std::shared_ptr<const ExecutablePlan> plan,
                   std::shared_ptr<const sql::Statement> statement,
                   std::shared_ptr<const catalog::Snapshot> catalog)
      : plan_(std::move(plan)), catalog_(std::move(catalog)) {
    statement_ = std::move(statement);
    outputs_ = plan_->outputs();
    returns_rows_ = plan_->returns_rows();
  }

  bool is_brief() const override { return plan_->is_brief(); }
  const ExecutablePlan& plan() const { return *plan_; }
  const catalog::Snapshot& catalog() const { return *catalog_; }

  /// Worked out when it is first run, once. `text` is any of those it was made from.
  void Identify(std::string_view text, Templates* templates) const {
    std::call_once(identified_, [&] {
      text_ = sql::TemplateText(text);
      sql::StatementTraits traits = sql::TraitsOf(*statement_, text_);
      sql::PlaceLiterals(text, &traits);
      const uint64_t id = traits.template_id;
      const auto* explain = std::get_if<sql::Explain>(&statement_->body);
      LearnBy(explain != nullptr ? sql::TraitsOf(*explain->statement, text_) : traits);
      template_ = templates->Enter(id, [&] {
        return std::make_shared<StatementTemplate>(std::move(traits), text_, statement_->tag);
      });
    });
  }
  const std::string& text() const { return text_; }
  /// Of what EXPLAIN explains, its own.
  const StatementIdentity& identity() const { return identity_; }
  const TemplatePtr& statement_template() const { return template_; }

 private:
  void LearnBy(const sql::StatementTraits& traits) const {
    identity_.template_id = traits.template_id;
    identity_.shape = ShapeOf(traits.shape);
    for (const sql::PlanPart& part : traits.parts) identity_.parts.push_back(part.id);
    identity_.repeats = !traits.reads_system && !traits.shape.locks &&
                        traits.volatility != functions::Volatility::kVolatile;
  }

  std::shared_ptr<const ExecutablePlan> plan_;
  std::shared_ptr<const catalog::Snapshot> catalog_;
  mutable std::once_flag identified_;
  mutable std::string text_;
  mutable StatementIdentity identity_;
  mutable TemplatePtr template_;
};

/// The one place where a statement's run is told: to its template and to all who listen. One
/// thread.
class Recorder {
 public:
  Recorder(Services& services, std::shared_ptr<const PlannedStatement> plan,
           StatementContext* context)
      : services_(services), plan_(std::move(plan)), context_(context) {
    constexpr int64_t kLongUs = 1000;
    started_ = services_.clock().WallMicros();
    stops_trials_ = services_.trials != nullptr && !this->plan().is_brief() &&
                    context->check != AnswerCheck::kAgain;
    counts_cpu_ =
        !this->plan().is_brief() && plan_->statement_template()->runs.last_duration_us() >= kLongUs;
  }

  /// Times a part of the run.
  class Part {
   public:
    explicit Part(Recorder* recorder)
        : recorder_(*recorder),
          start_(clock().MonotonicNanos()),
          cpu_start_(Cpu()),
          blocks_start_(rowstore::BlockReadsOfThread()) {
      if (recorder_.stops_trials_) recorder_.services_.trials->ClientBegins();
    }
    ~Part() {
      if (recorder_.stops_trials_) recorder_.services_.trials->ClientEnds();
      const rowstore::BlockReads blocks = rowstore::BlockReadsOfThread();
      recorder_.nanos_ += clock().MonotonicNanos() - start_;
      recorder_.cpu_nanos_ += Cpu() - cpu_start_;
      recorder_.blocks_.cached += blocks.cached - blocks_start_.cached;
      recorder_.blocks_.read += blocks.read - blocks_start_.read;
    }

   private:
    const Clock& clock() const { return recorder_.services_.clock(); }
    // A system call, which a brief statement would feel.
    int64_t Cpu() const { return recorder_.counts_cpu_ ? clock().ThreadNanos() : 0; }

    Recorder& recorder_;
    const int64_t start_, cpu_start_;
    const rowstore::BlockReads blocks_start_;
  };

  void Fail(const Status& status) {
    if (!status.ok()) sqlstate_ = status.error().state.view();
  }

  void Tell(uint64_t rows, const Cursor::Spent& spent) {
    if (context_->check == AnswerCheck::kAgain) return;
    const RunReport& report = context_->report;
    StatementTemplate& known = services_.templates.Current(plan_->statement_template());
    obs::Outcome outcome;
    outcome.session_id = context_->session_id;
    outcome.template_id = known.traits.template_id;
    outcome.user = context_->user;
    outcome.template_text = plan_->text();
    outcome.tag = plan_->statement()->tag;
    outcome.path = PathName(report.path);
    outcome.reason = report.reason;
    outcome.asked_router = report.asked_router;
    outcome.estimated_rows = report.estimated_rows;
    outcome.estimated_us = report.estimated_us;
    outcome.started_micros = started_;
    outcome.duration_us = nanos_ / 1000;
    outcome.cpu_us = (counts_cpu_ ? cpu_nanos_ : nanos_) / 1000;
    outcome.waited_us = report.waited_us;
    outcome.rows = rows;
    outcome.rows_read = spent.rows_read;
    outcome.bytes = spent.bytes;
    outcome.engine_us = spent.engine_us;
    outcome.blocks_cached = blocks_.cached;
    outcome.blocks_read = blocks_.read;
    outcome.snapshot_commit = report.snapshot_commit;
    outcome.watermark = report.watermark;
    outcome.sqlstate = sqlstate_;
    std::vector<obs::PartRun> parts;
    if (!spent.parts.empty()) {
      parts = PartRunsOf(known.traits, spent.parts, report.expected);
      outcome.parts = parts;
    }
    known.runs.Note(report.path, outcome);
    const bool cut_off = sqlstate_ == sqlstate::kQueryCanceled.view();
    if (cut_off || (read_to_end_ && sqlstate_.empty())) Teach(report, cut_off);
    for (obs::OutcomeListener* listener : services_.listeners) listener->OnOutcome(outcome);
  }

  void ReachedEnd() { read_to_end_ = true; }
  const ExecutablePlan& plan() const { return plan_->plan(); }

 private:
  // Of one that was rerouted, the whole time is of the path that was chosen first.
  void Teach(const RunReport& report, bool cut_off) {
    if (!report.features || !IsRead(*plan_->statement())) return;
    const double us = static_cast<double>(nanos_) / 1000;
    router::Router& router = *services_.reads.router;
    router::RunSeen run{
        .path = report.chosen, .us = us, .decision = report.decision, .cut_off = cut_off};
    if (report.given_up_us > 0) {
      router.Learn(*report.features,
                   {.path = report.chosen, .us = report.given_up_us, .cut_off = true});
      run.path = RouterPath(report.path);
      run.us = us - report.given_up_us;
    }
    router.Learn(*report.features, run);
    if (services_.trials != nullptr) services_.trials->Credit(us);
  }

  Services& services_;
  std::shared_ptr<const PlannedStatement> plan_;
  StatementContext* context_;
  int64_t started_ = 0, nanos_ = 0, cpu_nanos_ = 0;
  bool counts_cpu_ = false, read_to_end_ = false, stops_trials_ = false;
  rowstore::BlockReads blocks_;
  std::string sqlstate_;
};

/// The cursor a session holds: keeps the plan alive and tells its run when it ends.
class StatementCursor final : public Cursor {
 public:
  StatementCursor(std::unique_ptr<Cursor> cursor, Recorder recorder)
      : recorder_(std::move(recorder)), cursor_(std::move(cursor)) {}
  ~StatementCursor() override {
    // For want of memory perhaps it is being left: then it goes unrecorded.
    (void)Contain([&] { recorder_.Tell(cursor_->row_count(), cursor_->spent()); });
  }
  Status Next(std::vector<Row>* rows, size_t max) override {
    if (!recorder_.plan().is_brief() && !recorder_.plan().polls()) PassPlace();
    const Recorder::Part part(&recorder_);
    Status status = Settled(cursor_->Next(rows, max));
    if (!status.ok()) recorder_.Fail(status);
    if (rows->empty()) recorder_.ReachedEnd();
    return status;
  }
  bool has_fields() const override { return cursor_->has_fields(); }
  Result<FieldRange> NextFields() override {
    PassPlace();
    const Recorder::Part part(&recorder_);
    Result<FieldRange> rows = cursor_->NextFields();
    if (rows.ok()) {
      if (rows->empty()) recorder_.ReachedEnd();
      return rows;
    }
    Status status = Settled(std::move(rows).status());
    recorder_.Fail(status);
    return status;
  }
  uint64_t row_count() const override { return cursor_->row_count(); }

 private:
  Recorder recorder_;  // holds the plan, which the cursor reads
  std::unique_ptr<Cursor> cursor_;
};

// DDL takes the locks it needs in its own order and its view after them.
bool LocksItself(const sql::Statement& statement) {
  return !IsQuery(statement) && !std::holds_alternative<sql::Copy>(statement.body) &&
         !std::holds_alternative<sql::Explain>(statement.body);
}

PlanResult MakeQueryPlan(const Services& services,
                         const std::shared_ptr<const sql::Statement>& statement,
                         const std::shared_ptr<const catalog::Snapshot>& catalog) {
  const auto& query = std::get<std::unique_ptr<sql::Query>>(statement->body);
  if (query->kind != sql::QueryKind::kSelect)
    return MakeDmlPlan(services.writes(), statement, catalog);
  return MakeSelectPlan(services.reads, statement,
                        std::shared_ptr<const sql::Query>(statement, query.get()), catalog,
                        RowsFor::kClient);
}

PlanResult MakeExecutable(const Services& services,
                          const std::shared_ptr<const sql::Statement>& statement,
                          const std::shared_ptr<const catalog::Snapshot>& catalog) {
  if (IsQuery(*statement)) return MakeQueryPlan(services, statement, catalog);
  if (std::holds_alternative<sql::Copy>(statement->body)) {
    return MakeCopyPlan(services.writes(), statement, catalog);
  }
  if (const auto* explain = std::get_if<sql::Explain>(&statement->body)) {
    const std::shared_ptr<const sql::Statement> inner(statement, explain->statement.get());
    OMEN_ASSIGN_OR_RETURN(std::shared_ptr<const ExecutablePlan> plan,
                          MakeExecutable(services, inner, catalog));
    return std::shared_ptr<const ExecutablePlan>(
        std::make_shared<ExplainPlan>(statement, std::move(plan)));
  }
  return MakeDdlPlan(services.ddl, statement, catalog);
}

/// Of one that is run again, they are as they were.
void NoteParameters(const PlannedStatement& plan, const Row& params, StatementContext* context) {
  if (context->check == AnswerCheck::kAgain) return;
  const RunValues values{.params = params,
                         .types = plan.statement()->param_types,
                         .text = context->text,
                         .now_micros = context->call.statement_micros};
  ParameterShapes& shapes = plan.statement_template()->parameters;
  if (shapes.Wants()) shapes.Note(values);
  // Whoever changes rows is not asked about.
  const bool is_routed = !plan.plan().is_brief() && IsRead(*plan.statement());
  context->values = is_routed ? IdentityOfValues(values) : 0;
}

/// A read that can be run again without telling or changing anything, that takes little memory to
/// keep, and that the router would learn from.
bool WantsTrial(const Services& services, const PlannedStatement& plan, const Row& params,
                const StatementContext& context) {
  constexpr size_t kKeptMax = 64 << 10;  // of its text, and of its parameters
  if (services.trials == nullptr || context.options.learning != Learning::kOn) return false;
  if (plan.plan().is_brief() || context.check != AnswerCheck::kNone) return false;
  const StatementIdentity& identity = plan.identity();
  const bool repeats = IsRead(*plan.statement()) && identity.repeats;
  if (!repeats || !services.trials->Wants(identity.template_id, context.values)) return false;
  const std::vector<Type>& types = plan.statement()->param_types;
  return context.text.size() <= kKeptMax && params.size() == types.size() &&
         PayloadBytes(params, types) <= kKeptMax;
}

Status Prepare(const PlannedStatement& plan, StatementContext* context) {
  Transaction* transaction = context->transaction;
  transaction->SetWaits(context->cancel, context->options.lock_timeout_ms);
  const sql::Statement& statement = *plan.statement();
  if (LocksItself(statement)) return Status::Ok();
  const auto* explain = std::get_if<sql::Explain>(&statement.body);
  const sql::Statement& inner = explain != nullptr ? *explain->statement : statement;
  OMEN_RETURN_IF_ERROR(LockStatementTables(inner, plan.catalog(), transaction));
  // A SELECT takes its view itself, for columns may have to be pinned with it.
  if (!IsRead(inner)) transaction->BeginStatement();
  return Status::Ok();
}

}  // namespace

Database::Database(const DatabaseParts& parts) : services_(std::make_unique<Services>(parts)) {}

Database::~Database() = default;

const catalog::Catalog& Database::catalog() const { return *services_->parts.catalog; }
const Clock& Database::clock() const { return services_->clock(); }
rowstore::RowStore& Database::rows() { return *services_->parts.rows; }
const statistics::Statistics& Database::statistics() const { return services_->known; }
jobs::Runner* Database::jobs() { return services_->parts.jobs; }

Result<std::unique_ptr<Transaction>> Database::Begin(const TransactionOptions& options,
                                                     std::unique_ptr<Transaction> ended) {
  if (options.isolation == sql::Isolation::kSerializable) {
    return NotSupported("transaction isolation level SERIALIZABLE");
  }
  if (ended == nullptr) return std::make_unique<Transaction>(services_->transactions, options);
  ended->Restart(options);
  return ended;
}

Result<std::shared_ptr<const Plan>> Database::MakePlan(
    std::shared_ptr<const sql::Statement> statement,
    std::shared_ptr<const catalog::Snapshot> catalog) {
  PlanResult made = MakeExecutable(*services_, statement, catalog);
  if (!made.ok()) return Settled(std::move(made).status());
  std::shared_ptr<const ExecutablePlan> plan = std::move(made).value();
  return std::shared_ptr<const Plan>(std::make_shared<PlannedStatement>(
      std::move(plan), std::move(statement), std::move(catalog)));
}

Result<std::unique_ptr<Cursor>> Database::Open(std::shared_ptr<const Plan> plan, Row params,
                                               StatementContext* context) {
  auto planned = std::static_pointer_cast<const PlannedStatement>(std::move(plan));
  // Evaluators read their parameters without looking.
  OMEN_CHECK(params.size() >= planned->statement()->param_types.size());
  if (!planned->plan().is_brief() && !planned->plan().polls()) PassPlace();
  OMEN_RETURN_IF_ERROR(Prepare(*planned, context));
  context->report.Begin(planned->plan().path(), "");
  std::unique_ptr<AnswerSample> sample =
      AnswerSample::Take(this, services_->parts.checker, planned, params, context);
  planned->Identify(context->text, &services_->templates);
  NoteParameters(*planned, params, context);
  context->identity = &planned->identity();
  context->report.features.reset();
  context->report.given_up_us = 0;
  std::optional<RunAgain> trial;
  if (WantsTrial(*services_, *planned, params, *context))
    trial.emplace(this, planned, params, *context);
  Recorder recorder(*services_, planned, context);
  const auto open_plan = [&] {
    const Recorder::Part part(&recorder);
    return planned->plan().Open(std::move(params), context);
  };
  Result<std::unique_ptr<Cursor>> cursor = open_plan();
  if (!cursor.ok()) {
    cursor = Settled(std::move(cursor).status());
    recorder.Fail(cursor.status());
    if (!IsStalePlan(cursor.status())) recorder.Tell(0, {});
    return cursor;
  }
  if (trial && context->report.features) {
    services_->trials->Submit(std::move(*trial), *context->report.features);
  }
  auto open = std::make_unique<StatementCursor>(std::move(cursor).value(), std::move(recorder));
  if (sample == nullptr) return std::unique_ptr<Cursor>(std::move(open));
  return AnswerSample::Watch(std::move(sample), std::move(open));
}

}  // namespace omen::exec
