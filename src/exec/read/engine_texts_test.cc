// The texts for the column engine: made once for each set of tables that come from rows.
#include "exec/read/engine_texts.h"

#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class EngineTextCache : public ::testing::Test {
 protected:
  EngineTextCache() : engine_(TestEngine::Columns::kWithout) {
    TestSession session(&engine_);
    session.Run("create table t (id int primary key, a int, b text); create table u (id int)");
    catalog_ = engine_.catalog().Current();
  }

  std::shared_ptr<const sql::Statement> Bind(const char* text) {
    sql::BindContext context;
    context.catalog = catalog_.get();
    context.search_path = {"public"};
    return sql::Bind(sql::Parse(text).value().front(), context).value();
  }
  static const sql::Query& QueryOf(const sql::Statement& statement) {
    return *std::get<std::unique_ptr<sql::Query>>(statement.body);
  }
  Oid OidOf(const char* table) const {
    return catalog::OidOf(*catalog_->FindRelation({"public"}, table));
  }

  TestEngine engine_;
  std::shared_ptr<const catalog::Snapshot> catalog_;
};

TEST_F(EngineTextCache, OneTextForEachSetOfTables) {
  const auto statement = Bind("select t.a, u.id from t join u using (id)");
  const EngineTexts texts(QueryOf(*statement), statement->param_types);
  const auto none = texts.ForAny({}).value(), first = texts.ForAny({OidOf("t")}).value();
  const auto both = texts.ForAny({OidOf("t"), OidOf("u")}).value();
  EXPECT_EQ(texts.ForAny({}).value(), none);
  EXPECT_EQ(texts.ForAny({OidOf("t")}).value(), first);
  EXPECT_EQ(none->row_scans.size(), 0u);
  ASSERT_EQ(first->row_scans.size(), 1u);
  EXPECT_EQ(first->row_scans[0].table->name, "t");
  EXPECT_EQ(both->row_scans.size(), 2u);
  EXPECT_NE(first->text, none->text);
}

// No client's name or text is in it: promise 4.
TEST_F(EngineTextCache, NamesAreOurOwn) {
  TestSession session(&engine_);
  session.Run("create table \"weird; drop\" (\"col'umn\" int, secret_name text)");
  catalog_ = engine_.catalog().Current();
  const auto statement =
      Bind("select \"col'umn\" as \"out\"\"put\", secret_name || '''; --' from \"weird; drop\" x");
  const EngineTexts texts(QueryOf(*statement), statement->param_types);
  const std::string text = texts.ForAny({}).value()->text;
  for (const char* name : {"weird", "col'umn", "secret_name", "out\"\"put"}) {
    EXPECT_EQ(text.find(name), std::string::npos) << text;
  }
}

TEST_F(EngineTextCache, SmallParametersStandInTheTextAndLargeOnesDoNot) {
  const auto statement = Bind("select a from t where b = $1 and id = $2::int");
  const EngineTexts texts(QueryOf(*statement), statement->param_types);
  const auto any = texts.ForAny({}).value();
  EXPECT_EQ(any->param_map.size(), 2u);
  const auto small = texts.For({}, {Value::Text("needle"), Value::Int(4711)}).value();
  EXPECT_EQ(small->param_map.size(), 0u);
  EXPECT_NE(small->text.find("needle"), std::string::npos) << small->text;
  EXPECT_NE(small->text.find("4711"), std::string::npos) << small->text;
  const auto null = texts.For({}, {Value(), Value::Int(1)}).value();
  EXPECT_EQ(null->text.find("needle"), std::string::npos);
  const auto large = texts.For({}, {Value::Text(std::string(1 << 17, 'x')), Value::Int(1)}).value();
  EXPECT_EQ(large, any);
  EXPECT_EQ(texts.For({}, {}).value(), any);
}

TEST_F(EngineTextCache, ALiteralThatWouldEndItselfIsKeptWhole) {
  const auto statement = Bind("select a from t where b = $1");
  const EngineTexts texts(QueryOf(*statement), statement->param_types);
  const auto made = texts.For({}, {Value::Text("it's '; drop table t; --")}).value();
  EXPECT_NE(made->text.find("it''s ''; drop"), std::string::npos) << made->text;
}

}  // namespace
}  // namespace omen::exec::testing
