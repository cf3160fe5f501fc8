// Conditions on a table's rows that are tested before they are handed over.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "catalog/schema.h"
#include "exec/expr/evaluate.h"
#include "rowstore/row_codec.h"

namespace omen::exec {

/// Of conditions that cannot fail and ask nothing but the row, constants and parameters.
/// Immutable; any thread.
class RowFilter {
 public:
  /// `slots`: of the table's columns by attnum - 1, -1 for one that the condition does not read.
  RowFilter(const catalog::Table& table, EvaluatorPtr condition, const std::vector<int>& slots,
            int slot_count, Row params);

 private:
  friend class RowTester;
  static rowstore::RowDecoder DecoderOf(const catalog::Table& table, const std::vector<int>& slots);

  const EvaluatorPtr condition_;
  const rowstore::RowDecoder decoder_;
  const int slot_count_;
  const Row params_;
};

/// Asks it. One thread.
class RowTester {
 public:
  explicit RowTester(std::shared_ptr<const RowFilter> filter);
  Result<bool> Passes(std::string_view row);

 private:
  const std::shared_ptr<const RowFilter> filter_;
  std::vector<Value> frame_;
  functions::CallContext call_;
  EvalContext context_;
};

}  // namespace omen::exec
