// The fields of SET (a, b) = ROW(...).
#pragma once

#include "base/status.h"

struct List;
struct RowExpr;

namespace omen::sql {

/// The row's fields where each stands for one column; null where t.* may stand for several.
const ::List* PlainFields(const ::RowExpr& row);
Status WrongWidth(int location);

}  // namespace omen::sql
