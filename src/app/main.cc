// The server's entry point.
#include "app/command_line.h"

/// Read by the allocator (jemalloc; others ignore it): what is free for a second is the system's
/// again, also while nobody allocates.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0";
}

int main(int argc, char** argv) { return omen::app::RunCommandLine(argc, argv); }
