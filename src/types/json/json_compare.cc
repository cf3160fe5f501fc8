// Order and hash of jsonb.
#include "types/internal/hash.h"
#include "types/internal/three_way.h"
#include "types/json/json.h"

namespace omen {

using namespace types_internal;  // NOLINT: the hashing of this folder

namespace {

using JsonKind = JsonValue::Kind;

int Sign(int order) { return order < 0 ? -1 : order > 0; }

/// Null < String < Number < Boolean < Array < Object.
int RankOfKind(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::kNull:
      return 0;
    case JsonKind::kString:
      return 1;
    case JsonKind::kNumber:
      return 2;
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return 3;
    case JsonKind::kArray:
      return 4;
    case JsonKind::kObject:
      break;
  }
  return 5;
}

int CompareInner(const JsonValue& a, const JsonValue& b);

/// More elements first decide, then the elements.
int CompareJsonArrays(const JsonValue& a, const JsonValue& b) {
  int order = ThreeWay(a.items.size(), b.items.size());
  for (size_t i = 0; order == 0 && i < a.items.size(); ++i) {
    order = CompareInner(a.items[i], b.items[i]);
  }
  return order;
}

int CompareObjects(const JsonValue& a, const JsonValue& b) {
  int order = ThreeWay(a.members.size(), b.members.size());
  for (size_t i = 0; order == 0 && i < a.members.size(); ++i) {
    order = Sign(a.members[i].first.compare(b.members[i].first));
    if (order == 0) order = CompareInner(a.members[i].second, b.members[i].second);
  }
  return order;
}

int CompareInner(const JsonValue& a, const JsonValue& b) {
  if (RankOfKind(a) != RankOfKind(b)) return RankOfKind(a) < RankOfKind(b) ? -1 : 1;
  switch (a.kind) {
    case JsonKind::kString:
      return Sign(a.string.compare(b.string));
    case JsonKind::kNumber:
      return Numeric::Compare(a.number, b.number);
    case JsonKind::kArray:
      return CompareJsonArrays(a, b);
    case JsonKind::kObject:
      return CompareObjects(a, b);
    default:
      return ThreeWay(a.kind == JsonKind::kTrue, b.kind == JsonKind::kTrue);
  }
}

bool IsEmptyArray(const JsonValue& value) {
  return value.kind == JsonKind::kArray && value.items.empty();
}

uint64_t HashInner(const JsonValue& value) {
  auto hash = Mix(static_cast<uint64_t>(value.kind), kHashSeed);
  switch (value.kind) {
    case JsonKind::kString:
      return Mix(hash, HashBytes(value.string));
    case JsonKind::kNumber:
      return Mix(hash, value.number.Hash());
    case JsonKind::kArray:
      for (const JsonValue& item : value.items) hash = Mix(hash, HashInner(item));
      return hash;
    case JsonKind::kObject:
      for (const auto& [name, member] : value.members) {
        hash = Mix(Mix(hash, HashBytes(name)), HashInner(member));
      }
      return hash;
    default:
      return hash;
  }
}

}  // namespace

int CompareJson(const JsonValue& a, const JsonValue& b) {
  // At the top a scalar counts as an array of one, which is more than none.
  if (IsEmptyArray(a) && RankOfKind(b) < 4) return -1;
  if (IsEmptyArray(b) && RankOfKind(a) < 4) return 1;
  return CompareInner(a, b);
}

int CompareJsonb(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  Result<JsonValue> x = ParseJson(a);
  Result<JsonValue> y = ParseJson(b);
  // Canonical text always parses; should bytes be damaged, an order by bytes is still an order.
  if (!x.ok() || !y.ok()) return Sign(a.compare(b));
  return CompareJson(*x, *y);
}

uint64_t HashJsonb(std::string_view canonical) {
  Result<JsonValue> value = ParseJson(canonical);
  return value.ok() ? HashInner(*value) : HashBytes(canonical);
}

}  // namespace omen
