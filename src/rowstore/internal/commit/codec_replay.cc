#include "rowstore/internal/commit/codec_replay.h"

#include "rowstore/internal/commit/commit_format.h"
#include "rowstore/key_codec.h"
#include "rowstore/row_codec.h"

namespace omen::rowstore {
namespace {

constexpr Oid kTypes[] = {oid::kInt8,     oid::kText, oid::kNumeric,   oid::kFloat8,   oid::kUuid,
                          oid::kInterval, oid::kTime, oid::kTextArray, oid::kInt8Array};

catalog::Table MakeTable() {
  catalog::Table table;
  for (Oid type : kTypes) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    column.type = {type, -1};
    table.columns.push_back(column);
  }
  return table;
}

void ReplayRow(std::string_view bytes) {
  static const catalog::Table table = MakeTable();
  static const RowDecoder decoder(table, {});
  Row row;
  if (!decoder.Decode(bytes, &row).ok()) return;
  std::string once, twice;
  EncodeRow(table, row, once);
  OMEN_CHECK(decoder.Decode(once, &row).ok());
  EncodeRow(table, row, twice);
  OMEN_CHECK(once == twice);
}

void ReplayKey(std::string_view bytes) {
  for (Oid type : kTypes) {
    if (!KeyIsLossless(type)) continue;
    for (const bool descending : {false, true}) {
      std::string_view rest = bytes;
      auto value = TakeKeyColumn(type, descending, descending, &rest);
      if (!value.ok()) continue;
      std::string again;
      AppendKeyColumn(type, *value, descending, descending, again);
      OMEN_CHECK(bytes.substr(0, bytes.size() - rest.size()) == again);
    }
  }
}

void ReplayHeader(std::string_view bytes) {
  CommitHeader header;
  if (!ParseCommitHeader(bytes, &header)) return;
  std::string once;
  AppendCommitHeader(header.id, header.epoch, header.filled, header.kinds, &once);
  CommitHeader again;
  OMEN_CHECK(ParseCommitHeader(once, &again));
  OMEN_CHECK(again.id == header.id && again.filled == header.filled);
}

}  // namespace

void ReplayHostileBytes(std::string_view bytes) {
  ReplayRow(bytes);
  ReplayKey(bytes);
  ReplayHeader(bytes);
}

}  // namespace omen::rowstore
