#include "pgwire/dispatcher.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace omen::pgwire {
namespace {

/// Opens once and stays open. Any thread.
class Gate {
 public:
  void Open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

/// Who has parked. Any thread.
class ParkedClients {
 public:
  void Add(Client* client) {
    std::lock_guard lock(mutex_);
    clients_.push_back(client);
  }
  size_t count() {
    std::lock_guard lock(mutex_);
    return clients_.size();
  }
  void ResumeAll() {
    std::vector<Client*> clients;
    {
      std::lock_guard lock(mutex_);
      clients.swap(clients_);
    }
    for (Client* client : clients) client->Resume();
  }

 private:
  std::mutex mutex_;
  std::vector<Client*> clients_;
};

/// What the clients of one test share.
struct Shared {
  Gate gate;
  std::atomic<int> alive{0};
  std::atomic<int> waiting{0};
  std::atomic<int> hung_up{0};
  ParkedClients parked;
};

/// Echoes bytes; 'w' first waits for the gate, as a statement waits for a lock; 'p' parks until it
/// is resumed, 'r' is resumed before it has parked.
class Echo final : public Client {
 public:
  Echo(int fd, Shared* shared) : fd_(fd), shared_(shared) { ++shared_->alive; }
  ~Echo() override {
    EXPECT_FALSE(serving_.load());
    close(fd_);
    --shared_->alive;
  }
  int fd() const override { return fd_; }
  void HungUpWhileServed() override { ++shared_->hung_up; }
  Served Serve(bool) override {
    EXPECT_FALSE(serving_.exchange(true)) << "two threads serve one client";
    // Nothing is served before it is watched, as with a connection.
    const bool answered = !waits_for_ || Answer();
    bool more = std::exchange(watched_, true) && answered;
    Served served = answered ? Served::kIdle : Served::kEnded;
    while (more && served == Served::kIdle) served = ServeByte(&more);
    serving_.store(false);
    // From here on another thread may serve it, once it has been resumed.
    if (served == Served::kParked) Wait();
    return served;
  }

 private:
  Served ServeByte(bool* more) {
    char byte;
    const ssize_t got = recv(fd_, &byte, 1, MSG_DONTWAIT);
    *more = got > 0;
    // A client that left with an answer unread is a reset.
    if (got <= 0) return got < 0 && errno == EAGAIN ? Served::kIdle : Served::kEnded;
    waits_for_ = byte;
    if (byte == 'p' || byte == 'r') return Served::kParked;
    if (byte == 'w') {
      PassPlace();
      ++shared_->waiting;
      shared_->gate.Wait();
      --shared_->waiting;
    }
    return Answer() ? Served::kIdle : Served::kEnded;
  }

  bool Answer() {
    const char byte = *std::exchange(waits_for_, std::nullopt);
    return send(fd_, &byte, 1, MSG_NOSIGNAL) == 1;
  }

  void Wait() {
    if (*waits_for_ == 'r') return Resume();
    shared_->parked.Add(this);
  }

  const int fd_;
  Shared* const shared_;
  std::atomic<bool> serving_{false};
  bool watched_ = false;
  std::optional<char> waits_for_;  // to be answered
};

class DispatcherTest : public testing::Test {
 protected:
  void Start(int places) {
    dispatcher_ = std::make_unique<Dispatcher>(places);
    ASSERT_TRUE(dispatcher_->Start().ok());
  }
  /// The other end of a new client.
  int Connect() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    EXPECT_TRUE(dispatcher_->Adopt(std::make_unique<Echo>(ends[0], &shared_)));
    return ends[1];
  }
  static void Say(int fd, char byte) { ASSERT_EQ(send(fd, &byte, 1, 0), 1); }
  static char Hear(int fd) {
    char byte = 0;
    EXPECT_EQ(recv(fd, &byte, 1, 0), 1);
    return byte;
  }
  static char Ask(int fd, char byte) {
    Say(fd, byte);
    return Hear(fd);
  }
  void AwaitWaiting(int count) {
    while (shared_.waiting.load() < count) std::this_thread::yield();
  }
  void AwaitParked(size_t count) {
    while (shared_.parked.count() < count) std::this_thread::yield();
  }
  void End(const std::vector<int>& clients) {
    for (const int fd : clients) close(fd);
    while (shared_.alive.load() > 0) std::this_thread::yield();
    dispatcher_->Stop();
  }

  Shared shared_;
  std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DispatcherTest, ServesManyClientsOnOnePlace) {
  Start(1);
  std::vector<int> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(Connect());
  for (int round = 0; round < 50; ++round) {
    for (const int fd : clients) Say(fd, 'a');
    for (const int fd : clients) EXPECT_EQ(Hear(fd), 'a');
  }
  End(clients);
}

TEST_F(DispatcherTest, ClientsThatWaitDoNotHoldOthersUp) {
  Start(2);
  std::vector<int> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(Connect());
  for (int i = 0; i < 39; ++i) Say(clients[static_cast<size_t>(i)], 'w');
  AwaitWaiting(39);
  for (int round = 0; round < 50; ++round) EXPECT_EQ(Ask(clients.back(), 'b'), 'b');
  shared_.gate.Open();
  for (int i = 0; i < 39; ++i) EXPECT_EQ(Hear(clients[static_cast<size_t>(i)]), 'w');
  for (const int fd : clients) EXPECT_EQ(Ask(fd, 'c'), 'c');
  End(clients);
}

TEST_F(DispatcherTest, ClientsComeAndGoWhileOthersWork) {
  Start(2);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 100; ++i) {
        const int fd = Connect();
        if (t == 0) shared_.gate.Open();
        EXPECT_EQ(Ask(fd, 'w'), 'w');
        EXPECT_EQ(Ask(fd, 'x'), 'x');
        if (i % 2 == 0) Say(fd, 'w');  // leaves without hearing the answer
        close(fd);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  End({});
}

TEST_F(DispatcherTest, ParkedClientsHoldNoThreadAndAreAnsweredWhenTheyAreResumed) {
  Start(1);
  std::vector<int> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(Connect());
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 39; ++i) Say(clients[static_cast<size_t>(i)], i % 3 == 0 ? 'r' : 'p');
    AwaitParked(26);
    EXPECT_EQ(Ask(clients.back(), 'b'), 'b');
    shared_.parked.ResumeAll();
    for (int i = 0; i < 39; ++i) {
      EXPECT_EQ(Hear(clients[static_cast<size_t>(i)]), i % 3 == 0 ? 'r' : 'p');
    }
  }
  End(clients);
}

TEST_F(DispatcherTest, WhatArrivesWhileAClientIsParkedIsAnsweredAfterwardsInOrder) {
  Start(2);
  const int client = Connect();
  for (int round = 0; round < 50; ++round) {
    Say(client, 'p');
    if (round % 2 == 0) AwaitParked(1);
    Say(client, 'a');
    Say(client, 'r');
    Say(client, 'b');
    AwaitParked(1);
    shared_.parked.ResumeAll();
    for (const char expected : {'p', 'a', 'r', 'b'}) EXPECT_EQ(Hear(client), expected);
  }
  End({client});
}

TEST_F(DispatcherTest, AParkedClientThatHangsUpEndsWhenItIsResumed) {
  Start(2);
  const int client = Connect();
  Say(client, 'p');
  AwaitParked(1);
  close(client);
  while (shared_.hung_up.load() == 0) std::this_thread::yield();
  EXPECT_EQ(shared_.alive.load(), 1);
  shared_.parked.ResumeAll();
  End({});
}

TEST_F(DispatcherTest, ClientsParkAndAreResumedFromManySides) {
  Start(2);
  std::atomic<bool> stop{false};
  std::vector<std::thread> resuming;
  for (int t = 0; t < 2; ++t) {
    resuming.emplace_back([&] {
      while (!stop.load()) {
        shared_.parked.ResumeAll();
        std::this_thread::yield();
      }
    });
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 20; ++i) {
        const int fd = Connect();
        for (int say = 0; say < 20; ++say) EXPECT_EQ(Ask(fd, "pra"[say % 3]), "pra"[say % 3]);
        if (i % 2 == 0) Say(fd, 'p');  // leaves without hearing the answer
        close(fd);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  End({});
  stop.store(true);
  for (std::thread& thread : resuming) thread.join();
}

TEST_F(DispatcherTest, StopsWithNothingToServe) {
  Start(3);
  dispatcher_->Stop();
  dispatcher_->Stop();
  EXPECT_FALSE(dispatcher_->Adopt(nullptr));
}

}  // namespace
}  // namespace omen::pgwire
