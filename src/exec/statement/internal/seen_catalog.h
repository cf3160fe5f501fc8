// The catalogue for a view that is older than some of its indexes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "catalog/catalog.h"
#include "exec/statement/storage_ages.h"

namespace omen::exec {

/// Gives such a view a version of the catalogue of its own, under which plans do not read those
/// indexes; remembers the last. One thread.
class SeenCatalog {
 public:
  using Snapshot = std::shared_ptr<const catalog::Snapshot>;

  /// `hidden` outlives it.
  explicit SeenCatalog(HiddenIndexes* hidden) : hidden_(hidden) {}

  /// `newest`, or the version of it without the indexes that `sees` says no to.
  Snapshot Of(Snapshot newest, const std::function<bool(catalog::StorageId)>& sees);
  /// True when it last gave a version of its own.
  bool hides() const { return version_ != 0; }
  void Forget();

 private:
  void ForgetVersion();

  HiddenIndexes* const hidden_;
  Snapshot seen_, seen_of_;  // what was last given, for which newest catalogue
  uint64_t version_ = 0;     // of seen_, where it hides indexes
};

}  // namespace omen::exec
