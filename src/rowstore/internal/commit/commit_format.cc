#include "rowstore/internal/commit/commit_format.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/packing/packed_bytes.h"
#include "rowstore/internal/engine/meta_keys.h"
#include "rowstore/internal/engine/slices.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

constexpr char kEntry = static_cast<char>(ChangeKind::kNone);

constexpr char kHeaderFormat = 1;
constexpr size_t kChangeOverhead = sizeof(Change);

bool TakeVarint(std::string_view* in, uint64_t* value) {
  *value = 0;
  for (int shift = 0; shift < 64 && !in->empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

Status DamagedLog(std::string_view what) {
  return Status(sqlstate::kDataCorrupted, "change log is damaged: " + std::string(what));
}

/// Collects operations until the LogData record that names their commit.
class Collector final : public rocksdb::WriteBatch::Handler {
 public:
  Collector(std::shared_ptr<const rocksdb::WriteBatch> batch, bool with_catalog, bool with_entries)
      : batch_(std::move(batch)), with_catalog_(with_catalog), with_entries_(with_entries) {}

  rocksdb::Status PutCF(uint32_t family, const rocksdb::Slice& key,
                        const rocksdb::Slice& value) override {
    return Add(family, ChangeKind::kInsert, ViewOf(key), ViewOf(value));
  }
  rocksdb::Status DeleteCF(uint32_t family, const rocksdb::Slice& key) override {
    return Add(family, ChangeKind::kDelete, ViewOf(key), {});
  }
  rocksdb::Status DeleteRangeCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status MarkNoop(bool) override { return rocksdb::Status::OK(); }
  void LogData(const rocksdb::Slice& blob) override {
    // Not a commit's: deletions of a freed storage id, which the engine may have joined with
    // commits into one record of its log.
    if (blob.empty()) return rows_.clear();
    if (error.ok()) error = EndCommit(ViewOf(blob));
  }

  std::vector<std::shared_ptr<CommitRecord>> records;
  Status error;

 private:
  /// `kind` is an entry's; what a row's is, the commit's header will say.
  rocksdb::Status Add(uint32_t family, ChangeKind kind, std::string_view key,
                      std::string_view value) {
    if (family == kRowsFamilyId) {
      if (key.size() < sizeof(catalog::StorageId)) return rocksdb::Status::Corruption("short key");
      rows_.push_back({StorageOfKey(key), kind, key, value});
    } else if (with_catalog_ && !key.empty() && key[0] == kCatalogPrefix) {
      if (error.ok()) error = AddMutation(key, value);
    }
    return rocksdb::Status::OK();
  }

  Status AddMutation(std::string_view key, std::string_view value) {
    if (key.size() != 2 + sizeof(Oid)) return DamagedLog("catalogue key");
    catalog::Mutation mutation{static_cast<catalog::ObjectClass>(key[1]),
                               LoadBigEndian<Oid>(key.data() + 2), nullptr};
    if (!value.empty()) {
      OMEN_ASSIGN_OR_RETURN(catalog::Object object,
                            catalog::DecodeObject(mutation.object_class, value));
      mutation.object = std::make_shared<const catalog::Object>(std::move(object));
    }
    mutations_.push_back(std::move(mutation));
    return Status::Ok();
  }

  Status EndCommit(std::string_view blob) {
    CommitHeader header;
    if (!ParseCommitHeader(blob, &header)) return DamagedLog("commit header");
    if (header.kinds.size() != rows_.size()) return DamagedLog("operation count");
    auto record = std::make_shared<CommitRecord>();
    record->id = header.id;
    record->epoch = header.epoch;
    for (catalog::StorageId storage : header.filled) {
      record->changes.push_back({storage, ChangeKind::kStorage, {}, {}});
    }
    const auto entries = static_cast<size_t>(std::ranges::count(header.kinds, kEntry));
    record->changes.reserve(record->changes.size() + rows_.size() - entries);
    if (with_entries_) record->entries.reserve(entries);
    for (size_t i = 0; i < rows_.size(); ++i) {
      Change& change = rows_[i];
      // Index entries too: they are in the memory that the record keeps.
      record->bytes += change.key.size() + change.value.size() + kChangeOverhead;
      if (header.kinds[i] == kEntry) {
        if (with_entries_) record->entries.push_back(change);
        continue;
      }
      change.kind = static_cast<ChangeKind>(header.kinds[i]);
      record->changes.push_back(change);
    }
    record->catalog = std::move(mutations_);
    record->memory = batch_;
    rows_.clear();
    mutations_.clear();
    records.push_back(std::move(record));
    return Status::Ok();
  }

  const std::shared_ptr<const rocksdb::WriteBatch> batch_;
  const bool with_catalog_, with_entries_;
  std::vector<Change> rows_;
  std::vector<catalog::Mutation> mutations_;
};

class CommitFinder final : public rocksdb::WriteBatch::Handler {
 public:
  explicit CommitFinder(bool first_alone) : first_alone_(first_alone) {}
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteRangeCF(uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status MarkNoop(bool) override { return rocksdb::Status::OK(); }
  void LogData(const rocksdb::Slice& blob) override {
    CommitHeader header;
    if (!ParseCommitHeader(ViewOf(blob), &header)) return;
    if (found.first == 0) found.first = header.id;
    found.last = header.id;
  }
  bool Continue() override { return !first_alone_ || found.first == 0; }

  CommitRange found;

 private:
  const bool first_alone_;
};

}  // namespace

void AppendCommitHeader(CommitId id, uint64_t epoch, std::span<const catalog::StorageId> filled,
                        std::string_view kinds, std::string* out) {
  out->push_back(kHeaderFormat);
  AppendVarint(*out, id);
  AppendVarint(*out, epoch);
  AppendVarint(*out, filled.size());
  for (catalog::StorageId storage : filled) AppendVarint(*out, storage);
  AppendVarint(*out, kinds.size());
  out->append(kinds);
}

bool ParseCommitHeader(std::string_view bytes, CommitHeader* header) {
  if (bytes.empty() || bytes[0] != kHeaderFormat) return false;
  bytes.remove_prefix(1);
  uint64_t filled, kinds;
  if (!TakeVarint(&bytes, &header->id) || !TakeVarint(&bytes, &header->epoch) ||
      !TakeVarint(&bytes, &filled) || filled > bytes.size()) {
    return false;
  }
  header->filled.resize(filled);
  for (catalog::StorageId& storage : header->filled) {
    if (!TakeVarint(&bytes, &storage)) return false;
  }
  if (!TakeVarint(&bytes, &kinds) || kinds != bytes.size()) return false;
  const auto known = [](char kind) { return kind >= 0 && kind <= 3; };
  header->kinds = bytes;
  return header->id != 0 && std::all_of(bytes.begin(), bytes.end(), known);
}

Result<std::vector<std::shared_ptr<CommitRecord>>> RecordsOf(
    std::shared_ptr<const rocksdb::WriteBatch> batch, bool with_catalog, bool with_entries) {
  Collector collector(batch, with_catalog, with_entries);
  const rocksdb::Status status = batch->Iterate(&collector);
  if (!status.ok()) return DamagedLog(status.ToString());
  OMEN_RETURN_IF_ERROR(std::move(collector.error));
  return std::move(collector.records);
}

CommitRange CommitsOf(const rocksdb::WriteBatch& batch) {
  CommitFinder finder(/*first_alone=*/false);
  batch.Iterate(&finder).PermitUncheckedError();
  return finder.found;
}

CommitId FirstCommitOf(const rocksdb::WriteBatch& batch) {
  CommitFinder finder(/*first_alone=*/true);
  batch.Iterate(&finder).PermitUncheckedError();
  return finder.found.first;
}

}  // namespace omen::rowstore
