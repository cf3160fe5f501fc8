// The server's entry point.
#include "app/command_line.h"

int main(int argc, char** argv) { return omen::app::RunCommandLine(argc, argv); }
