#include "session/transaction/setting_statements.h"

#include <algorithm>

namespace omen::session {
namespace {

constexpr std::string_view kIsolationNames[] = {"read uncommitted", "read committed",
                                                "repeatable read", "serializable"};
constexpr std::string_view kIsolation = "transaction_isolation";
constexpr std::string_view kReadOnly = "transaction_read_only";

}  // namespace

std::string_view IsolationName(sql::Isolation isolation) {
  return kIsolationNames[static_cast<size_t>(isolation)];
}

Result<std::string> SettingStatements::Show(std::string_view name) const {
  const std::string lower = ToLower(name);
  const exec::Transaction* transaction = std::as_const(*block_).transaction();
  const EffectiveSettings& defaults = settings_->effective();
  if (lower == kIsolation) {
    return std::string(IsolationName(transaction != nullptr ? transaction->options().isolation
                                                            : defaults.default_isolation));
  }
  if (lower == kReadOnly) {
    const bool read_only =
        transaction != nullptr ? transaction->options().read_only : defaults.default_read_only;
    return std::string(read_only ? "on" : "off");
  }
  return settings_->Show(name);
}

Status SettingStatements::SetOfTransaction(const std::string& name,
                                           const std::vector<std::string>& values) {
  if (values.empty()) return Status::Ok();
  const SettingDefinition& definition = AllSettings()[static_cast<size_t>(FindSetting(name))];
  OMEN_ASSIGN_OR_RETURN(std::string value, Canonical(definition, values));
  sql::SetTransaction set;
  if (name == kReadOnly) {
    set.read_only = value == "on";
  } else {
    auto found = std::ranges::find(kIsolationNames, value) - std::begin(kIsolationNames);
    set.isolation = static_cast<sql::Isolation>(found);
  }
  return block_->Set(set);
}

Status SettingStatements::Set(std::string_view name, const std::vector<std::string>& values,
                              bool local) {
  const std::string lower = ToLower(name);
  if (lower == kIsolation || lower == kReadOnly) return SetOfTransaction(lower, values);
  if (local && !block_->InBlock()) {
    notices_->Warn(sqlstate::kNoActiveTransaction,
                   "SET LOCAL can only be used in transaction blocks");
  }
  return settings_->Set(name, values, local);
}

Status SettingStatements::SetText(std::string_view name, std::string_view value, bool local) {
  if (FindSetting(name) >= 0 && ToLower(name) == "search_path") {
    return settings_->SetText(name, value, local);
  }
  return Set(name, {std::string(value)}, local);
}

}  // namespace omen::session
