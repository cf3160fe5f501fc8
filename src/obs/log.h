// Structured log lines: an event name and key=value pairs. No statement parameters and no
// row contents at the default level.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace omen::obs {

enum class LogLevel { kDebug, kInfo, kWarn, kError };

/// One key=value pair of a log line.
struct Field {
  std::string_view key;
  std::string value;

  template <typename T>
  Field(std::string_view name, const T& of) : key(name), value(fmt::format("{}", of)) {}
};

/// Writes one line to standard error. Any thread.
void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields = {});
void SetLogLevel(LogLevel level);
/// debug, info, warn or error; nothing for another word.
std::optional<LogLevel> LogLevelNamed(std::string_view name);
bool LogEnabled(LogLevel level);

}  // namespace omen::obs
