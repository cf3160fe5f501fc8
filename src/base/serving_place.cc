#include "base/serving_place.h"

namespace omen {
namespace {

thread_local ServingPlaces* held = nullptr;

}  // namespace

void HoldPlace(ServingPlaces* places) { held = places; }
bool HoldsPlace() { return held != nullptr; }

void PassPlace() {
  if (held != nullptr && held->PassOn()) held = nullptr;
}

}  // namespace omen
