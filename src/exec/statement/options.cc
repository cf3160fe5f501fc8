#include "exec/statement/options.h"

namespace omen::exec {

const char* PathName(Path path) {
  switch (path) {
    case Path::kUtility:
      return "utility";
    case Path::kRow:
      return "row";
    case Path::kColumn:
      return "column";
    case Path::kMixed:
      return "mixed";
  }
  return "";
}

}  // namespace omen::exec
