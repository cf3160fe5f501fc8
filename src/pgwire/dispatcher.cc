#include "pgwire/dispatcher.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "obs/log.h"

namespace omen::pgwire {
namespace {

/// Address space only: pages are used as deep as a statement nests.
constexpr size_t kStackBytes = 8 << 20;
/// Threads beyond these end when they have nothing to do.
constexpr size_t kRestingMax = 32;

Status NoResource(const char* what) {
  return Status(sqlstate::kOutOfMemory, std::string("the system has no more ") + what);
}

}  // namespace

void Client::Resume() { dispatcher_->Resume(static_cast<Dispatcher::Slot*>(slot_)); }

Dispatcher::~Dispatcher() {
  Stop();
  if (epoll_ >= 0) close(epoll_);
  if (stop_event_ >= 0) close(stop_event_);
  if (resume_event_ >= 0) close(resume_event_);
}

Status Dispatcher::Start() {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  stop_event_ = eventfd(0, EFD_CLOEXEC);
  resume_event_ = eventfd(0, EFD_CLOEXEC);
  if (epoll_ < 0 || stop_event_ < 0 || resume_event_ < 0) return NoResource("file descriptors");
  epoll_event event{};
  event.events = EPOLLIN;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, stop_event_, &event) != 0) return NoResource("memory");
  // Each write wakes one thread; nobody need read.
  event.events = EPOLLIN | EPOLLET;
  event.data.ptr = &resume_event_;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, resume_event_, &event) != 0) return NoResource("memory");
  while (TakePlace()) {
    if (!Give(nullptr)) return NoResource("threads");
  }
  return Status::Ok();
}

bool Dispatcher::Adopt(std::unique_ptr<Client> client) { return Give(std::move(client)); }

void Dispatcher::Stop() {
  std::unique_lock lock(mutex_);
  if (stopping_) return;
  stopping_ = true;
  for (Resting* thread : resting_) {
    thread->woken = thread->ends = true;
    thread->wakes.NotifyOne();
  }
  resting_.clear();
  const uint64_t one = 1;
  if (stop_event_ >= 0) (void)!write(stop_event_, &one, sizeof one);
  ended_.WaitInBackground(lock, [this] { return threads_ == 0; });
}

bool Dispatcher::TakePlace() {
  int held = held_.load(std::memory_order_relaxed);
  while (held < places_) {
    if (held_.compare_exchange_weak(held, held + 1)) return true;
  }
  return false;
}

bool Dispatcher::PassOn(bool holds, Pause pause) {
  if (holds) held_.fetch_sub(1);
  if (pause == Pause::kBrief && held_.load() > 0) return false;
  while (TakePlace()) {
    if (Give(nullptr)) continue;
    if (holds) return true;
    held_.fetch_sub(1);
    break;
  }
  return false;
}

bool Dispatcher::Give(Task task) {
  std::lock_guard lock(mutex_);
  if (stopping_ && task == nullptr) return false;
  if (resting_.empty()) return StartThread(std::move(task));
  Resting* thread = resting_.back();
  resting_.pop_back();
  thread->task = std::move(task);
  thread->woken = true;
  thread->wakes.NotifyOne();
  return true;
}

struct ThreadStart {
  Dispatcher* dispatcher;
  std::unique_ptr<Client> task;
};

bool Dispatcher::StartThread(Task task) {
  auto start = std::make_unique<ThreadStart>(ThreadStart{this, std::move(task)});
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  const int failed = pthread_create(&thread, &attributes, ThreadMain, start.get());
  pthread_attr_destroy(&attributes);
  if (failed != 0) return false;
  (void)start.release();  // the thread's now
  ++threads_;
  return true;
}

void* Dispatcher::ThreadMain(void* argument) {
  std::unique_ptr<ThreadStart> start(static_cast<ThreadStart*>(argument));
  start->dispatcher->Run(std::move(start->task));
  return nullptr;
}

void Dispatcher::Run(Task task) {
  do {
    if (task != nullptr) {
      ServeNew(std::move(task));
    } else {
      ServeInTurn();
    }
  } while (Rest(&task));
}

void Dispatcher::ServeInTurn() {
  do {
    HoldPlace(this);
    while (HoldsPlace()) {
      Slot* slot = Next();
      if (slot == nullptr) return HoldPlace(nullptr);
      Serve(slot);
    }
  } while (TakePlace());
  HoldPlace(nullptr);
}

Dispatcher::Slot* Dispatcher::Next() {
  for (;;) {
    if (Slot* slot = TakeResumed()) return slot;
    epoll_event event;
    if (!Listen(&event)) continue;
    if (event.data.ptr == &resume_event_) {
      called_to_look_.store(false);
      continue;
    }
    auto* slot = static_cast<Slot*>(event.data.ptr);
    if (slot == nullptr) return slot;
    const bool hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    if (hung_up) slot->hung_up.store(true);
    if (Claim(slot)) return slot;
    if (hung_up) TellHungUp(slot);
  }
}

/// Resume puts a client on the list before it looks at `listening_`, and here it is the other way
/// round: one of the two sees the other.
bool Dispatcher::Listen(epoll_event* event) {
  listening_.fetch_add(1);
  // One at a time: a second would have to wait for the first.
  const int got = resumed_count_.load() == 0 ? epoll_wait(epoll_, event, 1, -1) : 0;
  const int error = errno;
  listening_.fetch_sub(1);
  OMEN_CHECK(got >= 0 || error == EINTR);
  return got == 1;
}

/// Edge-triggered, so that nothing need be armed again: a call that comes while the client is
/// served or parked is left for the thread that serves it.
bool Dispatcher::Claim(Slot* slot) {
  uint8_t seen = slot->state.load(std::memory_order_acquire);
  for (;;) {
    if (seen == 0 || (seen & Slot::kCalled) != 0) return false;
    const bool idle = (seen & Slot::kIdle) != 0;
    const uint8_t next = idle ? Slot::kServed : seen | Slot::kCalled;
    if (slot->state.compare_exchange_weak(seen, next)) return idle;
  }
}

void Dispatcher::Resume(Slot* slot) {
  uint8_t seen = slot->state.load(std::memory_order_acquire);
  for (;;) {
    const bool parked = (seen & Slot::kParked) != 0;
    const uint8_t next = parked ? Slot::kServed | (seen & Slot::kCalled) : seen | Slot::kResumed;
    if (!slot->state.compare_exchange_weak(seen, next)) continue;
    if (!parked) return;
    break;
  }
  {
    std::lock_guard lock(resumed_mutex_);
    resumed_.push_back(slot);
    resumed_count_.store(resumed_.size());
  }
  if (listening_.load() > 0) CallPlace();
}

void Dispatcher::CallPlace() {
  if (called_to_look_.exchange(true)) return;
  const uint64_t one = 1;
  (void)!write(resume_event_, &one, sizeof one);
}

Dispatcher::Slot* Dispatcher::TakeResumed() {
  if (resumed_count_.load() == 0) return nullptr;
  Slot* slot = nullptr;
  size_t left = 0;
  {
    std::lock_guard lock(resumed_mutex_);
    if (resumed_.empty()) return nullptr;
    slot = resumed_.front();
    resumed_.pop_front();
    left = resumed_.size();
    resumed_count_.store(left);
  }
  if (left > 0 && listening_.load() > 0) CallPlace();
  return slot;
}

/// A client whose statement waits must be told, for it does not look.
void Dispatcher::TellHungUp(Slot* slot) {
  std::lock_guard lock(slot->mutex);
  if (slot->client != nullptr) slot->client->HungUpWhileServed();
}

void Dispatcher::ServeNew(std::unique_ptr<Client> client) {
  const Client::Served served = client->Serve(false);
  OMEN_CHECK(served != Client::Served::kParked);
  if (served == Client::Served::kEnded) return;
  Slot* slot = TakeSlot();
  slot->hung_up.store(false);
  client->dispatcher_ = this;
  client->slot_ = slot;
  {
    std::lock_guard lock(slot->mutex);
    slot->client = std::move(client);
  }
  slot->state.store(Slot::kServed);
  if (!Watch(slot)) return Free(slot);
  Serve(slot);
}

void Dispatcher::Serve(Slot* slot) {
  using Served = Client::Served;
  for (;;) {
    const Served served = slot->client->Serve(slot->hung_up.load());
    if (served == Served::kEnded) return Free(slot);
    if (served == Served::kParked ? Park(slot) : LetIdle(slot)) return;
  }
}

bool Dispatcher::LetIdle(Slot* slot) {
  uint8_t served = Slot::kServed;
  if (slot->state.compare_exchange_strong(served, Slot::kIdle)) return true;
  slot->state.store(Slot::kServed);
  return false;
}

bool Dispatcher::Park(Slot* slot) {
  uint8_t seen = slot->state.load(std::memory_order_acquire);
  for (;;) {
    const bool resumed = (seen & Slot::kResumed) != 0;
    const uint8_t next = (seen & Slot::kCalled) | (resumed ? Slot::kServed : Slot::kParked);
    if (slot->state.compare_exchange_weak(seen, next)) return !resumed;
  }
}

bool Dispatcher::Watch(Slot* slot) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
  event.data.ptr = slot;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, slot->client->fd(), &event) == 0) return true;
  obs::Log(obs::LogLevel::kWarn, "a connection could not be watched", {{"errno", errno}});
  return false;
}

Dispatcher::Slot* Dispatcher::TakeSlot() {
  std::lock_guard lock(mutex_);
  if (free_slots_.empty()) return &slots_.emplace_back();
  Slot* slot = free_slots_.back();
  free_slots_.pop_back();
  return slot;
}

void Dispatcher::Free(Slot* slot) {
  std::unique_ptr<Client> client;
  {
    std::lock_guard lock(slot->mutex);
    client = std::move(slot->client);
  }
  client.reset();
  slot->state.store(0);
  std::lock_guard lock(mutex_);
  free_slots_.push_back(slot);
}

bool Dispatcher::Rest(Task* task) {
  Resting self;
  std::unique_lock lock(mutex_);
  if (!stopping_ && resting_.size() < kRestingMax) {
    resting_.push_back(&self);
    self.wakes.WaitInBackground(lock, [&] { return self.woken; });
    *task = std::move(self.task);
    if (!self.ends) return true;
  }
  --threads_;
  ended_.NotifyAll();
  return false;
}

}  // namespace omen::pgwire
