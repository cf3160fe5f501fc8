// What background work asks of the machine it runs on.
#pragma once

#include <cstdint>
#include <memory>

namespace omen::jobs {

/// Any thread, but IdleCores by one at a time.
class Machine {
 public:
  virtual ~Machine() = default;
  /// Cores that this process could have used since the last call and nobody did.
  virtual double IdleCores() = 0;
  /// What the calling thread has read from disks and written to them so far.
  virtual int64_t ThreadBytes() const = 0;
  /// From now on the calling thread gives way to ordinary ones, on processors and on disks.
  virtual void GiveWay() = 0;
};

/// Linux: /proc/stat, the control group's quota, the process's own time. What cannot be read counts
/// as idle.
std::unique_ptr<Machine> ThisMachine();

}  // namespace omen::jobs
