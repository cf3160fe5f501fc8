// Objects in a Memory: made without exceptions, counted with everything else.
#pragma once

#include <new>
#include <utility>

#include "learn/memory.h"

namespace omen::index {

/// Null when memory is refused.
template <typename T, typename... Arguments>
T* Place(learn::Memory& memory, Arguments&&... arguments) {
  void* space = memory.Allocate(sizeof(T));
  return space == nullptr ? nullptr : new (space) T(std::forward<Arguments>(arguments)...);
}

template <typename T>
void Unplace(learn::Memory& memory, T* object) {
  if (object == nullptr) return;
  object->~T();
  memory.Free(object, sizeof(T));
}

}  // namespace omen::index
