#include "sql/duckdb/statistics_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "types/column_type.h"

namespace omen::sql {
namespace {

constexpr Type kCountType{oid::kInt8, -1}, kMeanType{oid::kFloat8, -1};

std::string TableText(const catalog::Table& table) {
  return fmt::format("t{}_{}", table.storage_id, table.schema_version);
}

bool HasOrder(const TypeInfo& type) {
  return type.form != TypeForm::kArray && type.oid != oid::kJson && type.oid != oid::kJsonb;
}

/// Cheap to find, and of the type itself.
bool HasExtremes(Type type) {
  switch (InfoOf(type.oid).form) {
    case TypeForm::kInt2:
    case TypeForm::kInt4:
    case TypeForm::kInt8:
    case TypeForm::kFloat4:
    case TypeForm::kFloat8:
    case TypeForm::kDate:
    case TypeForm::kTime:
    case TypeForm::kTimestamp:
      return true;
    case TypeForm::kNumeric:
      return !IsVariableNumeric(type);
    default:
      return false;
  }
}

class CountsPrinter {
 public:
  CountsPrinter() { Add("count(*)", kCountType); }

  CountedColumn Column(const catalog::Column& column) {
    const TypeInfo& type = InfoOf(column.type.oid);
    const std::string name = fmt::format("c{}", column.attnum);
    CountedColumn counted;
    counted.not_null = Add(fmt::format("count({})", name), kCountType);
    if (type.form != TypeForm::kArray) {
      counted.distinct = Add(fmt::format("approx_count_distinct({})", name), kCountType);
    }
    if (HasExtremes(column.type)) {
      counted.least = Add(fmt::format("min({})", name), column.type);
      counted.greatest = Add(fmt::format("max({})", name), column.type);
    }
    const char* width = type.form == TypeForm::kText    ? "strlen"
                        : type.form == TypeForm::kBlob  ? "octet_length"
                        : type.form == TypeForm::kArray ? "len"
                                                        : nullptr;
    if (width != nullptr) counted.width = Add(fmt::format("avg({}({}))", width, name), kMeanType);
    return counted;
  }
  CountsText Finish(const catalog::Table& table) {
    counts_.text = fmt::format("SELECT {} FROM {}", outputs_, TableText(table));
    return std::move(counts_);
  }
  void Skip() { counts_.columns.emplace_back(); }
  void Take(const catalog::Column& column) { counts_.columns.push_back(Column(column)); }

 private:
  int Add(const std::string& output, Type type) {
    if (!outputs_.empty()) outputs_ += ", ";
    outputs_ += output;
    counts_.types.push_back(type);
    return static_cast<int>(counts_.types.size()) - 1;
  }
  CountsText counts_;
  std::string outputs_;
};

bool IsKey(const catalog::Table& table, int attnum) {
  const catalog::Index* key = table.primary_key();
  if (key == nullptr) return false;
  for (const catalog::IndexColumn& column : key->columns) {
    if (column.attnum == attnum) return true;
  }
  return false;
}

std::string SampledColumn(const catalog::Table& table, const catalog::Column& column, Type* type) {
  const TypeInfo& info = InfoOf(column.type.oid);
  const std::string name = fmt::format("c{}", column.attnum);
  *type = column.type;
  if (!HasOrder(info)) {
    *type = kCountType;
    return fmt::format("CASE WHEN {} IS NOT NULL THEN CAST({} AS BIGINT) END", name, kUnordered);
  }
  if (IsKey(table, column.attnum)) return name;
  if (info.form == TypeForm::kText) {
    return fmt::format("CASE WHEN strlen({0}) > {1} THEN left({0}, {2}) ELSE {0} END", name,
                       kSampledBytesMax, kCutCharacters);
  }
  if (info.form == TypeForm::kBlob) {
    return fmt::format("CASE WHEN octet_length({0}) > {1} THEN {0}[1:{2}] ELSE {0} END", name,
                       kSampledBytesMax, kCutCharacters);
  }
  return name;
}

}  // namespace

CountsText CountColumns(const catalog::Table& table, std::span<const int> attnums) {
  CountsPrinter printer;
  for (const catalog::Column& column : table.columns) {
    const bool named =
        attnums.empty() || std::ranges::find(attnums, column.attnum) != attnums.end();
    column.dropped || !named ? printer.Skip() : printer.Take(column);
  }
  return printer.Finish(table);
}

SampleText SampleRows(const catalog::Table& table, std::string_view hidden_key, double percent,
                      uint32_t seed) {
  SampleText sample;
  std::string outputs;
  const auto add = [&](std::string_view output, Type type, int attnum) {
    if (!outputs.empty()) outputs += ", ";
    outputs += output;
    sample.types.push_back(type);
    sample.attnums.push_back(attnum);
  };
  for (const catalog::Column& column : table.columns) {
    if (column.dropped) continue;
    Type type;
    const std::string output = SampledColumn(table, column, &type);
    add(output, type, column.attnum);
  }
  if (!hidden_key.empty()) {
    add(hidden_key, {hidden_key == "rid" ? oid::kInt8 : oid::kBytea, -1}, 0);
  }
  sample.text = fmt::format("SELECT {} FROM {}", outputs, TableText(table));
  if (percent < 100) {
    sample.text += fmt::format(" USING SAMPLE {:.6f} PERCENT (bernoulli, {})", percent, seed);
  }
  return sample;
}

}  // namespace omen::sql
