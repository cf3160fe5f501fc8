// A sample from the rows themselves, where there are no columns: every key is passed, and each row
// is chosen with a chance that halves whenever there are too many.
#include <algorithm>
#include <random>

#include "exec/gather/table_sample.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"
#include "sql/duckdb/statistics_text.h"
#include "statistics/image.h"

namespace omen::exec {
namespace {

struct EncodedRow {
  std::string key, value;
};

/// So many rows that were chosen with equal chances. In the order of keys.
class RowChoice {
 public:
  explicit RowChoice(uint32_t seed) : random_(seed) {}

  void See(std::string_view key, std::string_view value) {
    if (chance_ < 1 && uniform_(random_) >= chance_) return;
    rows_.push_back({std::string(key), std::string(value)});
    if (rows_.size() <= 2 * kSampleRows) return;
    chance_ /= 2;
    std::erase_if(rows_, [this](const EncodedRow&) { return (random_() & 1) != 0; });
  }
  double chance() const { return chance_; }
  const std::vector<EncodedRow>& rows() const { return rows_; }

 private:
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_{0, 1};
  double chance_ = 1;
  std::vector<EncodedRow> rows_;
};

Value Cut(const Value& value) {
  std::string_view bytes = value.AsBytes().substr(0, sql::kCutCharacters);
  // Not within a character.
  while (!bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) != 0) {
    bytes.remove_suffix(1);
  }
  return Value::Bytes(bytes);
}

}  // namespace

void CutForSample(const catalog::Table& table, Row* row) {
  for (size_t i = 0; i < row->size() && i < table.columns.size(); ++i) {
    Value& value = (*row)[i];
    const Type type = table.columns[i].type;
    if (value.is_null() || table.columns[i].dropped) continue;
    const TypeForm form = InfoOf(type.oid).form;
    if (!statistics::IsOrdered(type.oid)) {
      value = Value::Int(sql::kUnordered);
    } else if ((form == TypeForm::kText || form == TypeForm::kBlob) &&
               value.AsBytes().size() > sql::kSampledBytesMax) {
      value = Cut(value);
    }
  }
}

Result<TableSample> SampleRowStore(rowstore::RowStore* store,
                                   const std::shared_ptr<rowstore::ReadView>& view,
                                   const catalog::Table& table, const Reading& reading) {
  RowChoice choice(reading.seed);
  uint64_t rows = 0;
  auto iterator = store->Scan(view, rowstore::StorageRange(table.storage_id));
  for (; iterator->Valid(); iterator->Next()) {
    if ((++rows & 1023) == 0 && reading.cancel != nullptr) {
      OMEN_RETURN_IF_ERROR(reading.cancel->Check());
    }
    choice.See(iterator->key(), iterator->value());
  }
  OMEN_RETURN_IF_ERROR(iterator->status());
  TableSample taken;
  taken.rows = static_cast<double>(rows);
  taken.totals.resize(table.columns.size());
  taken.share = choice.chance();
  const rowstore::RowDecoder decoder(table, {});
  for (const EncodedRow& encoded : choice.rows()) {
    statistics::SampledRow& sampled = taken.sample.emplace_back();
    sampled.key = encoded.key;
    OMEN_RETURN_IF_ERROR(decoder.Decode(encoded.value, &sampled.values));
    CutForSample(table, &sampled.values);
  }
  return taken;
}

}  // namespace omen::exec
