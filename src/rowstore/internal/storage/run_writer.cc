#include "rowstore/internal/storage/run_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kFileBytes = 128u << 20;

}  // namespace

RunWriter::~RunWriter() {
  writer_.reset();
  std::error_code ignored;
  if (!open_.path.empty()) std::filesystem::remove(open_.path, ignored);
  for (const Run& run : runs_) std::filesystem::remove(run.path, ignored);
}

Status RunWriter::Write(std::string_view key, std::string_view value) {
  if (writer_ == nullptr) {
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(),
                                                       engine_->table_options(), engine_->rows());
    // A file outlives the writer that gave it away.
    static std::atomic<uint64_t> files{0};
    open_ = {fmt::format("{}/{}_{}.sst", engine_->scratch_path(), storage_, files.fetch_add(1)),
             std::string(key),
             {}};
    OMEN_RETURN_IF_ERROR(FromEngine(writer_->Open(open_.path), "write a sorted run"));
  }
  OMEN_RETURN_IF_ERROR(
      FromEngine(writer_->Put(SliceOf(key), SliceOf(value)), "write a sorted run"));
  open_.last.assign(key);
  return writer_->FileSize() >= kFileBytes ? Close() : Status::Ok();
}

Status RunWriter::Close() {
  if (writer_ == nullptr) return Status::Ok();
  const rocksdb::Status status = writer_->Finish();
  writer_.reset();
  runs_.push_back(std::move(open_));
  open_ = Run();
  return FromEngine(status, "write a sorted run");
}

std::string_view RunWriter::last_key() const {
  if (writer_ != nullptr) return open_.last;
  return runs_.empty() ? std::string_view() : runs_.back().last;
}

bool RunWriter::SortDisjoint() {
  std::ranges::sort(runs_, {}, &Run::first);
  const auto meets = [](const Run& before, const Run& run) { return run.first <= before.last; };
  return std::ranges::adjacent_find(runs_, meets) == runs_.end();
}

}  // namespace omen::rowstore
