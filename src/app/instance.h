// One open database: the stores, the catalogue and the engine over them, without a network.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "answers/checker.h"
#include "app/config.h"
#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "exec/database/database.h"
#include "jobs/runner.h"
#include "memo/memo.h"
#include "obs/query_history.h"
#include "replica/replica.h"
#include "router/router.h"
#include "rowstore/rowstore.h"

namespace omen::app {

/// Opens the data folder and keeps it open until Close or destruction. Open and Close by one
/// thread; the parts by any.
class Instance {
 public:
  static Result<std::unique_ptr<Instance>> Open(const Config& config);
  ~Instance();
  /// Applies what is queued, flushes, writes the clean-stop record. No sessions may be left.
  Status Close();

  exec::Database& database() { return *database_; }
  catalog::Catalog& catalog() { return *catalog_; }
  rowstore::RowStore& rows() { return *rows_; }
  replica::Replica& replica() { return *replica_; }
  jobs::Runner& jobs() { return *jobs_; }
  /// True when this start created the database.
  bool created() const { return created_; }

 private:
  /// Publishes committed catalogue changes; registered before the replica, which looks there.
  class Publisher final : public rowstore::CommitObserver {
   public:
    explicit Publisher(catalog::Catalog* catalog) : catalog_(catalog) {}
    void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override;

   private:
    catalog::Catalog* catalog_;
  };

  Instance() = default;
  void StartJobs(const Config& config);
  void OpenMemo(const Config& config);
  Status OpenRows(const Config& config);
  Status OpenCatalog();
  Status OpenReplica(const Config& config);
  Status SetSuperuserPassword(const std::string& file);

  SystemClock clock_;
  std::unique_ptr<jobs::Runner> jobs_;
  std::unique_ptr<memo::Memo> memo_;  // null where the folder does not let it
  bool created_ = false;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<obs::QueryHistory> history_;
  std::unique_ptr<router::Router> router_;
  std::unique_ptr<answers::Checker> checker_;  // ends before what it reads
  std::unique_ptr<rowstore::RowStore> rows_;
  std::unique_ptr<replica::Replica> replica_;
  std::unique_ptr<exec::Database> database_;
};

}  // namespace omen::app
