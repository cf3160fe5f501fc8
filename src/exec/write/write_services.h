// What the writing statements use.
#pragma once

#include "exec/read/select_plan.h"

namespace omen::exec {

/// Outlives the plans made with it.
struct WriteServices {
  rowstore::RowStore* rows = nullptr;
  const ReadServices* reads = nullptr;  // INSERT ... SELECT, CREATE TABLE AS, COPY (query) TO

  const PlanningServices& planning() const { return reads->planning; }
};

}  // namespace omen::exec
