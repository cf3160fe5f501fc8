#include "base/containment.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <new>

#include "base/check.h"

namespace omen {
namespace {

constexpr int kFramesMax = 48;
constexpr size_t kKeptFaults = 32;

thread_local int contained = 0;  // scopes around this point
thread_local int shared = 0;     // changes of shared state around it, since the last scope

/// Return addresses, cheap to take.
struct Frames {
  std::array<void*, kFramesMax> at;
  int count = 0;

  void Take() { count = backtrace(at.data(), kFramesMax); }
};

thread_local Frames thrown_at;

std::string FrameText(void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) {
    return fmt::format("  {}\n", address);
  }
  const auto offset = static_cast<const char*>(address) - static_cast<const char*>(info.dli_fbase);
  std::string name;
  if (info.dli_sname != nullptr) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> plain(
        abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status), std::free);
    name = status == 0 ? plain.get() : info.dli_sname;
  }
  return fmt::format("  {}+{:#x} {}\n", info.dli_fname, offset, name);
}

std::string StackText(const Frames& frames) {
  std::string text;
  for (int i = 1; i < frames.count; ++i) text += FrameText(frames.at[static_cast<size_t>(i)]);
  return text;
}

/// What a failed check throws in contained code.
class BrokenInvariant final : public std::exception {
 public:
  explicit BrokenInvariant(std::string what) : what_(std::move(what)) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

/// The last failed checks, for those whose exception an engine turned into text.
class KeptFaults {
 public:
  void Keep(std::string what, std::string stack) {
    std::lock_guard lock(mutex_);
    kept_.emplace_back(std::move(what), std::move(stack));
    if (kept_.size() > kKeptFaults) kept_.pop_front();
  }
  std::string Find(std::string_view message) {
    std::lock_guard lock(mutex_);
    for (auto it = kept_.rbegin(); it != kept_.rend(); ++it) {
      if (message.find(it->first) != std::string_view::npos) return it->second;
    }
    return "";
  }

 private:
  std::mutex mutex_;
  std::deque<std::pair<std::string, std::string>> kept_;
};

KeptFaults& Kept() {
  static KeptFaults kept;
  return kept;
}

[[noreturn]] void Stop(std::string_view why) {
  Frames here;
  here.Take();
  std::fprintf(stderr, "FATAL %.*s\n%s", static_cast<int>(why.size()), why.data(),
               StackText(here).c_str());
  std::abort();
}

}  // namespace

Status Fault::ToStatus() const {
  if (state == sqlstate::kOutOfMemory) {
    return Status(state, "out of memory").Detail("The server has no memory for this statement.");
  }
  return Status(state, "internal error: " + what)
      .Hint("The server's log has the place. The transaction was rolled back.");
}

ContainedScope::ContainedScope() : shared_outside_(std::exchange(shared, 0)) { ++contained; }

ContainedScope::~ContainedScope() {
  --contained;
  shared = shared_outside_;
}

SharedChange::SharedChange() : exceptions_(std::uncaught_exceptions()) { ++shared; }

SharedChange::~SharedChange() {
  --shared;
  if (std::uncaught_exceptions() > exceptions_) {
    Stop("an exception left shared state half changed; stopping");
  }
}

Fault CurrentFault() {
  Fault fault{sqlstate::kInternalError, "", StackText(thrown_at)};
  try {
    throw;
  } catch (const std::bad_alloc&) {
    fault.state = sqlstate::kOutOfMemory;
    fault.what = "memory was refused";
  } catch (const std::exception& thrown) {
    fault.what = thrown.what();
  } catch (...) {
    fault.what = "an exception of an unknown kind";
  }
  if (std::string kept = StackOf(fault.what); !kept.empty()) fault.stack = std::move(kept);
  return fault;
}

std::string StackOf(std::string_view message) { return Kept().Find(message); }

void CheckFailed(const char* condition, const char* file, int line) {
  std::string what = fmt::format("invariant broken: {} at {}:{}", condition, file, line);
  if (contained == 0 || shared > 0) Stop(what);
  Frames here;
  here.Take();
  Kept().Keep(what, StackText(here));
  throw BrokenInvariant(std::move(what));
}

void NoteThrow() {
  if (contained > 0) thrown_at.Take();
}

}  // namespace omen
