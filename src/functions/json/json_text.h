// Reading parts of JSON without parsing the whole: a part of a valid text is a piece of it.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "types/type.h"

namespace omen::functions {

enum class JsonKind : uint8_t { kObject, kArray, kString, kNumber, kBool, kNull };

/// `text` is a whole JSON value, perhaps with blanks around it, as are all texts below.
JsonKind KindOfJson(std::string_view text);
/// json_typeof's word.
std::string_view NameOf(JsonKind kind);
/// The errors that PostgreSQL gives for any string of a json text, wherever it stands, when a
/// function reads a part of it; see CheckJsonEscapes. A jsonb has none.
Status CheckEscapes(Oid type, std::string_view text);
/// The characters that a string literal, quotes included, stands for; its escapes were checked.
std::string UnescapeJson(std::string_view literal);

/// The members of an object, one after the other.
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view object);
  /// `key` is the literal with its quotes.
  bool Next(std::string_view* key, std::string_view* value);

 private:
  std::string_view rest_;
};

/// The elements of an array, one after the other.
class JsonItems {
 public:
  explicit JsonItems(std::string_view array);
  bool Next(std::string_view* value);

 private:
  std::string_view rest_;
};

/// The value of the last member of that name; false when there is none.
bool FindJsonMember(std::string_view object, std::string_view name, std::string_view* value);
/// Negative indexes count from the end.
bool FindJsonItem(std::string_view array, int64_t index, std::string_view* value);
int64_t CountJsonItems(std::string_view array);

}  // namespace omen::functions
