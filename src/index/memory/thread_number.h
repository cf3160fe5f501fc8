// A small number for each living thread, given back when the thread ends: what per-thread slots
// are found by.
#pragma once

#include <cstdint>

namespace omen::index {

/// Numbers below this are exclusive; threads beyond get it and must share.
inline constexpr uint32_t kNumberedThreads = 64;

/// The calling thread's number and one more; 0 before it was asked for.
extern constinit thread_local uint32_t thread_number_taken;
uint32_t TakeThreadNumber();

/// The calling thread's number. Every lookup asks.
inline uint32_t ThreadNumber() {
  return thread_number_taken != 0 ? thread_number_taken - 1 : TakeThreadNumber();
}

}  // namespace omen::index
