// A sample from the engine's columns: counts of all rows first, then rows with equal chances.
#include <algorithm>
#include <functional>

#include "exec/gather/table_sample.h"
#include "rowstore/key_codec.h"
#include "sql/duckdb/statistics_text.h"

namespace omen::exec {
namespace {

using Rows = std::vector<Row>;

Status ForEachResult(colstore::Reader* reader, const std::string& text,
                     const std::vector<Type>& types, const Reading& reading,
                     const std::function<Status(Row*)>& visit) {
  OMEN_ASSIGN_OR_RETURN(auto cursor, reader->Query(text, {}, {}, types, {}, {}, reading.cancel));
  for (Rows rows;;) {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows));
    if (rows.empty()) return Status::Ok();
    for (Row& row : rows) OMEN_RETURN_IF_ERROR(visit(&row));
  }
}

std::optional<double> NumberAt(const Row& row, int position) {
  if (position < 0 || row[static_cast<size_t>(position)].is_null()) return std::nullopt;
  return static_cast<double>(row[static_cast<size_t>(position)].AsInt());
}

Value ValueAt(const Row& row, int position) {
  return position < 0 ? Value() : row[static_cast<size_t>(position)];
}

statistics::ColumnTotals TotalsOf(const sql::CountedColumn& column, const Row& row) {
  statistics::ColumnTotals totals;
  totals.not_null = NumberAt(row, column.not_null);
  totals.distinct = NumberAt(row, column.distinct);
  totals.least = ValueAt(row, column.least);
  totals.greatest = ValueAt(row, column.greatest);
  const Value width = ValueAt(row, column.width);
  if (!width.is_null()) totals.payload = width.AsDouble();
  return totals;
}

/// rid, rkey or empty.
std::string_view HiddenKey(const catalog::Table& table) {
  if (table.primary_key() == nullptr) return "rid";
  return colstore::HasRawKey(table) ? "rkey" : "";
}

std::string KeyOf(const catalog::Table& table, const Row& row, const Value& hidden) {
  std::string key;
  if (hidden.is_null()) {
    rowstore::AppendPrimaryKey(table, row, key);
  } else if (table.primary_key() == nullptr) {
    rowstore::AppendRowIdKey(table.storage_id, static_cast<uint64_t>(hidden.AsInt()), key);
  } else {
    rowstore::AppendStoragePrefix(table.storage_id, key);
    key += hidden.AsBytes();
  }
  return key;
}

statistics::SampledRow SampledOf(const catalog::Table& table, const std::vector<int>& attnums,
                                 Row* results) {
  statistics::SampledRow sampled;
  sampled.values.resize(table.columns.size());
  Value hidden;
  for (size_t i = 0; i < attnums.size(); ++i) {
    Value& value = (*results)[i];
    (attnums[i] == 0 ? hidden : sampled.values[static_cast<size_t>(attnums[i]) - 1]) =
        std::move(value);
  }
  sampled.key = KeyOf(table, sampled.values, hidden);
  return sampled;
}

}  // namespace

Result<TableSample> SampleColumns(colstore::Reader* reader, const catalog::Table& table,
                                  const Reading& reading) {
  TableSample taken;
  const sql::CountsText counts = sql::CountColumns(table, reading.attnums);
  OMEN_RETURN_IF_ERROR(ForEachResult(reader, counts.text, counts.types, reading, [&](Row* row) {
    taken.rows = NumberAt(*row, 0).value_or(0);
    for (const sql::CountedColumn& column : counts.columns) {
      taken.totals.push_back(TotalsOf(column, *row));
    }
    return Status::Ok();
  }));
  // A little more than a sample is all.
  if (taken.rows > 1.2 * kSampleRows) taken.share = kSampleRows / taken.rows;
  const sql::SampleText text =
      sql::SampleRows(table, HiddenKey(table), 100 * taken.share, reading.seed);
  OMEN_RETURN_IF_ERROR(ForEachResult(reader, text.text, text.types, reading, [&](Row* row) {
    taken.sample.push_back(SampledOf(table, text.attnums, row));
    return Status::Ok();
  }));
  std::ranges::sort(taken.sample, {}, &statistics::SampledRow::key);
  return taken;
}

}  // namespace omen::exec
