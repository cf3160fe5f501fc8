#include "replica/internal/decoding.h"

#include "colstore/colstore.h"
#include "rowstore/key_codec.h"

namespace omen::replica {
BatchDecoder::BatchDecoder(TablePtr table)
    : table_(std::move(table)),
      decoder_(*table_, {}),
      hidden_key_(table_->primary_key() == nullptr || colstore::HasRawKey(*table_)) {}

Value BatchDecoder::HiddenKey(std::string_view row_key) const {
  if (table_->primary_key() != nullptr)
    return Value::Bytes(row_key.substr(rowstore::kStoragePrefixBytes));
  return Value::Int(static_cast<int64_t>(rowstore::RowIdOfKey(row_key)));
}

Result<Row> BatchDecoder::Key(std::string_view row_key) const {
  if (hidden_key_) return Row{HiddenKey(row_key)};
  Row key;
  std::string_view rest = row_key.substr(rowstore::kStoragePrefixBytes);
  for (const catalog::IndexColumn& column : table_->primary_key()->columns) {
    const Oid type = table_->column(column.attnum).type.oid;
    OMEN_ASSIGN_OR_RETURN(
        Value value, rowstore::TakeKeyColumn(type, column.descending, column.nulls_first, &rest));
    key.push_back(std::move(value));
  }
  return key;
}

Result<Row> BatchDecoder::Full(std::string_view row_key, std::string_view value) const {
  Row row;
  OMEN_RETURN_IF_ERROR(decoder_.Decode(value, &row));
  if (hidden_key_) row.push_back(HiddenKey(row_key));
  return row;
}

}  // namespace omen::replica
