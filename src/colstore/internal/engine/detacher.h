// The thread that detaches streams nobody reads, when upkeep asks for the engine.
#pragma once

#include <mutex>
#include <set>
#include <thread>

#include "base/wait.h"

namespace omen::colstore {

class Stream;

/// Any thread. The thread of its own starts with the first request.
class Detacher {
 public:
  Detacher() = default;
  ~Detacher();
  Detacher(const Detacher&) = delete;
  Detacher& operator=(const Detacher&) = delete;

  void Add(Stream* stream);
  /// After this returns the stream is left alone.
  void Remove(Stream* stream);
  /// Every stream that is not being read is withdrawn soon; a second request while one is
  /// worked on adds nothing.
  void Request();

 private:
  void Run();

  std::mutex mutex_;
  Condition changed_;
  std::set<Stream*> streams_;
  Stream* working_on_ = nullptr;
  bool requested_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace omen::colstore
