// The threads that run the engine's tasks. They are ours, so that they can be nice: short
// statements, which are served on other threads, go first on every core.
#pragma once

#include <atomic>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/wait.h"

namespace duckdb {
class DatabaseInstance;
}

namespace omen::colstore {

/// Any thread.
class EngineThreads {
 public:
  /// `statements`: that many are run at once.
  explicit EngineThreads(int statements);
  ~EngineThreads();
  EngineThreads(const EngineThreads&) = delete;
  EngineThreads& operator=(const EngineThreads&) = delete;

  /// Runs `work` on one of them, as one statement's, and waits for its end. Throws what it throws.
  void Run(const std::function<void()>& work);

  /// Starts that many threads for any statement's tasks; they end before the database does.
  void Help(duckdb::DatabaseInstance* database, int helpers);
  void EndHelp();

 private:
  struct Call {
    const std::function<void()>* work;
    std::exception_ptr thrown;
    bool done = false;
    Condition ended;
  };
  void Serve();

  std::mutex mutex_;
  Condition called_;
  std::deque<Call*> calls_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;

  duckdb::DatabaseInstance* database_ = nullptr;
  std::atomic<bool> helping_{false};
  std::vector<std::thread> helpers_;
};

}  // namespace omen::colstore
