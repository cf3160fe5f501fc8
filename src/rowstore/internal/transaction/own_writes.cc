#include "rowstore/internal/transaction/own_writes.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/slices.h"

namespace omen::rowstore {
namespace {

// Of a storage id the first half, which is zero in all that there will ever be.
constexpr size_t kZeros = 4;

bool BeginsWithZeros(std::string_view key) {
  if (key.size() >= kZeros) return LoadLittleEndian<uint32_t>(key.data()) == 0;
  return key.find_first_not_of('\0') == std::string_view::npos;
}

/// Of a key that does not begin so: behind all that do.
uint64_t HeadOf(std::string_view key, size_t from) {
  if (!BeginsWithZeros(key)) return UINT64_MAX;
  if (key.size() >= from + sizeof(uint64_t)) return LoadBigEndian<uint64_t>(key.data() + from);
  char bytes[sizeof(uint64_t)] = {};
  if (key.size() > from) std::memcpy(bytes, key.data() + from, key.size() - from);
  return LoadBigEndian<uint64_t>(bytes);
}

size_t VarintBytes(size_t value) {
  size_t bytes = 1;
  for (; value >= 0x80; value >>= 7) ++bytes;
  return bytes;
}

/// What begins with its length, as the engine's records have them.
std::string_view SizedBytesAt(const std::string& bytes, size_t at) {
  size_t size = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    size |= static_cast<size_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return std::string_view(bytes).substr(at, size);
  }
}

}  // namespace

OwnWrites::Probe::Probe(std::string_view key)
    : head{HeadOf(key, kZeros), HeadOf(key, kZeros + sizeof(uint64_t))}, bytes(key) {}

std::string_view OwnWrites::KeyOf(const Entry& entry) const {
  return SizedBytesAt(batch_.Data(), entry.at);
}

// The value's length and bytes follow the key's.
std::string_view OwnWrites::ValueOf(const Entry& entry) const {
  const std::string& bytes = batch_.Data();
  const std::string_view key = SizedBytesAt(bytes, entry.at);
  return SizedBytesAt(bytes, static_cast<size_t>(key.data() + key.size() - bytes.data()));
}

template <typename A, typename B>
bool OwnWrites::Less::operator()(const A& a, const B& b) const {
  if (a.head[0] != b.head[0]) return a.head[0] < b.head[0];
  if (a.head[1] != b.head[1]) return a.head[1] < b.head[1];
  const auto bytes_of = [this](const auto& key) {
    if constexpr (std::is_same_v<std::decay_t<decltype(key)>, Entry>) {
      return SizedBytesAt(*batch, key.at);
    } else {
      return key.bytes;
    }
  };
  return bytes_of(a) < bytes_of(b);
}

void OwnWrites::Put(rocksdb::ColumnFamilyHandle* rows, std::string_view key, std::string_view value,
                    ChangeKind kind) {
  const rocksdb::Status status = batch_.Put(rows, SliceOf(key), SliceOf(value));
  OMEN_CHECK(status.ok());
  Note(key, value.size(), /*deleted=*/false, kind);
}

void OwnWrites::Delete(rocksdb::ColumnFamilyHandle* rows, std::string_view key, ChangeKind kind) {
  const rocksdb::Status status = batch_.Delete(rows, SliceOf(key));
  OMEN_CHECK(status.ok());
  Note(key, 0, /*deleted=*/true, kind);
}

Status OwnWrites::PutUnread(rocksdb::ColumnFamilyHandle* family, std::string_view key,
                            std::string_view value) {
  return FromEngine(batch_.Put(family, SliceOf(key), SliceOf(value)), "note a change");
}

Status OwnWrites::DeleteUnread(rocksdb::ColumnFamilyHandle* family, std::string_view key) {
  return FromEngine(batch_.Delete(family, SliceOf(key)), "note a change");
}

// A record ends with its key and, where there is one, its value, each behind its length.
void OwnWrites::Note(std::string_view key, size_t value_size, bool deleted, ChangeKind kind) {
  const size_t value_bytes = deleted ? 0 : VarintBytes(value_size) + value_size;
  const Probe probe(key);
  const Entry written{{probe.head[0], probe.head[1]},
                      batch_.Data().size() - value_bytes - key.size() - VarintBytes(key.size()),
                      deleted,
                      static_cast<uint8_t>(kind)};
  // Before the tree, which may be refused its memory: no entry is in it that is not taken back.
  if (!savepoints_.empty()) undo_.push_back({written, std::nullopt});
  const auto [found, is_new] = newest_.insert(written);
  if (is_new) {
    ++version_;
    return;
  }
  if (!savepoints_.empty()) undo_.back().before = *found;
  Replace(found, written);
}

// Of one key: the order stays.
void OwnWrites::Replace(Newest::iterator place, const Entry& entry) {
  const_cast<Entry&>(*place) = entry;
}

std::optional<OwnWrites::Write> OwnWrites::Find(std::string_view key) const {
  if (newest_.empty()) return std::nullopt;
  const auto found = newest_.find(Probe(key));
  if (found == newest_.end()) return std::nullopt;
  if (found->deleted) return Write{};
  return Write{ValueOf(*found)};
}

void OwnWrites::SetSavepoint() {
  batch_.SetSavePoint();
  savepoints_.push_back(undo_.size());
}

void OwnWrites::RollbackToSavepoint() {
  for (; undo_.size() > savepoints_.back(); undo_.pop_back()) {
    const Undo& undo = undo_.back();
    const auto found = newest_.find(undo.written);
    if (undo.before) {
      Replace(found, *undo.before);
    } else if (found != newest_.end()) {
      newest_.erase(found);
      ++version_;
    }
  }
  const rocksdb::Status status = batch_.RollbackToSavePoint();
  OMEN_CHECK(status.ok());
  batch_.SetSavePoint();
}

void OwnWrites::ReleaseSavepoint() {
  const rocksdb::Status status = batch_.PopSavePoint();
  OMEN_CHECK(status.ok());
  savepoints_.pop_back();
  if (savepoints_.empty()) undo_.clear();
}

rocksdb::WriteBatch* OwnWrites::Finish(rocksdb::ColumnFamilyHandle* rows, std::string* kinds) {
  constexpr size_t kFewWrites = 4;
  if (newest_.size() < kFewWrites || newest_.size() != batch_.Count()) return &batch_;
  ordered_ = rocksdb::WriteBatch(batch_.GetDataSize());
  size_t at = 0;
  for (const Entry& entry : newest_) {
    const rocksdb::Status status =
        entry.deleted ? ordered_.Delete(rows, SliceOf(KeyOf(entry)))
                      : ordered_.Put(rows, SliceOf(KeyOf(entry)), SliceOf(ValueOf(entry)));
    OMEN_CHECK(status.ok());
    (*kinds)[at++] = static_cast<char>(entry.kind);
  }
  return &ordered_;
}

void OwnWrites::Clear() {
  constexpr size_t kKeptUndo = 1024;
  newest_.clear();
  ++version_;
  batch_.Clear();
  ordered_ = rocksdb::WriteBatch();
  undo_.clear();
  if (undo_.capacity() > kKeptUndo) std::vector<Undo>().swap(undo_);
  savepoints_.clear();
}

std::string_view OwnCursor::value() const {
  if (!stale()) return writes_.ValueOf(*at_);
  const auto found = writes_.Find(key_);
  return found ? found->value.value_or("") : "";
}

void OwnCursor::Settle(bool valid) {
  version_ = writes_.version_;
  valid_ = valid;
  if (valid_) key_.assign(writes_.KeyOf(*at_));
}

void OwnCursor::Seek(std::string_view key) {
  at_ = writes_.newest_.lower_bound(OwnWrites::Probe(key));
  Settle(at_ != writes_.newest_.end());
}

void OwnCursor::SeekForPrev(std::string_view key) {
  at_ = writes_.newest_.upper_bound(OwnWrites::Probe(key));
  const bool valid = at_ != writes_.newest_.begin();
  if (valid) --at_;
  Settle(valid);
}

void OwnCursor::Next() {
  if (!valid_) return;
  if (stale()) {
    at_ = writes_.newest_.upper_bound(OwnWrites::Probe(key_));
  } else {
    ++at_;
  }
  Settle(at_ != writes_.newest_.end());
}

void OwnCursor::Prev() {
  if (!valid_) return;
  if (stale()) at_ = writes_.newest_.lower_bound(OwnWrites::Probe(key_));
  const bool valid = at_ != writes_.newest_.begin();
  if (valid) --at_;
  Settle(valid);
}

}  // namespace omen::rowstore
