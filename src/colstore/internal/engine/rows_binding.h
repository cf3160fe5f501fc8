// What a call of omen_rows(i) in a plan is bound to.
#pragma once

#include <memory>
#include <set>
#include <utility>

#include "colstore/colstore.h"
#include "duckdb.hpp"
#include "duckdb/function/function.hpp"

namespace omen::colstore {

struct RowsBinding final : duckdb::FunctionData {
  RowsBinding(std::shared_ptr<ScanSource> from, int number)
      : source(std::move(from)), index(number) {}
  duckdb::unique_ptr<FunctionData> Copy() const override {
    auto copy = duckdb::make_uniq<RowsBinding>(source, index);
    copy->joined = joined;
    return copy;
  }
  bool Equals(const FunctionData& other) const override {
    return source == other.Cast<RowsBinding>().source;
  }
  bool SupportStatementCache() const override { return false; }

  std::shared_ptr<ScanSource> source;
  const int index;
  /// Columns, from 0, of which a join tells before the scan begins what may find a partner.
  std::set<duckdb::idx_t> joined;
};

}  // namespace omen::colstore
