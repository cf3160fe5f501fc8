#include "exec/statement/internal/catalog_draft.h"

#include <fmt/format.h>

#include <algorithm>

namespace omen::exec {
namespace {

void ReplayInto(const CatalogDraft::Mutations& mutations, catalog::Builder* builder) {
  for (const catalog::Mutation& mutation : mutations) {
    if (mutation.object != nullptr) {
      builder->Put(*mutation.object);
    } else {
      builder->Erase(mutation.oid);
    }
  }
}

}  // namespace

const CatalogDraft::Mutations& CatalogDraft::mutations() const {
  static const Mutations kNone;
  return begun() ? builder_->mutations() : kNone;
}

bool CatalogDraft::HasTable(catalog::StorageId storage) const {
  return std::ranges::any_of(mutations(), [&](const catalog::Mutation& mutation) {
    const auto* table =
        mutation.object == nullptr ? nullptr : std::get_if<catalog::Table>(mutation.object.get());
    return table != nullptr && table->storage_id == storage;
  });
}

CatalogDraft::Snapshot CatalogDraft::Newest() const {
  auto current = published_->Current();
  if (!begun()) return current;
  if (newest_ != nullptr && newest_of_ == current) return newest_;
  if (base_ == current) {
    newest_ = builder_->Share();
  } else {
    catalog::Builder over(current);
    ReplayInto(builder_->mutations(), &over);
    newest_ = over.Share();
  }
  newest_of_ = std::move(current);
  return newest_;
}

catalog::Builder& CatalogDraft::Change() {
  const auto current = published_->Current();
  if (!begun() || base_ != current) Replay(mutations());
  newest_.reset();
  return *builder_;
}

Status CatalogDraft::Charge(size_t before, MemoryMeter* memory) {
  constexpr size_t kDefinitionMax = 16 << 20;
  const Mutations& all = mutations();
  if (all.empty()) return Status::Ok();
  // The last one may have been changed again.
  for (size_t i = std::min(before, all.size() - 1); i < all.size(); ++i) {
    if (all[i].object == nullptr) continue;
    const size_t bytes = catalog::EncodeObject(*all[i].object).size();
    if (bytes > kDefinitionMax) {
      return Status(sqlstate::kProgramLimit,
                    fmt::format("an object's definition with its comments may have {} MB",
                                kDefinitionMax >> 20));
    }
    charged_bytes_ += static_cast<int64_t>(bytes);
    OMEN_RETURN_IF_ERROR(memory->Charge(static_cast<int64_t>(bytes)));
  }
  return Status::Ok();
}

void CatalogDraft::Replay(const Mutations& mutations) {
  base_ = published_->Current();
  auto builder = std::make_unique<catalog::Builder>(base_);
  ReplayInto(mutations, builder.get());
  builder_ = std::move(builder);
  newest_.reset();
}

void CatalogDraft::RollBackTo(const Mutations* mutations, int64_t charged_bytes,
                              MemoryMeter* memory) {
  if (mutations != nullptr) {
    Replay(*mutations);
  } else {
    builder_.reset();
    newest_.reset();
  }
  memory->Release(charged_bytes_ - charged_bytes);
  charged_bytes_ = charged_bytes;
}

void CatalogDraft::Clear() {
  builder_.reset();
  newest_.reset();
  newest_of_.reset();
  charged_bytes_ = 0;
}

}  // namespace omen::exec
