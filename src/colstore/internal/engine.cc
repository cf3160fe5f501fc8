#include "colstore/internal/engine.h"

#include <fmt/format.h>

#include "colstore/internal/engine_errors.h"

namespace omen::colstore {

Status Engine::Note(const duckdb::ErrorData& error, const CancelToken* cancel) {
  if (IsFatal(error)) failed = true;
  return FromEngine(error, cancel);
}

Status Execute(Engine& engine, duckdb::Connection& connection, const std::string& sql) {
  try {
    auto result = connection.Query(sql);
    if (result->HasError()) return engine.Note(result->GetErrorObject());
    return Status::Ok();
  } catch (const std::exception& thrown) {
    return engine.Note(duckdb::ErrorData(thrown));
  }
}

uint64_t WatermarkChecksum(const Watermark& watermark) {
  const auto mix = [](uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
  };
  return mix(watermark.commit_id + 0x9E3779B97F4A7C15ull) ^ mix(watermark.epoch + 1);
}

Result<Watermark> ReadWatermark(Engine& engine, duckdb::Connection& connection) {
  try {
    auto result =
        connection.Query(fmt::format("SELECT commit_id, epoch, checksum FROM {}", kWatermarkTable));
    if (result->HasError()) return engine.Note(result->GetErrorObject());
    if (result->RowCount() != 1) {
      return Status(sqlstate::kDataCorrupted, "the column store's watermark is not one row");
    }
    const Watermark watermark{result->GetValue(0, 0).GetValue<uint64_t>(),
                              result->GetValue(1, 0).GetValue<uint64_t>()};
    if (result->GetValue(2, 0).GetValue<uint64_t>() != WatermarkChecksum(watermark)) {
      return Status(sqlstate::kDataCorrupted, "the column store's watermark is damaged");
    }
    return watermark;
  } catch (const std::exception& thrown) {
    return engine.Note(duckdb::ErrorData(thrown));
  }
}

}  // namespace omen::colstore
