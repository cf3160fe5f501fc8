#include "exec/database/services.h"

namespace omen::exec {

Services::Services(const DatabaseParts& given)
    : parts(given),
      locks(&given.rows->waits()),
      ages(*given.catalog->Current()),
      statistics(given.rows, given.clock),
      system{.rows = given.rows,
             .replica = given.replica,
             .history = given.history,
             .checker = given.checker,
             .statistics = &statistics},
      transactions{.rows = given.rows,
                   .replica = given.replica,
                   .catalog = given.catalog,
                   .locks = &locks,
                   .ages = &ages,
                   .hidden = &hidden} {
  reads.rows = given.rows;
  reads.clock = given.clock;
  reads.router = given.router != nullptr ? given.router : &rules;
  reads.planning = {.statistics = &statistics, .hidden = &hidden, .system = &system};
  reads.columns = {.rows = given.rows,
                   .replica = given.replica,
                   .statistics = &statistics,
                   .pinned = &pinned,
                   .system = &system};
  ddl.writes = {.rows = given.rows, .reads = &reads};
  ddl.password_verifier = given.password_verifier;
  given.rows->AddObserver(&ages);
}

}  // namespace omen::exec
