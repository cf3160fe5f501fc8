// Lends threads to clients that have something to say.
//
// A few places (about one a core) are held by threads that wait for any client's bytes and serve
// them. A client between two messages has no thread. A thread that pauses
// (base/contention/serving_place.h) leaves its place: to a thread at rest when it is for long,
// while for a brief pause it is enough that one place is held. When it is done it takes a place
// that is free, or rests. So a busy server serves without a switch of threads for each message, and
// one that waits in many places at once has a thread for each, as with one thread a client.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/contention/serving_place.h"
#include "base/result.h"
#include "base/wait.h"

namespace omen::pgwire {

/// Served by one thread at a time, not always the same.
class Client {
 public:
  virtual ~Client() = default;
  virtual int fd() const = 0;
  /// Serves all that has arrived, which may be nothing; what arrives later brings another call.
  /// `hung_up`: nothing more will, so read to the end. False: it has ended.
  virtual bool Serve(bool hung_up) = 0;
  /// It has hung up while it is being served. From another thread: brief.
  virtual void HungUpWhileServed() = 0;
};

/// Any thread.
class Dispatcher final : private ServingPlaces {
 public:
  explicit Dispatcher(int places) : places_(places) {}
  ~Dispatcher() override;

  /// 53200 when the system has no descriptor or thread to give.
  Status Start();
  /// Serves the client from its beginning, which may wait. False: no thread could be had, and
  /// the client is gone.
  bool Adopt(std::unique_ptr<Client> client);
  /// Ends the threads. No client may be left.
  void Stop();

 private:
  /// Where a client is watched. Never freed, for an event of a client that has just ended may
  /// still be on its way to another thread; the next client of the slot sees it as a call
  /// with nothing to serve.
  struct Slot {
    enum class State : uint8_t { kFree, kIdle, kServed, kServedAndCalled };
    std::atomic<State> state{State::kFree};
    std::atomic<bool> hung_up{false};  // told once, perhaps together with bytes
    std::mutex mutex;                  // held while `client` is set or told of its end
    std::unique_ptr<Client> client;    // of the thread that serves it
  };
  /// What a thread does next: serve a new client, or, without one, hold a place.
  using Task = std::unique_ptr<Client>;
  struct Resting {
    Condition wakes;
    bool woken = false;
    bool ends = false;
    Task task;
  };

  static void* ThreadMain(void* start);
  bool PassOn(bool holds, Pause pause) override;
  /// False when all are held.
  bool TakePlace();
  /// To a resting thread, or a new one. False when there is none; the task is gone.
  bool Give(Task task);
  bool StartThread(Task task);
  void Run(Task task);
  void ServeInTurn();
  /// A client that has been called, now the caller's to serve. Null when stopped.
  Slot* Next();
  static bool Claim(Slot* slot);
  static void TellHungUp(Slot* slot);
  /// A new client: to its first wait, then watched.
  void ServeNew(std::unique_ptr<Client> client);
  void Serve(Slot* slot);
  bool Watch(Slot* slot);
  Slot* TakeSlot();
  void Free(Slot* slot);
  /// False: the thread is to end.
  bool Rest(Task* task);

  const int places_;
  std::atomic<int> held_{0};  // places, threads on their way to one included
  int epoll_ = -1, stop_event_ = -1;
  std::mutex mutex_;
  Condition ended_;
  std::vector<Resting*> resting_;  // the last has rested shortest: its caches are warm
  std::deque<Slot> slots_;
  std::vector<Slot*> free_slots_;
  size_t threads_ = 0;
  bool stopping_ = false;
};

}  // namespace omen::pgwire
