// Window functions: all rows are kept and sorted once; then each goes out with what its windows
// give it. Windows whose keys begin alike share the order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/rows/shape.h"
#include "functions/in_range.h"

namespace omen::exec {

/// One call over a window: of an aggregate, or of what has a meaning for windows alone.
struct WindowCall {
  const functions::Aggregate* aggregate = nullptr;
  functions::Meaning meaning = functions::Meaning::kNone;
  std::vector<EvaluatorPtr> args;
  std::vector<Type> types;
  Type result;
  EvaluatorPtr filter;
  int slot;

  bool reads_frame() const {
    using enum functions::Meaning;
    return aggregate != nullptr || meaning == kFirstValue || meaning == kLastValue ||
           meaning == kNthValue;
  }
};

/// One end of a frame.
struct FrameEnd {
  sql::WindowDef::Bound bound;
  EvaluatorPtr offset;
  std::optional<functions::InRange> in_range;  // of a RANGE frame's offset
};

/// A window: of the leading sort terms, `partition_terms` divide the rows into partitions, and
/// rows alike in `key_terms` are peers.
struct WindowPlan {
  size_t partition_terms = 0, key_terms = 0;
  sql::WindowDef::Frame mode;
  FrameEnd start, end;
  sql::WindowDef::Exclude exclude;
  bool descending = false, nulls_first = false;  // the order of a RANGE frame's one key
  std::vector<WindowCall> calls;
};

/// Windows over the child's rows.
class WindowAgg final : public UnaryNode {
 public:
  using UnaryNode::UnaryNode;
  std::unique_ptr<Operator> Start(EvalContext* context) const override;
  void Finalize(const Scope& scope) override;
  void AddSlots(std::vector<int>* slots) const override;
  std::string Title() const override { return "WindowAgg"; }
  void Details(ExplainWriter* writer) const override;

  std::vector<SortTerm> terms;
  std::vector<int> slots;  // of the child
  std::vector<WindowPlan> windows;
  std::string text;
};

}  // namespace omen::exec
