// The rows' family without a database, for tests: a batch asks only for its number and order.
#pragma once

#include <rocksdb/comparator.h>
#include <rocksdb/db.h>

#include <string>

namespace omen::rowstore {

/// Immutable; any thread.
class RowsFamily final : public rocksdb::ColumnFamilyHandle {
 public:
  const std::string& GetName() const override { return name_; }
  uint32_t GetID() const override { return 1; }
  rocksdb::Status GetDescriptor(rocksdb::ColumnFamilyDescriptor*) override {
    return rocksdb::Status::NotSupported();
  }
  const rocksdb::Comparator* GetComparator() const override {
    return rocksdb::BytewiseComparator();
  }

 private:
  std::string name_ = "rows";
};

}  // namespace omen::rowstore
