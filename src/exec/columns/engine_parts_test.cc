#include "exec/columns/engine_parts.h"

#include <gtest/gtest.h>

#include "catalog/test_table.h"

namespace omen::exec {
namespace {

using colstore::PlanOperator;
using Step = PlanOperator::Kind;
using PartKind = sql::PlanPart::Kind;

PlanOperator Node(Step kind, uint64_t rows, std::vector<PlanOperator> inputs = {}) {
  PlanOperator node;
  node.kind = kind;
  node.rows = rows;
  node.nanos = 1000;
  node.inputs = std::move(inputs);
  return node;
}

PlanOperator Scan(catalog::StorageId storage, uint64_t rows) {
  PlanOperator node = Node(Step::kScan, rows);
  node.storage = storage;
  return node;
}

/// Two tables, of OIDs 1 and 2 and storage ids 11 and 12.
class EngineParts : public ::testing::Test {
 protected:
  EngineParts() {
    for (const Oid oid : {1u, 2u}) {
      auto table = std::make_shared<catalog::Table>();
      table->oid = oid;
      table->storage_id = 10 + oid;
      tables_.push_back(std::move(table));
    }
  }
  /// Rows of the part; -1 where it is not told.
  double Rows(const PlanOperator& plan, PartKind kind, const std::vector<Oid>& tables) const {
    for (const PartRows& part : PartsOf(plan, tables_, {})) {
      if (part.kind == kind && part.tables == tables) return part.rows;
    }
    return -1;
  }
  std::vector<std::shared_ptr<const catalog::Table>> tables_;
};

TEST_F(EngineParts, AFilterCountsWhatIsLeftOfItsScan) {
  const PlanOperator plan = Node(Step::kProjection, 5, {Node(Step::kFilter, 5, {Scan(11, 100)})});
  EXPECT_EQ(Rows(plan, PartKind::kScan, {1}), 5);
}

TEST_F(EngineParts, AJoinNarrowsItsInputs) {
  const PlanOperator plan = Node(Step::kJoin, 7, {Scan(11, 20), Scan(12, 30)});
  EXPECT_EQ(Rows(plan, PartKind::kJoin, {1, 2}), 7);
  EXPECT_EQ(Rows(plan, PartKind::kScan, {1}), -1);
  EXPECT_EQ(Rows(plan, PartKind::kScan, {2}), -1);
}

TEST_F(EngineParts, ALimitMayEndWhatIsBelowButAGroupingReadsItWhole) {
  EXPECT_EQ(Rows(Node(Step::kLimit, 3, {Scan(11, 3)}), PartKind::kScan, {1}), -1);
  const PlanOperator grouped = Node(Step::kLimit, 3, {Node(Step::kGroup, 4, {Scan(11, 100)})});
  EXPECT_EQ(Rows(grouped, PartKind::kGroup, {1}), -1);
  EXPECT_EQ(Rows(grouped, PartKind::kScan, {1}), 100);
}

TEST_F(EngineParts, ATopNReadsAllGroupsButNarrowsScans) {
  const PlanOperator grouped = Node(Step::kTopN, 3, {Node(Step::kGroup, 9, {Scan(11, 100)})});
  EXPECT_EQ(Rows(grouped, PartKind::kGroup, {1}), 9);
  EXPECT_EQ(Rows(grouped, PartKind::kScan, {1}), 100);
  EXPECT_EQ(Rows(Node(Step::kTopN, 3, {Scan(11, 50)}), PartKind::kScan, {1}), -1);
}

TEST_F(EngineParts, WhatIsAboveAGroupingIsNoneOfTheParts) {
  const PlanOperator having = Node(
      Step::kFilter, 2, {Node(Step::kProjection, 9, {Node(Step::kGroup, 9, {Scan(11, 100)})})});
  EXPECT_EQ(Rows(having, PartKind::kGroup, {1}), 9);
  EXPECT_EQ(Rows(having, PartKind::kScan, {1}), 100);
}

TEST_F(EngineParts, TimesAndScannedRowsAreSummed) {
  const PlanOperator plan = Node(Step::kJoin, 7, {Scan(11, 20), Scan(12, 30)});
  EXPECT_EQ(EngineMicros(plan), 3);
  EXPECT_EQ(RowsScanned(plan), 50u);
}

}  // namespace
}  // namespace omen::exec
