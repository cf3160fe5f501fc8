#include "exec/statement/internal/seen_catalog.h"

namespace omen::exec {

void SeenCatalog::ForgetVersion() {
  if (version_ != 0) hidden_->Forget(version_);
  version_ = 0;
}

void SeenCatalog::Forget() {
  ForgetVersion();
  seen_.reset();
  seen_of_.reset();
}

SeenCatalog::Snapshot SeenCatalog::Of(Snapshot newest,
                                      const std::function<bool(catalog::StorageId)>& sees) {
  if (newest == seen_of_) return seen_;
  HiddenIndexes::Set hidden;
  for (const catalog::Object* object : newest->All(catalog::ObjectClass::kTable)) {
    for (const catalog::Index& index : std::get<catalog::Table>(*object).indexes) {
      if (!index.primary && !sees(index.storage_id)) hidden.insert(index.storage_id);
    }
  }
  ForgetVersion();
  seen_of_ = newest;
  seen_ = newest;
  if (!hidden.empty()) {
    seen_ = catalog::Builder(newest).Share();
    version_ = seen_->version();
    hidden_->Hide(version_, std::move(hidden));
  }
  return seen_;
}

}  // namespace omen::exec
