#include "base/contention/scheduling.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace omen {

void GiveWay(int nice) {
  (void)setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
}

}  // namespace omen
