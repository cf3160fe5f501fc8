#include "exec/database/test_engine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <new>

#include "base/check.h"
#include "base/containment.h"
#include "exec/statement/sequence.h"
#include "exec/statement/statement_locks.h"
#include "exec/system/system_relations.h"
#include "functions/kernel/freezable_hooks.h"
#include "sql/command/bind.h"
#include "types/io.h"

namespace omen::exec::testing {

class TestEngine::Publisher final : public rowstore::CommitObserver {
 public:
  explicit Publisher(catalog::Catalog* catalog) : catalog_(catalog) {}
  void OnCommit(const std::shared_ptr<const rowstore::CommitRecord>& record) override {
    if (!record->catalog.empty()) catalog_->Publish(record->catalog);
  }

 private:
  catalog::Catalog* catalog_;
};

TestEngine::TestEngine(Columns columns) {
  std::string pattern = (std::filesystem::temp_directory_path() / "omen_exec_XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  rowstore::Options row_options;
  row_options.path = folder_ + "/rows";
  row_options.sync = false;
  row_options.clock = &clock_;
  row_options.jobs = &runner_;
  rows_ = rowstore::RowStore::Open(row_options).value();
  catalog::Builder builder(catalog::InitialSnapshot());
  for (catalog::SystemRelation& relation : SystemRelations()) builder.Put(std::move(relation));
  catalog_ = std::make_unique<catalog::Catalog>(builder.Share());
  publisher_ = std::make_unique<Publisher>(catalog_.get());
  rows_->AddObserver(publisher_.get());
  if (columns == Columns::kWith) {
    replica::Options options;
    options.colstore.path = folder_ + "/columns";
    options.colstore.temp_path = folder_ + "/temp";
    options.jobs = &runner_;
    replica_ = replica::Replica::Start(options, rows_.get(), catalog_.get()).value();
  }
  checker_ = std::make_unique<answers::Checker>(&clock_, &runner_);
  DatabaseParts parts;
  parts.rows = rows_.get();
  parts.replica = replica_.get();
  parts.catalog = catalog_.get();
  parts.history = &history_;
  parts.clock = &clock_;
  parts.checker = checker_.get();
  parts.jobs = &runner_;
  database_ = std::make_unique<Database>(parts);
}

TestEngine::~TestEngine() {
  checker_->Stop();
  database_.reset();
  if (replica_ != nullptr) replica_->Stop();
  replica_.reset();
  (void)rows_->Close().ok();
  rows_.reset();
  std::filesystem::remove_all(folder_);
}

class TestSession::Hooks final : public functions::FreezableHooks {
 public:
  explicit Hooks(TestEngine* engine) : engine_(engine) {}
  std::shared_ptr<functions::SessionHooks> Freeze() override {
    return std::make_shared<Hooks>(engine_);
  }
  Result<int64_t> NextValue(Oid sequence) override {
    const auto catalog =
        transaction != nullptr ? transaction->catalog() : engine_->catalog().Current();
    const catalog::Sequence* found = catalog->FindSequence(sequence);
    if (found == nullptr) return InternalError("no such sequence");
    return NextSequenceValue(&engine_->rows(), *found);
  }
  Result<int64_t> CurrentValue(Oid) override { return InternalError("currval"); }
  Result<int64_t> SetValue(Oid, int64_t, bool) override { return InternalError("setval"); }
  Result<int64_t> LastValue() override { return InternalError("lastval"); }
  Result<Value> Setting(std::string_view name, bool) override {
    OMEN_CHECK(name != "test.break");
    if (name == "test.memory") throw std::bad_alloc();
    return Value();
  }
  Status SetSetting(std::string_view, std::string_view, bool) override { return Status::Ok(); }
  std::string CurrentUser() override { return "omendb"; }
  std::string CurrentDatabase() override { return "omendb"; }
  std::vector<std::string> CurrentSchemas(bool) override { return {"public"}; }
  int32_t BackendPid() override { return 1; }
  Result<Oid> RelationByName(std::string_view name) override {
    const auto catalog = engine_->catalog().Current();
    const catalog::Object* found = catalog->FindRelation({"public"}, name);
    if (found == nullptr) return Status(sqlstate::kUndefinedTable, "no such relation");
    return catalog::OidOf(*found);
  }
  std::string RelationName(Oid) override { return ""; }

  const Transaction* transaction = nullptr;

 private:
  TestEngine* engine_;
};

TestSession::TestSession(TestEngine* engine)
    : engine_(engine), hooks_(std::make_unique<Hooks>(engine)) {}
TestSession::~TestSession() = default;

void TestSession::Begin(sql::Isolation isolation) {
  transaction_ = engine_->database().Begin({isolation, false}).value();
  explicit_ = true;
}

std::string TestSession::Commit() {
  Result<rowstore::CommitId> commit = CommitNow(transaction_.get());
  transaction_.reset();
  explicit_ = false;
  if (!commit.ok()) return "ERROR " + commit.status().ToString();
  last_commit_ = *commit;
  return "COMMIT";
}

void TestSession::Rollback() {
  transaction_->Rollback();
  transaction_.reset();
  explicit_ = false;
}

std::string TestSession::Run(std::string_view script, std::vector<Value> params) {
  std::string answer;
  const auto fault = Contain([&] { answer = RunScript(script, params); });
  if (!fault) return answer;
  transaction_.reset();
  explicit_ = false;
  return fmt::format("FAULT {}: {}", fault->state.view(), fault->what);
}

std::string TestSession::RunScript(std::string_view script, const std::vector<Value>& params) {
  const auto fail = [](const Status& status) {
    return fmt::format("ERROR {}: {}", status.error().state.view(), status.error().message);
  };
  auto parsed = sql::Parse(script);
  if (!parsed.ok()) return fail(parsed.status());
  std::string answer;
  for (const sql::ParsedStatement& statement : *parsed) {
    if (statement.is_empty()) continue;
    Result<std::string> one = RunOne(statement, params);
    if (!one.ok()) return fail(one.status());
    answer = std::move(one).value();
  }
  return answer;
}

std::string TestSession::RunSorted(std::string_view script) {
  std::string answer = Run(script), out;
  std::vector<std::string> lines;
  for (size_t at = 0; at < answer.size();) {
    const size_t end = std::min(answer.find('\n', at), answer.size());
    lines.push_back(answer.substr(at, end - at));
    at = end + 1;
  }
  std::ranges::sort(lines);
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

Result<std::string> TestSession::RunOne(const sql::ParsedStatement& parsed,
                                        const std::vector<Value>& params) {
  if (transaction_ == nullptr) transaction_ = engine_->database().Begin({}).value();
  Result<std::string> answer = Execute(parsed, params);
  while (!answer.ok() && IsStalePlan(answer.status())) answer = Execute(parsed, params);
  if (explicit_) return answer;
  if (answer.ok()) {
    Result<rowstore::CommitId> commit = CommitNow(transaction_.get());
    if (!commit.ok()) answer = std::move(commit).status();
    if (commit.ok()) last_commit_ = *commit;
  }
  transaction_.reset();
  return answer;
}

Result<std::string> TestSession::Execute(const sql::ParsedStatement& parsed,
                                         const std::vector<Value>& params) {
  const auto catalog = transaction_->catalog();
  sql::BindContext bind;
  bind.catalog = catalog.get();
  bind.search_path = {"public"};
  bind.current_user = user;
  bind.current_database = "omendb";
  OMEN_ASSIGN_OR_RETURN(auto statement, sql::Bind(parsed, bind));
  OMEN_ASSIGN_OR_RETURN(auto plan, engine_->database().MakePlan(statement, catalog));
  StatementContext context;
  context.transaction = transaction_.get();
  context.options = options;
  context.cancel = &cancel_;
  context.session_commit = last_commit_;
  context.text = parsed.text();
  hooks_->transaction = transaction_.get();
  context.call.hooks = hooks_.get();
  context.search_path = {"public"};
  context.user = user;
  context.copy_source = copy_source;
  context.copy_sink = copy_sink;
  notices.clear();
  context.notice = [this](const Status& notice) { notices.push_back(notice.error().message); };
  OMEN_ASSIGN_OR_RETURN(auto cursor, engine_->database().Open(plan, params, &context));
  std::string answer;
  std::vector<Row> rows;
  do {
    OMEN_RETURN_IF_ERROR(cursor->Next(&rows, 100));
    for (const Row& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        if (i > 0) answer += '|';
        if (!row[i].is_null()) AppendText(plan->outputs()[i].type, row[i], {}, answer);
      }
      answer += '\n';
    }
  } while (!rows.empty());
  report = context.report;
  if (plan->returns_rows()) return answer;
  return fmt::format("{} {}", statement->tag, cursor->row_count());
}

namespace {

TEST(TestEngine, RunsStatements) {
  TestEngine engine(TestEngine::Columns::kWithout);
  TestSession session(&engine);
  EXPECT_EQ(session.Run("select 1, 'a'"), "1|a\n");
  EXPECT_EQ(session.Run("select 1/0"), "ERROR 22012: division by zero");
}

}  // namespace
}  // namespace omen::exec::testing
