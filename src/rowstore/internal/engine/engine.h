// The opened RocksDB: its options, its two column families and plain access to them.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/wal_filter.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rowstore/internal/engine/file_change_listener.h"
#include "rowstore/internal/engine/guarded_files.h"
#include "rowstore/internal/engine/log_writer.h"
#include "rowstore/rowstore.h"

namespace omen::rowstore {

/// Of the first level of files that are sorted through: what a merge of new ones rewrites at most.
inline constexpr uint64_t kFirstLevelBytes = 256u << 20;

/// How a start reads the log.
struct LogReplay {
  std::unique_ptr<rocksdb::WalFilter> filter;  // null: none
  /// Whether a damaged log may be taken for one that ends before the damage, by the value of the
  /// last commit there; null: never.
  std::function<bool(std::string_view last_commit)> may_end_at;
};

/// Owns the database. Any thread. Views and iterators share it, so that it outlives them.
class Engine {
 public:
  /// Opens the database under options.path, which is made where `create` says so. XX001 when its
  /// files are damaged. Sorted files are not deleted before SettleTables.
  static Result<std::shared_ptr<Engine>> Open(const Options& options, bool create,
                                              FileFaults* faults, LogReplay replay = {});
  /// The start was sound as far as anyone can tell. `delete_unnamed`: the list of files is whole,
  /// so what it does not name may go; else that stays where it is.
  void SettleTables(bool delete_unnamed);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// For reading; what writes goes through Write.
  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* meta() const { return meta_; }
  rocksdb::ColumnFamilyHandle* rows() const { return rows_; }
  const Options& options() const { return options_; }
  /// RocksDB's folder.
  const std::string& database_path() const { return database_path_; }
  /// For building table files to ingest into rows().
  const rocksdb::Options& table_options() const { return table_options_; }
  /// A folder on the same file system for files to ingest; emptied at every start.
  const std::string& scratch_path() const { return scratch_path_; }

  /// Newest value of a meta key; false when there is none.
  Result<bool> GetMeta(std::string_view key, std::string* value) const;
  /// Writes: for the commit queue, and what transactions never touch. 53100 when
  /// the disk is full; synced only if `sync` and the store syncs.
  Status Write(rocksdb::WriteBatch* batch, bool sync, bool frees) const;
  LogWriter& log() const { return *log_; }
  FileChangeListener& file_changes() const { return *file_changes_; }
  /// Synced (if the store syncs) before it returns.
  Status PutMeta(std::string_view key, std::string_view value) const;
  Status DeleteMeta(std::string_view key) const;

 private:
  bool IsLarge(size_t bytes) const;
  /// Begins an empty buffer of rows for so many bytes, where the one in use is not almost empty.
  void ChangeBuffer(size_t bytes) const;
  Engine(const Options& options, FileFaults* faults, LogReplay replay);
  rocksdb::DBOptions MakeDbOptions() const;
  uint64_t TableBytesOnDisk() const;
  rocksdb::ColumnFamilyOptions MakeRowsOptions() const;
  rocksdb::ColumnFamilyOptions MakeMetaOptions() const;
  Status PrepareFolders() const;
  std::vector<rocksdb::ColumnFamilyDescriptor> Families() const;
  Status OpenDatabase(bool create);
  Status DamagedFiles(const rocksdb::DBOptions& options, const rocksdb::Status& status) const;
  /// The value of the last commit where only the log is damaged, so that accepting its loss would
  /// help; empty: there was none.
  std::optional<std::string> LastBeforeDamage(const rocksdb::DBOptions& options) const;
  /// Whether a log that was found damaged is to be taken for one that ends there.
  bool EndsAtDamage(const rocksdb::DBOptions& options) const;

  const Options options_;
  const std::string database_path_;
  const std::string scratch_path_;
  const LogReplay replay_;
  LogHealth log_health_;
  TableDeletions deletions_;
  std::unique_ptr<rocksdb::Env> env_;
  const std::shared_ptr<FileChangeListener> file_changes_ = std::make_shared<FileChangeListener>();
  rocksdb::Options table_options_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  rocksdb::ColumnFamilyHandle* rows_ = nullptr;
  std::unique_ptr<LogWriter> log_;
};

}  // namespace omen::rowstore
