// Who waits without a thread.
#pragma once

namespace omen {

/// Is told once that what it waits for has come: from any thread, perhaps before the call that
/// began the wait has returned. Whoever tells it touches neither it nor what it waited with again.
class Resumable {
 public:
  virtual ~Resumable() = default;
  virtual void Resume() = 0;
};

}  // namespace omen
