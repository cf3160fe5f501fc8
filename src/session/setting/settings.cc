#include "session/setting/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "catalog/catalog.h"

namespace omen::session {
namespace {

constexpr SqlState kCannotChangeNow{"55P02"};

Status Unrecognized(std::string_view name) {
  return Status(sqlstate::kUndefinedObject,
                fmt::format("unrecognized configuration parameter \"{}\"", name));
}

MessageLevel LevelNamed(std::string_view name) {
  if (name.starts_with("debug")) return MessageLevel::kDebug;
  if (name == "log") return MessageLevel::kLog;
  if (name == "notice") return MessageLevel::kNotice;
  return name == "warning" ? MessageLevel::kWarning : MessageLevel::kError;
}

exec::Learning LearningOf(std::string_view name) {
  if (name == "on") return exec::Learning::kOn;
  if (name == "off") return exec::Learning::kOff;
  return name == "random" ? exec::Learning::kRandom : exec::Learning::kShadow;
}

exec::Route RouteOf(std::string_view name) {
  if (name == "row") return exec::Route::kRow;
  if (name == "column") return exec::Route::kColumn;
  return name == "mixed" ? exec::Route::kMixed : exec::Route::kAuto;
}

exec::Freshness FreshnessOf(std::string_view text) {
  exec::Freshness freshness;
  if (text == "latest") return freshness;
  freshness.kind = exec::Freshness::Kind::kSession;
  if (text == "session") return freshness;
  auto parsed = ParseText({oid::kInterval, -1}, text);
  OMEN_CHECK(parsed.ok());
  const IntervalData& interval = parsed->AsInterval();
  constexpr int64_t kMicrosOfDay = 86'400'000'000;
  freshness.kind = exec::Freshness::Kind::kBounded;
  freshness.micros = interval.micros + (interval.days + 30LL * interval.months) * kMicrosOfDay;
  return freshness;
}

sql::Isolation SetIsolation(std::string_view name) {
  if (name == "repeatable read") return sql::Isolation::kRepeatableRead;
  if (name == "read uncommitted") return sql::Isolation::kReadUncommitted;
  return name == "serializable" ? sql::Isolation::kSerializable : sql::Isolation::kReadCommitted;
}

}  // namespace

Settings::Settings(std::string user) : user_(std::move(user)) {
  SetFact("session_authorization", user_);
  RefreshEffective();
}

Result<std::pair<std::string, const SettingDefinition*>> Settings::Resolve(
    std::string_view name) const {
  if (int index = FindSetting(name); index >= 0) {
    const SettingDefinition& definition = AllSettings()[static_cast<size_t>(index)];
    return std::pair{ToLower(definition.name), &definition};
  }
  if (!IsCustomSettingName(name)) return Unrecognized(name);
  std::string key = ToLower(name);
  if (key.starts_with("omendb.")) {
    return Status(sqlstate::kInvalidName,
                  fmt::format("invalid configuration parameter name \"{}\"", name))
        .Detail("\"omendb\" is a reserved prefix.");
  }
  return std::pair{std::move(key), static_cast<const SettingDefinition*>(nullptr)};
}

const std::string& Settings::Value(const std::string& key,
                                   const SettingDefinition* definition) const {
  static thread_local std::string initial;
  auto it = slots_.find(key);
  if (it != slots_.end()) return it->second.local ? *it->second.local : it->second.session;
  initial = definition == nullptr ? std::string_view() : definition->initial;
  return initial;
}

Result<std::string> Settings::Show(std::string_view name) const {
  OMEN_ASSIGN_OR_RETURN(auto found, Resolve(name));
  if (found.second == nullptr && !slots_.contains(found.first)) return Unrecognized(name);
  return Value(found.first, found.second);
}

// With the nodes of slots_, touched_ and told_; one of our own settings may be in told_ too.
int64_t Settings::BytesOf(const std::string& key, const Slot& slot) {
  constexpr size_t kNodes = 384;
  const size_t local = slot.local ? slot.local->size() : 0;
  const size_t told = key.find('.') == std::string::npos ? slot.session.size() : 0;
  return static_cast<int64_t>(kNodes + 3 * key.size() + slot.session.size() + told +
                              slot.reset.size() + local);
}

int64_t Settings::BytesOf(const Undo& undo) {
  return static_cast<int64_t>(sizeof undo + undo.key.size()) +
         (undo.before ? BytesOf(undo.key, *undo.before) : 0);
}

Status Settings::Reserve(const std::string& key, size_t value_bytes) {
  if (memory_ == nullptr) return Status::Ok();
  const auto it = slots_.find(key);
  const Slot& before = it == slots_.end() ? Slot() : it->second;
  const auto wanted = static_cast<int64_t>(sizeof(Undo)) + 2 * BytesOf(key, before) +
                      2 * static_cast<int64_t>(value_bytes);
  Status room = memory_->Charge(wanted);
  memory_->Release(wanted);
  return room;
}

// Where it grows, Reserve has found the room.
void Settings::Count(int64_t bytes) {
  if (memory_ == nullptr) return;
  if (bytes < 0) return memory_->Release(-bytes);
  (void)memory_->Charge(bytes).ok();
}

Settings::Slot& Settings::Change(const std::string& key, const SettingDefinition* definition) {
  auto it = slots_.find(key);
  if (it == slots_.end()) {
    undo_.push_back({key, std::nullopt});
    std::string initial(definition == nullptr ? std::string_view() : definition->initial);
    it = slots_.emplace(key, Slot{initial, initial, std::nullopt}).first;
    Count(BytesOf(key, it->second));
  } else {
    undo_.push_back({key, it->second});
  }
  Count(BytesOf(undo_.back()));
  return it->second;
}

Status Settings::CheckChange(const SettingDefinition& definition, std::string_view value) const {
  switch (definition.access) {
    case SettingAccess::kInternal:
      return Status(kCannotChangeNow,
                    fmt::format("parameter \"{}\" cannot be changed", definition.name));
    case SettingAccess::kServer:
      return Status(kCannotChangeNow,
                    fmt::format("parameter \"{}\" cannot be changed without restarting the server",
                                definition.name));
    case SettingAccess::kReload:
      return Status(kCannotChangeNow,
                    fmt::format("parameter \"{}\" cannot be changed now", definition.name));
    case SettingAccess::kSuperuser:
      if (Known("is_superuser") == "on") break;
      return Status(sqlstate::kInsufficientPrivilege,
                    fmt::format("permission denied to set parameter \"{}\"", definition.name));
    case SettingAccess::kUser:
      break;
  }
  const bool role = definition.name == "role";
  if (role || definition.name == "session_authorization") {
    if (value == user_ || value == "default" || (role && value == "none")) return Status::Ok();
    return NotSupported(role ? "SET ROLE" : "SET SESSION AUTHORIZATION");
  }
  return Status::Ok();
}

Status Settings::Set(std::string_view name, const std::vector<std::string>& values, bool local) {
  OMEN_ASSIGN_OR_RETURN(auto found, Resolve(name));
  const auto& [key, definition] = found;
  if (definition != nullptr) {
    OMEN_RETURN_IF_ERROR(CheckChange(*definition, values.empty() ? "default" : values.front()));
  }
  std::string value;
  if (values.empty()) {
    auto it = slots_.find(key);
    const std::string_view initial = definition == nullptr ? "" : definition->initial;
    value = it != slots_.end() ? it->second.reset : std::string(initial);
  } else if (definition != nullptr) {
    OMEN_ASSIGN_OR_RETURN(value, Canonical(*definition, values));
  } else {
    value = values.front();
  }
  return Store(key, definition, std::move(value), local);
}

Status Settings::Store(const std::string& key, const SettingDefinition* definition,
                       std::string value, bool local) {
  OMEN_RETURN_IF_ERROR(Reserve(key, value.size()));
  Slot& slot = Change(key, definition);
  Count(-BytesOf(key, slot));
  // Assigned, a short value would keep the room of a long one.
  if (local) {
    slot.local.emplace(std::move(value));
  } else {
    slot.session.swap(value);
    slot.local.reset();
  }
  Count(BytesOf(key, slot));
  Apply(key);
  return Status::Ok();
}

Status Settings::SetText(std::string_view name, std::string_view value, bool local) {
  OMEN_ASSIGN_OR_RETURN(auto found, Resolve(name));
  const auto& [key, definition] = found;
  if (definition == nullptr || definition->kind != SettingKind::kList) {
    return Set(name, {std::string(value)}, local);
  }
  OMEN_ASSIGN_OR_RETURN(std::string canonical, Canonical(*definition, value));
  return Store(key, definition, std::move(canonical), local);
}

Status Settings::Reset(std::string_view name) { return Set(name, {}, false); }

Status Settings::ResetAll() {
  std::vector<std::string> keys;
  for (const auto& [key, slot] : slots_) {
    if (slot.session != slot.reset || slot.local) keys.push_back(key);
  }
  for (const std::string& key : keys) {
    OMEN_RETURN_IF_ERROR(Store(key, nullptr, slots_.at(key).reset, false));
  }
  return Status::Ok();
}

Status Settings::SetAtStart(std::string_view name, std::string_view value) {
  // asyncpg quotes client_encoding's value.
  if (ToLower(name) == "client_encoding" && value.size() > 2 && value.starts_with('\'') &&
      value.ends_with('\'')) {
    value = value.substr(1, value.size() - 2);
  }
  OMEN_RETURN_IF_ERROR(SetText(name, value, false));
  OMEN_ASSIGN_OR_RETURN(auto found, Resolve(name));
  Slot& slot = slots_.at(found.first);
  Count(-BytesOf(found.first, slot));
  slot.reset = slot.session;
  Count(BytesOf(found.first, slot));
  Commit();
  return Status::Ok();
}

void Settings::SetFact(std::string_view name, std::string value) {
  const std::string key = ToLower(name);
  slots_[key] = Slot{value, value, std::nullopt};
  Apply(key);
}

void Settings::Commit() {
  for (const Undo& undo : undo_) {
    Count(-BytesOf(undo));
    auto it = slots_.find(undo.key);
    if (it == slots_.end() || !it->second.local) continue;
    Count(-static_cast<int64_t>(it->second.local->size()));
    it->second.local.reset();
    Apply(undo.key);
  }
  undo_.clear();
}

void Settings::Rollback() { RollbackTo(0); }

void Settings::RollbackTo(size_t mark) {
  while (undo_.size() > mark) {
    Undo undo = std::move(undo_.back());
    undo_.pop_back();
    Count(-BytesOf(undo));
    if (auto it = slots_.find(undo.key); it != slots_.end()) Count(-BytesOf(undo.key, it->second));
    if (undo.before) {
      Count(BytesOf(undo.key, *undo.before));
      std::swap(slots_[undo.key], *undo.before);
    } else {
      slots_.erase(undo.key);
    }
    Apply(undo.key);
  }
}

void Settings::Apply(const std::string& key) {
  int index = FindSetting(key);
  if (index < 0) return;
  if (AllSettings()[static_cast<size_t>(index)].report) touched_.insert(key);
  RefreshEffective();
}

std::string Settings::Known(std::string_view name) const {
  int index = FindSetting(name);
  OMEN_CHECK(index >= 0);
  return Value(ToLower(name), &AllSettings()[static_cast<size_t>(index)]);
}

int64_t Settings::Number(std::string_view name) const {
  const SettingDefinition& definition = AllSettings()[static_cast<size_t>(FindSetting(name))];
  return SettingInteger(definition, Known(name));
}

void Settings::RefreshEffective() {
  EffectiveSettings& e = effective_;
  e.style.time_zone = Known("TimeZone");
  e.style.extra_float_digits = static_cast<int>(Number("extra_float_digits"));
  e.style.bytea_hex = Known("bytea_output") == "hex";
  e.exec.route = RouteOf(Known("omendb.route"));
  e.exec.learning = LearningOf(Known("omendb.learning"));
  e.exec.answer_check = std::strtod(Known("omendb.answer_check").c_str(), nullptr);
  e.exec.freshness = FreshnessOf(Known("omendb.freshness"));
  e.exec.lock_timeout_ms = Number("lock_timeout");
  e.exec.work_memory_bytes = Number("omendb.statement_memory") * 1024;
  e.statement_timeout_ms = Number("statement_timeout");
  e.idle_in_transaction_timeout_ms = Number("idle_in_transaction_session_timeout");
  e.idle_session_timeout_ms = Number("idle_session_timeout");
  e.default_isolation = SetIsolation(Known("default_transaction_isolation"));
  e.default_read_only = Known("default_transaction_read_only") == "on";
  e.synced_commits = Known("synchronous_commit") != "off";
  e.min_messages = LevelNamed(Known("client_min_messages"));
  OMEN_CHECK(SplitIdentifiers(Known("search_path"), &e.search_path));
  // A user who has a system schema's name has no schema of his own: new objects would not go
  // there, so nothing may be looked for there unasked.
  if (catalog::IsSystemSchema(user_)) std::erase(e.search_path, "$user");
  std::ranges::replace(e.search_path, std::string("$user"), user_);
  ++generation_;
}

void Settings::ReportAll() {
  for (const SettingDefinition& definition : AllSettings()) {
    if (definition.report) touched_.insert(ToLower(definition.name));
  }
}

std::vector<std::pair<std::string, std::string>> Settings::TakeReports() {
  std::vector<std::pair<std::string, std::string>> reports;
  for (const std::string& key : touched_) {
    const SettingDefinition& definition = AllSettings()[static_cast<size_t>(FindSetting(key))];
    const std::string& value = Value(key, &definition);
    auto [it, first] = told_.try_emplace(key, value);
    if (!first && it->second == value) continue;
    it->second = value;
    reports.emplace_back(definition.name, value);
  }
  touched_.clear();
  return reports;
}

}  // namespace omen::session
