// What kernels share: errors with PostgreSQL's texts and short results.
#pragma once

#include <string_view>

#include "functions/kernel/function.h"

namespace omen::functions {

inline Status Return(Value* out, Value value) {
  *out = std::move(value);
  return Status::Ok();
}
inline Status ReturnInt(Value* out, int64_t value) { return Return(out, Value::Int(value)); }
inline Status ReturnBool(Value* out, bool value) { return Return(out, Value::Bool(value)); }
inline Status ReturnDouble(Value* out, double value) { return Return(out, Value::Double(value)); }
/// No value is larger, as in PostgreSQL.
inline constexpr size_t kTextBytesMax = (size_t{1} << 30) - 1;
Status TextTooLarge();  // 54000
inline Status ReturnText(Value* out, std::string_view text) {
  if (text.size() > kTextBytesMax) [[unlikely]]
    return TextTooLarge();
  return Return(out, Value::Text(text));
}

inline int64_t IntArg(const CallArgs& args, size_t i) { return args.values[i].AsInt(); }
inline double DoubleArg(const CallArgs& args, size_t i) { return args.values[i].AsDouble(); }
inline std::string_view BytesArg(const CallArgs& args, size_t i) {
  return args.values[i].AsBytes();
}

/// Of width_bucket.
Status BadBucket(const char* message);
Status OutOfRange(std::string_view what);  // 22003 "<what> out of range"
Status FloatOverflow();                    // 22003 "value out of range: overflow"
Status FloatUnderflow();
Status DatetimeOutOfRange(std::string_view what);  // 22008 "<what> out of range"

/// The kernel of functions that return their argument unchanged.
Status Identity(CallContext& context, const CallArgs& args, Value* out);

}  // namespace omen::functions
