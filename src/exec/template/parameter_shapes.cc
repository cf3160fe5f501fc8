#include "exec/template/parameter_shapes.h"

#include <algorithm>
#include <charconv>

#include "base/packing/packed_bytes.h"
#include "sql/lexer/lexer.h"
#include "sql/traits/traits.h"
#include "statistics/image.h"
#include "types/io.h"

namespace omen::exec {
namespace {

constexpr uint32_t kAllOfTheFirst = 64, kOneOf = 16;

bool IsTime(Oid type) {
  return type == oid::kTimestamp || type == oid::kTimestamptz || type == oid::kDate;
}

double MicrosOf(Oid type, const Value& value) {
  constexpr double kMicrosPerDay = 86'400e6;
  const auto number = static_cast<double>(value.AsInt());
  return type == oid::kDate ? number * kMicrosPerDay : number;
}

/// Of the first six bytes, which is what a double holds.
double PlaceOfText(std::string_view text) {
  double place = 0;
  for (size_t i = 0; i < 6; ++i) place = place * 256 + (i < text.size() ? uint8_t(text[i]) : 0);
  return place;
}

double PlaceOf(Oid type, const Value& value) {
  if (IsTime(type)) return MicrosOf(type, value);
  if (statistics::HasImage(type)) return statistics::ImageOf(type, value);
  return InfoOf(type).carrier == Carrier::kBytes ? PlaceOfText(value.AsBytes()) : 0;
}

/// Long values are told apart by their beginning and size: a run must not pay for them.
uint64_t IdentityOf(std::string_view bytes) {
  constexpr size_t kLooked = 1024;
  return sql::StableHash(bytes.substr(0, kLooked)) + bytes.size();
}

uint64_t IdentityOf(Oid type, const Value& value) {
  constexpr size_t kElementsLooked = 16;
  switch (InfoOf(type).carrier) {
    case Carrier::kBytes:
      return IdentityOf(value.AsBytes());
    case Carrier::kArray:
      if (const size_t size = value.AsArray().elements.size(); size > kElementsLooked) return size;
      return HashValue(type, value);
    default:
      return HashValue(type, value);
  }
}

/// "2026-12-01 ...": what may be a time.
bool LooksLikeTime(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         sql::ClassOf(text[0]) == sql::CharClass::kDigit;
}

}  // namespace

uint64_t IdentityOfValues(const RunValues& run) {
  constexpr uint64_t kMix = 0x9E3779B97F4A7C15;
  uint64_t identity = IdentityOf(run.text);
  for (size_t i = 0; i < std::min(run.types.size(), run.params.size()); ++i) {
    const Value& value = run.params[i];
    identity = (identity ^ (identity >> 29)) * kMix;
    identity += value.is_null() ? 1 : IdentityOf(run.types[i].oid, value);
  }
  return std::max<uint64_t>(identity, 1);
}

struct ParameterShapes::Sighting {
  uint64_t identity = 0;
  double place = 0;
  bool is_time = false;
};

bool ParameterShapes::Wants() {
  const uint32_t run = runs_.fetch_add(1, std::memory_order_relaxed);
  return run < kAllOfTheFirst || run % kOneOf == 0;
}

ParameterShapes::Sighting ParameterShapes::OfLiteral(std::string_view token, bool is_text) {
  Sighting seen{.identity = IdentityOf(token)};
  if (!is_text) {
    std::from_chars(token.data(), token.data() + token.size(), seen.place);
    return seen;
  }
  const size_t open = token.find('\'');
  if (open == std::string_view::npos || token.size() < open + 2) return seen;
  const std::string_view text = token.substr(open + 1, token.size() - open - 2);
  if (LooksLikeTime(text)) {
    constexpr Type kTime{oid::kTimestamptz, -1};
    if (const Result<Value> time = ParseText(kTime, text); time.ok()) {
      return {seen.identity, MicrosOf(kTime.oid, time.value()), true};
    }
  }
  seen.place = PlaceOfText(text);
  return seen;
}

std::vector<ParameterShapes::Sighting> ParameterShapes::LiteralsOf(std::string_view text) {
  std::vector<Sighting> seen;
  sql::Lexer lexer(text);
  for (sql::Token token = lexer.Next();
       token.kind != sql::TokenKind::kEnd && seen.size() < kParameters; token = lexer.Next()) {
    const bool is_text = token.kind == sql::TokenKind::kString;
    if (!is_text && token.kind != sql::TokenKind::kNumber) continue;
    seen.push_back(OfLiteral(lexer.TextOf(token), is_text));
  }
  return seen;
}

std::vector<ParameterShapes::Sighting> ParameterShapes::SightingsOf(const RunValues& run) {
  if (run.types.empty()) return LiteralsOf(run.text);
  std::vector<Sighting> seen;
  for (size_t i = 0; i < std::min({run.types.size(), run.params.size(), kParameters}); ++i) {
    const Oid type = run.types[i].oid;
    const Value& value = run.params[i];
    if (value.is_null()) {
      seen.emplace_back();
      continue;
    }
    seen.push_back({IdentityOf(type, value), PlaceOf(type, value), IsTime(type)});
  }
  return seen;
}

void ParameterShapes::Note(const RunValues& run) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  const std::vector<Sighting> seen = SightingsOf(run);
  while (parameters_.size() < seen.size()) parameters_.emplace_back();
  for (size_t i = 0; i < seen.size(); ++i) {
    Parameter& parameter = parameters_[i];
    parameter.pattern.Add(seen[i].identity, seen[i].place);
    if (seen[i].is_time) {
      parameter.to_now.Add(seen[i].place, static_cast<double>(run.now_micros) - seen[i].place);
    }
    if (i + 1 == seen.size()) break;
    parameter.to_next.Add(seen[i].place, seen[i + 1].place - seen[i].place);
  }
}

std::vector<ParameterShapes::Shown> ParameterShapes::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<Shown> all;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const learn::ValuePattern& pattern = parameters_[i].pattern;
    Shown shown{pattern.Shape(), pattern.values(), pattern.distinct(), pattern.top_share()};
    const auto goes_with_next = [&](size_t at) {
      return at + 1 < parameters_.size() && parameters_[at].to_next.steady() &&
             parameters_[at].pattern.rises() && parameters_[at + 1].pattern.rises();
    };
    const bool moves =
        parameters_[i].to_now.steady() || goes_with_next(i) || (i > 0 && goes_with_next(i - 1));
    if (shown.shape == learn::PatternShape::kIncreasing && moves) {
      shown.shape = learn::PatternShape::kWindow;
    }
    all.push_back(shown);
  }
  return all;
}

std::string ParameterShapes::Encode() const {
  const std::lock_guard lock(mutex_);
  PackedWriter out;
  out.Int(parameters_.size());
  for (const Parameter& parameter : parameters_) {
    out.Text(parameter.pattern.Encode());
    out.Int(parameter.to_now.steady() ? 1 : 0);
    out.Int(parameter.to_next.steady() ? 1 : 0);
  }
  return out.Take();
}

void ParameterShapes::Restore(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  PackedReader in(bytes);
  const size_t count = std::min(in.Count(), kParameters);
  parameters_.clear();
  for (size_t i = 0; i < count; ++i) {
    Parameter& parameter = parameters_.emplace_back();
    if (!parameter.pattern.Restore(in.Text())) break;
    parameter.to_now.Restore(in.Int() != 0);
    parameter.to_next.Restore(in.Int() != 0);
  }
}

}  // namespace omen::exec
