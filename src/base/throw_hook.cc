// Every throw of the process passes here on its way to the runtime's own, so that contained code
// that throws is known by its place. Must stay alone in its file: the compiler declares the
// function by itself where something is thrown.
#include <dlfcn.h>

#include <cstdlib>

#include "base/containment.h"

extern "C" [[noreturn]] void __cxa_throw(void* thrown, void* type, void (*destroy)(void*)) {
  using Throw = void (*)(void*, void*, void (*)(void*));
  static const auto next = reinterpret_cast<Throw>(dlsym(RTLD_NEXT, "__cxa_throw"));
  omen::NoteThrow();
  next(thrown, type, destroy);
  std::abort();
}
