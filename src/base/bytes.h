// Fixed-width integers in big- and little-endian byte strings; hexadecimal digits.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace omen {

template <std::unsigned_integral T>
constexpr T SwapBytes(T value) {
  if constexpr (sizeof(T) == 1) return value;
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
}

static_assert(std::endian::native == std::endian::little, "byte order is assumed little-endian");

template <std::unsigned_integral T>
void AppendBigEndian(std::string& out, T value) {
  value = SwapBytes(value);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <std::unsigned_integral T>
void StoreBigEndian(char* to, T value) {
  value = SwapBytes(value);
  std::memcpy(to, &value, sizeof value);
}

template <std::unsigned_integral T>
T LoadBigEndian(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return SwapBytes(value);
}

template <std::unsigned_integral T>
void AppendLittleEndian(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <std::unsigned_integral T>
T LoadLittleEndian(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Value of a hexadecimal digit in either case, -1 if it is none.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace omen
