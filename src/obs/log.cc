#include "obs/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace omen::obs {
namespace {

spdlog::level::level_enum EngineLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = spdlog::stderr_color_mt("omendb");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

bool IsQuotedInLog(std::string_view value) {
  return value.empty() || value.find_first_of(" =\"\n") != std::string_view::npos;
}

void AppendValue(std::string_view value, std::string& line) {
  if (!IsQuotedInLog(value)) {
    line += value;
    return;
  }
  line += '"';
  for (char c : value) {
    if (c == '"' || c == '\\') line += '\\';
    line += c == '\n' ? ' ' : c;
  }
  line += '"';
}

}  // namespace

void Log(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  if (!LogEnabled(level)) return;
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    AppendValue(field.value, line);
  }
  Logger().log(EngineLevel(level), "{}", line);
}

void SetLogLevel(LogLevel level) { Logger().set_level(EngineLevel(level)); }

std::optional<LogLevel> LogLevelNamed(std::string_view name) {
  constexpr std::pair<std::string_view, LogLevel> kNames[] = {{"debug", LogLevel::kDebug},
                                                              {"info", LogLevel::kInfo},
                                                              {"warn", LogLevel::kWarn},
                                                              {"error", LogLevel::kError}};
  for (const auto& [known, level] : kNames) {
    if (name == known) return level;
  }
  return std::nullopt;
}

bool LogEnabled(LogLevel level) { return Logger().should_log(EngineLevel(level)); }

}  // namespace omen::obs
