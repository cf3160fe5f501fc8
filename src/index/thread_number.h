// A small number for each living thread, given back when the thread ends: what per-thread slots
// are found by.
#pragma once

#include <cstdint>

namespace omen::index {

/// Numbers below this are exclusive; threads beyond get it and must share.
inline constexpr uint32_t kNumberedThreads = 64;

/// The calling thread's number.
uint32_t ThreadNumber();

}  // namespace omen::index
