#include "exec/rows/level.h"

#include <algorithm>

#include "exec/rows/subplan.h"
#include "exec/rows/with_query.h"

namespace omen::exec {
namespace {

/// Counts and times the operator it wraps.
class Instrumented final : public Operator {
 public:
  Instrumented(std::unique_ptr<Operator> inner, NodeStatistics* statistics, const Clock* clock)
      : inner_(std::move(inner)), statistics_(statistics), clock_(clock) {}

  Status Open() override {
    const int64_t start = clock_->MonotonicNanos();
    Status status = inner_->Open();
    statistics_->nanos += clock_->MonotonicNanos() - start;
    ++statistics_->loops;
    return status;
  }
  Result<bool> Next() override {
    const int64_t start = clock_->MonotonicNanos();
    Result<bool> more = inner_->Next();
    statistics_->nanos += clock_->MonotonicNanos() - start;
    if (more.ok() && *more && ++statistics_->rows == 1)
      statistics_->first_nanos = statistics_->nanos;
    return more;
  }

 private:
  std::unique_ptr<Operator> inner_;
  NodeStatistics* statistics_;
  const Clock* clock_;
};

/// Counts the operator it wraps.
class Counted final : public Operator {
 public:
  Counted(std::unique_ptr<Operator> inner, NodeStatistics* statistics)
      : inner_(std::move(inner)), statistics_(statistics) {}

  Status Open() override {
    ++statistics_->loops;
    return inner_->Open();
  }
  Result<bool> Next() override {
    Result<bool> more = inner_->Next();
    if (!more.ok()) return more;
    *more ? ++statistics_->rows : statistics_->ended = true;
    return more;
  }

 private:
  std::unique_ptr<Operator> inner_;
  NodeStatistics* statistics_;
};

}  // namespace

ExplainNode& ExplainWriter::Node(const PlanNode& node, std::string type) {
  ExplainNode& written = levels_.back()->emplace_back();
  written.type = std::move(type);
  written.expected = {node.startup, node.cost, node.rows};
  if (statistics_ != nullptr) {
    const NodeStatistics& seen = (*statistics_)[static_cast<size_t>(node.id)];
    written.seen = {static_cast<double>(seen.rows), seen.loops, seen.first_nanos, seen.nanos};
  }
  return written;
}

void ExplainWriter::Detail(std::string name, std::string text) {
  levels_.back()->back().details.emplace_back(std::move(name), std::move(text));
}

std::unique_ptr<Operator> PlanNode::Run(EvalContext* context) const {
  std::unique_ptr<Operator> started = Start(context);
  const StatementRun& run = *context->run;
  if (run.statistics == nullptr) return started;
  NodeStatistics* seen = &(*run.statistics)[static_cast<size_t>(id)];
  if (run.clock != nullptr) {
    return std::make_unique<Instrumented>(std::move(started), seen, run.clock);
  }
  if (!counted) return started;
  return std::make_unique<Counted>(std::move(started), seen);
}

LevelPlan::~LevelPlan() = default;

LevelRun::LevelRun(const LevelPlan& plan, StatementRun* run, EvalContext* outer)
    : plan_(plan), frame_(static_cast<size_t>(plan.slot_count)) {
  context_.frame = frame_.data();
  context_.outer = outer;
  context_.params = run->params.data();
  context_.call = &run->context->call;
  context_.run = run;
  context_.level = this;
  root_ = plan.root->Run(&context_);
}

LevelRun::~LevelRun() = default;

Status LevelRun::Open() {
  if (opening_++ > 0) {
    for (auto& cte : ctes_) {
      if (cte != nullptr && cte->plan().reach > 0) cte->Forget();
    }
  }
  return root_->Open();
}

Status LevelRun::OutputRow(Row* out) {
  out->resize(plan_.outputs.size());
  for (size_t i = 0; i < plan_.taken_slots.size(); ++i) {
    (*out)[i] = std::move(frame_[static_cast<size_t>(plan_.taken_slots[i])]);
  }
  if (!plan_.taken_slots.empty()) return Status::Ok();
  for (size_t i = 0; i < plan_.outputs.size(); ++i) {
    OMEN_RETURN_IF_ERROR(plan_.outputs[i]->Eval(context_, &(*out)[i]));
  }
  return Status::Ok();
}

SubPlanRun& LevelRun::subplan(size_t index) {
  if (subplans_.empty()) subplans_.resize(plan_.subplans.size());
  if (subplans_[index] == nullptr) {
    subplans_[index] = std::make_unique<SubPlanRun>(*plan_.subplans[index], &context_);
  }
  return *subplans_[index];
}

CommonTableRun& LevelRun::common_table(size_t index) {
  if (ctes_.empty()) ctes_.resize(plan_.ctes.size());
  if (ctes_[index] == nullptr) {
    ctes_[index] = std::make_unique<CommonTableRun>(plan_.ctes[index], &context_);
  }
  return *ctes_[index];
}

Value* TupleBuffer::Append() {
  if (size_ % kChunk == 0) chunks_.emplace_back(kChunk * width_);
  Value* tuple = chunks_.back().data() + (size_ % kChunk) * width_;
  ++size_;
  return tuple;
}

Status TupleBuffer::Charge(const Value* tuple, int64_t beside) {
  constexpr int64_t kBlock = 16;  // what the allocator keeps for itself
  int64_t bytes = static_cast<int64_t>(width_ * sizeof(Value)) + kBlock + beside;
  for (size_t i = 0; i < width_; ++i) {
    const auto held = static_cast<int64_t>(tuple[i].HeapBytes());
    if (held != 0) bytes += held + kBlock;
  }
  charged_ += bytes;
  return memory_->Charge(bytes);
}

void TupleBuffer::Clear() {
  memory_->Release(charged_);
  charged_ = 0;
  chunks_.clear();
  size_ = 0;
}

std::vector<int> SlotsOf(const PlanNode& node) {
  std::vector<int> slots;
  node.AddSlots(&slots);
  std::ranges::sort(slots);
  const auto tail = std::ranges::unique(slots);
  slots.erase(tail.begin(), tail.end());
  return slots;
}

}  // namespace omen::exec
