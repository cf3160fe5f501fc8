#include "exec/columns/row_filter.h"

#include <utility>

namespace omen::exec {

RowFilter::RowFilter(const catalog::Table& table, EvaluatorPtr condition,
                     const std::vector<int>& slots, int slot_count, Row params)
    : condition_(std::move(condition)),
      decoder_(DecoderOf(table, slots)),
      slot_count_(slot_count),
      params_(std::move(params)) {}

rowstore::RowDecoder RowFilter::DecoderOf(const catalog::Table& table,
                                          const std::vector<int>& slots) {
  std::vector<int> attnums, places;
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] < 0) continue;
    attnums.push_back(static_cast<int>(i) + 1);
    places.push_back(slots[i]);
  }
  return rowstore::RowDecoder(table, attnums, places);
}

RowTester::RowTester(std::shared_ptr<const RowFilter> filter)
    : filter_(std::move(filter)), frame_(static_cast<size_t>(filter_->slot_count_)) {
  context_.frame = frame_.data();
  context_.params = filter_->params_.data();
  context_.call = &call_;
}

Result<bool> RowTester::Passes(std::string_view row) {
  OMEN_RETURN_IF_ERROR(filter_->decoder_.Decode(row, frame_.data()));
  bool passes = false;
  OMEN_RETURN_IF_ERROR(filter_->condition_->Test(context_, &passes));
  return passes;
}

}  // namespace omen::exec
