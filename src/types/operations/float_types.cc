// float4 and float8.
#include <bit>
#include <cmath>

#include "types/internal/hash.h"
#include "types/io.h"
#include "types/operations/families.h"
#include "types/operations/wire_reader.h"
#include "types/text/scalar_text.h"

namespace omen::types_internal {
namespace {

template <bool kSingle>
Result<Value> ReadFloatText(const TypeInfo&, int32_t, std::string_view text, const TextContext&) {
  OMEN_ASSIGN_OR_RETURN(const double value, ParseFloat(kSingle, text));
  return Value::Double(value);
}

template <bool kSingle>
void WriteFloatText(const TypeInfo&, int32_t, const Value& value, const TextStyle& style,
                    std::string& out) {
  AppendFloat(kSingle, value.AsDouble(), style.extra_float_digits, out);
}

template <typename Float, typename Bits>
Result<Value> ReadWireFloat(const TypeInfo&, std::string_view bytes) {
  OMEN_ASSIGN_OR_RETURN(const Bits bits, WholeInteger<Bits>(bytes));
  return Value::Double(std::bit_cast<Float>(bits));
}

template <typename Float, typename Bits>
void WriteWireFloat(const TypeInfo&, int32_t, const Value& value, std::string& out) {
  AppendBigEndian(out, std::bit_cast<Bits>(static_cast<Float>(value.AsDouble())));
}

int CompareFloats(const Value& a, const Value& b) {
  return OrderFloats(a.AsDouble(), b.AsDouble());
}

uint64_t HashFloat(const Value& value) {
  double number = value.AsDouble();
  if (std::isnan(number)) return Mix(kHashSeed, 1);
  if (number == 0) number = 0;  // -0.0 equals 0.0
  return Mix(std::bit_cast<uint64_t>(number), 2);
}

}  // namespace

constexpr TypeOperations kFloat4Operations{ReadFloatText<true>,
                                           WriteFloatText<true>,
                                           ReadWireFloat<float, uint32_t>,
                                           WriteWireFloat<float, uint32_t>,
                                           CompareFloats,
                                           HashFloat};
constexpr TypeOperations kFloat8Operations{ReadFloatText<false>,
                                           WriteFloatText<false>,
                                           ReadWireFloat<double, uint64_t>,
                                           WriteWireFloat<double, uint64_t>,
                                           CompareFloats,
                                           HashFloat};

}  // namespace omen::types_internal
