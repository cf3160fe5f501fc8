// numeric.
#include <fmt/format.h>

#include "types/number/numeric.h"
#include "types/number/numeric_binary.h"
#include "types/operations/families.h"

namespace omen::types_internal {
namespace {

/// With the modifier at once: a number is carried only when it is what it stays.
Result<Value> ReadNumericText(const TypeInfo&, int32_t typmod, std::string_view text,
                              const TextContext&) {
  Result<Numeric> number = Numeric::Parse(text);
  if (number.ok() && typmod >= 0) number = number->ApplyTypmod(typmod);
  if (!number.ok()) return std::move(number).status();
  return number->ToValue();
}

void WriteNumericText(const TypeInfo&, int32_t, const Value& value, const TextStyle&,
                      std::string& out) {
  Numeric::FromValue(value).AppendTo(out);
}

Result<Value> ReadWireNumeric(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(const Numeric number, ParseNumericBinary(bytes));
  return number.ToValue();
}

void WriteWireNumeric(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  AppendNumericBinary(value.AsBytes(), out);
}

int CompareNumerics(const Value& a, const Value& b) {
  return CompareCarriedNumerics(a.AsBytes(), b.AsBytes());
}

uint64_t HashNumeric(const Value& value) { return HashCarriedNumeric(value.AsBytes()); }

Result<Value> ApplyNumericTypmod(const TypeInfo&, int32_t typmod, Value value, bool) {
  OMEN_ASSIGN_OR_RETURN(const Numeric limited, Numeric::FromValue(value).ApplyTypmod(typmod));
  return limited.ToValue();
}

std::string FormatNumericTypmod(int32_t typmod) {
  return fmt::format("numeric({},{})", NumericPrecision(typmod), NumericScale(typmod));
}

}  // namespace

constexpr TypeOperations kNumericOperations{.read_text = ReadNumericText,
                                            .write_text = WriteNumericText,
                                            .read_binary = ReadWireNumeric,
                                            .write_binary = WriteWireNumeric,
                                            .compare = CompareNumerics,
                                            .hash = HashNumeric,
                                            .apply_typmod = ApplyNumericTypmod,
                                            .format_typmod = FormatNumericTypmod,
                                            .reads_typmod = true};

}  // namespace omen::types_internal
