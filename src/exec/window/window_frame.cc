#include "exec/window/window_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "functions/kernel/watched.h"
#include "types/io.h"

namespace omen::exec {

using Bound = sql::WindowDef::Bound;
using Exclude = sql::WindowDef::Exclude;
using Frame = sql::WindowDef::Frame;

void WindowRows::Clear() {
  rows_.Clear();
  order_.clear();
  Forget();
}

Status WindowRows::Add() {
  Value* tuple = rows_.Append();
  for (size_t i = 0; i < plan_.terms.size(); ++i) {
    OMEN_RETURN_IF_ERROR(plan_.terms[i].value->Eval(context_, &tuple[i]));
  }
  SaveSlots(context_.frame, plan_.slots, tuple + plan_.terms.size());
  return rows_.Charge(tuple, 2 * sizeof(size_t));  // and its place when they are sorted
}

Status WindowRows::Sort() {
  order_.resize(rows_.size());
  std::iota(order_.begin(), order_.end(), size_t{0});
  if (plan_.terms.empty()) return Status::Ok();
  const auto before = [&](size_t a, size_t b) {
    Work::Poll();
    return CompareBySort(plan_.terms, rows_[a], rows_[b]) < 0;
  };
  return functions::Watched(*context_.call, [&] {
    std::ranges::stable_sort(order_, before);
    return Status::Ok();
  });
}

bool WindowRows::Same(size_t a, size_t b, size_t terms) {
  const Value *left = rows_[order_[a]], *right = rows_[order_[b]];
  for (size_t i = 0; i < terms; ++i) {
    if (left[i].is_null() != right[i].is_null()) return false;
    if (!left[i].is_null() && CompareValues(plan_.terms[i].type, left[i], right[i]) != 0) {
      return false;
    }
  }
  return true;
}

void WindowRows::Load(size_t row) {
  if (loaded_ == row) return;
  RestoreSlots(rows_[order_[row]] + plan_.terms.size(), plan_.slots, context_.frame);
  loaded_ = row;
}

Status WindowPlace::Open() {
  row_ = begin_ = end_ = peers_begin_ = peers_end_ = 0;
  OMEN_RETURN_IF_ERROR(ReadOffset(plan_.start, "starting", &start_offset_));
  return ReadOffset(plan_.end, "ending", &end_offset_);
}

// A negative distance is found when it is first used, a negative count at once.
Status WindowPlace::ReadOffset(const FrameEnd& end, const char* which, Value* offset) {
  if (end.offset == nullptr) return Status::Ok();
  OMEN_RETURN_IF_ERROR(end.offset->Eval(context_, offset));
  if (offset->is_null()) {
    return Status(SqlState{"22004"}, fmt::format("frame {} offset must not be null", which));
  }
  if (plan_.mode == Frame::kRange || offset->AsInt() >= 0) return Status::Ok();
  return Status(SqlState{"22013"}, fmt::format("frame {} offset must not be negative", which));
}

Status WindowPlace::MoveTo(size_t row, bool with_frame) {
  row_ = row;
  if (row == end_) OMEN_RETURN_IF_ERROR(EnterPartition());
  if (row == peers_end_) OMEN_RETURN_IF_ERROR(EnterPeers());
  if (!with_frame) return Status::Ok();
  OMEN_RETURN_IF_ERROR(FindHead());
  return FindTail();
}

Status WindowPlace::EnterPartition() {
  begin_ = row_;
  for (end_ = row_ + 1; end_ < rows_.size(); ++end_) {
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    if (!rows_.Same(row_, end_, plan_.partition_terms)) break;
  }
  peers_end_ = head_ = tail_ = row_;
  head_group_ = tail_group_ = 0;
  return Status::Ok();
}

Status WindowPlace::EnterPeers() {
  group_ = row_ == begin_ ? 0 : group_ + 1;
  peers_begin_ = row_;
  for (peers_end_ = row_ + 1; peers_end_ < end_; ++peers_end_) {
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    if (!rows_.Same(row_, peers_end_, plan_.key_terms)) break;
  }
  return Status::Ok();
}

// `past`: 0 for a head, 1 for a tail, which is behind its row. Kept inside the partition.
size_t WindowPlace::RowsAway(Bound bound, int64_t offset, size_t past) const {
  const auto distance = static_cast<size_t>(offset);
  if (bound == Bound::kPreceding) {
    return distance > row_ - begin_ ? begin_ : row_ - distance + past;
  }
  return distance >= end_ - row_ ? end_ : row_ + distance + past;
}

Status WindowPlace::FindHead() {
  if (plan_.start.bound == Bound::kUnboundedPreceding) {
    head_ = begin_;
    return Status::Ok();
  }
  const bool by_rows = plan_.mode == Frame::kRows;
  if (plan_.start.bound == Bound::kCurrentRow) {
    head_ = by_rows ? row_ : peers_begin_;
    return Status::Ok();
  }
  if (by_rows) {
    head_ = RowsAway(plan_.start.bound, start_offset_.AsInt(), 0);
    return Status::Ok();
  }
  if (plan_.mode == Frame::kRange) return WalkRangeHead();
  return WalkGroups(plan_.start, start_offset_, false, &head_, &head_group_);
}

Status WindowPlace::FindTail() {
  if (plan_.end.bound == Bound::kUnboundedFollowing) {
    tail_ = end_;
    return Status::Ok();
  }
  const bool by_rows = plan_.mode == Frame::kRows;
  if (plan_.end.bound == Bound::kCurrentRow) {
    tail_ = by_rows ? row_ + 1 : peers_end_;
    return Status::Ok();
  }
  if (by_rows) {
    tail_ = RowsAway(plan_.end.bound, end_offset_.AsInt(), 1);
    return Status::Ok();
  }
  if (plan_.mode == Frame::kRange) return WalkRangeTail();
  return WalkGroups(plan_.end, end_offset_, true, &tail_, &tail_group_);
}

// Falling keys are a distance away on the other side.
Result<bool> WindowPlace::InDistance(const FrameEnd& end, const Value& offset, size_t at,
                                     bool is_end) {
  const size_t key = plan_.partition_terms;
  const bool back = end.bound == Bound::kPreceding;
  return (*end.in_range)(*context_.call, {rows_.Key(at, key), rows_.Key(row_, key), offset,
                                          back != plan_.descending, is_end != plan_.descending});
}

// Nulls have no distance: they are with their peers, on their side of all other rows.
Status WindowPlace::WalkRangeHead() {
  const bool null = rows_.Key(row_, plan_.partition_terms).is_null();
  for (; head_ < end_; ++head_) {
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    const bool at_null = rows_.Key(head_, plan_.partition_terms).is_null();
    bool inside = plan_.nulls_first ? !at_null || null : at_null || !null;
    if (!null && !at_null) {
      OMEN_ASSIGN_OR_RETURN(inside, InDistance(plan_.start, start_offset_, head_, false));
    }
    if (inside) break;
  }
  return Status::Ok();
}

Status WindowPlace::WalkRangeTail() {
  const bool null = rows_.Key(row_, plan_.partition_terms).is_null();
  for (; tail_ < end_; ++tail_) {
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    const bool at_null = rows_.Key(tail_, plan_.partition_terms).is_null();
    bool inside = plan_.nulls_first ? at_null : null;
    if (!null && !at_null) {
      OMEN_ASSIGN_OR_RETURN(inside, InDistance(plan_.end, end_offset_, tail_, true));
    }
    if (!inside) break;
  }
  return Status::Ok();
}

// A head is the first row of the group so far away, a tail the first row behind it.
Status WindowPlace::WalkGroups(const FrameEnd& end, const Value& offset, bool is_end, size_t* at,
                               size_t* group) {
  const auto own = static_cast<__int128>(group_);
  const __int128 wanted =
      (end.bound == Bound::kPreceding ? own - offset.AsInt() : own + offset.AsInt()) + is_end;
  for (; *at < end_ && static_cast<__int128>(*group) < wanted; ++*at) {
    OMEN_RETURN_IF_ERROR(context_.run->Poll());
    const bool leaves = *at + 1 < end_ && !rows_.Same(*at, *at + 1, plan_.key_terms);
    *group += leaves;
  }
  return Status::Ok();
}

bool WindowPlace::Excluded(size_t row) const {
  switch (plan_.exclude) {
    case Exclude::kNone:
      return false;
    case Exclude::kCurrentRow:
      return row == row_;
    case Exclude::kGroup:
      return row >= peers_begin_ && row < peers_end_;
    default:
      return row != row_ && row >= peers_begin_ && row < peers_end_;
  }
}

bool WindowPlace::FromHead(size_t nth, size_t* found) const {
  if (nth >= end_ - head_) return false;
  size_t at = head_ + nth;
  const size_t overlap = std::max(peers_begin_, head_);
  const bool meets = at >= peers_begin_ && peers_end_ > head_;
  if (plan_.exclude == Exclude::kCurrentRow) {
    at += at >= row_ && row_ >= head_;
  } else if (plan_.exclude == Exclude::kGroup && meets) {
    at += peers_end_ - overlap;
  } else if (plan_.exclude == Exclude::kTies && meets) {
    at = at == overlap ? row_ : at + (peers_end_ - overlap - 1);
  }
  *found = at;
  return InFrame(at);
}

bool WindowPlace::Last(size_t* found) const {
  if (tail_ == begin_) return false;
  size_t at = tail_ - 1;
  const size_t overlap = std::min(peers_end_, tail_);
  const bool meets = at < peers_end_ && peers_begin_ < tail_;
  size_t skipped = 0;
  if (plan_.exclude == Exclude::kCurrentRow) {
    skipped = at <= row_ && row_ < tail_;
  } else if (plan_.exclude == Exclude::kGroup && meets) {
    skipped = overlap - peers_begin_;
  } else if (plan_.exclude == Exclude::kTies && meets) {
    if (at == overlap - 1) {
      at = row_;
    } else {
      skipped = overlap - 1 - peers_begin_;
    }
  }
  if (skipped > at - begin_) return false;
  *found = at - skipped;
  return InFrame(*found);
}

}  // namespace omen::exec
