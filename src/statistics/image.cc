#include "statistics/image.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "types/datetime/datetime.h"
#include "types/io.h"
#include "types/number/numeric.h"

namespace omen::statistics {
namespace {

thread_local uint64_t comparisons = 0;

/// Integers of any width are one, and floating numbers.
TypeForm FamilyOf(TypeForm form) {
  if (form == TypeForm::kInt2 || form == TypeForm::kInt4) return TypeForm::kInt8;
  return form == TypeForm::kFloat4 ? TypeForm::kFloat8 : form;
}

constexpr double kMicrosPerDayImage = 86'400e6;
constexpr double kDaysPerMonthImage = 30;

double IntervalImage(const IntervalData& interval) {
  const double days = interval.days + kDaysPerMonthImage * interval.months;
  return static_cast<double>(interval.micros) + days * kMicrosPerDayImage;
}

/// What the characters of the strings seem to be of, as convert_string_to_scalar guesses.
struct ByteRange {
  int low = 255, high = 0;

  void Widen(int from, int to) {
    if (low <= to && high >= from) {
      low = std::min(low, from);
      high = std::max(high, to);
    }
  }
  void Look(std::string_view text) {
    for (const char c : text) {
      const int byte = static_cast<unsigned char>(c);
      low = std::min(low, byte);
      high = std::max(high, byte);
    }
  }
  void Settle() {
    Widen('A', 'Z');
    Widen('a', 'z');
    Widen('0', '9');
    if (high - low < 9) low = ' ', high = 127;
  }
};

double StringImage(std::string_view text, const ByteRange& range) {
  constexpr size_t kBytes = 12;  // more do not change a double
  const double base = range.high - range.low + 1;
  double image = 0, unit = base;
  for (const char c : text.substr(0, kBytes)) {
    const int byte = std::clamp<int>(static_cast<unsigned char>(c), range.low - 1, range.high + 1);
    image += (byte - range.low) / unit;
    unit *= base;
  }
  return image;
}

double StringPlace(std::string_view lower, std::string_view value, std::string_view upper) {
  const size_t shortest = std::min({lower.size(), value.size(), upper.size()});
  size_t same = 0;
  while (same < shortest && lower[same] == upper[same] && lower[same] == value[same]) ++same;
  ByteRange range;
  range.Look(lower.substr(same));
  range.Look(upper.substr(same));
  range.Settle();
  return PlaceBetween(StringImage(lower.substr(same), range),
                      StringImage(value.substr(same), range),
                      StringImage(upper.substr(same), range));
}

double UuidPlace(const UuidData& lower, const UuidData& value, const UuidData& upper) {
  const auto image = [](const UuidData& uuid) {
    double sum = 0;
    for (const uint8_t byte : uuid) sum = sum * 256 + byte;
    return sum;
  };
  return PlaceBetween(image(lower), image(value), image(upper));
}

}  // namespace

bool IsOrdered(Oid type) {
  const TypeInfo* info = FindType(type);
  if (info == nullptr || info->element != oid::kInvalid) return false;
  return type != oid::kJson && type != oid::kJsonb && info->category != TypeCategory::kPseudo &&
         info->operations != nullptr && info->operations->compare != nullptr;
}

bool AreComparable(Oid type, Oid other) {
  const TypeInfo *info = FindType(type), *other_info = FindType(other);
  if (info == nullptr || other_info == nullptr) return false;
  return FamilyOf(info->form) == FamilyOf(other_info->form) &&
         info->operations->compare == other_info->operations->compare;
}

int Compare(Oid type, const Value& a, const Value& b) {
  ++comparisons;
  return CompareValues(type, a, b);
}

uint64_t Comparisons() { return comparisons; }

bool HasImage(Oid type) {
  const TypeInfo& info = InfoOf(type);
  switch (info.carrier) {
    case Carrier::kInt:
    case Carrier::kDouble:
    case Carrier::kInterval:
      return true;
    default:
      return info.form == TypeForm::kNumeric;
  }
}

double ImageOf(Oid type, const Value& value) {
  switch (InfoOf(type).carrier) {
    case Carrier::kInt:
      return static_cast<double>(value.AsInt());
    case Carrier::kDouble:
      return value.AsDouble();
    case Carrier::kInterval:
      return IntervalImage(value.AsInterval());
    default:
      return Numeric::FromValue(value).ToDouble();
  }
}

double PlaceBetween(double lower, double value, double upper) {
  if (!(upper > lower) || !std::isfinite(upper - lower)) return 0.5;
  const double place = (value - lower) / (upper - lower);
  return std::isnan(place) ? 0.5 : std::clamp(place, 0.0, 1.0);
}

double PlaceBetween(Oid type, const Value& lower, const Value& value, const Value& upper) {
  if (HasImage(type)) {
    return PlaceBetween(ImageOf(type, lower), ImageOf(type, value), ImageOf(type, upper));
  }
  switch (InfoOf(type).carrier) {
    case Carrier::kBytes:
      return StringPlace(lower.AsBytes(), value.AsBytes(), upper.AsBytes());
    case Carrier::kUuid:
      return UuidPlace(lower.AsUuid(), value.AsUuid(), upper.AsUuid());
    default:
      return 0.5;
  }
}

}  // namespace omen::statistics
