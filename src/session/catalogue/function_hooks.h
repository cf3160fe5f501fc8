// What SQL functions may ask of the session that runs them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "functions/kernel/freezable_hooks.h"
#include "jobs/runner.h"
#include "rowstore/rowstore.h"
#include "session/catalogue/relation_names.h"
#include "session/transaction/setting_statements.h"
#include "session/transaction/transaction_block.h"

namespace omen::session {

/// nextval, currval, current_setting, current_schema, regclass... One thread.
class FunctionHooks final : public functions::FreezableHooks {
 public:
  /// All that they may ask of their session, and what they may change in it. It outlives them.
  struct Parts {
    rowstore::RowStore* rows;       // sequences, sizes
    const TransactionBlock* block;  // what catalogue is seen, and whether only for reading
    SettingStatements* settings;
    std::string user, database;
    int32_t backend_pid;
    jobs::Runner* jobs;  // null: there are none
  };
  explicit FunctionHooks(Parts parts) : parts_(std::move(parts)) {}

  Result<int64_t> NextValue(Oid sequence) override;
  Result<int64_t> CurrentValue(Oid sequence) override;
  Result<int64_t> SetValue(Oid sequence, int64_t value, bool is_called) override;
  Result<int64_t> LastValue() override;
  Result<Value> Setting(std::string_view name, bool missing_ok) override;
  Status SetSetting(std::string_view name, std::string_view value, bool local) override;
  std::string CurrentUser() override { return parts_.user; }
  std::string CurrentDatabase() override { return parts_.database; }
  std::vector<std::string> CurrentSchemas(bool include_implicit) override {
    return Names().Schemas(include_implicit);
  }
  int32_t BackendPid() override { return parts_.backend_pid; }
  Result<Oid> RelationByName(std::string_view name) override { return Names().Find(name); }
  std::string RelationName(Oid relation) override { return Names().NameOf(relation); }
  Result<Value> CatalogFunction(std::string_view function, std::span<const Value> args) override;

  std::shared_ptr<functions::SessionHooks> Freeze() override;

  /// Name as regnamespace prints it; empty if there is none.
  std::string SchemaName(Oid schema) const;
  /// DISCARD SEQUENCES.
  void ForgetSequences();

 private:
  Result<catalog::Sequence> FindSequence(Oid sequence) const;
  RelationNames Names() const;
  Result<Value> CancelJob(std::string_view name) const;

  const Parts parts_;
  std::map<Oid, int64_t> values_;  // what nextval last gave here
  std::optional<Oid> last_;
};

}  // namespace omen::session
