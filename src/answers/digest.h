// What an answer is known by when another path gives it again: the number of its rows and sums
// over hashes of them, so that neither the order of rows nor the size of the answer matters.
// A float counts by its value, not its text: paths add in different orders, and what differs by
// less than 1e-9 of a column's total (1e-6 for float4) is the same. A sum is kept per column, each
// value weighed by the hash of the rest of its row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "types/type.h"
#include "types/value.h"

namespace omen::answers {

/// Grows by rows. One thread.
class Digest {
 public:
  explicit Digest(std::vector<Type> types);

  void Add(const std::vector<Value>& row);
  uint64_t rows() const { return rows_; }
  /// Whether both stand for the same answer.
  bool Same(const Digest& other) const;
  /// Tells digests apart; says nothing of the rows.
  std::string Text() const;

 private:
  struct FloatSum {
    long double sum = 0, size = 0;  // of weighed values, and of their magnitudes
  };
  uint64_t HashOfExact(const std::vector<Value>& row);

  std::vector<Type> types_;
  std::vector<FloatSum> floats_;  // by column
  uint64_t rows_ = 0, sum_ = 0, mixed_ = 0;
  std::string text_;  // of one cell
};

}  // namespace omen::answers
