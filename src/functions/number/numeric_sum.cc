#include "functions/number/numeric_sum.h"

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
  Flush();
  AddFinite(Decimal::FromInt128(value, 0));
}

bool NumericSum::TryAddFast(const Numeric& value) {
  __int128 unscaled;
  int scale = value.display_scale();
  if (scale > kMaxFastScale) return false;
  return value.ToInt128(scale, &unscaled) && AddScaled(unscaled, scale);
}

void NumericSum::Flush() {
  slow_ = Finite();
  fast_ = 0;
  fast_scale_ = 0;
}

void NumericSum::AddFinite(const Decimal& value) { slow_ = AddDecimals(slow_, value); }

void NumericSum::AddSpecial(Numeric::Kind kind) {
  if (!has_special()) {
    special_ = kind;
  } else if (special_ != kind) {
    special_ = Numeric::Kind::kNaN;
  }
}

void NumericSum::Add(const Numeric& value) {
  if (value.is_special()) return AddSpecial(value.kind());
  if (TryAddFast(value)) return;
  Flush();
  if (!TryAddFast(value)) AddFinite(value.decimal());
}

void NumericSum::Merge(const NumericSum& other) {
  if (other.has_special()) AddSpecial(other.special_);
  AddFinite(other.Finite());
}

Decimal NumericSum::Finite() const {
  return AddDecimals(slow_, Decimal::FromInt128(fast_, fast_scale_));
}

Result<Numeric> NumericSum::Total() const {
  return has_special() ? Numeric::Special(special_) : Numeric::Checked(Finite());
}

}  // namespace omen::functions
