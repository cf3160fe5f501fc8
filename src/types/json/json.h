// JSON: checked text for `json`, parsed values and canonical text for `jsonb`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "types/number/numeric.h"

namespace omen {

/// A parsed JSON value. Members of an object are in jsonb's order (by length, then bytes) and
/// without duplicates. Value type.
struct JsonValue {
  enum class Kind : uint8_t { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

  Kind kind = Kind::kNull;
  Numeric number;
  std::string string;
  std::vector<JsonValue> items;
  std::vector<std::pair<std::string, JsonValue>> members;

  /// The member of this name; null if there is none or this is no object.
  const JsonValue* Find(std::string_view name) const;
};

/// How deep arrays and objects may nest; beyond is 54001.
inline constexpr int kMaxJsonDepth = 3000;

/// What json_in checks; the text itself is the value. 22P02 with PostgreSQL's detail.
Status ValidateJson(std::string_view text);
/// What jsonb_in does: unescapes, reads numbers, drops all but the last of equal keys.
Result<JsonValue> ParseJson(std::string_view text);
/// Whether every string of a valid text, names included, can be read: 22P02 for surrogates that do
/// not pair, 22P05 for \u0000. json holds such text; what reads parts of it must not pass it by.
Status CheckJsonEscapes(std::string_view text);
/// Sorts the members and keeps the last of equal names, for objects put together by hand.
void NormalizeMembers(JsonValue& object);
/// As jsonb_out prints it.
void AppendJsonb(const JsonValue& value, std::string& out);
/// The canonical text of any JSON text.
Result<std::string> CanonicalJsonb(std::string_view text);
/// Appends a JSON string literal.
void AppendJsonString(std::string_view text, std::string& out);

/// btree order of jsonb: Object > Array > Boolean > Number > String > Null, and so on inward.
int CompareJson(const JsonValue& a, const JsonValue& b);
/// The same on canonical texts.
int CompareJsonb(std::string_view a, std::string_view b);
/// Equal jsonb values hash equally, whatever the display scale of their numbers.
uint64_t HashJsonb(std::string_view canonical);

}  // namespace omen
