#include "rowstore/internal/counter/counters.h"

#include "base/containment.h"
#include "rowstore/internal/engine/engine_status.h"
#include "rowstore/internal/engine/meta_keys.h"

namespace omen::rowstore {
namespace {

constexpr uint64_t kOidBlock = 64;
constexpr uint64_t kStorageBlock = 64;
constexpr uint64_t kRowIdBlock = 8192;
constexpr uint64_t kFirstStorage = 1;

}  // namespace

Status DurableCounter::Reserve() {
  if (limit_ == 0) {
    std::string stored;
    OMEN_ASSIGN_OR_RETURN(const bool found, engine_->GetMeta(key_, &stored));
    if (found && stored.size() != sizeof next_) {
      return Status(sqlstate::kDataCorrupted, "counter is damaged");
    }
    if (found) next_ = LoadLittleEndian<uint64_t>(stored.data());
  }
  std::string reserved;
  AppendLittleEndian(reserved, next_ + block_);
  OMEN_RETURN_IF_ERROR(engine_->PutMeta(key_, reserved));
  limit_ = next_ + block_;
  return Status::Ok();
}

Result<uint64_t> DurableCounter::Next() {
  SharedChange change;
  std::lock_guard lock(mutex_);
  if (next_ >= limit_) OMEN_RETURN_IF_ERROR(Reserve());
  return next_++;
}

Status DurableCounter::Skip(uint64_t last) {
  std::lock_guard lock(mutex_);
  OMEN_RETURN_IF_ERROR(Reserve());
  if (next_ > last) return Status::Ok();
  next_ = last + 1;
  return Reserve();
}

Counters::Counters(const Engine* engine)
    : engine_(engine),
      oids_(engine, kOidCounterKey, catalog::kFirstUserOid, kOidBlock),
      storages_(engine, kStorageCounterKey, kFirstStorage, kStorageBlock) {}

Result<Oid> Counters::NewOid() {
  OMEN_ASSIGN_OR_RETURN(const uint64_t next, oids_.Next());
  if (next > UINT32_MAX) return Status(sqlstate::kProgramLimit, "object identifiers are used up");
  return static_cast<Oid>(next);
}

Result<uint64_t> Counters::NewRowId(catalog::StorageId storage) {
  std::shared_ptr<DurableCounter> counter;
  {
    std::lock_guard lock(mutex_);
    std::shared_ptr<DurableCounter>& slot = rows_[storage];
    if (!slot) {
      slot = std::make_shared<DurableCounter>(engine_, RowIdCounterKey(storage), 1, kRowIdBlock);
    }
    counter = slot;
  }
  return counter->Next();
}

Status Counters::Drop(catalog::StorageId storage) {
  SharedChange change;
  {
    std::lock_guard lock(mutex_);
    rows_.erase(storage);
  }
  return engine_->DeleteMeta(RowIdCounterKey(storage));
}

}  // namespace omen::rowstore
