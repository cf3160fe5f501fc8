#include "functions/kernel/kernel.h"

#include <string>

namespace omen::functions {

Status TextTooLarge() { return Status(sqlstate::kProgramLimit, "requested length too large"); }

Status BadBucket(const char* message) { return Status(SqlState{"2201G"}, message); }

Status OutOfRange(std::string_view what) {
  return Status(sqlstate::kNumericOutOfRange, std::string(what) + " out of range");
}

Status FloatOverflow() {
  return Status(sqlstate::kNumericOutOfRange, "value out of range: overflow");
}

Status FloatUnderflow() {
  return Status(sqlstate::kNumericOutOfRange, "value out of range: underflow");
}

Status DatetimeOutOfRange(std::string_view what) {
  return Status(sqlstate::kDatetimeOverflow, std::string(what) + " out of range");
}

Status Identity(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, args.values[0]);
}

}  // namespace omen::functions
