#include "colstore/internal/vector/clocks.h"

#include <cstring>

#include "base/bytes.h"

namespace omen::colstore {
namespace {
constexpr uint64_t kTopBit = 1ull << 63;
}

UuidData PgUuid(duckdb::hugeint_t uuid) {
  UuidData out;
  const uint64_t high = SwapBytes(static_cast<uint64_t>(uuid.upper) ^ kTopBit);
  const uint64_t low = SwapBytes(uuid.lower);
  std::memcpy(out.data(), &high, 8);
  std::memcpy(out.data() + 8, &low, 8);
  return out;
}

duckdb::hugeint_t EngineUuid(const UuidData& uuid) {
  const auto* bytes = reinterpret_cast<const char*>(uuid.data());
  duckdb::hugeint_t out;
  out.upper = static_cast<int64_t>(LoadBigEndian<uint64_t>(bytes) ^ kTopBit);
  out.lower = LoadBigEndian<uint64_t>(bytes + 8);
  return out;
}

}  // namespace omen::colstore
