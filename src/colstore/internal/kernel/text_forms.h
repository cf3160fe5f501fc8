// Adapters' calls over whole vectors: each different value of a vector that repeats its values
// once, texts without a Value for each, and values without a call's preparation for each.
#pragma once

#include <vector>

#include "colstore/internal/kernel/kernel_binding.h"
#include "duckdb.hpp"
#include "functions/kernel/text_form.h"
#include "functions/kernel/value_form.h"

namespace omen::colstore {

/// Which rows of a chunk are computed: of a dictionary each entry that occurs, where one call
/// answers for all alike; else all. One thread; the chunk outlives it.
class ComputedRows {
 public:
  ComputedRows(duckdb::DataChunk& input, duckdb::idx_t count, bool repeatable);
  /// Row of the chunk that stands for the k-th value computed.
  duckdb::idx_t RowOf(duckdb::idx_t k) const { return rows_.get_index(k); }
  const duckdb::SelectionVector& rows() const { return rows_; }
  duckdb::idx_t count() const { return count_; }
  duckdb::idx_t size() const { return size_; }
  /// Makes the values computed, in `result`, the result of every row.
  void Spread(duckdb::Vector& result) const;

 private:
  bool FindRepeats(duckdb::Vector& dictionary);

  const duckdb::idx_t count_;
  duckdb::idx_t size_;
  bool repeats_ = false;
  duckdb::SelectionVector rows_;  // of RowOf; unset: each is its own
  duckdb::SelectionVector places_;
};

/// Where a form's results go: the flat `vector`, and the statement that `charge` is.
struct FormResult {
  duckdb::Vector& vector;
  VectorCharge* charge;
  bool folding;
};

/// Computes `form` of the texts in `input` into the result, null for null. Throws to the engine.
void RunTextForm(const functions::TextForm& form, duckdb::Vector& input, const ComputedRows& rows,
                 const Work::Order& order, const FormResult& result);
/// The same of values of `type`, into one of `result_type`.
void RunValueForm(const functions::ValueForm& form, duckdb::Vector& input, Type type,
                  const ComputedRows& rows, const Work::Order& order, Type result_type,
                  const FormResult& result);

}  // namespace omen::colstore
