#include "jobs/machine.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "base/contention/scheduling.h"

namespace omen::jobs {
namespace {

constexpr int kNice = 10;
constexpr double kNanos = 1e9;

double Seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / kNanos;
}

/// Seconds that cores had nothing to do, of all of them together; waiting for disks is that too.
double IdleSeconds() {
  std::ifstream in("/proc/stat");
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0;
  in >> name >> user >> nice >> system >> idle >> waiting;
  return in ? (idle + waiting) / static_cast<double>(sysconf(_SC_CLK_TCK)) : -1;
}

/// What the control group lets the process use, in cores; 0 where it does not say.
double QuotaOfGroup() {
  std::ifstream in("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(in >> quota >> period) || quota == "max" || period <= 0) return 0;
  return std::strtod(quota.c_str(), nullptr) / period;
}

double UsableCores() {
  cpu_set_t set;
  const bool known = sched_getaffinity(0, sizeof set, &set) == 0;
  const double cores = known ? CPU_COUNT(&set) : std::max(1u, std::thread::hardware_concurrency());
  const double quota = QuotaOfGroup();
  return quota > 0 ? std::min(cores, quota) : cores;
}

class LinuxMachine final : public Machine {
 public:
  double IdleCores() override {
    const Reading now = Read();
    const double elapsed = now.at - last_.at;
    if (elapsed <= 0) return idle_;
    const double unused = cores_ - (now.own - last_.own) / elapsed;
    const double idle = now.idle < 0 ? cores_ : (now.idle - last_.idle) / elapsed;
    last_ = now;
    idle_ = std::clamp(std::min(unused, idle), 0.0, cores_);
    return idle_;
  }

  int64_t ThreadBytes() const override {
    std::ifstream in("/proc/thread-self/io");
    std::string name;
    int64_t bytes = 0, sum = 0;
    while (in >> name >> bytes) {
      if (name == "read_bytes:" || name == "write_bytes:") sum += bytes;
    }
    return sum;
  }

  void GiveWay() override {
    constexpr int kWhoThread = 1;                     // IOPRIO_WHO_PROCESS, of one thread
    constexpr int kLowestBestEffort = (2 << 13) | 7;  // IOPRIO_CLASS_BE
    omen::GiveWay(kNice);
    (void)syscall(SYS_ioprio_set, kWhoThread, 0, kLowestBestEffort);
  }

 private:
  struct Reading {
    double at, own, idle;
  };
  static Reading Read() {
    return {Seconds(CLOCK_MONOTONIC), Seconds(CLOCK_PROCESS_CPUTIME_ID), IdleSeconds()};
  }

  const double cores_ = UsableCores();
  Reading last_ = Read();
  double idle_ = cores_;
};

}  // namespace

std::unique_ptr<Machine> ThisMachine() { return std::make_unique<LinuxMachine>(); }

}  // namespace omen::jobs
