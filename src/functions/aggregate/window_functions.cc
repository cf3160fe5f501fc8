// Functions that only a window gives meaning. The column store computes them; ntile's
// bigint there is an integer in PostgreSQL, so the generator casts to `result`.
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr WindowRow kWindowRows[] = {
    {3100, "row_number", {}, kInt8, "row_number()", Meaning::kRowNumber},
    {3101, "rank", {}, kInt8, "rank()", Meaning::kRank},
    {3102, "dense_rank", {}, kInt8, "dense_rank()", Meaning::kDenseRank},
    {3103, "percent_rank", {}, kFloat8, "percent_rank()", Meaning::kPercentRank},
    {3104, "cume_dist", {}, kFloat8, "cume_dist()", Meaning::kCumeDist},
    {3105, "ntile", {kInt4}, kInt4, "ntile($1)", Meaning::kNtile},
    {3106, "lag", {kAnyelement}, kAnyelement, "lag($1)", Meaning::kLag},
    {3107, "lag", {kAnyelement, kInt4}, kAnyelement, "lag($1, $2)", Meaning::kLag},
    {3108,
     "lag",
     {kAnycompatible, kInt4, kAnycompatible},
     kAnycompatible,
     "lag($1, $2, $3)",
     Meaning::kLag},
    {3109, "lead", {kAnyelement}, kAnyelement, "lead($1)", Meaning::kLead},
    {3110, "lead", {kAnyelement, kInt4}, kAnyelement, "lead($1, $2)", Meaning::kLead},
    {3111,
     "lead",
     {kAnycompatible, kInt4, kAnycompatible},
     kAnycompatible,
     "lead($1, $2, $3)",
     Meaning::kLead},
    {3112, "first_value", {kAnyelement}, kAnyelement, "first_value($1)", Meaning::kFirstValue},
    {3113, "last_value", {kAnyelement}, kAnyelement, "last_value($1)", Meaning::kLastValue},
    {3114, "nth_value", {kAnyelement, kInt4}, kAnyelement, "nth_value($1, $2)", Meaning::kNthValue},
};

}  // namespace

std::span<const WindowRow> WindowRows() { return kWindowRows; }

}  // namespace omen::functions
