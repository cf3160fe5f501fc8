// Leaves that are not base tables.
#include "exec/rows/scan.h"
#include "exec/rows/with_query.h"
#include "functions/kernel/watched.h"

namespace omen::exec {
namespace {

// Places a source row's used columns and tests the filter.
template <typename Source>
Result<bool> Place(const DerivedScan& plan, EvalContext& context, const Source& column) {
  for (const auto& [from, slot] : plan.placed()) {
    OMEN_RETURN_IF_ERROR(column(from, &context.frame[slot]));
  }
  bool pass = true;
  if (plan.filter != nullptr) OMEN_RETURN_IF_ERROR(plan.filter->Test(context, &pass));
  return pass;
}

class OneRowOperator final : public Operator {
 public:
  Status Open() override {
    done_ = false;
    return Status::Ok();
  }
  Result<bool> Next() override { return !std::exchange(done_, true); }

 private:
  bool done_ = false;
};

class ValuesOperator final : public Operator {
 public:
  ValuesOperator(const ValuesScan& plan, EvalContext* context) : plan_(plan), context_(*context) {}
  Status Open() override {
    next_ = 0;
    return Status::Ok();
  }
  Result<bool> Next() override {
    while (next_ < plan_.values.size()) {
      const std::vector<EvaluatorPtr>& row = plan_.values[next_++];
      OMEN_ASSIGN_OR_RETURN(const bool pass, Place(plan_, context_, [&](int from, Value* out) {
                              return row[static_cast<size_t>(from)]->Eval(context_, out);
                            }));
      if (pass) return true;
    }
    return false;
  }

 private:
  const ValuesScan& plan_;
  EvalContext& context_;
  size_t next_ = 0;
};

class FunctionOperator final : public Operator {
 public:
  FunctionOperator(const FunctionScan& plan, EvalContext* context)
      : plan_(plan), context_(*context) {}

  Status Open() override {
    ordinal_ = 0;
    cursor_.reset();
    scalar_done_ = false;
    if (plan_.kernel == nullptr) return Status::Ok();
    values_.resize(plan_.args.size());
    for (size_t i = 0; i < plan_.args.size(); ++i) {
      OMEN_RETURN_IF_ERROR(plan_.args[i]->Eval(context_, &values_[i]));
      if (values_[i].is_null() && plan_.function->strict) return Status::Ok();
    }
    OMEN_ASSIGN_OR_RETURN(cursor_, functions::OpenSet(plan_.kernel, *context_.call,
                                                      {values_, plan_.types, plan_.result}));
    return Status::Ok();
  }

  Result<bool> Next() override {
    while (true) {
      OMEN_RETURN_IF_ERROR(context_.run->Poll());
      Value value;
      OMEN_ASSIGN_OR_RETURN(const bool more, Produce(&value));
      if (!more) return false;
      ++ordinal_;
      OMEN_ASSIGN_OR_RETURN(const bool pass, Place(plan_, context_, [&](int from, Value* out) {
                              *out = from == 0 ? value : Value::Int(ordinal_);
                              return Status::Ok();
                            }));
      if (pass) return true;
    }
  }

 private:
  Result<bool> Produce(Value* value) {
    if (plan_.kernel != nullptr) return cursor_ != nullptr ? cursor_->Next(value) : false;
    if (std::exchange(scalar_done_, true)) return false;
    OMEN_RETURN_IF_ERROR(plan_.scalar->Eval(context_, value));
    return true;
  }

  const FunctionScan& plan_;
  EvalContext& context_;
  std::vector<Value> values_;
  std::unique_ptr<functions::SetCursor> cursor_;
  int64_t ordinal_ = 0;
  bool scalar_done_ = false;
};

class SystemOperator final : public Operator {
 public:
  SystemOperator(const SystemScan& plan, EvalContext* context) : plan_(plan), context_(*context) {}
  Status Open() override {
    next_ = 0;
    if (produced_) return Status::Ok();
    produced_ = true;
    StatementContext* statement = context_.run->context;
    const auto catalog = statement->transaction->catalog();
    return plan_.producer({plan_.sources, *catalog, statement}, &rows_);
  }
  Result<bool> Next() override {
    while (next_ < rows_.size()) {
      const Row& row = rows_[next_++];
      OMEN_ASSIGN_OR_RETURN(const bool pass, Place(plan_, context_, [&](int from, Value* out) {
                              *out = row[static_cast<size_t>(from)];
                              return Status::Ok();
                            }));
      if (pass) return true;
    }
    return false;
  }

 private:
  const SystemScan& plan_;
  EvalContext& context_;
  std::vector<Row> rows_;
  bool produced_ = false;  // one statement sees one state, however often it looks
  size_t next_ = 0;
};

class SubqueryOperator final : public Operator {
 public:
  SubqueryOperator(const SubqueryScan& plan, EvalContext* context)
      : plan_(plan), context_(*context), level_(*plan.level, context->run, context) {}
  Status Open() override { return level_.Open(); }
  Result<bool> Next() override {
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, level_.Next());
      if (!more) return false;
      OMEN_ASSIGN_OR_RETURN(const bool pass, Place(plan_, context_, [&](int from, Value* out) {
                              return level_.Output(static_cast<size_t>(from), out);
                            }));
      if (pass) return true;
    }
  }

 private:
  const SubqueryScan& plan_;
  EvalContext& context_;
  LevelRun level_;
};

class CommonTableOperator final : public Operator {
 public:
  CommonTableOperator(const CommonTableScan& plan, EvalContext* context)
      : plan_(plan), context_(*context) {}
  Status Open() override {
    EvalContext* owner = &context_;
    for (int i = 0; i < plan_.levels_up; ++i) owner = owner->outer;
    table_ = &owner->level->common_table(plan_.index);
    next_ = 0;
    return Status::Ok();
  }
  Result<bool> Next() override {
    while (true) {
      const Value* row = nullptr;
      if (plan_.working) {
        row = table_->WorkingRowAt(next_++);
      } else {
        OMEN_ASSIGN_OR_RETURN(row, table_->RowAt(next_++));
      }
      if (row == nullptr) return false;
      OMEN_ASSIGN_OR_RETURN(const bool pass, Place(plan_, context_, [&](int from, Value* out) {
                              *out = row[from];
                              return Status::Ok();
                            }));
      if (pass) return true;
    }
  }

 private:
  const CommonTableScan& plan_;
  EvalContext& context_;
  CommonTableRun* table_ = nullptr;
  size_t next_ = 0;
};

}  // namespace

void DerivedScan::Finalize(const Scope& scope) {
  const std::vector<int>& slots = scope.slots[static_cast<size_t>(relation_)];
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] >= 0) placed_.emplace_back(static_cast<int>(i), slots[i]);
  }
}

void DerivedScan::AddSlots(std::vector<int>* slots) const {
  for (const auto& [from, slot] : placed_) slots->push_back(slot);
}

void DerivedScan::Explain(ExplainWriter* writer) const {
  ExplainNode& node = writer->Node(*this, type_);
  node.relation = name_;
  if (!filter_text.empty()) writer->Detail("Filter", filter_text);
  if (inner() == nullptr) return;
  writer->Enter();
  inner()->root->Explain(writer);
  writer->Leave();
}

std::unique_ptr<Operator> OneRow::Start(EvalContext*) const {
  return std::make_unique<OneRowOperator>();
}

std::unique_ptr<Operator> ValuesScan::Start(EvalContext* context) const {
  return std::make_unique<ValuesOperator>(*this, context);
}

FunctionScan::FunctionScan(int relation, const sql::Relation& source,
                           std::vector<EvaluatorPtr> args, EvaluatorPtr scalar)
    : DerivedScan(relation, "Function Scan", source.alias),
      args(std::move(args)),
      result(source.function_call->type),
      scalar(std::move(scalar)),
      with_ordinality(source.with_ordinality) {
  if (this->scalar != nullptr) return;
  function = source.function_call->function;
  kernel = functions::Registry::Instance().FindSetKernel(function->oid);
  for (const sql::ExprPtr& arg : source.function_call->args) types.push_back(arg->type);
}

std::unique_ptr<Operator> FunctionScan::Start(EvalContext* context) const {
  return std::make_unique<FunctionOperator>(*this, context);
}

std::unique_ptr<Operator> SystemScan::Start(EvalContext* context) const {
  return std::make_unique<SystemOperator>(*this, context);
}

std::unique_ptr<Operator> SubqueryScan::Start(EvalContext* context) const {
  return std::make_unique<SubqueryOperator>(*this, context);
}

std::unique_ptr<Operator> CommonTableScan::Start(EvalContext* context) const {
  return std::make_unique<CommonTableOperator>(*this, context);
}

}  // namespace omen::exec
