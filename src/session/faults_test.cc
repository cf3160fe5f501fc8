// What is thrown while a session works ends its transaction, not the server.
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "base/check.h"
#include "session/session_fixture.h"

namespace omen::session {
namespace {

/// Throws as it is told when it is given a row.
class FaultySink final : public Sink {
 public:
  enum class Fault { kNone, kCheck, kMemory, kRange } fault = Fault::kNone;
  std::vector<std::string> lines;

  Status DataRow(std::span<const sql::OutputColumn>, const Row& row, std::span<const Format>,
                 const TextStyle&) override {
    OMEN_CHECK(fault != Fault::kCheck);
    if (fault == Fault::kMemory) throw std::bad_alloc();
    if (fault == Fault::kRange) throw std::out_of_range("a row");
    return Add("D " + std::to_string(row.size()));
  }
  Status RowDescription(std::span<const sql::OutputColumn>, std::span<const Format>) override {
    return Status::Ok();
  }
  Status CommandComplete(std::string_view tag) override { return Add("C " + std::string(tag)); }
  Status EmptyQuery() override { return Add("I"); }
  Status PortalSuspended() override { return Add("s"); }
  Status ParseComplete() override { return Add("1"); }
  Status BindComplete() override { return Add("2"); }
  Status CloseComplete() override { return Add("3"); }
  Status NoData() override { return Add("n"); }
  Status ParameterDescription(std::span<const Type>) override { return Add("t"); }
  Status ParameterStatus(std::string_view, std::string_view) override { return Status::Ok(); }
  Status Notice(std::string_view, const ErrorInfo&) override { return Status::Ok(); }
  Status Error(const ErrorInfo& info) override {
    return Add("E " + std::string(info.state.view()));
  }
  Status ReadyForQuery(char status) override { return Add(std::string("Z ") + status); }
  Status CopyInResponse(bool, int) override { return Status::Ok(); }
  Status CopyOutResponse(bool, int) override { return Status::Ok(); }
  Status CopyData(std::string_view) override { return Status::Ok(); }
  Status CopyDone() override { return Status::Ok(); }
  Result<bool> ReadCopyData(std::string*) override { return false; }

 private:
  Status Add(std::string line) {
    lines.push_back(std::move(line));
    return Status::Ok();
  }
};

class FaultsTest : public ::testing::Test {
 protected:
  FaultsTest() : session_(database_.get(), SessionOptions{.user = "omendb", .database = "omendb"}) {
    EXPECT_TRUE(session_.Start(sink_).ok());
  }
  std::vector<std::string> Ask(std::string_view script) {
    sink_.lines.clear();
    EXPECT_TRUE(session_.SimpleQuery(script, sink_).ok());
    return std::move(sink_.lines);
  }
  using Lines = std::vector<std::string>;

  TestDatabase database_;
  FaultySink sink_;
  Session session_;
};

TEST_F(FaultsTest, EachKindEndsItsStatementAlone) {
  const std::pair<FaultySink::Fault, const char*> kinds[] = {
      {FaultySink::Fault::kCheck, "E XX000"},
      {FaultySink::Fault::kMemory, "E 53200"},
      {FaultySink::Fault::kRange, "E XX000"}};
  for (const auto& [fault, error] : kinds) {
    sink_.fault = fault;
    EXPECT_EQ(Ask("select 1"), (Lines{error, "Z I"}));
    sink_.fault = FaultySink::Fault::kNone;
    EXPECT_EQ(Ask("select 1"), (Lines{"D 1", "C SELECT 1", "Z I"}));
  }
}

TEST_F(FaultsTest, TheTransactionAndItsSavepointsGo) {
  Ask("create table t(a int primary key)");
  Ask("begin; insert into t values (1); savepoint s");
  sink_.fault = FaultySink::Fault::kCheck;
  EXPECT_EQ(Ask("select * from t"), (Lines{"E XX000", "Z E"}));
  sink_.fault = FaultySink::Fault::kNone;
  EXPECT_EQ(Ask("rollback to s"), (Lines{"E 3B001", "Z E"}));
  EXPECT_EQ(Ask("select 1"), (Lines{"E 25P02", "Z E"}));
  EXPECT_EQ(Ask("rollback"), (Lines{"C ROLLBACK", "Z I"}));
  Session other(database_.get(), SessionOptions{.user = "omendb", .database = "omendb"});
  FaultySink answers;
  EXPECT_TRUE(other.Start(answers).ok());
  EXPECT_TRUE(other.SimpleQuery("insert into t values (1)", answers).ok());
  EXPECT_EQ(answers.lines, (Lines{"C INSERT 0 1", "Z I"}));
}

TEST_F(FaultsTest, TheExtendedProtocolSkipsToSync) {
  sink_.lines.clear();
  EXPECT_TRUE(session_.Parse("", "select 1", {}, sink_).ok());
  EXPECT_TRUE(session_.Bind({}, sink_).ok());
  sink_.fault = FaultySink::Fault::kCheck;
  EXPECT_TRUE(session_.Execute("", 0, sink_).ok());
  EXPECT_TRUE(session_.Execute("", 0, sink_).ok());
  EXPECT_TRUE(session_.Sync(sink_).ok());
  EXPECT_EQ(sink_.lines, (Lines{"1", "2", "E XX000", "Z I"}));
  sink_.fault = FaultySink::Fault::kNone;
  EXPECT_EQ(Ask("select 1"), (Lines{"D 1", "C SELECT 1", "Z I"}));
}

}  // namespace
}  // namespace omen::session
