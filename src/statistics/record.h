// Statistics as bytes, for the memo: a record of the table, one of each column, one of each pair.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "statistics/table_statistics.h"

namespace omen::statistics {

/// Raised when the records' form changes: those of before are forgotten.
inline constexpr uint32_t kRecordVersion = 1;

/// Without columns and pairs.
std::string EncodeTable(const TableStatistics& table);
std::optional<TableStatistics> DecodeTable(std::string_view bytes);

/// At most so many bytes: of the most common values and of the bounds some are left out where they
/// are long.
std::string EncodeColumn(const ColumnStatistics& column, size_t bytes_max);
std::optional<ColumnStatistics> DecodeColumn(std::string_view bytes);

std::string EncodePair(const PairStatistics& pair, Type a, Type b, size_t bytes_max);
std::optional<PairStatistics> DecodePair(std::string_view bytes);

}  // namespace omen::statistics
