#include <gtest/gtest.h>

#include "catalog/catalog.h"
#include "catalog/test_table.h"

namespace omen::catalog {
namespace {

TEST(ObjectJson, EveryObjectSurvivesItsBytes) {
  View view{.oid = 1,
            .schema = 2,
            .name = "v",
            .query_sql = "SELECT 1",
            .search_path = {"a", "b"},
            .columns = {},
            .owner = "o"};
  Sequence sequence;
  sequence.oid = 30;
  sequence.name = "s";
  sequence.min = INT64_MIN;
  sequence.increment = -5;
  sequence.cycle = true;
  const std::vector<Object> objects = {
      Schema{5, "s", "o"},
      MakeTable(20000, "t"),
      view,
      sequence,
      Role{6, "r", false, true, "SCRAM-SHA-256$4096:x"},
      SystemRelation{7, 11, "pg_x", MakeTable(1, "t").columns, "producer"}};
  for (const Object& object : objects) {
    const std::string bytes = EncodeObject(object);
    auto decoded = DecodeObject(ClassOf(object), bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
    EXPECT_EQ(ClassOf(*decoded), ClassOf(object));
    EXPECT_EQ(EncodeObject(*decoded), bytes);
  }
  auto table = std::get<Table>(DecodeObject(ObjectClass::kTable, EncodeObject(objects[1])).value());
  EXPECT_EQ(table.columns[1].missing_value.AsBytes(), "x\"é");
  EXPECT_EQ(table.columns[0].identity, Identity::kAlways);
  EXPECT_TRUE(table.indexes[0].columns[0].descending);
  EXPECT_EQ(table.primary_key()->oid, 20001u);
}

TEST(ObjectJson, DamagedBytesAreAnError) {
  const std::string good = EncodeObject(Schema{5, "s", "o"});
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("[]"), std::string("{\"format\":1}"),
        std::string("{\"format\":2,\"oid\":5,\"name\":\"s\",\"owner\":\"o\"}"),
        std::string("{\"format\":1,\"oid\":\"x\",\"name\":\"s\",\"owner\":\"o\"}"),
        good.substr(0, good.size() - 1)}) {
    auto decoded = DecodeObject(ObjectClass::kSchema, bad);
    ASSERT_FALSE(decoded.ok()) << bad;
    EXPECT_TRUE(decoded.status().Is(sqlstate::kDataCorrupted));
  }
}

}  // namespace
}  // namespace omen::catalog
