// The program's commands and flags.
#pragma once

namespace omen::app {

/// Does what the command line says and returns the process's exit status: 0 done, 1 failed
/// (said on the standard error stream), 2 not understood.
int RunCommandLine(int argc, char** argv);

}  // namespace omen::app
