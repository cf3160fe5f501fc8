// Adapters' calls over whole vectors: each different value of a vector that repeats its values
// once, and texts without a Value for each.
#pragma once

#include <vector>

#include "colstore/internal/kernel/kernel_binding.h"
#include "duckdb.hpp"
#include "functions/kernel/text_form.h"

namespace omen::colstore {

/// Which rows of a chunk are computed: of a dictionary each entry that occurs, where one call
/// answers for all alike; else all. One thread; the chunk outlives it.
class ComputedRows {
 public:
  ComputedRows(duckdb::DataChunk& input, duckdb::idx_t count, bool repeatable);
  /// Row of the chunk that stands for the k-th value computed.
  duckdb::idx_t RowOf(duckdb::idx_t k) const { return repeats_ ? first_rows_[k] : k; }
  duckdb::idx_t count() const { return count_; }
  duckdb::idx_t size() const { return repeats_ ? first_rows_.size() : count_; }
  /// Makes the values computed, in `result`, the result of every row.
  void Spread(duckdb::Vector& result) const;

 private:
  bool FindRepeats(duckdb::Vector& dictionary);

  const duckdb::idx_t count_;
  bool repeats_ = false;
  std::vector<duckdb::idx_t> first_rows_;
  duckdb::SelectionVector places_;
};

/// Computes `form` of the texts in `input` into the flat `result`, null for null. Charges
/// `written` for it. Throws to the engine.
void RunTextForm(const functions::TextForm& form, duckdb::Vector& input, const ComputedRows& rows,
                 const Work::Order& order, VectorCharge* written, bool folding,
                 duckdb::Vector& result);

}  // namespace omen::colstore
