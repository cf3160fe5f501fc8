#include "base/wait.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <thread>

namespace omen {

/// One wait that a token may end.
class TokenWaiter {
 public:
  virtual ~TokenWaiter() = default;
  /// From the cancelling thread: brief.
  virtual void OnCancel() = 0;
};

namespace {

constexpr std::chrono::milliseconds kBriefly{10};
/// poll's unit is a millisecond in an int.
constexpr std::chrono::milliseconds kLongestPoll{60'000};

/// Who waits with which token. Few do at a time, and tokens are many: so it is kept here and
/// not in each token.
struct Waiters {
  std::mutex mutex;
  std::multimap<const CancelToken*, TokenWaiter*> by_token;
};

Waiters& WaitersOf(const CancelToken* token) {
  constexpr size_t kParts = 16;
  static Waiters parts[kParts];
  return parts[std::hash<const void*>()(token) / alignof(CancelToken) % kParts];
}

/// Registered with a token for a scope. Told of a cancel that came before, too.
class Listening {
 public:
  Listening(const CancelToken* token, TokenWaiter* waiter) : token_(token) {
    if (token_ == nullptr) return;
    Waiters& waiters = WaitersOf(token_);
    std::lock_guard lock(waiters.mutex);
    at_ = waiters.by_token.emplace(token_, waiter);
    if (token_->cancelled()) waiter->OnCancel();
  }
  ~Listening() {
    if (token_ == nullptr) return;
    Waiters& waiters = WaitersOf(token_);
    std::lock_guard lock(waiters.mutex);
    waiters.by_token.erase(at_);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  const CancelToken* token_;
  std::multimap<const CancelToken*, TokenWaiter*>::iterator at_;
};

/// Makes an event descriptor readable on cancel.
class Wake final : public TokenWaiter {
 public:
  Wake() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Wake() override {
    if (fd_ >= 0) close(fd_);
  }
  void OnCancel() override {
    const uint64_t one = 1;
    (void)!write(fd_, &one, sizeof one);
  }
  int fd() const { return fd_; }

 private:
  const int fd_;
};

int PollMillis(WaitLimit::TimePoint until, bool deaf) {
  using std::chrono::milliseconds;
  // Without an event descriptor (the system has no more) the token is looked at now and then.
  const milliseconds longest = deaf ? milliseconds(50) : kLongestPoll;
  if (until == WaitLimit::TimePoint::max()) return static_cast<int>(longest.count());
  const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), longest).count());
}

}  // namespace

/// One thread that waits. Its mutex is the last one taken, after the condition's or the waiters'.
class Condition::Parked final : public TokenWaiter {
 public:
  void OnCancel() override { Wake(false); }
  void Wake(bool notified) {
    std::lock_guard lock(mutex_);
    woken_ = true;
    notified_ |= notified;
    wakes_.notify_one();
  }
  void Sleep(TimePoint until) {
    std::unique_lock lock(mutex_);
    if (until == TimePoint::max()) {
      wakes_.wait(lock, [&] { return woken_; });
    } else {
      wakes_.wait_until(lock, until, [&] { return woken_; });
    }
  }
  bool notified() const { return notified_; }

 private:
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool woken_ = false;
  bool notified_ = false;
};

void WakeWaiters(const CancelToken* token) {
  Waiters& waiters = WaitersOf(token);
  std::lock_guard lock(waiters.mutex);
  const auto [first, last] = waiters.by_token.equal_range(token);
  for (auto at = first; at != last; ++at) at->second->OnCancel();
}

void Condition::NotifyOne() {
  std::lock_guard lock(mutex_);
  if (parked_.empty()) return;
  parked_.front()->Wake(true);
  parked_.erase(parked_.begin());
}

void Condition::NotifyAll() {
  std::lock_guard lock(mutex_);
  for (Parked* parked : parked_) parked->Wake(true);
  parked_.clear();
}

bool Condition::Block(Lock& lock, const WaitLimit& limit) {
  Parked self;
  {
    std::lock_guard guard(mutex_);
    parked_.push_back(&self);
  }
  {
    const Listening listening(limit.cancel, &self);
    lock.unlock();
    self.Sleep(limit.until);
  }
  {
    std::lock_guard guard(mutex_);
    std::erase(parked_, &self);
  }
  lock.lock();
  return self.notified();
}

Status SleepFor(std::chrono::nanoseconds duration, const CancelToken* cancel) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  const auto now = std::chrono::steady_clock::now();
  const bool ever = duration < WaitLimit::TimePoint::max() - now;
  const auto until = ever ? now + duration : WaitLimit::TimePoint::max();
  Condition never;
  const Woken woken = never.Wait(lock, WaitLimit(cancel, until), [] { return false; });
  return woken == Woken::kCancelled ? cancel->Check() : Status::Ok();
}

void PauseBriefly(std::chrono::microseconds duration) {
  OMEN_CHECK(duration <= kBriefly);
  std::this_thread::sleep_for(duration);
}

short WaitForDescriptor(int fd, short events, const WaitLimit& limit) {
  Wake wake;
  const Listening listening(limit.cancel, &wake);
  pollfd polled[2] = {{fd, events, 0}, {wake.fd(), POLLIN, 0}};
  for (;;) {
    if (limit.cancel != nullptr && limit.cancel->cancelled()) return 0;
    const int got = poll(polled, 2, PollMillis(limit.until, wake.fd() < 0));
    if (got < 0 && errno != EINTR) return POLLERR;
    if (got > 0 && polled[0].revents != 0) return polled[0].revents;
    if (std::chrono::steady_clock::now() >= limit.until) return 0;
  }
}

}  // namespace omen
