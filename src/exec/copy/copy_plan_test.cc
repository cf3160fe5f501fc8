// COPY as statements: into tables with what they require, out of tables and queries.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class TextSource final : public CopySource {
 public:
  Result<bool> Read(std::string* chunk) override {
    if (at_ >= data.size()) return false;
    chunk->append(data, at_, step);
    at_ += step;
    return true;
  }
  void Give(std::string text) {
    data = std::move(text);
    at_ = 0;
  }
  std::string data;
  size_t step = 7;

 private:
  size_t at_ = 0;
};

class TextSink final : public CopySink {
 public:
  Status Write(std::string_view data) override {
    messages.emplace_back(data);
    return Status::Ok();
  }
  std::vector<std::string> messages;
};

class CopyPlans : public ::testing::Test {
 protected:
  CopyPlans() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    session_.copy_source = &source_;
    session_.copy_sink = &sink_;
    session_.Run(
        "create table t (id int primary key, n numeric(6,2) check (n < 1000), s text not "
        "null default 'dd', d date)");
  }

  std::string In(const std::string& statement, const std::string& data) {
    source_.Give(data);
    return session_.Run(statement);
  }

  std::string Out(const std::string& statement) {
    sink_.messages.clear();
    const std::string answer = session_.Run(statement);
    std::string all;
    for (const std::string& message : sink_.messages) all += message;
    return answer.starts_with("ERROR") ? answer : all;
  }

  /// What COPY says of its error: "23505 COPY t, line 3".
  std::string Where(const std::string& statement, const std::string& data) {
    source_.Give(data);
    const auto transaction = engine_.database().Begin({}).value();
    const auto catalog = transaction->catalog();
    sql::BindContext bind;
    bind.catalog = catalog.get();
    bind.search_path = {"public"};
    auto bound = sql::Bind(sql::Parse(statement).value().front(), bind).value();
    const auto plan = engine_.database().MakePlan(std::move(bound), catalog).value();
    CancelToken cancel;
    StatementContext context;
    context.transaction = transaction.get();
    context.cancel = &cancel;
    context.search_path = {"public"};
    context.user = "omendb";
    context.copy_source = &source_;
    const auto cursor = engine_.database().Open(plan, {}, &context);
    if (cursor.ok()) return "no error";
    const ErrorInfo& error = cursor.status().error();
    return std::string(error.state.view()) + " " + error.where;
  }

  TestEngine engine_;
  TestSession session_;
  TextSource source_;
  TextSink sink_;
};

TEST_F(CopyPlans, RowsComeInAsInserted) {
  EXPECT_EQ(In("copy t from stdin", "1\t1.005\tone\t2024-02-29\n2\t\\N\ttwo\t\\N\n"), "COPY 2");
  EXPECT_EQ(In("copy t (s, id) from stdin with (format csv, header)", "s,id\n\"a,b\",3\n"),
            "COPY 1");
  EXPECT_EQ(In("copy t (id) from stdin", "4\n5\n"), "COPY 2");
  EXPECT_EQ(session_.Run("select * from t order by id"),
            "1|1.01|one|2024-02-29\n2||two|\n3||a,b|\n4||dd|\n5||dd|\n");
}

TEST_F(CopyPlans, ABadLineEndsAllOfIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"1\t2\tx\n", "ERROR 22P04: missing data for column \"d\""},
      {"1\t2\tx\t\\N\textra\n", "ERROR 22P04: extra data after last expected column"},
      {"one\t2\tx\t\\N\n", "ERROR 22P02: invalid input syntax for type integer: \"one\""},
      {"1\t2\tx\t2023-02-29\n", "ERROR 22008: date/time field value out of range: \"2023-02-29\""},
      {"1\t99999\tx\t\\N\n", "ERROR 22003: numeric field overflow"},
      {"1\t1000\tx\t\\N\n",
       "ERROR 23514: new row for relation \"t\" violates check constraint \"t_n_check\""},
      {"1\t1\t\\N\t\\N\n",
       "ERROR 23502: null value in column \"s\" of relation \"t\" violates not-null constraint"},
      {"1\t1\tx\t\\N\n1\t1\ty\t\\N\n",
       "ERROR 23505: duplicate key value violates unique constraint \"t_pkey\""},
      {"1\t1\t\xff\t\\N\n", "ERROR 22021: invalid byte sequence for encoding \"UTF8\""},
      {"\n", "ERROR 22P02: invalid input syntax for type integer: \"\""},
  };
  for (const auto& [data, error] : cases) {
    EXPECT_EQ(In("copy t from stdin", std::string("8\t8\tx\t\\N\n") + data), error) << data;
    EXPECT_EQ(session_.Run("select count(*) from t"), "0\n") << data;
  }
}

// A stream of many rows into an empty table becomes new files; nobody can tell.
TEST_F(CopyPlans, ALargeStreamIsLikeASmallOne) {
  session_.Run("create table m (id int primary key, v int, w text); create index m_v on m (v)");
  source_.step = 4096;
  std::string data;
  for (int i = 12000; i > 0; --i) data += fmt::format("{}\t{}\tw{}\n", i, i % 7, i);
  EXPECT_EQ(In("copy m from stdin", data), "COPY 12000");
  EXPECT_EQ(session_.Run("select count(*), sum(id), min(id), max(id) from m"),
            "12000|72006000|1|12000\n");
  EXPECT_EQ(session_.Run("select count(*) from m where v = 3"), "1714\n");
  EXPECT_EQ(session_.Run("select w from m where id = 7777"), "w7777\n");
  EXPECT_EQ(In("copy m from stdin", "12001\t3\tlast\n"), "COPY 1");
  EXPECT_EQ(session_.Run("select count(*) from m where v = 3"), "1715\n");
  EXPECT_EQ(In("copy m from stdin", data),
            "ERROR 23505: duplicate key value violates unique constraint \"m_pkey\"");
}

TEST_F(CopyPlans, ADuplicateFarInALargeStreamIsFound) {
  session_.Run("create table m (id int primary key, v int unique)");
  source_.step = 4096;
  std::string data;
  for (int i = 1; i <= 7000; ++i) data += fmt::format("{}\t{}\n", i, i);
  EXPECT_EQ(In("copy m from stdin", data + "7001\t5\n"),
            "ERROR 23505: duplicate key value violates unique constraint \"m_v_key\"");
  EXPECT_EQ(In("copy m from stdin", data + "5\t7001\n"),
            "ERROR 23505: duplicate key value violates unique constraint \"m_pkey\"");
  EXPECT_EQ(session_.Run("select count(*) from m"), "0\n");
  EXPECT_EQ(In("copy m from stdin", data), "COPY 7000");
}

TEST_F(CopyPlans, ARolledBackLargeStreamLeavesNothing) {
  session_.Run("create table m (id int primary key)");
  source_.step = 4096;
  std::string data;
  for (int i = 1; i <= 6000; ++i) data += fmt::format("{}\n", i);
  session_.Begin();
  EXPECT_EQ(In("copy m from stdin", data), "COPY 6000");
  EXPECT_EQ(session_.Run("select count(*) from m where id > 3000"), "3000\n");
  session_.Rollback();
  EXPECT_EQ(session_.Run("select count(*) from m"), "0\n");
}

TEST_F(CopyPlans, BesideAReaderALargeStreamIsInserted) {
  session_.Run("create table m (id int primary key)");
  TestSession reader(&engine_);
  reader.Begin();
  reader.Run("select 1 from m");
  source_.step = 4096;
  std::string data;
  for (int i = 1; i <= 6000; ++i) data += fmt::format("{}\n", i);
  EXPECT_EQ(In("copy m from stdin", data), "COPY 6000");
  EXPECT_EQ(reader.Run("select count(*) from m"), "6000\n");
  reader.Commit();
}

std::string Lines(int first, int last) {
  std::string lines;
  for (int i = first; i <= last; ++i) lines += fmt::format("{}\t{}\tw{}\n", i, i, i);
  return lines;
}

// Rows that another thread stores meet those that are there, and errors are of their lines.
TEST_F(CopyPlans, RowsAreAddedToThoseThatAreThere) {
  session_.Run(
      "create table m (id int primary key, v int unique, w text); create index m_w on m (w);"
      "insert into m values (0, 0, 'w0'), (9000, 9000, 'w9000'), (20000, 5, 'far')");
  source_.step = 4096;
  EXPECT_EQ(In("copy m from stdin", Lines(10, 8000)), "COPY 7991");
  EXPECT_EQ(session_.Run("select count(*), sum(id), sum(v), count(distinct w) from m"),
            "7994|32032955|32012960|7994\n");
  EXPECT_EQ(session_.Run("select id from m where w = 'w7777'"), "7777\n");
  // Behind the last row; between rows; among them; and falling.
  EXPECT_EQ(In("copy m from stdin", Lines(30000, 37000)), "COPY 7001");
  EXPECT_EQ(In("copy m from stdin", Lines(10000, 16000)), "COPY 6001");
  EXPECT_EQ(Where("copy m from stdin", Lines(8001, 15000)), "23505 COPY m, line 1000");
  EXPECT_EQ(Where("copy m from stdin", Lines(40000, 46000) + Lines(45999, 45999)),
            "23505 COPY m, line 6002");
  EXPECT_EQ(Where("copy m from stdin", Lines(40000, 46000) + "50000\t9000\tx\n"),
            "23505 COPY m, line 6002");
  EXPECT_EQ(session_.Run("select count(*) from m where id >= 40000"), "0\n");
  EXPECT_EQ(In("copy m from stdin", "39999\t39999\ta\n39998\t39998\tb\n39997\t39997\tc\n"),
            "COPY 3");
}

TEST_F(CopyPlans, OfSeveralErrorsTheFirstLineIsTold) {
  session_.Run(
      "create table m (id int primary key, v int unique, w text); insert into m values "
      "(6500, 0, '')");
  source_.step = 4096;
  const std::string bad = "x\t1\ty\n";
  EXPECT_EQ(Where("copy m from stdin", Lines(1, 7000) + bad), "23505 COPY m, line 6500");
  EXPECT_EQ(Where("copy m from stdin", Lines(1, 6400) + bad + Lines(6500, 6500)),
            "22P02 COPY m, line 6401, column id: \"x\"");
  EXPECT_EQ(Where("copy m from stdin with (header)", "id\n" + Lines(1, 6600) + bad),
            "23505 COPY m, line 6501");
  EXPECT_EQ(Where("copy m from stdin", "1\t1\ta\n1\t2\tb\n"), "23505 COPY m, line 2");
  EXPECT_EQ(Where("copy m from stdin", Lines(1, 6600) + "\\.\n"), "23505 COPY m, line 6500");
  EXPECT_EQ(Where("copy m from stdin", Lines(1, 6600) + "7\n"), "23505 COPY m, line 6500");
  EXPECT_EQ(session_.Run("select count(*) from m"), "1\n");
}

TEST_F(CopyPlans, RowsOfOthersAreMetWhenTheyCommit) {
  session_.Run(
      "create table m (id int primary key, v int unique, w text); insert into m values "
      "(0, 0, '')");
  TestSession other(&engine_);
  for (const bool commits : {true, false}) {
    other.Begin();
    EXPECT_EQ(other.Run("insert into m values (6900, -1, 'his')"), "INSERT 1");
    source_.step = 4096;
    source_.Give(Lines(1, 7000));
    Meanwhile waiting(&session_, "copy m from stdin");
    if (commits) other.Commit();
    if (!commits) other.Rollback();
    EXPECT_EQ(waiting.Answer(),
              commits ? "ERROR 23505: duplicate key value violates unique constraint \"m_pkey\""
                      : "COPY 7000");
    session_.Run("delete from m where id > 0");
  }
}

TEST_F(CopyPlans, RowsOfManySizesComeInAlike) {
  session_.Run(
      "create table m (id int primary key, v int unique, w text); insert into m values "
      "(0, 0, '')");
  source_.step = 1 << 20;
  std::string data = Lines(1, 5500);
  size_t bytes = 0;
  for (int i = 5501; i <= 5520; ++i) {
    const size_t size = i % 5 == 0 ? 3u << 20 : i % 3 == 0 ? 100u << 10 : 10;
    bytes += size;
    data += fmt::format("{}\t{}\t{}\n", i, i, std::string(size, 'x'));
  }
  EXPECT_EQ(In("copy m from stdin", data + Lines(5521, 6000)), "COPY 6000");
  EXPECT_EQ(session_.Run("select sum(length(w)) from m where id between 5501 and 5520"),
            fmt::format("{}\n", bytes));
  EXPECT_EQ(session_.Run("select count(*), sum(v) from m"), "6001|18003000\n");
}

TEST_F(CopyPlans, OutOfTablesAndQueries) {
  session_.Run("insert into t values (1, 1.5, E'a\\tb', '2024-01-01'), (2, null, '', null)");
  EXPECT_EQ(Out("copy t to stdout"), "1\t1.50\ta\\tb\t2024-01-01\n2\t\\N\t\t\\N\n");
  EXPECT_EQ(Out("copy t (s, id) to stdout with (format csv, header)"), "s,id\na\tb,1\n\"\",2\n");
  EXPECT_EQ(Out("copy (select id * 2 as x, n is null from t order by id desc) to stdout (format "
                "csv, header, delimiter ';')"),
            "x;?column?\n4;t\n2;f\n");
  EXPECT_EQ(sink_.messages.size(), 3u);
  EXPECT_EQ(Out("copy (select 1 where false) to stdout"), "");
  EXPECT_EQ(Out("copy (select array['a', 'b c', null], true, '{\"k\": \"v\"}'::jsonb) to stdout"),
            "{a,\"b c\",NULL}\tt\t{\"k\": \"v\"}\n");
}

TEST_F(CopyPlans, BinaryGoesOutAndComesBack) {
  session_.Run(
      "create table b (i int, l bigint, f float8, t text, y bytea, n numeric, z boolean, "
      "d date, s timestamp, a int[]);"
      "insert into b values (1, -5, 2.5, 'é', '\\x00ff', -123.4500, true, '1999-12-31', "
      "'2000-01-01 00:00:01.5', '{1,NULL,3}'), (null, null, null, null, null, null, null, "
      "null, null, null), (-1, 9223372036854775807, 'NaN', '', '', 'NaN', false, "
      "'infinity', '-infinity', '{}')");
  const std::string data = Out("copy b to stdout (format binary)");
  session_.Run(
      "create table c (i int, l bigint, f float8, t text, y bytea, n numeric, z boolean, "
      "d date, s timestamp, a int[])");
  EXPECT_EQ(In("copy c from stdin (format binary)", data), "COPY 3");
  EXPECT_EQ(session_.RunSorted("select * from c"), session_.RunSorted("select * from b"));
  EXPECT_EQ(In("copy t (id, s) from stdin (format binary)", data).substr(0, 11), "ERROR 22P04");
}

constexpr QueryCase kCopyErrors[] = {
    {"copy nope from stdin", "ERROR 42P01: relation \"nope\" does not exist"},
    {"copy t (id, id) from stdin", "ERROR 42701: column \"id\" specified more than once"},
    {"copy t (x) from stdin", "ERROR 42703: column \"x\" of relation \"t\" does not exist"},
    {"copy t to stdout (format xml)", "ERROR 22023: COPY format \"xml\" not recognized"},
    {"copy t to stdout (delimiter 'ab')",
     "ERROR 0A000: COPY delimiter must be a single one-byte character"},
    {"copy t to stdout (quote 'x')", "ERROR 0A000: COPY quote available only in CSV mode"},
    {"copy t to stdout (format binary, delimiter ',')",
     "ERROR 42601: cannot specify DELIMITER in BINARY mode"},
    {"copy t to stdout (format csv, delimiter '\"')",
     "ERROR 22023: COPY delimiter and quote must be different"},
};

TEST_F(CopyPlans, OptionsThatDoNotGoTogether) { ExpectAnswers(&session_, kCopyErrors); }

TEST_F(CopyPlans, ReadOnlyTransactionsCopyOutOnly) {
  session_.Begin();
  ASSERT_TRUE(session_.transaction()->SetReadOnly(true).ok());
  EXPECT_EQ(In("copy t (id) from stdin", "1\n"),
            "ERROR 25006: cannot execute COPY FROM in a read-only transaction");
  EXPECT_EQ(Out("copy t to stdout"), "");
  session_.Rollback();
}

}  // namespace
}  // namespace omen::exec::testing
