// Lends threads to clients that have something to say.
//
// A few places (about one a core) are held by threads that wait for any client's bytes and serve
// them. A client between two messages has no thread. A thread that pauses
// (base/contention/serving_place.h) leaves its place: to a thread at rest when it is for long,
// while for a brief pause it is enough that one place is held. When it is done it takes a place
// that is free, or rests. So a busy server serves without a switch of threads for each message, and
// one that waits in many places at once has a thread for each, as with one thread a client.
//
// A client that waits for a commit alone is parked: it has no thread, what it sends stays in its
// socket, and when it is told to go on, whoever holds a place serves it before any other.
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/contention/resumable.h"
#include "base/contention/serving_place.h"
#include "base/result.h"
#include "base/wait.h"

namespace omen::pgwire {

class Dispatcher;

/// Served by one thread at a time, not always the same.
class Client : public Resumable {
 public:
  virtual int fd() const = 0;
  enum class Served : uint8_t {
    kIdle,    // all that has arrived is done; what arrives later brings another call
    kParked,  // Resume will be called, or has been, and brings another call
    kEnded,
  };
  /// Serves all that has arrived, which may be nothing. `hung_up`: nothing more will, so read to
  /// the end.
  virtual Served Serve(bool hung_up) = 0;
  /// It has hung up while it is being served. From another thread: brief.
  virtual void HungUpWhileServed() = 0;
  void Resume() final;

 private:
  friend class Dispatcher;
  Dispatcher* dispatcher_ = nullptr;
  void* slot_ = nullptr;
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
  friend class Client;

  /// Where a client is watched. Never freed, for an event of a client that has just ended may
  /// still be on its way to another thread; the next client of the slot sees it as a call
  /// with nothing to serve.
  struct Slot {
    // Bits of `state`; none: it is free. One of the first three, perhaps others.
    static constexpr uint8_t kIdle = 1, kServed = 2, kParked = 4;
    static constexpr uint8_t kCalled = 8;    // since it was last idle or served from its beginning
    static constexpr uint8_t kResumed = 16;  // while it was still served
    std::atomic<uint8_t> state{0};
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
  /// A client that has been called or resumed, now the caller's to serve. Null when stopped.
  Slot* Next();
  /// False when there is no event, but perhaps a client that was resumed.
  bool Listen(epoll_event* event);
  static bool Claim(Slot* slot);
  void Resume(Slot* slot);
  /// Null: none.
  Slot* TakeResumed();
  /// One of the threads that wait for bytes is told to look for clients that were resumed.
  void CallPlace();
  static void TellHungUp(Slot* slot);
  /// A new client: to its first wait, then watched.
  void ServeNew(std::unique_ptr<Client> client);
  void Serve(Slot* slot);
  /// After it was served: false when it is to be served again at once.
  static bool LetIdle(Slot* slot);
  static bool Park(Slot* slot);
  bool Watch(Slot* slot);
  Slot* TakeSlot();
  void Free(Slot* slot);
  /// False: the thread is to end.
  bool Rest(Task* task);

  const int places_;
  std::atomic<int> held_{0};  // places, threads on their way to one included
  int epoll_ = -1, stop_event_ = -1, resume_event_ = -1;

  std::mutex resumed_mutex_;
  std::deque<Slot*> resumed_;
  std::atomic<size_t> resumed_count_{0};
  std::atomic<int> listening_{0};            // threads that wait for bytes, or are about to
  std::atomic<bool> called_to_look_{false};  // one of them is on its way

  std::mutex mutex_;
  Condition ended_;
  std::vector<Resting*> resting_;  // the last has rested shortest: its caches are warm
  std::deque<Slot> slots_;
  std::vector<Slot*> free_slots_;
  size_t threads_ = 0;
  bool stopping_ = false;
};

}  // namespace omen::pgwire
