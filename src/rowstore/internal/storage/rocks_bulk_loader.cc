#include "rowstore/internal/storage/rocks_bulk_loader.h"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <queue>
#include <system_error>
#include <utility>

#include "base/containment.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {
namespace {

constexpr size_t kReadahead = 1u << 20;
constexpr size_t kChunksKept = 16;

Status Duplicate() {
  return Status(sqlstate::kUniqueViolation, "duplicate key value violates unique constraint");
}

/// A place in a part of a chunk. Its key is at hand: it is compared often.
class ChunkSource {
 public:
  ChunkSource(const EntryChunk* chunk, size_t first, size_t end)
      : chunk_(chunk), at_(first), end_(end) {
    Look();
  }
  bool valid() const { return at_ < end_; }
  std::string_view key() const { return key_; }
  bool Before(const ChunkSource& other) const {
    return head_ != other.head_ ? head_ < other.head_ : key_ < other.key_;
  }
  std::string_view value() const { return chunk_->ValueAt(at_); }
  Status Next() {
    ++at_;
    Look();
    return Status::Ok();
  }

 private:
  void Look() {
    if (!valid()) return;
    // In the order of keys the entries lie anywhere.
    constexpr size_t kAhead = 8;
    chunk_->Prefetch(at_ + kAhead);
    key_ = chunk_->KeyAt(at_);
    // All keys begin with one storage id.
    head_ = NumberAt(key_, sizeof(catalog::StorageId));
  }

  const EntryChunk* chunk_;
  size_t at_, end_;
  std::string_view key_;
  uint64_t head_ = 0;
};

/// A place in a sorted table file.
class RunSource {
 public:
  Status Open(const rocksdb::Options& options, const std::string& path) {
    rocksdb::ReadOptions read;
    read.fill_cache = false;
    read.readahead_size = kReadahead;
    reader_ = std::make_unique<rocksdb::SstFileReader>(options);
    OMEN_RETURN_IF_ERROR(FromEngine(reader_->Open(path), "read a sorted run"));
    iterator_.reset(reader_->NewIterator(read));
    iterator_->SeekToFirst();
    return FromEngine(iterator_->status(), "read a sorted run");
  }
  bool valid() const { return iterator_->Valid(); }
  std::string_view key() const { return ViewOf(iterator_->key()); }
  bool Before(const RunSource& other) const { return key() < other.key(); }
  std::string_view value() const { return ViewOf(iterator_->value()); }
  Status Next() {
    iterator_->Next();
    return FromEngine(iterator_->status(), "read a sorted run");
  }

 private:
  std::unique_ptr<rocksdb::SstFileReader> reader_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

/// Writes what the sources hold as one ascending sequence, up to the first key that comes twice,
/// which is left in `duplicate`.
template <typename Source>
Status MergeInto(std::vector<Source>& sources, RunWriter* writer, std::string* duplicate) {
  const auto later = [](const Source* a, const Source* b) { return b->Before(*a); };
  std::priority_queue<Source*, std::vector<Source*>, decltype(later)> heap(later);
  for (Source& source : sources) {
    if (source.valid()) heap.push(&source);
  }
  std::string last;
  while (!heap.empty()) {
    Source* top = heap.top();
    heap.pop();
    if (!last.empty() && top->key() == last) {
      *duplicate = last;
      return Status::Ok();
    }
    last.assign(top->key());
    OMEN_RETURN_IF_ERROR(writer->Write(last, top->value()));
    OMEN_RETURN_IF_ERROR(top->Next());
    if (top->valid()) heap.push(top);
  }
  return writer->Close();
}

}  // namespace

RocksBulkLoader::RocksBulkLoader(std::shared_ptr<Engine> engine, catalog::StorageId storage,
                                 size_t buffer_bytes)
    : engine_(std::move(engine)),
      buffer_bytes_(buffer_bytes),
      chunk_bytes_(buffer_bytes / kChunksKept),
      storage_(storage),
      writer_(engine_, storage) {}

RocksBulkLoader::~RocksBulkLoader() {
  {
    std::lock_guard lock(mutex_);
    ending_ = abandoned_ = true;
  }
  moved_.NotifyAll();
  if (thread_.joinable()) thread_.join();
}

Status RocksBulkLoader::Add(std::string_view key, std::string_view value) {
  OMEN_CHECK(!sealed_);
  OMEN_CHECK(key.size() >= sizeof(catalog::StorageId));
  if (chunk_ == nullptr) chunk_ = std::make_unique<EntryChunk>(chunk_bytes_);
  chunk_->Add(key, value);
  if (chunk_->full()) PassOn();
  return Status::Ok();
}

/// What goes wrong there is told by Finish.
void RocksBulkLoader::PassOn() {
  std::unique_lock lock(mutex_);
  // The thread is at work on the chunk before, and waits for nobody.
  moved_.WaitInBackground(lock, [this] { return waiting_ == nullptr; });
  waiting_ = std::move(chunk_);
  moved_.NotifyAll();
  if (!thread_.joinable()) thread_ = std::thread([this] { Serve(); });
}

RocksBulkLoader::ChunkPtr RocksBulkLoader::AwaitChunk() {
  std::unique_lock lock(mutex_);
  moved_.WaitInBackground(lock, [this] { return waiting_ != nullptr || ending_; });
  ChunkPtr chunk = std::move(waiting_);
  if (abandoned_) return nullptr;
  moved_.NotifyAll();
  return chunk;
}

void RocksBulkLoader::Serve() {
  const auto attempt = [this](const auto& work) {
    if (!result_.ok()) return;  // what comes is passed by
    const std::optional<Fault> fault = Contain([&] { result_ = work(); });
    if (fault) result_ = fault->ToStatus();
  };
  while (ChunkPtr chunk = AwaitChunk()) {
    attempt([&] { return Absorb(std::move(chunk)); });
  }
  if (!abandoned()) attempt([this] { return Complete(); });
}

bool RocksBulkLoader::abandoned() const {
  std::lock_guard lock(mutex_);
  return abandoned_;
}

Status RocksBulkLoader::WriteAll(const EntryChunk& chunk) {
  for (size_t i = 0; i < chunk.size(); ++i) {
    OMEN_RETURN_IF_ERROR(writer_.Write(chunk.KeyAt(i), chunk.ValueAt(i)));
  }
  return Status::Ok();
}

Status RocksBulkLoader::Absorb(ChunkPtr chunk) {
  if (!duplicate_.empty()) return Status::Ok();  // Finish will tell
  straight_ = straight_ && chunk->came_in_order() && writer_.last_key() < chunk->KeyAt(0);
  if (straight_) return WriteAll(*chunk);
  chunk->Sort();
  kept_bytes_ += chunk->bytes();
  kept_.push_back(std::move(chunk));
  return kept_bytes_ >= buffer_bytes_ ? Spill() : Status::Ok();
}

Status RocksBulkLoader::Spill() {
  OMEN_RETURN_IF_ERROR(writer_.Close());
  // More than one chunk is worth a thread.
  const bool halves = kept_bytes_ > chunk_bytes_ && std::thread::hardware_concurrency() > 1;
  OMEN_RETURN_IF_ERROR(halves ? SpillInHalves()
                              : SpillPart(KeyPart::kAll, "", &writer_, &duplicate_));
  kept_.clear();
  kept_bytes_ = 0;
  return Status::Ok();
}

/// Equal keys are of one half.
Status RocksBulkLoader::SpillInHalves() {
  const EntryChunk& some = *kept_.front();
  const std::string_view middle = some.KeyAt(some.size() / 2);
  RunWriter upper(engine_, storage_);
  Status upper_spilled;
  std::string upper_duplicate;
  const auto spill_upper = [&] {
    const std::optional<Fault> fault = Contain(
        [&] { upper_spilled = SpillPart(KeyPart::kUpper, middle, &upper, &upper_duplicate); });
    if (fault) upper_spilled = fault->ToStatus();
  };
  std::thread beside;
  try {
    beside = std::thread(spill_upper);
  } catch (const std::system_error&) {
    spill_upper();
  }
  Status spilled = SpillPart(KeyPart::kLower, middle, &writer_, &duplicate_);
  if (beside.joinable()) beside.join();
  OMEN_RETURN_IF_ERROR(std::move(spilled));
  OMEN_RETURN_IF_ERROR(std::move(upper_spilled));
  if (duplicate_.empty()) duplicate_ = std::move(upper_duplicate);
  writer_.Adopt(upper.TakeRuns());
  return Status::Ok();
}

Status RocksBulkLoader::SpillPart(KeyPart part, std::string_view middle, RunWriter* writer,
                                  std::string* duplicate) const {
  std::vector<ChunkSource> sources;
  for (const ChunkPtr& chunk : kept_) {
    const size_t at = part == KeyPart::kAll ? 0 : chunk->LowerBound(middle);
    const bool lower = part == KeyPart::kLower;
    sources.emplace_back(chunk.get(), lower ? 0 : at, lower ? at : chunk->size());
  }
  return MergeInto(sources, writer, duplicate);
}

Status RocksBulkLoader::MergeRuns() {
  const std::vector<RunWriter::Run> runs = writer_.TakeRuns();
  std::vector<RunSource> sources(runs.size());
  Status status;
  for (size_t i = 0; status.ok() && i < runs.size(); ++i) {
    status = sources[i].Open(engine_->table_options(), runs[i].path);
  }
  if (status.ok()) status = MergeInto(sources, &writer_, &duplicate_);
  std::error_code ignored;
  for (const RunWriter::Run& run : runs) std::filesystem::remove(run.path, ignored);
  return status;
}

/// All entries are in files that follow one another.
Status RocksBulkLoader::Complete() {
  OMEN_RETURN_IF_ERROR(Spill());
  if (!duplicate_.empty() || writer_.SortDisjoint()) return Status::Ok();
  return MergeRuns();
}

void RocksBulkLoader::Seal() {
  if (std::exchange(sealed_, true) || !thread_.joinable()) return;
  if (chunk_ != nullptr) PassOn();
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  moved_.NotifyAll();
}

Status RocksBulkLoader::Finish(std::string* duplicate) {
  Seal();
  if (thread_.joinable()) {
    thread_.join();
    OMEN_RETURN_IF_ERROR(std::move(result_));
  } else {
    if (chunk_ != nullptr) OMEN_RETURN_IF_ERROR(Absorb(std::move(chunk_)));
    OMEN_RETURN_IF_ERROR(Complete());
  }
  if (!duplicate_.empty()) {
    if (duplicate != nullptr) *duplicate = duplicate_;
    return Duplicate();
  }
  std::vector<std::string> paths;
  for (const RunWriter::Run& run : writer_.runs()) paths.push_back(run.path);
  if (paths.empty()) return Status::Ok();
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  // Seen by older views too: the transaction that loads reads it through the view it has, and
  // nobody else knows the storage id.
  options.snapshot_consistency = false;
  options.write_global_seqno = false;
  return FromEngine(engine_->db()->IngestExternalFile(engine_->rows(), paths, options),
                    "take over sorted files");
}

}  // namespace omen::rowstore
