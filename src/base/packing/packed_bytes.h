// Integers and texts in as few bytes as they need, for records that are kept.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace omen {

/// Seven bits in each byte, the lowest first.
inline void AppendVarint(std::string& out, uint64_t value) {
  char bytes[10];
  size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes, size);
}

/// Writes what PackedReader reads. One thread.
class PackedWriter {
 public:
  void Int(uint64_t value) { AppendVarint(bytes_, value); }
  void Fixed(uint64_t value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void Double(double value) { Fixed(std::bit_cast<uint64_t>(value)); }
  void Text(std::string_view text) {
    Int(text.size());
    bytes_ += text;
  }
  std::string&& Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads bytes of any origin: where there is less than is asked for, it fails for good and all
/// that follows is zero. One thread.
class PackedReader {
 public:
  explicit PackedReader(std::string_view in) : in_(in) {}
  uint64_t Int() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(in_.front());
      in_.remove_prefix(1);
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }
  uint64_t Fixed() {
    uint64_t value = 0;
    if (in_.size() < sizeof value) return Fail();
    std::memcpy(&value, in_.data(), sizeof value);
    in_.remove_prefix(sizeof value);
    return value;
  }
  double Double() { return std::bit_cast<double>(Fixed()); }
  std::string_view Text() {
    const uint64_t size = Int();
    if (size > in_.size()) Fail();
    const std::string_view text = in_.substr(0, ok_ ? size : 0);
    in_.remove_prefix(text.size());
    return text;
  }
  /// Of entries that take a byte each at least.
  size_t Count() {
    const uint64_t count = Int();
    return count <= in_.size() ? count : Fail();
  }
  bool ok() const { return ok_; }
  /// Everything was there and was read.
  bool whole() const { return ok_ && in_.empty(); }

 private:
  uint64_t Fail() {
    ok_ = false;
    in_ = {};
    return 0;
  }

  std::string_view in_;
  bool ok_ = true;
};

}  // namespace omen
