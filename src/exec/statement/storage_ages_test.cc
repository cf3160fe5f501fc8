// Since when a storage holds what the catalogue says of it.
#include "exec/statement/storage_ages.h"

#include <gtest/gtest.h>

namespace omen::exec::testing {
namespace {

catalog::Table TableOf(catalog::StorageId storage, catalog::StorageId index) {
  catalog::Table table;
  table.oid = 20000;
  table.schema = catalog::kPublicSchema;
  table.name = "t";
  table.storage_id = storage;
  catalog::Index primary;
  primary.primary = true;
  primary.storage_id = 0;
  table.indexes.push_back(primary);
  catalog::Index secondary;
  secondary.storage_id = index;
  table.indexes.push_back(secondary);
  return table;
}

std::shared_ptr<const rowstore::CommitRecord> Committed(rowstore::CommitId id,
                                                        const catalog::Table& table) {
  auto record = std::make_shared<rowstore::CommitRecord>();
  record->id = id;
  catalog::Mutation mutation;
  mutation.oid = table.oid;
  mutation.object = std::make_shared<const catalog::Object>(table);
  record->catalog.push_back(mutation);
  return record;
}

TEST(StorageAge, OfWhatWasThereAtTheStart) {
  catalog::Builder builder(catalog::InitialSnapshot());
  builder.Put(TableOf(7, 8));
  const StorageAges ages(*builder.Share());
  EXPECT_TRUE(ages.IsSeenBy(7, 0));
  EXPECT_TRUE(ages.IsSeenBy(8, 0));
  EXPECT_FALSE(ages.IsSeenBy(9, 1000)) << "not committed yet";
}

TEST(StorageAge, IsThatOfTheFirstCommitThatNamesIt) {
  StorageAges ages(*catalog::InitialSnapshot());
  ages.OnCommit(Committed(5, TableOf(7, 8)));
  EXPECT_FALSE(ages.IsSeenBy(7, 4));
  EXPECT_TRUE(ages.IsSeenBy(7, 5));
  ages.OnCommit(Committed(9, TableOf(7, 10)));
  EXPECT_TRUE(ages.IsSeenBy(7, 5)) << "a later change of the definition does not make it younger";
  EXPECT_FALSE(ages.IsSeenBy(10, 8));
  EXPECT_TRUE(ages.IsSeenBy(10, 9));
  auto dropped = std::make_shared<rowstore::CommitRecord>();
  dropped->id = 11;
  dropped->catalog.emplace_back().oid = 20000;
  ages.OnCommit(dropped);
  EXPECT_TRUE(ages.IsSeenBy(7, 9));
}

TEST(HiddenIndex, IsHiddenUnderOneVersionUntilForgotten) {
  HiddenIndexes hidden;
  EXPECT_EQ(hidden.Of(1), nullptr);
  hidden.Hide(1, {7, 8});
  hidden.Hide(2, {9});
  EXPECT_EQ(*hidden.Of(1), (HiddenIndexes::Set{7, 8}));
  const auto kept = hidden.Of(1);
  hidden.Forget(1);
  EXPECT_EQ(hidden.Of(1), nullptr);
  EXPECT_EQ(kept->size(), 2u) << "who has it keeps it";
  EXPECT_EQ(hidden.Of(2)->size(), 1u);
}

}  // namespace
}  // namespace omen::exec::testing
