// omendb_indexbench PART SET KEYS [SEED [ROUNDS]]: one part of ./dev bench index on one key set.
// Prints its measurements as one JSON object.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "parts.h"

int main(int count, char** arguments) {
  using namespace omen::bench;
  if (count < 4) {
    std::fprintf(stderr, "usage: omendb_indexbench PART SET KEYS [SEED [ROUNDS]]\n");
    return 2;
  }
  Task task{arguments[1], arguments[2], static_cast<size_t>(std::atof(arguments[3]))};
  if (count > 4) task.seed = static_cast<uint64_t>(std::atoll(arguments[4]));
  if (count > 5) task.rounds = std::atoi(arguments[5]);
  Measurements out;
  const struct {
    const char* name;
    void (*run)(const Task&, Measurements&);
  } parts[] = {{"reads", Reads},    {"mixes", Mixes},   {"append", Append},
               {"tail", MergeTail}, {"memory", Memory}, {"phases", Phases}};
  for (const auto& part : parts) {
    if (task.part != part.name) continue;
    part.run(task, out);
    out.Print();
    return 0;
  }
  std::fprintf(stderr, "no part called %s\n", task.part.c_str());
  return 2;
}
