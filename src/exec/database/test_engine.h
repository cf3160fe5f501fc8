// A whole engine in a temporary folder, and a session of few words, for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "answers/checker.h"
#include "exec/database/database.h"
#include "obs/query_history.h"
#include "sql/command/bind.h"

namespace omen::exec::testing {

/// Both stores, the catalogue and a Database over them. Any thread.
class TestEngine {
 public:
  enum class Columns { kWith, kWithout };
  explicit TestEngine(Columns columns = Columns::kWith);
  ~TestEngine();

  Database& database() { return *database_; }
  rowstore::RowStore& rows() { return *rows_; }
  replica::Replica& replica() { return *replica_; }
  catalog::Catalog& catalog() { return *catalog_; }
  obs::QueryHistory& history() { return history_; }
  answers::Checker& checker() { return *checker_; }

 private:
  class Publisher;
  std::string folder_;
  SystemClock clock_;
  jobs::Runner runner_{&clock_, jobs::ThisMachine()};
  obs::QueryHistory history_{1000};
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<rowstore::RowStore> rows_;
  std::unique_ptr<replica::Replica> replica_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<answers::Checker> checker_;
};

/// One client. BEGIN, COMMIT and ROLLBACK are methods; everything else is a statement that
/// commits by itself outside a transaction. One thread.
class TestSession {
 public:
  explicit TestSession(TestEngine* engine);
  ~TestSession();

  /// Rows as "a|b", one per line, nulls empty; "UPDATE 3" for what returns no rows; or
  /// "ERROR 42P01: text". Several statements: the last one's answer, or the first error. A fault
  /// (base/containment.h), which current_setting('test.break') and ('test.memory') are, ends the
  /// transaction and is told as "FAULT XX000: text".
  std::string Run(std::string_view script, std::vector<Value> params = {});
  /// Run, with the lines sorted.
  std::string RunSorted(std::string_view script);

  void Begin(sql::Isolation isolation = sql::Isolation::kReadCommitted);
  std::string Commit();
  void Rollback();
  /// Null outside Begin.
  Transaction* transaction() { return transaction_.get(); }

  ExecOptions options;
  std::string user = "omendb";
  /// The client's ends of COPY; not owned.
  CopySource* copy_source = nullptr;
  CopySink* copy_sink = nullptr;
  /// What the last statement's notices said.
  std::vector<std::string> notices;
  /// How the last statement was run.
  RunReport report;

 private:
  class Hooks;
  std::string RunScript(std::string_view script, const std::vector<Value>& params);
  Result<std::string> RunOne(const sql::ParsedStatement& parsed, const std::vector<Value>& params);
  Result<std::string> Execute(const sql::ParsedStatement& parsed, const std::vector<Value>& params);

  TestEngine* engine_;
  std::unique_ptr<Hooks> hooks_;
  std::unique_ptr<Transaction> transaction_;
  bool explicit_ = false;
  CancelToken cancel_;
  rowstore::CommitId last_commit_ = 0;
};

}  // namespace omen::exec::testing
