#include "index/memory/thread_number.h"

#include <bit>
#include <mutex>

namespace omen::index {

namespace {

std::mutex& Mutex() {
  static std::mutex mutex;
  return mutex;
}
uint64_t taken = 0;  // bit i: number i is in use; under Mutex()

struct Number {
  uint32_t value;
  Number() {
    const std::lock_guard lock(Mutex());
    value = static_cast<uint32_t>(std::countr_one(taken));
    if (value < kNumberedThreads) taken |= uint64_t{1} << value;
    thread_number_taken = value + 1;
  }
  ~Number() {
    const std::lock_guard lock(Mutex());
    if (value < kNumberedThreads) taken &= ~(uint64_t{1} << value);
    thread_number_taken = kNumberedThreads + 1;  // whoever asks this late shares
  }
};

}  // namespace

constinit thread_local uint32_t thread_number_taken = 0;

uint32_t TakeThreadNumber() {
  static_assert(kNumberedThreads == 64);
  thread_local const Number number;
  return number.value;
}

}  // namespace omen::index
