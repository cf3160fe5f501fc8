#include "base/contention/wait_order.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/check.h"

namespace omen {
namespace {

constexpr size_t kSteps = static_cast<size_t>(WaitStep::kTurn) + 1;
/// How many things of each step this thread holds.
thread_local std::array<uint16_t, kSteps> held{};

}  // namespace

void MayWaitFor(WaitStep step) {
  const auto from = held.begin() + static_cast<ptrdiff_t>(step);
  const bool in_order = std::all_of(from, held.end(), [](uint16_t count) { return count == 0; });
  OMEN_CHECK(in_order);
}

HeldStep::HeldStep(WaitStep step) : step_(step) { ++held[static_cast<size_t>(step_)]; }

HeldStep::~HeldStep() { --held[static_cast<size_t>(step_)]; }

}  // namespace omen
