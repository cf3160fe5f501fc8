// What SQL functions may ask of the session that runs them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "functions/kernel/freezable_hooks.h"
#include "session/relation_names.h"
#include "session/session_impl.h"

namespace omen::session {

/// nextval, currval, current_setting, current_schema, regclass... One thread.
class FunctionHooks final : public functions::FreezableHooks {
 public:
  explicit FunctionHooks(Session::Impl* session) : session_(session) {}

  Result<int64_t> NextValue(Oid sequence) override;
  Result<int64_t> CurrentValue(Oid sequence) override;
  Result<int64_t> SetValue(Oid sequence, int64_t value, bool is_called) override;
  Result<int64_t> LastValue() override;
  Result<Value> Setting(std::string_view name, bool missing_ok) override;
  Status SetSetting(std::string_view name, std::string_view value, bool local) override;
  std::string CurrentUser() override { return session_->options.user; }
  std::string CurrentDatabase() override { return session_->options.database; }
  std::vector<std::string> CurrentSchemas(bool include_implicit) override {
    return Names().Schemas(include_implicit);
  }
  int32_t BackendPid() override { return session_->options.backend_pid; }
  Result<Oid> RelationByName(std::string_view name) override { return Names().Find(name); }
  std::string RelationName(Oid relation) override { return Names().NameOf(relation); }
  Result<Value> CatalogFunction(std::string_view function, std::span<const Value> args) override;

  std::shared_ptr<functions::SessionHooks> Freeze() override;

  /// DISCARD SEQUENCES.
  void ForgetSequences();

 private:
  Result<catalog::Sequence> FindSequence(Oid sequence) const;
  RelationNames Names() const;

  Session::Impl* const session_;
  std::map<Oid, int64_t> values_;  // what nextval last gave here
  std::optional<Oid> last_;
};

}  // namespace omen::session
