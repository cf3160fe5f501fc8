#include <fmt/format.h>

#include "types/internal/scalar_text.h"
#include "types/io.h"
#include "types/numeric.h"

namespace omen {

using namespace types_internal;  // NOLINT: the text forms of this folder

namespace {

/// Both varchar(n) and char(n): what is too long may lose spaces, and in a cast anything.
Result<Value> ApplyLength(Type type, Value value, bool explicit_cast) {
  std::string_view text = value.AsBytes();
  size_t limit = type.typmod - 4;
  // A text of no more bytes than characters allowed needs no counting.
  if (text.size() <= limit) return value;
  size_t keep = BytesOfCharacters(text, limit);
  if (keep == text.size()) return value;
  bool only_spaces = text.find_first_not_of(' ', keep) == std::string_view::npos;
  if (!explicit_cast && !only_spaces) {
    return Status(sqlstate::kStringTooLong,
                  fmt::format("value too long for type {}", FormatType(type)));
  }
  text = text.substr(0, keep);
  if (type.oid == oid::kBpchar) {
    while (text.ends_with(' ')) text.remove_suffix(1);
  }
  return Value::Bytes(text);
}

}  // namespace

Result<Value> ApplyTypmod(Type type, Value value, bool explicit_cast) {
  if (type.typmod < 0 || value.is_null()) return value;
  switch (type.oid) {
    case oid::kVarchar:
    case oid::kBpchar:
      return ApplyLength(type, std::move(value), explicit_cast);
    case oid::kNumeric: {
      OMEN_ASSIGN_OR_RETURN(Numeric limited, Numeric::FromValue(value).ApplyTypmod(type.typmod));
      return limited.ToValue();
    }
    default:
      return value;
  }
}

}  // namespace omen
