#include "colstore/internal/store/kept_plans.h"

#include <gtest/gtest.h>

namespace omen::colstore {
namespace {

class KeptPlansTest : public ::testing::Test {
 protected:
  void Keep(const std::string& sql) {
    VersionedTables tables = TablesNamedIn(sql, versions_);
    plans_.Keep(sql, std::move(tables), connection_.Prepare("SELECT 1"));
  }
  bool Finds(const std::string& sql) { return plans_.Find(sql, versions_.Now()) != nullptr; }

  duckdb::DuckDB database_{":memory:"};
  duckdb::Connection connection_{database_};
  TableVersions versions_;
  KeptPlans plans_{&versions_};
};

TEST_F(KeptPlansTest, TablesAreFoundInTheText) {
  versions_.Note(12);
  const VersionedTables tables = TablesNamedIn(
      "SELECT t1.c1, xt5_1 FROM t12_3 AS t1, t12_3 AS t2, (SELECT 1 FROM t7_1)", versions_);
  EXPECT_EQ(tables, (VersionedTables{{12, 1}, {7, 0}}));
}

TEST_F(KeptPlansTest, APlanIsGoodUntilOneOfItsTablesChanges) {
  Keep("SELECT 1 FROM t1_1, t2_1");
  Keep("SELECT 1 FROM t3_1");
  EXPECT_TRUE(Finds("SELECT 1 FROM t1_1, t2_1"));
  EXPECT_FALSE(Finds("SELECT 2 FROM t1_1, t2_1"));
  versions_.Note(2);
  EXPECT_FALSE(Finds("SELECT 1 FROM t1_1, t2_1"));
  EXPECT_TRUE(Finds("SELECT 1 FROM t3_1"));
  EXPECT_EQ(plans_.size(), 1u);
}

TEST_F(KeptPlansTest, AnOlderSnapshotFindsNothing) {
  const uint64_t before = versions_.Now();
  versions_.Note(1);
  Keep("SELECT 1 FROM t1_1");
  EXPECT_EQ(plans_.Find("SELECT 1 FROM t1_1", before), nullptr);
  EXPECT_TRUE(Finds("SELECT 1 FROM t1_1"));
}

TEST_F(KeptPlansTest, TheOneNotUsedLongestIsForgotten) {
  for (int i = 0; i < 70; ++i) {
    Keep("SELECT " + std::to_string(i));
    EXPECT_TRUE(Finds("SELECT 0"));
  }
  EXPECT_EQ(plans_.size(), 64u);
  EXPECT_FALSE(Finds("SELECT 1"));
  EXPECT_TRUE(Finds("SELECT 69"));
  Keep("SELECT '" + std::string(20000, 'x') + "'");
  EXPECT_EQ(plans_.size(), 64u);
}

TEST_F(KeptPlansTest, WhatIsKnownOfTablesIsBounded) {
  Keep("SELECT 1 FROM t1_1");
  for (catalog::StorageId storage = 2; storage < 70'000; ++storage) versions_.Note(storage);
  EXPECT_FALSE(Finds("SELECT 1 FROM t1_1"));
}

}  // namespace
}  // namespace omen::colstore
