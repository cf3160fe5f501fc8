// What a transaction has changed in the catalogue and not yet committed.
#pragma once

#include <memory>
#include <vector>

#include "base/memory_meter.h"
#include "base/result.h"
#include "catalog/catalog.h"

namespace omen::exec {

/// The changes, over what is published: they are kept as mutations, and made again over a newer
/// catalogue where others have published one. One thread.
class CatalogDraft {
 public:
  using Snapshot = std::shared_ptr<const catalog::Snapshot>;
  using Mutations = std::vector<catalog::Mutation>;

  /// `published` outlives it.
  explicit CatalogDraft(const catalog::Catalog* published) : published_(published) {}

  /// True once something was changed.
  bool begun() const { return builder_ != nullptr; }
  const Mutations& mutations() const;
  /// True for a table that it has changed.
  bool HasTable(catalog::StorageId storage) const;
  /// The published catalogue with the changes over it.
  Snapshot Newest() const;
  /// To change more, brought up to the published catalogue.
  catalog::Builder& Change();
  /// Charges for the definitions behind the first so many. 54000 for one that is too large.
  Status Charge(size_t before, MemoryMeter* memory);
  int64_t charged_bytes() const { return charged_bytes_; }

  /// Back to a savepoint's changes, and to what was charged for them.
  void RollBackTo(const Mutations* mutations, int64_t charged_bytes, MemoryMeter* memory);
  void Clear();

 private:
  void Replay(const Mutations& mutations);

  const catalog::Catalog* const published_;
  std::unique_ptr<catalog::Builder> builder_;
  Snapshot base_;  // what builder_ was derived from
  // builder_'s changes over what was published when they were last asked for, and that.
  mutable Snapshot newest_, newest_of_;
  int64_t charged_bytes_ = 0;
};

}  // namespace omen::exec
