// A thread that stores batches of rows while the next one is made ready.
#pragma once

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/wait.h"
#include "exec/statement/context.h"
#include "types/value.h"

namespace omen::exec {

/// One thread gives, and does meanwhile nothing that storing does. What goes wrong is told by the
/// next call, and nothing is stored after it. Destroying it waits for the batch at hand.
class StoringThread {
 public:
  using Store = std::function<Status(std::vector<Row>*)>;
  /// Stores as the statement that the caller runs.
  StoringThread(Store store, const CancelToken* cancel);
  ~StoringThread();
  StoringThread(const StoringThread&) = delete;
  StoringThread& operator=(const StoringThread&) = delete;

  /// Takes the batch and gives another, that was stored, in its place.
  Status Give(std::vector<Row>* batch);
  /// Waits until all that was given is stored.
  Status AwaitIdle();

 private:
  template <typename Ready>
  Status Await(std::unique_lock<std::mutex>& lock, Ready ready);
  void Serve();
  /// False when there will be none.
  bool TakeBatch();
  Status StoreBatch();

  const Store store_;
  const CancelToken* const cancel_;
  const MemoryAccountPtr memory_;  // of the statement

  std::mutex mutex_;  // guards the next four
  Condition moved_;
  std::vector<Row> waiting_;
  bool has_waiting_ = false, at_work_ = false, ending_ = false;
  Status result_;

  std::vector<Row> stored_;  // of the thread: the batch at hand
  std::thread thread_;
};

}  // namespace omen::exec
