// What settings exist, and how their values are read and printed. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace omen::session {

enum class SettingKind : uint8_t { kBool, kInteger, kReal, kString, kEnum, kList };
enum class SettingUnit : uint8_t { kNone, kMilliseconds, kSeconds, kKilobytes, kBlocks };
/// Who may change it, and when.
enum class SettingAccess : uint8_t {
  kUser,       // SET
  kSuperuser,  // SET by a superuser
  kInternal,   // tells a fact
  kServer,     // fixed when the server starts
  kReload,     // fixed by the configuration file
};

/// One row of the table of settings.
struct SettingDefinition {
  std::string_view name;  // as SHOW ALL spells it
  SettingKind kind;
  std::string_view initial;  // as Canonical() prints it
  SettingAccess access = SettingAccess::kUser;
  SettingUnit unit = SettingUnit::kNone;
  double min = 0, max = 2147483647;
  /// kEnum: the values, comma-separated.
  std::string_view choices = {};
  /// Values (comma-separated, canonical) that have an effect here; another is 0A000. Empty: all.
  std::string_view supported = {};
  bool report = false;  // ParameterStatus on change
};

/// All settings, in order of name without regard to case.
std::span<const SettingDefinition> AllSettings();
/// Index into AllSettings() of a name in any case (and PostgreSQL's aliases), or -1.
int FindSetting(std::string_view name);

/// The canonical text of a value given as text: units normalised, enums lower case. 22023 with
/// PostgreSQL's message when it is not valid; 0A000 when it is valid and has no effect here.
Result<std::string> Canonical(const SettingDefinition& setting, std::string_view text);
/// The same for SET's list of values: joined for lists, else exactly one.
Result<std::string> Canonical(const SettingDefinition& setting,
                              const std::vector<std::string>& values);

/// An integer setting's value in its base unit, from canonical text.
int64_t SettingInteger(const SettingDefinition& setting, std::string_view canonical);

/// Names of a comma-separated identifier list: unquoted ones in lower case. False when malformed.
bool SplitIdentifiers(std::string_view text, std::vector<std::string>* names);
/// True for a.b: a name a client may define by setting it.
bool IsCustomSettingName(std::string_view name);

std::string ToLower(std::string_view text);
/// PostgreSQL's boolean spellings and their prefixes. False when it is none.
bool ParseBoolSetting(std::string_view text, bool* value);

}  // namespace omen::session
