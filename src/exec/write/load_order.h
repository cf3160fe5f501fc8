// In which order are rows loaded? Events mostly come as time goes, whatever their keys are. Rows
// are then stored by key, but columns are best laid out as they came.
#pragma once

#include <cstdint>
#include <vector>

#include "catalog/schema.h"
#include "types/value.h"

namespace omen::exec {

/// Watches a few of the rows as they are loaded into an empty table. One thread.
class LoadOrder {
 public:
  explicit LoadOrder(const catalog::Table& table);

  void Add(const Row& row) {
    if (rows_++ % kStride == 0) Look(row);
  }
  /// attnum of the column that rises with the rows; 0 where there is none, or the key rises too.
  int Column() const;

  /// Of the rows, how many are passed by for each that is looked at: near ones may come late.
  static constexpr uint64_t kStride = 1000;

 private:
  struct Candidate {
    int attnum = 0;
    bool is_key = false;
    bool is_time = false;
    int64_t last = 0;
    uint64_t seen = 0, rises = 0, falls = 0;
    bool Rises() const;
  };
  void Look(const Row& row);

  std::vector<Candidate> candidates_;
  uint64_t rows_ = 0;
};

}  // namespace omen::exec
