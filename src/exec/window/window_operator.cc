// The running WindowAgg.
#include "exec/window/window_value.h"

namespace omen::exec {
namespace {

// A window being run: its place and its calls.
struct OpenWindow {
  OpenWindow(const WindowPlan& plan, WindowRows* rows, EvalContext* context)
      : place(plan, rows, context) {
    for (const WindowCall& call : plan.calls) {
      values.push_back(MakeWindowValue(call, rows, context));
      slots.push_back(call.slot);
      reads_frame = reads_frame || call.reads_frame();
    }
  }

  WindowPlace place;
  std::vector<std::unique_ptr<WindowValue>> values;
  std::vector<int> slots;
  bool reads_frame = false;
};

class WindowOperator final : public Operator {
 public:
  WindowOperator(const WindowAgg& plan, EvalContext* context)
      : context_(*context), child_(plan.child->Run(context)), rows_(plan, context) {
    for (const WindowPlan& window : plan.windows) {
      windows_.push_back(std::make_unique<OpenWindow>(window, &rows_, context));
      width_ += window.calls.size();
    }
    results_.resize(width_);
  }

  Status Open() override {
    rows_.Clear();
    next_ = 0;
    for (const auto& window : windows_) {
      OMEN_RETURN_IF_ERROR(window->place.Open());
      for (const auto& value : window->values) value->Reset();
    }
    OMEN_RETURN_IF_ERROR(child_->Open());
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, child_->Next());
      if (!more) break;
      OMEN_RETURN_IF_ERROR(rows_.Add());
    }
    return rows_.Sort();
  }

  // Calls read other rows through the same slots, so the row itself is put there last.
  Result<bool> Next() override {
    if (next_ == rows_.size()) return false;
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    const size_t row = next_++;
    rows_.Forget();
    size_t result = 0;
    for (const auto& window : windows_) {
      OMEN_RETURN_IF_ERROR(window->place.MoveTo(row, window->reads_frame));
      for (const auto& value : window->values) {
        OMEN_RETURN_IF_ERROR(value->At(window->place, &results_[result++]));
      }
    }
    rows_.Load(row);
    result = 0;
    for (const auto& window : windows_) {
      for (const int slot : window->slots) context_.frame[slot] = results_[result++];
    }
    return true;
  }

 private:
  EvalContext& context_;
  std::unique_ptr<Operator> child_;
  WindowRows rows_;
  std::vector<std::unique_ptr<OpenWindow>> windows_;
  size_t width_ = 0;
  std::vector<Value> results_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Operator> WindowAgg::Start(EvalContext* context) const {
  return std::make_unique<WindowOperator>(*this, context);
}

void WindowAgg::Finalize(const Scope& scope) {
  child->Finalize(scope);
  slots = SlotsOf(*child);
}

void WindowAgg::AddSlots(std::vector<int>* slots) const {
  child->AddSlots(slots);
  for (const WindowPlan& window : windows) {
    for (const WindowCall& call : window.calls) slots->push_back(call.slot);
  }
}

void WindowAgg::Details(ExplainWriter* writer) const {
  if (!text.empty()) writer->Detail("Sort Key", text);
}

}  // namespace omen::exec
