// One session's settings: values, SET LOCAL, what a rollback undoes, what to report.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/memory_meter.h"
#include "base/result.h"
#include "exec/statement/options.h"
#include "session/setting/setting_definition.h"
#include "sql/tree/statement.h"
#include "types/io.h"

namespace omen::session {

/// Severities in order, as client_min_messages compares them.
enum class MessageLevel : uint8_t { kDebug, kLog, kNotice, kWarning, kError };

/// Settings that statements look at, read once per change.
struct EffectiveSettings {
  TextStyle style;
  exec::ExecOptions exec;
  std::vector<std::string> search_path;  // schema names; "$user" replaced
  int64_t statement_timeout_ms = 0;
  int64_t idle_in_transaction_timeout_ms = 0;
  int64_t idle_session_timeout_ms = 0;
  sql::Isolation default_isolation = sql::Isolation::kReadCommitted;
  bool default_read_only = false;
  bool synced_commits = true;
  MessageLevel min_messages = MessageLevel::kNotice;
};

/// One thread. Changes made since the last Commit() or Rollback() can be undone; a SET LOCAL
/// value ends with either. A change that there is no room for is 53200. Copies are not counted.
class Settings {
 public:
  /// `user` is what $user and session_authorization stand for.
  explicit Settings(std::string user);
  /// What they take from now on is counted there; outlives them.
  void ChargeTo(MemoryMeter* memory) { memory_ = memory; }

  /// SHOW, current_setting(). 42704 for an unknown name.
  Result<std::string> Show(std::string_view name) const;
  /// SET name = values; none means DEFAULT.
  Status Set(std::string_view name, const std::vector<std::string>& values, bool local);
  Status SetText(std::string_view name, std::string_view value, bool local);
  Status Reset(std::string_view name);
  Status ResetAll();
  /// A value from the startup packet: also what RESET returns to.
  Status SetAtStart(std::string_view name, std::string_view value);
  /// A fact of the server (is_superuser), whatever its access.
  void SetFact(std::string_view name, std::string value);

  void Commit();
  void Rollback();
  /// A savepoint: RollbackTo undoes what came after.
  size_t Mark() const { return undo_.size(); }
  void RollbackTo(size_t mark);

  const EffectiveSettings& effective() const { return effective_; }
  /// Raised by every change of effective().
  uint64_t generation() const { return generation_; }
  /// True when TakeReports() may have something to say.
  bool has_reports() const { return !touched_.empty(); }
  /// Reported settings whose value differs from what the client was last told.
  std::vector<std::pair<std::string, std::string>> TakeReports();
  /// Marks every reported setting, for the start of a session.
  void ReportAll();

 private:
  struct Slot {
    std::string session, reset;
    std::optional<std::string> local;
    bool operator==(const Slot&) const = default;
  };
  struct Undo {
    std::string key;
    std::optional<Slot> before;
  };
  static int64_t BytesOf(const std::string& key, const Slot& slot);
  static int64_t BytesOf(const Undo& undo);
  /// Of a change to a value: what it is before, and what may be kept of it besides.
  Status Reserve(const std::string& key, size_t value_bytes);
  void Count(int64_t bytes);

  /// The key and its definition (null for a custom setting), or the error an unknown name gives.
  Result<std::pair<std::string, const SettingDefinition*>> Resolve(std::string_view name) const;
  const std::string& Value(const std::string& key, const SettingDefinition* definition) const;
  Slot& Change(const std::string& key, const SettingDefinition* definition);
  Status CheckChange(const SettingDefinition& definition, std::string_view value) const;
  Status Store(const std::string& key, const SettingDefinition* definition, std::string value,
               bool local);
  void Apply(const std::string& key);
  void RefreshEffective();
  int64_t Number(std::string_view name) const;
  std::string Known(std::string_view name) const;

  const std::string user_;
  MemoryMeter* memory_ = nullptr;                   // the session's; null: not counted
  std::map<std::string, Slot, std::less<>> slots_;  // by lower-case name; only those changed
  std::vector<Undo> undo_;
  EffectiveSettings effective_;
  uint64_t generation_ = 1;
  std::set<std::string> touched_;            // reported settings to look at
  std::map<std::string, std::string> told_;  // what the client was last told
};

}  // namespace omen::session
