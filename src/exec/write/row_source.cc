// The reads of UPDATE and DELETE, and expressions over rows at hand.
#include "exec/write/row_source.h"

#include <unordered_set>
#include <utility>

#include "exec/planner/planner.h"
#include "exec/rows/scan.h"
#include "exec/statement/row_lock.h"
#include "rowstore/row_codec.h"

namespace omen::exec {
namespace {

// Where the columns of one relation lie in the frame.
struct PlacedColumns {
  std::vector<std::pair<size_t, int>> columns;  // index into the row given, slot

  static PlacedColumns Of(const sql::Relation& relation, const std::vector<int>& slots) {
    PlacedColumns placed;
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] < 0) continue;
      const bool by_attnum = i < relation.attnums.size();
      const size_t index = by_attnum ? static_cast<size_t>(relation.attnums[i]) - 1 : i;
      placed.columns.emplace_back(index, slots[i]);
    }
    return placed;
  }

  void Set(const Row& row, Value* frame) const {
    for (const auto& [index, slot] : columns) {
      frame[slot] = index < row.size() ? row[index] : Value();
    }
  }
};

class PlannedSource final : public RowSourcePlan {
 public:
  Result<std::unique_ptr<RowSource>> Open(const Row* params,
                                          StatementContext* context) const override;
  void Explain(std::vector<ExplainNode>* nodes) const override;
  bool is_key_lookup() const override { return level->key_lookup; }

  rowstore::RowStore* store = nullptr;
  std::unique_ptr<const LevelPlan> level;
  std::shared_ptr<const catalog::Table> table;
  int key_slot = -1;
  int row_slot = -1;    // where no row is kept before it is locked
  bool joined = false;  // a target row may come more than once
  /// Set when the only row there can be is found by its key alone: it is locked unread.
  const TableScan* only_row = nullptr;
  PlacedColumns target;
  std::vector<int> scope_slots;
  EvaluatorPtr recheck;
  std::vector<EvaluatorPtr> set, returning;
  std::unique_ptr<rowstore::RowDecoder> decoder;  // every column
};

const TableScan* OnlyRowOf(const LevelPlan& level) {
  const auto* scan = dynamic_cast<const TableScan*>(level.root.get());
  const bool alone = scan != nullptr && scan->conditions().is_point() && !scan->secondary() &&
                     scan->filter == nullptr && level.subplans.empty() && level.ctes.empty();
  return alone ? scan : nullptr;
}

class OpenSource final : public RowSource {
 public:
  OpenSource(const PlannedSource& plan, const Row& params, StatementContext* context)
      : plan_(plan),
        context_(context),
        run_(plan.store, context, params),
        level_(*plan.level, &run_, nullptr) {}

  Status Start() { return level_.Open(); }

  Result<bool> Next(SourceRow* out) override {
    // In REPEATABLE READ what the snapshot shows comes first.
    if (plan_.only_row != nullptr && !context_->transaction->repeatable()) return OnlyRow(out);
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
      if (!more) return false;
      out->key = level_.context().frame[plan_.key_slot].AsBytes();
      if (plan_.joined && !seen_.insert(out->key).second) continue;
      const Sighting sighting = plan_.row_slot < 0 ? Sighting::kRead : Sighting::kHeld;
      if (plan_.row_slot >= 0) out->bytes = level_.context().frame[plan_.row_slot].AsBytes();
      OMEN_ASSIGN_OR_RETURN(const bool qualifies, LockAndCheck(sighting, out));
      if (!qualifies) continue;
      return Fill(out);
    }
  }

  Status Returning(const SourceRow& source, const Row& written, Row* out) override {
    EvalContext& eval = level_.context();
    RestoreSlots(source.scope.data(), plan_.scope_slots, eval.frame);
    plan_.target.Set(written, eval.frame);
    out->resize(plan_.returning.size());
    for (size_t i = 0; i < plan_.returning.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.returning[i]->Eval(eval, &(*out)[i]));
    }
    return Status::Ok();
  }

 private:
  /// As if the statement's snapshot had been taken when the lock was, which then must not have
  /// been waited for: nothing else is read.
  Result<bool> OnlyRow(SourceRow* out) {
    if (std::exchange(only_row_read_, true)) return false;
    out->key.clear();
    OMEN_ASSIGN_OR_RETURN(const bool possible,
                          plan_.only_row->conditions().PointKey(level_.context(), &out->key));
    if (!possible) return false;
    OMEN_ASSIGN_OR_RETURN(const bool qualifies, LockAndCheck(Sighting::kUnread, out));
    if (qualifies) return Fill(out);
    context_->transaction->rows().UndoGetForUpdate(out->key);
    return false;
  }

  // The newest version decides: between the read and the lock another commit may have come.
  Result<bool> LockAndCheck(Sighting sighting, SourceRow* out) {
    OMEN_ASSIGN_OR_RETURN(const bool found, LockSeenRow(context_->transaction, *plan_.table,
                                                        sighting, out->key, &out->bytes));
    if (!found) return false;
    OMEN_RETURN_IF_ERROR(plan_.decoder->Decode(out->bytes, &out->row));
    EvalContext& eval = level_.context();
    plan_.target.Set(out->row, eval.frame);
    bool pass = true;
    if (plan_.recheck != nullptr) OMEN_RETURN_IF_ERROR(plan_.recheck->Test(eval, &pass));
    return pass;
  }

  Result<bool> Fill(SourceRow* out) {
    EvalContext& eval = level_.context();
    out->set_values.resize(plan_.set.size());
    for (size_t i = 0; i < plan_.set.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.set[i]->Eval(eval, &out->set_values[i]));
    }
    if (plan_.returning.empty()) return true;
    out->scope.resize(plan_.scope_slots.size());
    SaveSlots(eval.frame, plan_.scope_slots, out->scope.data());
    return true;
  }

  const PlannedSource& plan_;
  StatementContext* context_;
  StatementRun run_;
  LevelRun level_;
  std::unordered_set<std::string> seen_;
  bool only_row_read_ = false;
};

Result<std::unique_ptr<RowSource>> PlannedSource::Open(const Row* params,
                                                       StatementContext* context) const {
  auto source = std::make_unique<OpenSource>(*this, *params, context);
  OMEN_RETURN_IF_ERROR(source->Start());
  return std::unique_ptr<RowSource>(std::move(source));
}

void PlannedSource::Explain(std::vector<ExplainNode>* nodes) const {
  ExplainWriter writer(nodes, nullptr);
  level->root->Explain(&writer);
}

class CompiledExpressions final : public RowExpressions {
 public:
  std::unique_ptr<RowEvaluation> Open(const Row* params, StatementContext* context) const override;

  rowstore::RowStore* store = nullptr;
  std::unique_ptr<const LevelPlan> level;  // its outputs are the expressions
  std::vector<PlacedColumns> relations;
};

class OpenEvaluation final : public RowEvaluation {
 public:
  OpenEvaluation(const CompiledExpressions& plan, const Row& params, StatementContext* context)
      : plan_(plan), run_(plan.store, context, params), level_(*plan.level, &run_, nullptr) {}
  void SetRow(int relation, const Row& row) override {
    plan_.relations[static_cast<size_t>(relation)].Set(row, level_.context().frame);
  }
  void SetParams(std::span<Value> params) override {
    OMEN_CHECK(params.size() == run_.params.size());
    std::ranges::move(params, run_.params.begin());
  }
  Status Eval(size_t expression, Value* out) override { return level_.Output(expression, out); }

 private:
  const CompiledExpressions& plan_;
  StatementRun run_;
  LevelRun level_;
};

std::unique_ptr<RowEvaluation> CompiledExpressions::Open(const Row* params,
                                                         StatementContext* context) const {
  static const Row kNoParams;
  return std::make_unique<OpenEvaluation>(*this, params != nullptr ? *params : kNoParams, context);
}

Result<std::vector<EvaluatorPtr>> CompileEach(const std::vector<const sql::Expr*>& expressions,
                                              Scope* scope) {
  std::vector<EvaluatorPtr> compiled;
  for (const sql::Expr* expr : expressions) {
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr evaluator, Compile(*expr, scope));
    compiled.push_back(std::move(evaluator));
  }
  return compiled;
}

}  // namespace

Result<std::unique_ptr<RowSourcePlan>> MakeRowSource(
    const WriteServices& services, const sql::Query& query,
    std::shared_ptr<const catalog::Snapshot> catalog) {
  PlanEnvironment environment(services.planning(), catalog->version());
  LevelPlanner planner(&environment, query, nullptr);
  OMEN_RETURN_IF_ERROR(planner.PlanCommonTables());
  auto plan = std::make_unique<PlannedSource>();
  plan->store = services.rows;
  const sql::Relation& target = query.relations[static_cast<size_t>(query.target_relation)];
  plan->table = target.table;
  plan->decoder = std::make_unique<rowstore::RowDecoder>(*target.table, std::span<const int>());
  plan->key_slot = planner.RequireRow(LevelPlanner::RowPart::kKey, query.target_relation);
  plan->joined = query.relations.size() > 1;
  if (!plan->joined) {
    plan->row_slot = planner.RequireRow(LevelPlanner::RowPart::kStored, query.target_relation);
  }
  OMEN_ASSIGN_OR_RETURN(PlanNodePtr node, planner.PlanFrom(query.target_relation));
  OMEN_ASSIGN_OR_RETURN(plan->recheck, planner.CompileRecheck());
  std::vector<const sql::Expr*> set, returning;
  for (const auto& [attnum, expr] : query.set) set.push_back(expr.get());
  for (const sql::TargetEntry& entry : query.returning) returning.push_back(entry.expr.get());
  OMEN_ASSIGN_OR_RETURN(plan->set, CompileEach(set, planner.scope()));
  OMEN_ASSIGN_OR_RETURN(plan->returning, CompileEach(returning, planner.scope()));
  const PlanNode* root = node.get();
  plan->level = planner.Finish(std::move(node), {}, {});
  plan->scope_slots = SlotsOf(*root);
  if (!plan->joined) plan->only_row = OnlyRowOf(*plan->level);
  plan->target =
      PlacedColumns::Of(target, planner.scope()->slots[static_cast<size_t>(query.target_relation)]);
  return std::unique_ptr<RowSourcePlan>(std::move(plan));
}

Result<std::unique_ptr<RowExpressions>> CompileRowExpressions(
    const WriteServices& services, const sql::Query& query,
    const std::vector<const sql::Expr*>& expressions,
    std::shared_ptr<const catalog::Snapshot> catalog) {
  PlanEnvironment environment(services.planning(), catalog->version());
  LevelPlanner planner(&environment, query, nullptr);
  OMEN_RETURN_IF_ERROR(planner.PlanCommonTables());
  auto compiled = std::make_unique<CompiledExpressions>();
  compiled->store = services.rows;
  OMEN_ASSIGN_OR_RETURN(std::vector<EvaluatorPtr> outputs,
                        CompileEach(expressions, planner.scope()));
  compiled->level = planner.Finish(std::make_unique<OneRow>(), std::move(outputs), {});
  for (size_t i = 0; i < query.relations.size(); ++i) {
    compiled->relations.push_back(PlacedColumns::Of(query.relations[i], planner.scope()->slots[i]));
  }
  return std::unique_ptr<RowExpressions>(std::move(compiled));
}

Result<std::unique_ptr<RowExpressions>> CompileTableExpressions(
    const WriteServices& services, const catalog::Table* table,
    const std::vector<const sql::Expr*>& expressions,
    std::shared_ptr<const catalog::Snapshot> catalog) {
  sql::Query query;
  if (table != nullptr) {
    sql::Relation relation;
    relation.kind = sql::RelationKind::kTable;
    relation.alias = table->name;
    for (const catalog::Column& column : table->columns) {
      if (column.dropped) continue;
      relation.columns.push_back({column.name, column.type, table->oid, column.attnum});
      relation.attnums.push_back(column.attnum);
    }
    query.relations.push_back(std::move(relation));
  }
  return CompileRowExpressions(services, query, expressions, std::move(catalog));
}

}  // namespace omen::exec
