#include "functions/kernel/letters.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <cwctype>
#include <map>

#include "base/work.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

constexpr uint32_t kFirstBeyondAscii = 0x80;

/// The C library's tables, whatever the process's own locale is; null where it has none.
locale_t Unicode() {
  static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return unicode;
}

uint32_t ToLower(uint32_t code) {
  if (code < kFirstBeyondAscii) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  return Unicode() == nullptr ? code : static_cast<uint32_t>(towlower_l(code, Unicode()));
}

uint32_t ToUpper(uint32_t code) {
  if (code < kFirstBeyondAscii) return code >= 'a' && code <= 'z' ? code - 32 : code;
  return Unicode() == nullptr ? code : static_cast<uint32_t>(towupper_l(code, Unicode()));
}

bool IsWordCharacter(uint32_t code) {
  if (code < kFirstBeyondAscii) {
    const uint32_t lower = code | 32;
    return (lower >= 'a' && lower <= 'z') || (code >= '0' && code <= '9');
  }
  return Unicode() != nullptr && iswalnum_l(code, Unicode()) != 0;
}

template <typename Change>
std::string Changed(std::string_view text, Change change) {
  constexpr size_t kRun = 64;
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    Work::Poll(kRun);
    const size_t end = std::min(text.size(), at + kRun);
    for (; at < end && static_cast<unsigned char>(text[at]) < kFirstBeyondAscii; ++at) {
      out += static_cast<char>(change(static_cast<unsigned char>(text[at])));
    }
    if (at < end) AppendCharacter(change(DecodeCharacter(text, &at)), out);
  }
  return out;
}

bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < kFirstBeyondAscii;
}

/// In one pass that the compiler makes wide.
template <char kFirst, char kLast>
std::string FlippedCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c ^= static_cast<char>((c >= kFirst && c <= kLast) ? 0x20 : 0);
  return out;
}

/// Texts of which no more than a glance at the clock is needed.
constexpr size_t kShortText = 4096;

CodeRanges RangesOf(wctype_t type) {
  CodeRanges ranges;
  for (uint32_t code = kFirstBeyondAscii; code <= kLastCode; ++code) {
    if (iswctype_l(code, type, Unicode()) == 0) continue;
    if (!ranges.empty() && ranges.back().second + 1 == code) {
      ranges.back().second = code;
    } else {
      ranges.emplace_back(code, code);
    }
  }
  return ranges;
}

std::map<std::string, CodeRanges, std::less<>> AllRanges() {
  constexpr std::array kNames = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
                                 "lower", "print", "punct", "space", "upper"};
  std::map<std::string, CodeRanges, std::less<>> all;
  if (Unicode() == nullptr) return all;
  for (const char* name : kNames) all[name] = RangesOf(wctype_l(name, Unicode()));
  return all;
}

}  // namespace

std::string LowerText(std::string_view text) {
  if (text.size() <= kShortText && IsAscii(text)) return FlippedCase<'A', 'Z'>(text);
  return Changed(text, ToLower);
}

std::string UpperText(std::string_view text) {
  if (text.size() <= kShortText && IsAscii(text)) return FlippedCase<'a', 'z'>(text);
  return Changed(text, ToUpper);
}

std::string CapitalizeText(std::string_view text) {
  bool in_word = false;
  return Changed(text, [&](uint32_t code) {
    const uint32_t changed = in_word ? ToLower(code) : ToUpper(code);
    in_word = IsWordCharacter(changed);
    return changed;
  });
}

const CodeRanges& LettersBeyondAscii(std::string_view name) {
  static const auto all = AllRanges();
  static const CodeRanges none;
  const auto found = all.find(name == "word" ? "alnum" : name);
  return found == all.end() ? none : found->second;
}

const std::vector<std::pair<uint32_t, uint32_t>>& CasePairs() {
  static const auto all = [] {
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t code = 0; code <= kLastCode; ++code) {
      for (const uint32_t other : {ToLower(code), ToUpper(code)}) {
        if (other != code) pairs.emplace_back(code, other);
      }
    }
    std::ranges::sort(pairs);
    pairs.erase(std::ranges::unique(pairs).begin(), pairs.end());
    return pairs;
  }();
  return all;
}

}  // namespace omen::functions
