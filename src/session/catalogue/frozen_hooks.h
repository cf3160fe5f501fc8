// What SQL functions may read of a session, as values of one moment: engine threads ask these.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "functions/registry.h"
#include "rowstore/rowstore.h"
#include "session/catalogue/relation_names.h"
#include "session/setting/settings.h"

namespace omen::session {

/// Immutable; any thread. Refuses what belongs to the session alone: sequences and SET.
class FrozenHooks final : public functions::SessionHooks {
 public:
  struct Facts {
    RelationNames names;
    Settings settings;
    std::string user, database;
    std::string isolation, read_only;  // of the transaction, as settings show them
    int32_t backend_pid = 0;
    rowstore::RowStore* rows = nullptr;
  };
  explicit FrozenHooks(Facts facts) : facts_(std::move(facts)) {}

  Result<int64_t> NextValue(Oid sequence) override;
  Result<int64_t> CurrentValue(Oid sequence) override;
  Result<int64_t> SetValue(Oid sequence, int64_t value, bool is_called) override;
  Result<int64_t> LastValue() override;
  Result<Value> Setting(std::string_view name, bool missing_ok) override;
  Status SetSetting(std::string_view name, std::string_view value, bool local) override;
  std::string CurrentUser() override { return facts_.user; }
  std::string CurrentDatabase() override { return facts_.database; }
  std::vector<std::string> CurrentSchemas(bool include_implicit) override {
    return facts_.names.Schemas(include_implicit);
  }
  int32_t BackendPid() override { return facts_.backend_pid; }
  Result<Oid> RelationByName(std::string_view name) override { return facts_.names.Find(name); }
  std::string RelationName(Oid relation) override { return facts_.names.NameOf(relation); }
  Result<Value> CatalogFunction(std::string_view function, std::span<const Value> args) override;

 private:
  const Facts facts_;
};

}  // namespace omen::session
