// Threads that begin together.
#pragma once

#include <latch>
#include <thread>
#include <vector>

namespace omen {

/// Runs body(0) to body(count - 1) at once and waits for all.
template <typename Body>
void Crowd(int count, const Body& body) {
  std::latch start(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      body(i);
    });
  }
}

}  // namespace omen
