// A growing array whose growth may fail without an exception.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "base/status.h"
#include "learn/memory.h"

namespace omen::learn {

/// The one error of this layer: 53200.
inline Status OutOfMemory() { return Status(sqlstate::kOutOfMemory, "out of memory for an index"); }

/// Plain values in one block of a Memory. Movable; one thread at a time.
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit Array(Memory& memory) : memory_(&memory) {}
  Array(Array&& other) noexcept { *this = std::move(other); }
  Array& operator=(Array&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Array() { Release(); }

  [[nodiscard]] bool Reserve(size_t capacity) {
    if (capacity <= capacity_) return true;
    auto* grown = static_cast<T*>(memory_->Allocate(capacity * sizeof(T)));
    if (grown == nullptr) return false;
    if (size_ != 0) std::memcpy(static_cast<void*>(grown), data_, size_ * sizeof(T));
    if (data_ != nullptr) memory_->Free(data_, capacity_ * sizeof(T));
    data_ = grown;
    capacity_ = capacity;
    return true;
  }
  /// After this the next Append cannot fail.
  [[nodiscard]] bool MakeRoom() {
    return size_ < capacity_ || Reserve(capacity_ == 0 ? 16 : capacity_ * 2);
  }
  [[nodiscard]] bool Append(const T& value) {
    if (!MakeRoom()) [[unlikely]]
      return false;
    data_[size_++] = value;
    return true;
  }
  /// Sets the size; new elements are undefined.
  [[nodiscard]] bool Resize(size_t size) {
    if (!Reserve(size)) return false;
    size_ = size;
    return true;
  }
  void Truncate(size_t size) {
    OMEN_CHECK(size <= size_);
    size_ = size;
  }
  void Release() {
    if (data_ != nullptr) memory_->Free(data_, capacity_ * sizeof(T));
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  size_t bytes() const { return capacity_ * sizeof(T); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  Memory* memory_ = nullptr;
  T* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace omen::learn
