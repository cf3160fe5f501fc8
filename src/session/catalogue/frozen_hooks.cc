#include "session/catalogue/frozen_hooks.h"

#include "base/blame.h"
#include "session/catalogue/catalog_text.h"
#include "session/catalogue/privilege_answers.h"
#include "session/setting/setting_definition.h"

namespace omen::session {
namespace {

Status OwnThread() { return Refusal("a function that changes its session, on columns"); }

}  // namespace

Result<int64_t> FrozenHooks::NextValue(Oid) { return OwnThread(); }
Result<int64_t> FrozenHooks::CurrentValue(Oid) { return OwnThread(); }
Result<int64_t> FrozenHooks::SetValue(Oid, int64_t, bool) { return OwnThread(); }
Result<int64_t> FrozenHooks::LastValue() { return OwnThread(); }
Status FrozenHooks::SetSetting(std::string_view, std::string_view, bool) { return OwnThread(); }

Result<Value> FrozenHooks::Setting(std::string_view name, bool missing_ok) {
  const std::string lower = ToLower(name);
  if (lower == "transaction_isolation") return Value::Text(facts_.isolation);
  if (lower == "transaction_read_only") return Value::Text(facts_.read_only);
  auto value = facts_.settings.Show(name);
  if (value.ok()) return Value::Text(*value);
  if (missing_ok && value.status().Is(sqlstate::kUndefinedObject)) return Value::Null();
  return std::move(value).status();
}

Result<Value> FrozenHooks::CatalogFunction(std::string_view function, std::span<const Value> args) {
  if (IsPrivilegeFunction(function)) {
    return HasPrivilege(facts_.names, facts_.database, function, args);
  }
  const sql::BindContext reader =
      ReaderOf(facts_.names, facts_.settings, facts_.user, facts_.database);
  return CatalogText(reader, facts_.rows, function, args);
}

}  // namespace omen::session
