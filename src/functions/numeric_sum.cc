#include "functions/numeric_sum.h"

namespace omen::functions {

namespace {

// Beyond this a scale-up could leave __int128; larger scales go the slow way.
constexpr int kMaxFastScale = 18;

bool MultiplyByPowerOfTen(int power, __int128* value) {
  for (int i = 0; i < power; ++i) {
    if (__builtin_mul_overflow(*value, static_cast<__int128>(10), value)) return false;
  }
  return true;
}

}  // namespace

bool NumericSum::AddScaled(__int128 unscaled, int scale) {
  __int128 total = fast_;
  if (scale > fast_scale_ && !MultiplyByPowerOfTen(scale - fast_scale_, &total)) return false;
  if (scale < fast_scale_ && !MultiplyByPowerOfTen(fast_scale_ - scale, &unscaled)) return false;
  if (__builtin_add_overflow(total, unscaled, &total)) return false;
  fast_ = total;
  fast_scale_ = std::max(fast_scale_, scale);
  return true;
}

void NumericSum::AddInteger(__int128 value) {
  if (AddScaled(value, 0)) return;
  // Integers cannot overflow numeric, so neither of these sums can fail.
  OMEN_CHECK(Flush().ok());
  OMEN_CHECK(Add(Numeric::FromInt128(value, 0)).ok());
}

bool NumericSum::TryAddFast(const Numeric& value) {
  __int128 unscaled;
  int scale = value.display_scale();
  if (scale > kMaxFastScale || value.is_special()) return false;
  return value.ToInt128(scale, &unscaled) && AddScaled(unscaled, scale);
}

Status NumericSum::Flush() {
  OMEN_ASSIGN_OR_RETURN(slow_, Total());
  fast_ = 0;
  fast_scale_ = 0;
  return Status::Ok();
}

Status NumericSum::Add(const Numeric& value) {
  if (TryAddFast(value)) return Status::Ok();
  OMEN_RETURN_IF_ERROR(Flush());
  if (TryAddFast(value)) return Status::Ok();
  OMEN_ASSIGN_OR_RETURN(slow_, Numeric::Add(slow_, value));
  return Status::Ok();
}

Result<Numeric> NumericSum::Total() const {
  return Numeric::Add(slow_, Numeric::FromInt128(fast_, fast_scale_));
}

}  // namespace omen::functions
