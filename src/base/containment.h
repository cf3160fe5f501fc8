// What a broken invariant or an exception ends: the statement at hand, or the process.
//
// A session's work runs inside Contain: there a failed OMEN_CHECK throws, and whatever is thrown
// ends that work alone. While state that others share is half changed a SharedChange lives: there
// a failed check stops the process, and so does an exception that passes it. Threads in neither
// stop, as does a check in a destructor or a noexcept function.
// docs/decisions/0006-what-a-fault-ends.md says which code is which.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace omen {

/// What ended some contained work.
struct Fault {
  SqlState state;    // XX000, or 53200 where memory was refused
  std::string what;  // "invariant broken: a == b at file.cc:7"
  std::string stack;

  Status ToStatus() const;
};

/// The calling thread's work is one statement's while this lives: for code that an engine calls
/// on threads of its own, and turns what is thrown into its statement's error itself.
class ContainedScope {
 public:
  ContainedScope();
  ~ContainedScope();
  ContainedScope(const ContainedScope&) = delete;
  ContainedScope& operator=(const ContainedScope&) = delete;

 private:
  int shared_outside_;
};

/// While one lives the calling thread is changing state that others share.
class SharedChange {
 public:
  SharedChange();
  ~SharedChange();
  SharedChange(const SharedChange&) = delete;
  SharedChange& operator=(const SharedChange&) = delete;

 private:
  const int exceptions_;
};

/// Of the exception being handled.
Fault CurrentFault();

/// Runs `work` as one statement's. None when it returned.
template <std::invocable Work>
std::optional<Fault> Contain(Work&& work) {
  try {
    ContainedScope scope;
    std::forward<Work>(work)();
    return std::nullopt;
  } catch (...) {
    return CurrentFault();
  }
}

/// Called at every throw (throw_hook.cc): a handler no longer has the stack.
void NoteThrow();

/// Where a check failed that `message` tells of, for one that passed through an engine as text.
/// Empty when it is not known (any more).
std::string StackOf(std::string_view message);

}  // namespace omen
