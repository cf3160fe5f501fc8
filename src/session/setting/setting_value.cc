// Reading and printing values of settings as guc.c does.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "functions/kernel/quoting.h"
#include "session/setting/setting_definition.h"
#include "types/datetime/datetime.h"
#include "types/io.h"

namespace omen::session {
namespace {

struct UnitFactor {
  std::string_view name;
  double factor;  // of the base unit
};
constexpr UnitFactor kTimeUnits[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000},
                                     {"s", 1000},       {"ms", 1},        {"us", 0.001}};
constexpr UnitFactor kSizeUnits[] = {
    {"TB", 1073741824.0}, {"GB", 1048576}, {"MB", 1024}, {"kB", 1}, {"B", 1.0 / 1024}};

std::span<const UnitFactor> UnitsOf(SettingUnit unit) {
  if (unit == SettingUnit::kMilliseconds || unit == SettingUnit::kSeconds) return kTimeUnits;
  if (unit == SettingUnit::kNone) return {};
  return kSizeUnits;
}

/// The base unit in the terms of UnitsOf: milliseconds or kilobytes.
double BaseFactor(SettingUnit unit) {
  return unit == SettingUnit::kSeconds ? 1000 : unit == SettingUnit::kBlocks ? 8 : 1;
}

std::string_view BaseName(SettingUnit unit) {
  switch (unit) {
    case SettingUnit::kNone:
      return "";
    case SettingUnit::kMilliseconds:
      return "ms";
    case SettingUnit::kSeconds:
      return "s";
    case SettingUnit::kKilobytes:
      return "kB";
    case SettingUnit::kBlocks:
      return "8kB";
  }
  return "";
}

Status InvalidValue(const SettingDefinition& setting, std::string_view text) {
  return Status(sqlstate::kInvalidParameter,
                fmt::format("invalid value for parameter \"{}\": \"{}\"", setting.name, text));
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

bool InList(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == item) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

/// Number with an optional unit, in the setting's base unit. False when it is neither.
bool ParseQuantity(const SettingDefinition& setting, std::string_view text, double* value) {
  text = Trim(text);
  int base = text.starts_with("0x") || text.starts_with("0X") ? 16 : 10;
  std::string_view digits = base == 16 ? text.substr(2) : text;
  if (digits.starts_with("+")) digits.remove_prefix(1);
  std::string_view rest;
  if (base == 16) {
    int64_t integer = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), integer, 16);
    if (error != std::errc()) return false;
    *value = static_cast<double>(integer);
    rest = digits.substr(static_cast<size_t>(end - digits.data()));
  } else {
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *value);
    if (error != std::errc() || !std::isfinite(*value)) return false;
    rest = digits.substr(static_cast<size_t>(end - digits.data()));
  }
  rest = Trim(rest);
  if (rest.empty()) return true;
  for (const UnitFactor& unit : UnitsOf(setting.unit)) {
    if (unit.name == rest) {
      *value *= unit.factor / BaseFactor(setting.unit);
      return true;
    }
  }
  return false;
}

std::string PrintInteger(const SettingDefinition& setting, int64_t value) {
  if (value <= 0 || setting.unit == SettingUnit::kNone) return std::to_string(value);
  double total = static_cast<double>(value) * BaseFactor(setting.unit);
  for (const UnitFactor& unit : UnitsOf(setting.unit)) {
    double count = total / unit.factor;
    if (count >= 1 && count == std::floor(count)) {
      return fmt::format("{}{}", static_cast<int64_t>(count), unit.name);
    }
  }
  return std::to_string(value);
}

/// In the largest unit that makes it a whole number, as convert_real_from_base_unit does.
std::string PrintReal(const SettingDefinition& setting, double value) {
  constexpr double kWhole = 1e-8;
  const double total = value * BaseFactor(setting.unit);
  for (const UnitFactor& unit : UnitsOf(setting.unit)) {
    const double count = total / unit.factor;
    if (count > 0 && std::abs(std::rint(count) / count - 1) <= kWhole) {
      return fmt::format("{:g}{}", count, unit.name);
    }
  }
  return fmt::format("{}", value);
}

Result<std::string> CanonicalNumber(const SettingDefinition& setting, std::string_view text) {
  double value = 0;
  if (!ParseQuantity(setting, text, &value)) {
    Status status = InvalidValue(setting, text);
    auto units = UnitsOf(setting.unit);
    if (units.data() == kTimeUnits) {
      return std::move(status).Hint(
          "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");
    }
    if (!units.empty()) {
      return std::move(status).Hint(
          "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".");
    }
    return status;
  }
  if (setting.kind == SettingKind::kInteger) value = std::rint(value);
  if (value < setting.min || value > setting.max) {
    std::string_view unit = BaseName(setting.unit);
    return Status(
        sqlstate::kInvalidParameter,
        fmt::format("{}{}{} is outside the valid range for parameter \"{}\" ({} .. {})", value,
                    unit.empty() ? "" : " ", unit, setting.name, setting.min, setting.max));
  }
  if (setting.kind == SettingKind::kReal) return PrintReal(setting, value);
  return PrintInteger(setting, static_cast<int64_t>(value));
}

Result<std::string> CanonicalEnum(const SettingDefinition& setting, std::string_view text) {
  std::string lower = ToLower(text);
  if (InList(setting.choices, lower)) return lower;
  bool flag = false;  // on/off enums take every boolean spelling
  if (InList(setting.choices, "on") && ParseBoolSetting(lower, &flag)) {
    return std::string(flag ? "on" : "off");
  }
  std::string available;
  for (char c : setting.choices) {
    if (c == ',') {
      available += ", ";
    } else {
      available += c;
    }
  }
  return InvalidValue(setting, text).Hint(fmt::format("Available values: {}.", available));
}

Result<std::string> CanonicalEncoding(const SettingDefinition& setting, std::string_view text) {
  std::string key;
  for (char c : ToLower(text)) {
    if (std::isalnum(static_cast<unsigned char>(c))) key += c;
  }
  if (key == "utf8" || key == "unicode") return std::string("UTF8");
  if (key == "sqlascii") return std::string("SQL_ASCII");
  static constexpr std::string_view kOthers =
      "latin1,latin2,latin3,latin4,latin5,latin6,latin7,latin8,latin9,latin10,iso88591,iso885915,"
      "win1250,win1251,win1252,win1253,win1254,win1255,win1256,win1257,win1258,koi8r,koi8u,"
      "eucjp,euckr,euccn,euctw,sjis,big5,gbk,gb18030,uhc,johab,windows1252";
  if (InList(kOthers, key)) return NotSupported(fmt::format("client_encoding {}", text));
  return InvalidValue(setting, text);
}

Result<std::string> CanonicalDateStyle(const SettingDefinition& setting, std::string_view text) {
  std::vector<std::string> words;
  if (!SplitIdentifiers(text, &words)) return InvalidValue(setting, text);
  for (const std::string& word : words) {
    if (InList("iso,mdy,us,noneuro,noneuropean,default", ToLower(word))) continue;
    if (InList("sql,postgres,german,dmy,euro,european,ymd", ToLower(word))) {
      return NotSupported(fmt::format("DateStyle {}", text));
    }
    return InvalidValue(setting, text);
  }
  return std::string("ISO, MDY");
}

Result<std::string> CanonicalTimeZone(const SettingDefinition& setting, std::string_view text) {
  auto zone = omen::CanonicalTimeZone(Trim(text));
  return zone.ok() ? std::move(zone) : InvalidValue(setting, text);
}

Result<std::string> CanonicalFreshness(const SettingDefinition& setting, std::string_view text) {
  std::string lower = ToLower(Trim(text));
  if (lower == "latest" || lower == "session") return lower;
  auto interval = ParseText({oid::kInterval, -1}, lower);
  if (!interval.ok() || CompareIntervals(interval->AsInterval(), {}) < 0) {
    return InvalidValue(setting, text)
        .Hint("Available values: latest, session, or an interval such as '5 seconds'.");
  }
  return lower;
}

Result<std::string> CanonicalString(const SettingDefinition& setting, std::string_view text) {
  if (setting.name == "client_encoding") return CanonicalEncoding(setting, text);
  if (setting.name == "DateStyle") return CanonicalDateStyle(setting, text);
  if (setting.name == "TimeZone") return CanonicalTimeZone(setting, text);
  if (setting.name == "omendb.freshness") return CanonicalFreshness(setting, text);
  if (setting.name == "application_name") {
    std::string clean(text.substr(0, 63));
    for (char& c : clean) {
      if (c < 32 || c > 126) c = '?';
    }
    return clean;
  }
  return std::string(text);
}

}  // namespace

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

bool ParseBoolSetting(std::string_view text, bool* value) {
  std::string lower = ToLower(text);
  auto prefix_of = [&](std::string_view word) { return !lower.empty() && word.starts_with(lower); };
  if (prefix_of("true") || prefix_of("yes") || lower == "on" || lower == "1") {
    *value = true;
  } else if (prefix_of("false") || prefix_of("no") || (lower.size() > 1 && prefix_of("off")) ||
             lower == "0") {
    *value = false;
  } else {
    return false;
  }
  return true;
}

Result<std::string> Canonical(const SettingDefinition& setting, std::string_view text) {
  Result<std::string> value = std::string(text);
  switch (setting.kind) {
    case SettingKind::kBool: {
      bool flag = false;
      if (!ParseBoolSetting(text, &flag)) {
        return Status(sqlstate::kInvalidParameter,
                      fmt::format("parameter \"{}\" requires a Boolean value", setting.name));
      }
      value = std::string(flag ? "on" : "off");
      break;
    }
    case SettingKind::kInteger:
    case SettingKind::kReal:
      value = CanonicalNumber(setting, text);
      break;
    case SettingKind::kEnum:
      value = CanonicalEnum(setting, text);
      break;
    case SettingKind::kString:
      value = CanonicalString(setting, text);
      break;
    case SettingKind::kList: {
      std::vector<std::string> names;
      if (!SplitIdentifiers(text, &names)) return InvalidValue(setting, text);
      break;
    }
  }
  if (value.ok() && !setting.supported.empty() && !InList(setting.supported, *value)) {
    return NotSupported(fmt::format("{} = {}", setting.name, *value));
  }
  return value;
}

Result<std::string> Canonical(const SettingDefinition& setting,
                              const std::vector<std::string>& values) {
  const bool list = setting.kind == SettingKind::kList;
  if (values.size() != 1 && !list && setting.name != "DateStyle") {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("SET {} takes only one argument", setting.name));
  }
  std::string joined;
  for (const std::string& value : values) {
    if (!joined.empty()) joined += ", ";
    joined += list ? functions::QuoteIdentifier(value) : value;
  }
  return Canonical(setting, joined);
}

int64_t SettingInteger(const SettingDefinition& setting, std::string_view canonical) {
  double value = 0;
  OMEN_CHECK(ParseQuantity(setting, canonical, &value));
  return static_cast<int64_t>(std::llround(value));
}

bool SplitIdentifiers(std::string_view text, std::vector<std::string>* names) {
  names->clear();
  text = Trim(text);
  while (!text.empty()) {
    std::string name;
    if (text.front() == '"') {
      size_t i = 1;
      for (; i < text.size() && (text[i] != '"' || text.substr(i + 1).starts_with('"')); ++i) {
        if (text[i] == '"') ++i;
        name += text[i];
      }
      if (i >= text.size()) return false;
      text = Trim(text.substr(i + 1));
    } else {
      size_t end = text.find_first_of(",\" \t\r\n");
      name = ToLower(text.substr(0, end));
      if (name.empty()) return false;
      text = end == std::string_view::npos ? "" : Trim(text.substr(end));
    }
    names->push_back(std::move(name));
    if (text.empty()) return true;
    if (text.front() != ',') return false;
    text = Trim(text.substr(1));
    if (text.empty()) return false;
  }
  return true;
}

bool IsCustomSettingName(std::string_view name) {
  bool dot = false, start = true;
  for (char c : name) {
    auto u = static_cast<unsigned char>(c);
    if (c == '.') {
      if (start) return false;
      dot = start = true;
    } else if (std::isalpha(u) || c == '_' || u >= 0x80) {
      start = false;
    } else if ((std::isdigit(u) || c == '$') && !start) {
      continue;
    } else {
      return false;
    }
  }
  return dot && !start;
}

}  // namespace omen::session
