#include "base/contention/scheduling.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace omen {
namespace {

/// What sched_setattr(2) takes, in its first form.
struct SchedulingAttributes {
  uint32_t size = sizeof(SchedulingAttributes);
  uint32_t policy = 0;  // SCHED_OTHER
  uint64_t flags = 0;
  int32_t nice = 0;
  uint32_t priority = 0;
  uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};

/// The longest that Linux lets a thread ask for.
constexpr uint64_t kSliceNs = 100'000'000;

}  // namespace

void GiveWay(int nice) {
  SchedulingAttributes attributes;
  attributes.nice = nice;
  attributes.runtime_ns = kSliceNs;
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return;
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
}

}  // namespace omen
