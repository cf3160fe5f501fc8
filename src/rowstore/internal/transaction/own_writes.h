// What a transaction has written and not committed: the records in their order, as the commit will
// log them, and the newest of each key in the order of keys, for the transaction's own reads.
#pragma once

#include <absl/container/btree_set.h>
#include <rocksdb/write_batch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rowstore/change.h"

namespace omen::rowstore {

/// One thread. Views that it gives end with the next write.
class OwnWrites {
 public:
  OwnWrites() = default;
  OwnWrites(const OwnWrites&) = delete;
  OwnWrites& operator=(const OwnWrites&) = delete;

  void Put(rocksdb::ColumnFamilyHandle* rows, std::string_view key, std::string_view value,
           ChangeKind kind);
  void Delete(rocksdb::ColumnFamilyHandle* rows, std::string_view key, ChangeKind kind);
  /// Of which nothing is read back.
  Status PutUnread(rocksdb::ColumnFamilyHandle* family, std::string_view key,
                   std::string_view value);
  Status DeleteUnread(rocksdb::ColumnFamilyHandle* family, std::string_view key);

  bool empty() const { return newest_.empty(); }
  /// The newest write of a key; null where it was deleted.
  struct Write {
    std::optional<std::string_view> value;
  };
  std::optional<Write> Find(std::string_view key) const;

  /// A savepoint is a depth, as a transaction's.
  void SetSavepoint();
  void RollbackToSavepoint();
  void ReleaseSavepoint();

  rocksdb::WriteBatch* batch() { return &batch_; }
  /// What to commit: where no key was written twice the records in the order of their keys, with
  /// `kinds` in the same, since the engine finds a key's place fastest from the one before. Ends
  /// the writes but for Clear.
  rocksdb::WriteBatch* Finish(rocksdb::ColumnFamilyHandle* rows, std::string* kinds);
  /// After the batch was moved away, too.
  void Clear();

 private:
  friend class OwnCursor;

  /// A record of the batch, by its key, whose first bytes are here but for the zeros it begins
  /// with, so that most comparisons read no others. Small: many are in a node of the tree.
  struct Entry {
    uint64_t head[2];
    uint64_t at : 55;  // where the key's length is, before its bytes
    uint64_t deleted : 1;
    uint64_t kind : 8;  // a ChangeKind
  };
  /// A key that is looked for.
  struct Probe {
    explicit Probe(std::string_view key);
    uint64_t head[2];
    std::string_view bytes;
  };
  struct Less {
    using is_transparent = void;
    const std::string* batch;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const;
  };
  using Newest = absl::btree_set<Entry, Less>;
  /// What a key goes back to when its write is taken back.
  struct Undo {
    Entry written;
    std::optional<Entry> before;
  };

  std::string_view KeyOf(const Entry& entry) const;
  std::string_view ValueOf(const Entry& entry) const;
  /// The batch's last record is of the rows.
  void Note(std::string_view key, size_t value_size, bool deleted, ChangeKind kind);
  static void Replace(Newest::iterator place, const Entry& entry);

  rocksdb::WriteBatch batch_, ordered_;
  Newest newest_{Less{&batch_.Data()}};
  std::vector<Undo> undo_;          // since the first savepoint
  std::vector<size_t> savepoints_;  // lengths of undo_
  uint64_t version_ = 0;            // raised where places in newest_ end
};

/// A place among the newest writes of all keys. Goes on over writes that come meanwhile.
class OwnCursor {
 public:
  explicit OwnCursor(const OwnWrites* writes) : writes_(*writes), at_(writes->newest_.end()) {}

  bool valid() const { return valid_; }
  std::string_view key() const { return key_; }
  /// Just after a seek or a step.
  bool deleted() const { return at_->deleted; }
  std::string_view value() const;

  /// At the first key not below, or the last one not above.
  void Seek(std::string_view key);
  void SeekForPrev(std::string_view key);
  void Next();
  void Prev();
  /// After writes: at the same key; where it has gone, at the next one of that direction.
  void Renew(bool backward) {
    if (valid_ && stale()) backward ? SeekForPrev(key_) : Seek(key_);
  }

 private:
  bool stale() const { return version_ != writes_.version_; }
  void Settle(bool valid);

  const OwnWrites& writes_;
  OwnWrites::Newest::const_iterator at_;
  bool valid_ = false;
  std::string key_;
  uint64_t version_ = 0;
};

}  // namespace omen::rowstore
