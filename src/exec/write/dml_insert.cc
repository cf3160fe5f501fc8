// INSERT: source rows, defaults, ON CONFLICT.
#include <fmt/format.h>

#include <optional>
#include <unordered_set>

#include "exec/write/dml_plan.h"
#include "exec/write/table_load.h"
#include "rowstore/row_codec.h"
#include "sql/tree/expr_walk.h"

namespace omen::exec {
namespace {

constexpr size_t kSourceBatch = 1024;

// VALUES whose query does nothing else: its expressions can be evaluated without a plan.
const std::vector<std::vector<sql::ExprPtr>>* PlainValues(const sql::Query& source) {
  const bool plain = source.relations.size() == 1 && source.set_op == sql::SetOp::kNone &&
                     source.relations[0].kind == sql::RelationKind::kValues &&
                     source.where == nullptr && source.order_by.empty() &&
                     source.limit == nullptr && source.offset == nullptr && source.ctes.empty() &&
                     !source.distinct && !source.has_aggregates;
  if (!plain) return nullptr;
  for (size_t i = 0; i < source.targets.size(); ++i) {
    const sql::Expr& expr = *source.targets[i].expr;
    if (expr.kind != sql::ExprKind::kColumn || expr.column != static_cast<int>(i)) return nullptr;
  }
  return &source.relations[0].values;
}

class InsertPlan;

// One execution of an INSERT. One thread.
class Insertion {
 public:
  Insertion(const InsertPlan& plan, const Row* params, StatementContext* context);
  Status Run();
  ChargedRows TakeReturned() { return std::move(returned_); }
  uint64_t affected() const { return affected_; }

 private:
  Status InsertValues();
  /// VALUES, with the parameters at hand.
  Status InsertListed();
  Status InsertQuery();
  Status InsertDefaults();
  Status InsertRows(const std::vector<Row>& rows, const std::vector<bool>& given);
  /// `source` has one value per insert column; `given[i]` false where it said DEFAULT.
  Status InsertOne(const Row& source, const std::vector<bool>& given);
  Status ResolveConflict(const Conflict& conflict, const Row& proposed);
  Status Written(const Row& row);
  /// ON CONFLICT DO UPDATE: 21000 when this command has inserted or updated the row already.
  Status CheckFirstTouch(const std::string& row_key) const;
  Status NoteTouch();
  Status Evaluate(size_t first, size_t count, Row* out);

  const InsertPlan& plan_;
  const Row* params_;
  StatementContext* context_;
  TableWriter writer_;
  std::optional<TableLoad> load_;  // where there may be many rows, of which no more is asked
  std::unique_ptr<RowEvaluation> expressions_;
  ChargedRows returned_;
  MemoryMeter memory_;                       // of touched_
  std::unordered_set<std::string> touched_;  // row keys, where a second touch must be noticed
  uint64_t affected_ = 0;
};

class InsertPlan final : public DmlPlan {
 public:
  Status Prepare(const WriteServices& services, std::shared_ptr<const sql::Statement> statement,
                 const std::shared_ptr<const catalog::Snapshot>& catalog);
  Result<std::unique_ptr<Cursor>> Open(Row params, StatementContext* context) const override;
  Status Explain(const Row& params, StatementContext* context, const ExplainOptions& options,
                 ExplainReport* report) const override;
  bool is_brief() const override { return values_ != nullptr && values_->size() <= kBriefRows; }

 private:
  static constexpr size_t kBriefRows = 16;
  friend class Insertion;
  Status CompileExpressions(const WriteServices& services);
  Status CheckIdentity() const;
  bool IsAlwaysIdentity(int attnum) const {
    return target().table->column(attnum).identity == catalog::Identity::kAlways &&
           query_->overriding == sql::Overriding::kNone;
  }
  /// Is what is given for the column of the source left aside, and its default taken?
  bool IsOverridden(size_t source) const {
    const catalog::Column& column = target().table->column(query_->insert_attnums[source]);
    return query_->overriding == sql::Overriding::kUser &&
           column.identity != catalog::Identity::kNone;
  }

  /// Rows of which no more is asked once they are checked.
  bool MayLoad() const { return !query_->on_conflict && !returns_rows(); }

  const std::vector<std::vector<sql::ExprPtr>>* values_ = nullptr;
  std::shared_ptr<const ExecutablePlan> source_;  // when the source is not plain VALUES
  bool source_locks_ = false;
  // VALUES row by row, then ON CONFLICT's set and where, then RETURNING.
  std::unique_ptr<RowExpressions> expressions_;
  size_t conflict_at_ = 0, returning_at_ = 0;
  int excluded_relation_ = -1;
};

Status InsertPlan::Prepare(const WriteServices& services,
                           std::shared_ptr<const sql::Statement> statement,
                           const std::shared_ptr<const catalog::Snapshot>& catalog) {
  OMEN_RETURN_IF_ERROR(Init(services, statement, catalog));
  for (size_t i = 0; i < query_->relations.size(); ++i) {
    if (query_->relations[i].kind == sql::RelationKind::kResultRow) {
      excluded_relation_ = static_cast<int>(i);
    }
  }
  if (query_->insert_source != nullptr) {
    if (query_->ctes.empty()) values_ = PlainValues(*query_->insert_source);
    if (values_ == nullptr) {
      std::shared_ptr<const sql::Query> source(statement, query_->insert_source.get());
      OMEN_ASSIGN_OR_RETURN(source_, MakeSelectPlan(*services.reads, statement, source, catalog,
                                                    RowsFor::kStatement));
      WalkQueries(*source, [&](const sql::Query& part) {
        source_locks_ = source_locks_ || !part.locks.empty();
      });
    }
  }
  OMEN_RETURN_IF_ERROR(CheckIdentity());
  return CompileExpressions(services);
}

Status InsertPlan::CheckIdentity() const {
  for (size_t i = 0; i < query_->insert_attnums.size(); ++i) {
    const int attnum = query_->insert_attnums[i];
    if (!IsAlwaysIdentity(attnum)) continue;
    bool all_default = values_ != nullptr;
    if (values_ != nullptr) {
      for (const auto& row : *values_) {
        all_default = all_default && i < row.size() && row[i]->kind == sql::ExprKind::kDefault;
      }
    }
    if (all_default) continue;
    const std::string& name = target().table->column(attnum).name;
    return Status(sqlstate::kGeneratedAlways,
                  fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", name))
        .Detail(
            fmt::format("Column \"{}\" is an identity column defined as GENERATED ALWAYS.", name))
        .Hint("Use OVERRIDING SYSTEM VALUE to override.");
  }
  return Status::Ok();
}

Status InsertPlan::CompileExpressions(const WriteServices& services) {
  std::vector<const sql::Expr*> all;
  if (values_ != nullptr) {
    for (const auto& row : *values_) {
      for (const sql::ExprPtr& expr : row) all.push_back(expr.get());
    }
  }
  conflict_at_ = all.size();
  if (query_->on_conflict) {
    for (const auto& [attnum, expr] : query_->on_conflict->set) all.push_back(expr.get());
    if (query_->on_conflict->where) all.push_back(query_->on_conflict->where.get());
  }
  returning_at_ = all.size();
  for (const sql::TargetEntry& entry : query_->returning) all.push_back(entry.expr.get());
  // A DEFAULT is never evaluated; a null constant holds its place.
  static const sql::ExprPtr placeholder = sql::MakeConst(Type{oid::kText, -1}, Value::Null());
  for (const sql::Expr*& expr : all) {
    if (expr->kind == sql::ExprKind::kDefault) expr = placeholder.get();
  }
  OMEN_ASSIGN_OR_RETURN(expressions_, CompileRowExpressions(services, *query_, all, catalog_));
  return Status::Ok();
}

Result<std::unique_ptr<Cursor>> InsertPlan::Open(Row params, StatementContext* context) const {
  OMEN_RETURN_IF_ERROR(CheckTransactionWritable(*context, statement_->tag));
  Insertion insertion(*this, &params, context);
  OMEN_RETURN_IF_ERROR(insertion.Run());
  const uint64_t affected = insertion.affected();
  return std::unique_ptr<Cursor>(std::make_unique<DmlCursor>(insertion.TakeReturned(), affected));
}

Status InsertPlan::Explain(const Row& params, StatementContext* context,
                           const ExplainOptions& options, ExplainReport* report) const {
  ExplainNode node;
  node.type = "Insert";
  node.relation = target().table->name;
  if (source_ == nullptr) {
    node.inputs.emplace_back().type =
        fmt::format("Values ({} rows)", values_ == nullptr ? 1 : values_->size());
  } else {
    OMEN_RETURN_IF_ERROR(source_->Explain(params, context, options, report));
    node.inputs = std::move(report->plans);
    report->plans.clear();
  }
  report->plans.push_back(std::move(node));
  return Status::Ok();
}

Insertion::Insertion(const InsertPlan& plan, const Row* params, StatementContext* context)
    : plan_(plan),
      params_(params),
      context_(context),
      writer_(plan.write_plan_, context),
      expressions_(plan.expressions_->Open(params, context)),
      returned_(*context),
      memory_(StatementMeter(*context)) {}

Status Insertion::Run() {
  if (plan_.values_ == nullptr && plan_.source_ == nullptr) return InsertDefaults();
  const bool many =
      plan_.source_ != nullptr || plan_.values_->size() > 1 || !context_->more_rows.empty();
  if (many && plan_.MayLoad()) {
    // An empty table is locked while it is built: not for longer than the statement.
    const bool may_fill = plan_.source_ != nullptr && context_->ends_transaction;
    load_.emplace(plan_.write_plan_->store(), &writer_, context_,
                  TableLoad::Options{.may_fill = may_fill});
  }
  Status done = plan_.values_ != nullptr ? InsertValues() : InsertQuery();
  if (!load_) return done;
  // What went wrong with rows of before comes first.
  OMEN_RETURN_IF_ERROR(load_->Settle());
  return done.ok() ? load_->Finish() : std::move(done);
}

Status Insertion::InsertDefaults() { return InsertOne({}, {}); }

Status Insertion::Evaluate(size_t first, size_t count, Row* out) {
  out->resize(count);
  for (size_t i = 0; i < count; ++i) {
    OMEN_RETURN_IF_ERROR(expressions_->Eval(first + i, &(*out)[i]));
  }
  return Status::Ok();
}

Status Insertion::InsertValues() {
  OMEN_RETURN_IF_ERROR(InsertListed());
  const size_t width = params_->size();
  for (size_t at = 0; at < context_->more_rows.size(); at += width) {
    if (context_->cancel != nullptr) OMEN_RETURN_IF_ERROR(context_->cancel->Check());
    expressions_->SetParams(context_->more_rows.subspan(at, width));
    OMEN_RETURN_IF_ERROR(InsertListed());
  }
  return Status::Ok();
}

Status Insertion::InsertListed() {
  size_t at = 0;
  Row source;
  for (const auto& exprs : *plan_.values_) {
    OMEN_RETURN_IF_ERROR(Evaluate(at, exprs.size(), &source));
    at += exprs.size();
    std::vector<bool> given(exprs.size());
    for (size_t i = 0; i < exprs.size(); ++i) {
      given[i] = exprs[i]->kind != sql::ExprKind::kDefault && !plan_.IsOverridden(i);
    }
    OMEN_RETURN_IF_ERROR(InsertOne(source, given));
  }
  return Status::Ok();
}

// Rows come from the row path through a view of what is committed, which shows none of the writes.
// Else all are read first: an iterator over own writes sees the later ones, and who reads columns
// must not wait for locks.
Status Insertion::InsertQuery() {
  const bool view = !context_->transaction->rows().has_writes() && !plan_.source_locks_;
  OMEN_ASSIGN_OR_RETURN(auto cursor, plan_.source_->Open(*params_, context_));
  std::vector<bool> given(plan_.query().insert_attnums.size());
  for (size_t i = 0; i < given.size(); ++i) given[i] = !plan_.IsOverridden(i);
  const bool as_read = view && context_->report.path == Path::kRow;
  ChargedRows kept(*context_);
  std::vector<Row> batch;
  while (true) {
    OMEN_RETURN_IF_ERROR(cursor->Next(&batch, kSourceBatch));
    if (batch.empty()) break;
    if (as_read) {
      OMEN_RETURN_IF_ERROR(InsertRows(batch, given));
      continue;
    }
    for (Row& row : batch) OMEN_RETURN_IF_ERROR(kept.Add(std::move(row)));
  }
  cursor.reset();
  return InsertRows(kept.rows(), given);
}

Status Insertion::InsertRows(const std::vector<Row>& rows, const std::vector<bool>& given) {
  for (const Row& row : rows) {
    if (context_->cancel != nullptr) OMEN_RETURN_IF_ERROR(context_->cancel->Check());
    OMEN_RETURN_IF_ERROR(InsertOne(row, given));
  }
  return Status::Ok();
}

Status Insertion::InsertOne(const Row& source, const std::vector<bool>& given) {
  const catalog::Table& table = writer_.table();
  Row row(table.columns.size());
  std::vector<bool> filled(table.columns.size());
  const auto& attnums = plan_.query().insert_attnums;
  for (size_t i = 0; i < given.size() && i < attnums.size(); ++i) {
    const size_t at = static_cast<size_t>(attnums[i]) - 1;
    if (!given[i]) continue;
    row[at] = source[i];
    filled[at] = true;
  }
  OMEN_RETURN_IF_ERROR(writer_.FillDefaults(filled, &row));
  const auto& on_conflict = plan_.query().on_conflict;
  if (on_conflict) {
    OMEN_RETURN_IF_ERROR(writer_.CheckRow(row));
    OMEN_ASSIGN_OR_RETURN(const auto conflict,
                          writer_.FindConflict(row, on_conflict->arbiter, on_conflict->do_update));
    if (conflict) return ResolveConflict(*conflict, row);
  }
  if (load_) {
    OMEN_RETURN_IF_ERROR(writer_.CheckRow(row));
    ++affected_;
    return load_->Take(&row);
  }
  OMEN_RETURN_IF_ERROR(writer_.Insert(row));
  OMEN_RETURN_IF_ERROR(NoteTouch());
  return Written(row);
}

Status Insertion::CheckFirstTouch(const std::string& row_key) const {
  if (!touched_.contains(row_key)) return Status::Ok();
  return Status(sqlstate::kCardinalityViolation,
                "ON CONFLICT DO UPDATE command cannot affect row a second time")
      .Hint(
          "Ensure that no rows proposed for insertion within the same command have duplicate "
          "constrained values.");
}

Status Insertion::NoteTouch() {
  constexpr size_t kNode = 64;
  const auto& on_conflict = plan_.query().on_conflict;
  if (!on_conflict || !on_conflict->do_update) return Status::Ok();
  const std::string& key = writer_.written_key();
  touched_.insert(key);
  return memory_.Charge(static_cast<int64_t>(kNode + key.size()));
}

Status Insertion::ResolveConflict(const Conflict& conflict, const Row& proposed) {
  const sql::OnConflict& action = *plan_.query().on_conflict;
  if (!action.do_update) return Status::Ok();
  OMEN_RETURN_IF_ERROR(CheckFirstTouch(conflict.row_key));
  std::string bytes;
  OMEN_ASSIGN_OR_RETURN(const bool found,
                        context_->transaction->rows().GetForUpdate(conflict.row_key, &bytes));
  // The entry was locked with its row's writer gone, so the row is there.
  if (!found) return Status(sqlstate::kIndexCorrupted, "an index entry has no row");
  Row existing;
  OMEN_RETURN_IF_ERROR(rowstore::RowDecoder(writer_.table(), {}).Decode(bytes, &existing));
  expressions_->SetRow(plan_.query().target_relation, existing);
  if (plan_.excluded_relation_ >= 0) expressions_->SetRow(plan_.excluded_relation_, proposed);
  Row values;
  const size_t count = action.set.size();
  if (action.where != nullptr) {
    Value holds;
    OMEN_RETURN_IF_ERROR(expressions_->Eval(plan_.conflict_at_ + count, &holds));
    if (holds.is_null() || !holds.AsBool()) return Status::Ok();
  }
  OMEN_RETURN_IF_ERROR(Evaluate(plan_.conflict_at_, count, &values));
  Row changed = existing;
  for (size_t i = 0; i < count; ++i) {
    const auto& [attnum, expr] = action.set[i];
    Value& column = changed[static_cast<size_t>(attnum) - 1];
    if (expr->kind == sql::ExprKind::kDefault) {
      OMEN_ASSIGN_OR_RETURN(column, writer_.Default(attnum));
    } else {
      column = values[i];
    }
  }
  OMEN_RETURN_IF_ERROR(writer_.Update(conflict.row_key, bytes, existing, changed));
  OMEN_RETURN_IF_ERROR(NoteTouch());
  return Written(changed);
}

Status Insertion::Written(const Row& row) {
  ++affected_;
  if (!plan_.returns_rows()) return Status::Ok();
  expressions_->SetRow(plan_.query().target_relation, row);
  Row shown;
  OMEN_RETURN_IF_ERROR(Evaluate(plan_.returning_at_, plan_.query().returning.size(), &shown));
  return returned_.Add(std::move(shown));
}

}  // namespace

PlanResult MakeInsertPlan(const WriteServices& services,
                          std::shared_ptr<const sql::Statement> statement,
                          std::shared_ptr<const catalog::Snapshot> catalog) {
  auto plan = std::make_shared<InsertPlan>();
  OMEN_RETURN_IF_ERROR(plan->Prepare(services, std::move(statement), catalog));
  return std::shared_ptr<const ExecutablePlan>(std::move(plan));
}

}  // namespace omen::exec
