#include "base/contention/serving_place.h"

namespace omen {
namespace {

thread_local ServingPlaces* serving_for = nullptr;
thread_local bool holds = false;

}  // namespace

void HoldPlace(ServingPlaces* places) {
  serving_for = places;
  holds = places != nullptr;
}

bool HoldsPlace() { return holds; }

void PassPlace(Pause pause) {
  if (serving_for != nullptr) holds = serving_for->PassOn(holds, pause);
}

}  // namespace omen
