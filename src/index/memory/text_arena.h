// The bytes of string keys: only ever appended to, freed as a whole with their structure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "learn/array.h"

namespace omen::index {

/// One writer; bytes once written never move, so readers may hold pointers to them.
class TextArena {
 public:
  explicit TextArena(learn::Memory& memory) : memory_(memory), chunks_(memory) {}
  TextArena(const TextArena&) = delete;
  TextArena& operator=(const TextArena&) = delete;
  ~TextArena() {
    for (const Chunk& chunk : chunks_) memory_.Free(chunk.bytes, chunk.size);
  }

  /// A 32-bit length and the text; null when memory is refused.
  const char* Add(std::string_view text) {
    const size_t need = sizeof(uint32_t) + text.size();
    if (need > left_ && !Grow(need)) return nullptr;
    char* const at = next_;
    const auto length = static_cast<uint32_t>(text.size());
    std::memcpy(at, &length, sizeof length);
    if (length != 0) std::memcpy(at + sizeof length, text.data(), text.size());
    next_ += need;
    left_ -= need;
    used_ += need;
    return at;
  }
  /// Room in one piece for about as much as will come; false when memory is refused.
  [[nodiscard]] bool Reserve(size_t bytes) {
    reserved_ = bytes;
    return bytes == 0 || Grow(bytes);
  }
  size_t bytes() const { return bytes_; }
  /// Without what stands empty.
  size_t used() const { return used_; }

 private:
  struct Chunk {
    char* bytes;
    size_t size;
  };
  static constexpr size_t kFirst = size_t{4} << 10, kLargest = size_t{4} << 20;

  bool Grow(size_t need) {
    if (!chunks_.MakeRoom()) return false;
    const size_t more = std::clamp(reserved_ == 0 ? bytes_ : reserved_ / 16, kFirst, kLargest);
    const size_t size = std::max(need, more);
    auto* bytes = static_cast<char*>(memory_.Allocate(size));
    if (bytes == nullptr) return false;
    const bool room = chunks_.Append({bytes, size});
    OMEN_CHECK(room);
    next_ = bytes;
    left_ = size;
    bytes_ += size;
    return true;
  }

  learn::Memory& memory_;
  learn::Array<Chunk> chunks_;
  char* next_ = nullptr;
  size_t left_ = 0;
  size_t reserved_ = 0;
  size_t bytes_ = 0;
  size_t used_ = 0;
};

}  // namespace omen::index
