// One opened engine file and the state its readers and writers share.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "colstore/colstore.h"
#include "colstore/internal/admission/admission.h"
#include "colstore/internal/admission/gate.h"
#include "colstore/internal/engine/detacher.h"
#include "colstore/internal/engine/snapshots.h"
#include "colstore/internal/engine/table_versions.h"
#include "duckdb.hpp"

namespace omen::colstore {

inline constexpr const char* kWatermarkTable = "omen_watermark";
inline constexpr const char* kDefinitionTable = "omen_tables";  // storage, JSON of the table

/// Shared by the store, its readers and its writer, so that the file closes after the last.
struct Engine {
  /// `threads`: that many statements run at once, the rest wait their turn.
  explicit Engine(int threads) : admission(threads) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::unique_ptr<duckdb::DuckDB> database;
  std::string temp_path;      // removed with it
  size_t detached_bytes = 0;  // a cursor keeps at most so much unread
  std::atomic<bool> failed{false};
  Admission admission;
  Gate gate;
  Snapshots snapshots;
  TableVersions versions;
  Detacher detacher;

  /// As FromEngine; remembers an error after which the file is not to be trusted.
  Status Note(const duckdb::ErrorData& error, const CancelToken* cancel = nullptr);
  /// Runs `work`, which may throw engine exceptions, and notes what it threw.
  Status Guard(const std::function<Status()>& work);
};

/// Runs one statement to its end on `connection`.
Status Execute(Engine& engine, duckdb::Connection& connection, const std::string& sql);

/// Reads the watermark in the context's open transaction, without planning a query; XX001 when
/// it is missing, doubled or its checksum is wrong. An empty store has {0, 0}. May throw.
Result<Watermark> ReadWatermark(duckdb::ClientContext& context);
uint64_t WatermarkChecksum(const Watermark& watermark);

std::unique_ptr<Reader> MakeReader(std::shared_ptr<Engine> engine);
std::unique_ptr<Writer> MakeWriter(std::shared_ptr<Engine> engine);

}  // namespace omen::colstore
