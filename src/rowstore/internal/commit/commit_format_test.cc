#include "rowstore/internal/commit/commit_format.h"

#include <gtest/gtest.h>
#include <rocksdb/write_batch.h>

#include "rowstore/internal/engine/rows_family_fixture.h"
#include "rowstore/key_codec.h"

namespace omen::rowstore {
namespace {

RowsFamily rows_family;

std::string RowKey(catalog::StorageId storage, uint64_t row_id) {
  std::string key;
  AppendRowIdKey(storage, row_id, key);
  return key;
}

void AddCommit(CommitId id, catalog::StorageId storage, rocksdb::WriteBatch* batch) {
  ASSERT_TRUE(batch->Put(&rows_family, RowKey(storage, id), "row").ok());
  std::string header;
  const std::string kinds(1, static_cast<char>(ChangeKind::kInsert));
  AppendCommitHeader(id, 1, {}, kinds, &header);
  ASSERT_TRUE(batch->PutLogData(header).ok());
}

// The engine joins batches that are written at the same time into one record of its log.
TEST(CommitFormat, FreedStorageBetweenCommitsIsNoPartOfThem) {
  auto batch = std::make_shared<rocksdb::WriteBatch>();
  AddCommit(7, 100, batch.get());
  ASSERT_TRUE(batch->Delete(&rows_family, RowKey(50, 1)).ok());
  ASSERT_TRUE(batch->Delete(&rows_family, RowKey(50, 2)).ok());
  ASSERT_TRUE(batch->PutLogData(rocksdb::Slice()).ok());
  AddCommit(8, 100, batch.get());
  EXPECT_EQ(FirstCommitOf(*batch), 7u);
  auto records = RecordsOf(batch, true, true);
  ASSERT_TRUE(records.ok()) << records.status().ToString();
  ASSERT_EQ(records->size(), 2u);
  for (const auto& record : *records) {
    ASSERT_EQ(record->changes.size(), 1u);
    EXPECT_EQ(record->changes[0].storage, 100u);
    EXPECT_EQ(record->changes[0].kind, ChangeKind::kInsert);
  }
  auto freed_first = std::make_shared<rocksdb::WriteBatch>();
  ASSERT_TRUE(freed_first->Delete(&rows_family, RowKey(50, 1)).ok());
  ASSERT_TRUE(freed_first->PutLogData(rocksdb::Slice()).ok());
  AddCommit(9, 100, freed_first.get());
  EXPECT_EQ(FirstCommitOf(*freed_first), 9u);
  EXPECT_TRUE(RecordsOf(freed_first, true, true).ok());
}

}  // namespace
}  // namespace omen::rowstore
