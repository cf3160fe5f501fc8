// What the system's scheduler is told of a thread.
#pragma once

namespace omen {

/// The calling thread lets others go first: as of nice(1), and by asking for long turns on a core,
/// which whoever asked for none may cut short as it wakes (Linux 6.12). There is no way back, for
/// only the system's owner may ask for more: what gives way runs on threads of its own.
void GiveWay(int nice);

}  // namespace omen
