// A SELECT with all the ways it can be run; which one is decided when it is opened.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exec/engine_run.h"
#include "exec/level.h"
#include "exec/write_plans.h"
#include "router/router.h"
#include "sql/duckdb_sql.h"

namespace omen::exec {

/// Immutable but for a cache of generated texts; any thread. On route `auto` a path that refuses
/// or breaks down before its first row leads to the next; an error of the statement never does.
class SelectPlan final : public ExecutablePlan {
 public:
  SelectPlan(std::shared_ptr<const sql::Statement> statement,
             std::shared_ptr<const sql::Query> query);

  /// Plans the row path; what it cannot do is kept as its reason.
  Status Prepare(Database* database, uint64_t catalog_version);

  Result<std::unique_ptr<Cursor>> Open(Database* database, Row params,
                                       StatementContext* context) const override;
  Status Explain(Database* database, const Row& params, StatementContext* context,
                 const ExplainOptions& options, std::vector<std::string>* lines) const override;
  bool is_brief() const override { return level_ != nullptr && level_->key_lookup; }
  Path path() const override { return Path::kRow; }

 private:
  using GeneratedQuery = Result<std::shared_ptr<const sql::DuckdbQuery>>;

  /// The tables read from rows when columns serve the rest.
  std::vector<Oid> ChangedTables(const StatementContext& context) const;
  std::vector<Oid> AllTables() const;
  /// The generated text with these tables as row scans; made once per set.
  Result<sql::DuckdbQuery> Generate(const std::vector<Oid>& row_tables, const Row* params) const;
  /// The text for any parameters, made once.
  GeneratedQuery Generated(const std::vector<Oid>& row_tables) const;
  /// The text for these parameters, with their values in it where they are small.
  GeneratedQuery GeneratedFor(const std::vector<Oid>& row_tables, const Row& params) const;
  router::Features FeaturesNow(Database* database, const StatementContext& context) const;
  router::Ability ColumnAbility(Database* database, const StatementContext& context) const;
  router::Ability MixedAbility(Database* database) const;
  Result<router::Choice> Decide(Database* database, const StatementContext& context) const;
  bool AlwaysRow(const StatementContext& context) const;

  Result<std::unique_ptr<Cursor>> OpenRow(Database* database, Row params,
                                          StatementContext* context) const;
  Result<std::unique_ptr<Cursor>> OpenColumn(Database* database, Row params,
                                             StatementContext* context) const;
  Result<std::unique_ptr<Cursor>> OpenMixed(Database* database, Row params,
                                            StatementContext* context, bool all_rows) const;
  /// `all_rows`: a mixed run that reads no columns.
  Result<std::unique_ptr<Cursor>> OpenOn(Path path, Database* database, const Row& params,
                                         StatementContext* context, bool all_rows) const;
  std::optional<Path> NextPath(const std::array<bool, router::kPaths>& tried) const;
  Result<std::unique_ptr<EngineCursor>> MakeEngineCursor(Database* database, const Row& params,
                                                         StatementContext* context,
                                                         const std::vector<Oid>& row_tables,
                                                         rowstore::CommitId at_least) const;
  Status ExplainTree(Database* database, const Row& params, StatementContext* context,
                     const ExplainOptions& options, Path path,
                     std::vector<std::string>* lines) const;
  Status Analyze(Database* database, const Row& params, StatementContext* context,
                 const ExplainOptions& options, Path path, std::vector<std::string>* lines) const;

  std::shared_ptr<const sql::Query> query_;
  std::vector<std::shared_ptr<const catalog::Table>> tables_;
  std::unique_ptr<const LevelPlan> level_;
  std::string row_why_not_;
  int nodes_ = 0;
  bool locks_rows_ = false;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<Oid>, std::shared_ptr<const sql::DuckdbQuery>> generated_;
  mutable std::map<std::vector<Oid>, Status> refused_;
};

}  // namespace omen::exec
