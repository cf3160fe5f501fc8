// Whether the calling thread works for a client or gives way to those who do.
#pragma once

#include <utility>

namespace omen {

/// Static: of the calling thread. Queues that admit a few at a time let clients go first.
class Background {
 public:
  static bool Here() { return here_; }

  /// While it lives the thread's work gives way.
  class Scope {
   public:
    Scope() : before_(std::exchange(here_, true)) {}
    ~Scope() { here_ = before_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    const bool before_;
  };

 private:
  static inline thread_local bool here_ = false;
};

}  // namespace omen
