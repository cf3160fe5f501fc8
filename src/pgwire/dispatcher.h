// Lends threads to clients that have something to say.
//
// A few places (about one a core) are held by threads that wait for any client's bytes and serve
// them. A client between two messages has no thread. A thread that must wait, or works for long,
// passes its place to a thread at rest (base/serving_place.h) and rests when it is done: so a
// busy server serves without a switch of threads for each message, and one that waits in
// many places at once has a thread for each, as with one thread a client.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/serving_place.h"

namespace omen::pgwire {

/// Served by one thread at a time, not always the same.
class Client {
 public:
  virtual ~Client() = default;
  virtual int fd() const = 0;
  /// Serves what has arrived. False: it has ended.
  virtual bool Serve() = 0;
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
  /// What a thread does next: serve a new client, or, without one, hold a place.
  using Task = std::unique_ptr<Client>;
  struct Resting {
    std::condition_variable wakes;
    bool woken = false;
    bool ends = false;
    Task task;
  };

  static void* ThreadMain(void* start);
  bool PassOn() override { return Give(nullptr); }
  /// To a resting thread, or a new one. False when there is none; the task is gone.
  bool Give(Task task);
  bool StartThread(Task task);
  void Run(Task task);
  void ServeInTurn();
  /// Null when stopped.
  Client* Next();
  void Serve(std::unique_ptr<Client> client);
  bool Watch(Client* client);
  /// False: the thread is to end.
  bool Rest(Task* task);

  const int places_;
  int epoll_ = -1, stop_event_ = -1;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<Resting*> resting_;  // the last has rested shortest: its caches are warm
  size_t threads_ = 0;
  bool stopping_ = false;
};

}  // namespace omen::pgwire
