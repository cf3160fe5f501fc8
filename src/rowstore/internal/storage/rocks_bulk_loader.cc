#include "rowstore/internal/storage/rocks_bulk_loader.h"

#include <fmt/format.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <filesystem>
#include <queue>

#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kFileBytes = 128u << 20;
constexpr size_t kReadahead = 1u << 20;

Status Duplicate() {
  return Status(sqlstate::kUniqueViolation, "duplicate key value violates unique constraint");
}

}  // namespace

/// Reads many runs as one ascending sequence.
class RocksBulkLoader::Merge {
 public:
  Status Open(const rocksdb::Options& options, const std::vector<Run>& runs) {
    rocksdb::ReadOptions read;
    read.fill_cache = false;
    read.readahead_size = kReadahead;
    for (const Run& run : runs) {
      auto reader = std::make_unique<rocksdb::SstFileReader>(options);
      OMEN_RETURN_IF_ERROR(FromEngine(reader->Open(run.path), "read a sorted run"));
      std::unique_ptr<rocksdb::Iterator> iterator(reader->NewIterator(read));
      iterator->SeekToFirst();
      OMEN_RETURN_IF_ERROR(FromEngine(iterator->status(), "read a sorted run"));
      if (iterator->Valid()) heap_.push(iterator.get());
      readers_.push_back(std::move(reader));
      iterators_.push_back(std::move(iterator));
    }
    return Status::Ok();
  }

  /// The run with the smallest key, null at the end.
  rocksdb::Iterator* Top() const { return heap_.empty() ? nullptr : heap_.top(); }

  Status Advance() {
    rocksdb::Iterator* top = heap_.top();
    heap_.pop();
    top->Next();
    if (top->Valid()) heap_.push(top);
    return FromEngine(top->status(), "read a sorted run");
  }

 private:
  struct Later {
    bool operator()(rocksdb::Iterator* a, rocksdb::Iterator* b) const {
      return a->key().compare(b->key()) > 0;
    }
  };
  std::vector<std::unique_ptr<rocksdb::SstFileReader>> readers_;
  std::vector<std::unique_ptr<rocksdb::Iterator>> iterators_;
  std::priority_queue<rocksdb::Iterator*, std::vector<rocksdb::Iterator*>, Later> heap_;
};

RocksBulkLoader::RocksBulkLoader(std::shared_ptr<Engine> engine, catalog::StorageId storage,
                                 size_t buffer_bytes)
    : engine_(std::move(engine)), storage_(storage), buffer_bytes_(buffer_bytes) {}

RocksBulkLoader::~RocksBulkLoader() {
  writer_.reset();
  std::error_code ignored;
  if (!open_.path.empty()) std::filesystem::remove(open_.path, ignored);
  for (const Run& run : runs_) std::filesystem::remove(run.path, ignored);
}

std::string_view RocksBulkLoader::KeyOf(const Entry& entry) const {
  return {buffer_.data() + entry.offset, entry.key_size};
}

std::string_view RocksBulkLoader::ValueOf(const Entry& entry) const {
  return {buffer_.data() + entry.offset + entry.key_size, entry.value_size};
}

void RocksBulkLoader::RememberDuplicate(std::string_view key) {
  if (duplicate_.empty()) duplicate_ = key;
}

Status RocksBulkLoader::Write(std::string_view key, std::string_view value) {
  if (writer_ == nullptr) {
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(),
                                                       engine_->table_options(), engine_->rows());
    open_ = {fmt::format("{}/{}_{}_{}.sst", engine_->scratch_path(), storage_,
                         static_cast<const void*>(this), files_++),
             std::string(key),
             {}};
    OMEN_RETURN_IF_ERROR(FromEngine(writer_->Open(open_.path), "write a sorted run"));
  }
  OMEN_RETURN_IF_ERROR(
      FromEngine(writer_->Put(SliceOf(key), SliceOf(value)), "write a sorted run"));
  open_.last.assign(key);
  return writer_->FileSize() >= kFileBytes ? CloseFile() : Status::Ok();
}

Status RocksBulkLoader::CloseFile() {
  if (writer_ == nullptr) return Status::Ok();
  const rocksdb::Status status = writer_->Finish();
  writer_.reset();
  runs_.push_back(std::move(open_));
  open_ = Run();
  return FromEngine(status, "write a sorted run");
}

Status RocksBulkLoader::Add(std::string_view key, std::string_view value) {
  OMEN_CHECK(key.size() >= sizeof storage_);
  if (!duplicate_.empty()) return Status::Ok();  // Finish will tell
  if (ascending_) {
    const std::string_view last = writer_ != nullptr ? open_.last
                                  : runs_.empty()    ? std::string_view()
                                                     : runs_.back().last;
    if (last < key) return Write(key, value);
    if (last == key) {
      RememberDuplicate(key);
      return Status::Ok();
    }
    ascending_ = false;
    OMEN_RETURN_IF_ERROR(CloseFile());
  }
  if (buffer_.capacity() == 0) buffer_.reserve(buffer_bytes_);
  entries_.push_back(
      {buffer_.size(), static_cast<uint32_t>(key.size()), static_cast<uint32_t>(value.size())});
  buffer_.append(key).append(value);
  const size_t used = buffer_.size() + entries_.size() * sizeof(Entry);
  return used >= buffer_bytes_ ? Spill() : Status::Ok();
}

Status RocksBulkLoader::Spill() {
  std::sort(entries_.begin(), entries_.end(),
            [this](const Entry& a, const Entry& b) { return KeyOf(a) < KeyOf(b); });
  std::string_view last;
  for (const Entry& entry : entries_) {
    if (KeyOf(entry) == last) {
      RememberDuplicate(last);
      break;
    }
    last = KeyOf(entry);
    OMEN_RETURN_IF_ERROR(Write(last, ValueOf(entry)));
  }
  OMEN_RETURN_IF_ERROR(CloseFile());
  entries_.clear();
  buffer_.clear();
  return Status::Ok();
}

bool RocksBulkLoader::RunsAreDisjoint() {
  std::sort(runs_.begin(), runs_.end(),
            [](const Run& a, const Run& b) { return a.first < b.first; });
  for (size_t i = 1; i < runs_.size(); ++i) {
    if (runs_[i].first <= runs_[i - 1].last) return false;
  }
  return true;
}

Status RocksBulkLoader::MergeRuns() {
  std::vector<Run> sources = std::move(runs_);
  runs_.clear();
  Merge merge;
  Status status = merge.Open(engine_->table_options(), sources);
  std::string last;
  while (status.ok() && duplicate_.empty()) {
    rocksdb::Iterator* top = merge.Top();
    if (top == nullptr) break;
    if (!last.empty() && ViewOf(top->key()) == last) {
      RememberDuplicate(last);
      break;
    }
    last.assign(ViewOf(top->key()));
    status = Write(last, ViewOf(top->value()));
    if (status.ok()) status = merge.Advance();
  }
  std::error_code ignored;
  for (const Run& run : sources) std::filesystem::remove(run.path, ignored);
  if (status.ok()) status = CloseFile();
  return status;
}

Status RocksBulkLoader::Ingest() {
  if (runs_.empty()) return Status::Ok();
  std::vector<std::string> paths;
  for (const Run& run : runs_) paths.push_back(run.path);
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  // Seen by older views too: the transaction that loads reads it through the view it has, and
  // nobody else knows the storage id.
  options.snapshot_consistency = false;
  options.write_global_seqno = false;
  return FromEngine(engine_->db()->IngestExternalFile(engine_->rows(), paths, options),
                    "take over sorted files");
}

Status RocksBulkLoader::Finish(std::string* duplicate) {
  OMEN_RETURN_IF_ERROR(Spill());
  if (duplicate_.empty() && !RunsAreDisjoint()) OMEN_RETURN_IF_ERROR(MergeRuns());
  if (!duplicate_.empty()) {
    if (duplicate != nullptr) *duplicate = duplicate_;
    return Duplicate();
  }
  buffer_ = std::string();
  return Ingest();
}

}  // namespace omen::rowstore
