#include "sql/duckdb/text/printing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/blame.h"
#include "types/column_functions.h"

namespace omen::sql::duckdb {

std::string Printing::NewAlias(char letter) { return fmt::format("{}{}", letter, ++last_alias_); }

Result<size_t> Printing::NumberOfParam(int index) {
  if (static_cast<size_t>(index) >= param_types_.size()) {
    return PathFault("parameter without a type");
  }
  auto known = std::ranges::find(param_map_, index);
  const size_t number = static_cast<size_t>(known - param_map_.begin()) + 1;
  if (known == param_map_.end()) param_map_.push_back(index);
  return number;
}

size_t Printing::AddRowScan(RowScan scan) {
  row_scans_.push_back(std::move(scan));
  return row_scans_.size() - 1;
}

std::string Printing::ApartFromEqual(std::string kind, std::string sql) {
  const auto [known, first] = constants_.try_emplace(std::move(kind), sql);
  return first || known->second == sql ? sql : Call(column_functions::kApart, {sql});
}

bool Printing::AllowOverflow() {
  if (wide_ || forbids_overflow_ || level_ == nullptr || !level_->blocking) return false;
  may_overflow_ = true;
  return true;
}

}  // namespace omen::sql::duckdb
