// Where a row stands in a window: its partition, its peers, its frame.
//
// Rows are visited in order, and the ends of frames move on from where the last row's were, by
// PostgreSQL's rules (nodeWindowAgg.c): also where a distance does not grow with its key, as with
// months, both find the same frames.
#pragma once

#include <vector>

#include "exec/window/window.h"

namespace omen::exec {

/// All rows of a WindowAgg in its order. One thread.
class WindowRows {
 public:
  WindowRows(const WindowAgg& plan, EvalContext* context)
      : plan_(plan),
        context_(*context),
        rows_(plan.terms.size() + plan.slots.size(), &context->run->memory) {}

  void Clear();
  /// Keeps the row that the frame of slots holds.
  Status Add();
  Status Sort();
  size_t size() const { return order_.size(); }
  const Value& Key(size_t row, size_t term) { return rows_[order_[row]][term]; }
  /// Are the rows alike in the first `terms` terms?
  bool Same(size_t a, size_t b, size_t terms);
  /// Puts a row into the slots, where it is not there already.
  void Load(size_t row);
  /// What is in the slots is not known any more.
  void Forget() { loaded_ = SIZE_MAX; }

 private:
  const WindowAgg& plan_;
  EvalContext& context_;
  TupleBuffer rows_;
  std::vector<size_t> order_;
  size_t loaded_ = SIZE_MAX;
};

/// The place of the current row in one window. One thread.
class WindowPlace {
 public:
  WindowPlace(const WindowPlan& plan, WindowRows* rows, EvalContext* context)
      : plan_(plan), rows_(*rows), context_(*context) {}

  /// Computes the offsets, once for all rows. 22004, 22013.
  Status Open();
  /// To the next row, in the order of the rows. Its frame is found where one is asked for.
  Status MoveTo(size_t row, bool with_frame);

  size_t row() const { return row_; }
  size_t begin() const { return begin_; }  // of the partition
  size_t end() const { return end_; }
  size_t peers_begin() const { return peers_begin_; }
  size_t peers_end() const { return peers_end_; }
  size_t group() const { return group_; }  // number of the peers in the partition
  size_t head() const { return head_; }    // of the frame; not beyond its tail
  size_t tail() const { return head_ > tail_ ? head_ : tail_; }
  bool excludes() const { return plan_.exclude != sql::WindowDef::Exclude::kNone; }
  bool Excluded(size_t row) const;
  bool InFrame(size_t row) const { return row >= head_ && row < tail_ && !Excluded(row); }
  /// The frame's nth row from its head, or its last, as PostgreSQL counts past excluded rows;
  /// false where there is none.
  bool FromHead(size_t nth, size_t* found) const;
  bool Last(size_t* found) const;

 private:
  Status ReadOffset(const FrameEnd& end, const char* which, Value* offset);
  Status EnterPartition();
  Status EnterPeers();
  Status FindHead();
  Status FindTail();
  size_t RowsAway(sql::WindowDef::Bound bound, int64_t offset, size_t past) const;
  Status WalkRangeHead();
  Status WalkRangeTail();
  Result<bool> InDistance(const FrameEnd& end, const Value& offset, size_t at, bool is_end);
  Status WalkGroups(const FrameEnd& end, const Value& offset, bool is_end, size_t* at,
                    size_t* group);

  const WindowPlan& plan_;
  WindowRows& rows_;
  EvalContext& context_;
  Value start_offset_, end_offset_;
  size_t row_ = 0, begin_ = 0, end_ = 0, peers_begin_ = 0, peers_end_ = 0, group_ = 0;
  size_t head_ = 0, tail_ = 0, head_group_ = 0, tail_group_ = 0;
};

}  // namespace omen::exec
