// The six comparisons of every ordered type. One kernel per carrier; the order is
// btree order (NaN above all, C order for text), as PostgreSQL's operators have it.
#include <functional>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "types/datetime/datetime.h"
#include "types/number/numeric.h"
#include "types/number/numeric_binary.h"

namespace omen::functions {

namespace {

using Lt = std::less<>;
using Le = std::less_equal<>;
using Eq = std::equal_to<>;
using Ge = std::greater_equal<>;
using Gt = std::greater<>;
using Ne = std::not_equal_to<>;

template <typename Op>
Status CompareInts(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, Op{}(IntArg(args, 0), IntArg(args, 1)));
}

template <typename Op>
Status CompareFloats(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, Op{}(OrderFloats(DoubleArg(args, 0), DoubleArg(args, 1)), 0));
}

template <typename Op>
Status CompareBytes(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, Op{}(BytesArg(args, 0), BytesArg(args, 1)));
}

template <typename Op>
Status CompareBlanked(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, Op{}(WithoutBlanks(BytesArg(args, 0)), WithoutBlanks(BytesArg(args, 1))));
}

template <typename Op>
Status CompareUuids(CallContext&, const CallArgs& args, Value* out) {
  return ReturnBool(out, Op{}(args.values[0].AsUuid(), args.values[1].AsUuid()));
}

template <typename Op>
Status CompareSpans(CallContext&, const CallArgs& args, Value* out) {
  int order = CompareIntervals(args.values[0].AsInterval(), args.values[1].AsInterval());
  return ReturnBool(out, Op{}(order, 0));
}

template <typename Op>
Status CompareNumerics(CallContext&, const CallArgs& args, Value* out) {
  int order = CompareCarriedNumerics(BytesArg(args, 0), BytesArg(args, 1));
  return ReturnBool(out, Op{}(order, 0));
}

template <typename Op>
Status CompareByType(CallContext&, const CallArgs& args, Value* out) {
  int order = CompareValues(args.types[0].oid, args.values[0], args.values[1]);
  return ReturnBool(out, Op{}(order, 0));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kComparisonRows[] = {
    {64, "int2lt", {kInt2, kInt2}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {148, "int2le", {kInt2, kInt2}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {63, "int2eq", {kInt2, kInt2}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {151, "int2ge", {kInt2, kInt2}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {146, "int2gt", {kInt2, kInt2}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {145, "int2ne", {kInt2, kInt2}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {160, "int24lt", {kInt2, kInt4}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {166, "int24le", {kInt2, kInt4}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {158, "int24eq", {kInt2, kInt4}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {168, "int24ge", {kInt2, kInt4}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {162, "int24gt", {kInt2, kInt4}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {164, "int24ne", {kInt2, kInt4}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {1852, "int28lt", {kInt2, kInt8}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {1854, "int28le", {kInt2, kInt8}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {1850, "int28eq", {kInt2, kInt8}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1855, "int28ge", {kInt2, kInt8}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {1853, "int28gt", {kInt2, kInt8}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {1851, "int28ne", {kInt2, kInt8}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {161, "int42lt", {kInt4, kInt2}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {167, "int42le", {kInt4, kInt2}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {159, "int42eq", {kInt4, kInt2}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {169, "int42ge", {kInt4, kInt2}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {163, "int42gt", {kInt4, kInt2}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {165, "int42ne", {kInt4, kInt2}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {66, "int4lt", {kInt4, kInt4}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {149, "int4le", {kInt4, kInt4}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {65, "int4eq", {kInt4, kInt4}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {150, "int4ge", {kInt4, kInt4}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {147, "int4gt", {kInt4, kInt4}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {144, "int4ne", {kInt4, kInt4}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {854, "int48lt", {kInt4, kInt8}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {856, "int48le", {kInt4, kInt8}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {852, "int48eq", {kInt4, kInt8}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {857, "int48ge", {kInt4, kInt8}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {855, "int48gt", {kInt4, kInt8}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {853, "int48ne", {kInt4, kInt8}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {1858, "int82lt", {kInt8, kInt2}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {1860, "int82le", {kInt8, kInt2}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {1856, "int82eq", {kInt8, kInt2}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1861, "int82ge", {kInt8, kInt2}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {1859, "int82gt", {kInt8, kInt2}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {1857, "int82ne", {kInt8, kInt2}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {476, "int84lt", {kInt8, kInt4}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {478, "int84le", {kInt8, kInt4}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {474, "int84eq", {kInt8, kInt4}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {479, "int84ge", {kInt8, kInt4}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {477, "int84gt", {kInt8, kInt4}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {475, "int84ne", {kInt8, kInt4}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {469, "int8lt", {kInt8, kInt8}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {471, "int8le", {kInt8, kInt8}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {467, "int8eq", {kInt8, kInt8}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {472, "int8ge", {kInt8, kInt8}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {470, "int8gt", {kInt8, kInt8}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {468, "int8ne", {kInt8, kInt8}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {289, "float4lt", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Lt>, "($1 < $2)"},
    {290, "float4le", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Le>, "($1 <= $2)"},
    {287, "float4eq", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Eq>, "($1 = $2)"},
    {292, "float4ge", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Ge>, "($1 >= $2)"},
    {291, "float4gt", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Gt>, "($1 > $2)"},
    {288, "float4ne", {kFloat4, kFloat4}, kBool, kPure, CompareFloats<Ne>, "($1 <> $2)"},
    {301, "float48lt", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Lt>, "($1 < $2)"},
    {302, "float48le", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Le>, "($1 <= $2)"},
    {299, "float48eq", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Eq>, "($1 = $2)"},
    {304, "float48ge", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Ge>, "($1 >= $2)"},
    {303, "float48gt", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Gt>, "($1 > $2)"},
    {300, "float48ne", {kFloat4, kFloat8}, kBool, kPure, CompareFloats<Ne>, "($1 <> $2)"},
    {307, "float84lt", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Lt>, "($1 < $2)"},
    {308, "float84le", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Le>, "($1 <= $2)"},
    {305, "float84eq", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Eq>, "($1 = $2)"},
    {310, "float84ge", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Ge>, "($1 >= $2)"},
    {309, "float84gt", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Gt>, "($1 > $2)"},
    {306, "float84ne", {kFloat8, kFloat4}, kBool, kPure, CompareFloats<Ne>, "($1 <> $2)"},
    {295, "float8lt", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Lt>, "($1 < $2)"},
    {296, "float8le", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Le>, "($1 <= $2)"},
    {293, "float8eq", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Eq>, "($1 = $2)"},
    {298, "float8ge", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Ge>, "($1 >= $2)"},
    {297, "float8gt", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Gt>, "($1 > $2)"},
    {294, "float8ne", {kFloat8, kFloat8}, kBool, kPure, CompareFloats<Ne>, "($1 <> $2)"},
    {716, "oidlt", {kOid, kOid}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {717, "oidle", {kOid, kOid}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {184, "oideq", {kOid, kOid}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1639, "oidge", {kOid, kOid}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {1638, "oidgt", {kOid, kOid}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {185, "oidne", {kOid, kOid}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {56, "boollt", {kBool, kBool}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {1691, "boolle", {kBool, kBool}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {60, "booleq", {kBool, kBool}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1692, "boolge", {kBool, kBool}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {57, "boolgt", {kBool, kBool}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {84, "boolne", {kBool, kBool}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {1087, "date_lt", {kDate, kDate}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {1088, "date_le", {kDate, kDate}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {1086, "date_eq", {kDate, kDate}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1090, "date_ge", {kDate, kDate}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {1089, "date_gt", {kDate, kDate}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {1091, "date_ne", {kDate, kDate}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {1102, "time_lt", {kTime, kTime}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {1103, "time_le", {kTime, kTime}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {1145, "time_eq", {kTime, kTime}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {1105, "time_ge", {kTime, kTime}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {1104, "time_gt", {kTime, kTime}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {1106, "time_ne", {kTime, kTime}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {2054, "timestamp_lt", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Lt>, "($1 < $2)"},
    {2055, "timestamp_le", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Le>, "($1 <= $2)"},
    {2052, "timestamp_eq", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Eq>, "($1 = $2)"},
    {2056, "timestamp_ge", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Ge>, "($1 >= $2)"},
    {2057, "timestamp_gt", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Gt>, "($1 > $2)"},
    {2053, "timestamp_ne", {kTimestamp, kTimestamp}, kBool, kPure, CompareInts<Ne>, "($1 <> $2)"},
    {1154,
     "timestamptz_lt",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Lt>,
     "($1 < $2)"},
    {1155,
     "timestamptz_le",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Le>,
     "($1 <= $2)"},
    {1152,
     "timestamptz_eq",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Eq>,
     "($1 = $2)"},
    {1156,
     "timestamptz_ge",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Ge>,
     "($1 >= $2)"},
    {1157,
     "timestamptz_gt",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Gt>,
     "($1 > $2)"},
    {1153,
     "timestamptz_ne",
     {kTimestamptz, kTimestamptz},
     kBool,
     kPure,
     CompareInts<Ne>,
     "($1 <> $2)"},
    {1164, "interval_lt", {kInterval, kInterval}, kBool, kPure, CompareSpans<Lt>, "($1 < $2)"},
    {1165, "interval_le", {kInterval, kInterval}, kBool, kPure, CompareSpans<Le>, "($1 <= $2)"},
    {1162, "interval_eq", {kInterval, kInterval}, kBool, kPure, CompareSpans<Eq>, "($1 = $2)"},
    {1166, "interval_ge", {kInterval, kInterval}, kBool, kPure, CompareSpans<Ge>, "($1 >= $2)"},
    {1167, "interval_gt", {kInterval, kInterval}, kBool, kPure, CompareSpans<Gt>, "($1 > $2)"},
    {1163, "interval_ne", {kInterval, kInterval}, kBool, kPure, CompareSpans<Ne>, "($1 <> $2)"},
    {2954, "uuid_lt", {kUuid, kUuid}, kBool, kPure, CompareUuids<Lt>, "($1 < $2)"},
    {2955, "uuid_le", {kUuid, kUuid}, kBool, kPure, CompareUuids<Le>, "($1 <= $2)"},
    {2956, "uuid_eq", {kUuid, kUuid}, kBool, kPure, CompareUuids<Eq>, "($1 = $2)"},
    {2957, "uuid_ge", {kUuid, kUuid}, kBool, kPure, CompareUuids<Ge>, "($1 >= $2)"},
    {2958, "uuid_gt", {kUuid, kUuid}, kBool, kPure, CompareUuids<Gt>, "($1 > $2)"},
    {2959, "uuid_ne", {kUuid, kUuid}, kBool, kPure, CompareUuids<Ne>, "($1 <> $2)"},
    {1722,
     "numeric_lt",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Lt>,
     {},
     Meaning::kLess},
    {1723,
     "numeric_le",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Le>,
     {},
     Meaning::kLessEqual},
    {1718,
     "numeric_eq",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Eq>,
     {},
     Meaning::kEqual},
    {1721,
     "numeric_ge",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Ge>,
     {},
     Meaning::kGreaterEqual},
    {1720,
     "numeric_gt",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Gt>,
     {},
     Meaning::kGreater},
    {1719,
     "numeric_ne",
     {kNumeric, kNumeric},
     kBool,
     kPure,
     CompareNumerics<Ne>,
     {},
     Meaning::kNotEqual},
    {1949, "bytealt", {kBytea, kBytea}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {1950, "byteale", {kBytea, kBytea}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {1948, "byteaeq", {kBytea, kBytea}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {1952, "byteage", {kBytea, kBytea}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {1951, "byteagt", {kBytea, kBytea}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {1953, "byteane", {kBytea, kBytea}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {740, "text_lt", {kText, kText}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {741, "text_le", {kText, kText}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {67, "texteq", {kText, kText}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {743, "text_ge", {kText, kText}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {742, "text_gt", {kText, kText}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {157, "textne", {kText, kText}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {1049, "bpcharlt", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Lt>, "($1 < $2)"},
    {1050, "bpcharle", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Le>, "($1 <= $2)"},
    {1048, "bpchareq", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Eq>, "($1 = $2)"},
    {1052, "bpcharge", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Ge>, "($1 >= $2)"},
    {1051, "bpchargt", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Gt>, "($1 > $2)"},
    {1053, "bpcharne", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Ne>, "($1 <> $2)"},
    {655, "namelt", {kName, kName}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {656, "namele", {kName, kName}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {62, "nameeq", {kName, kName}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {658, "namege", {kName, kName}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {657, "namegt", {kName, kName}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {659, "namene", {kName, kName}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {241, "namelttext", {kName, kText}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {248, "textltname", {kText, kName}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {242, "nameletext", {kName, kText}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {249, "textlename", {kText, kName}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {240, "nameeqtext", {kName, kText}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {247, "texteqname", {kText, kName}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {243, "namegetext", {kName, kText}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {250, "textgename", {kText, kName}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {244, "namegttext", {kName, kText}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {251, "textgtname", {kText, kName}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {245, "namenetext", {kName, kText}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {252, "textnename", {kText, kName}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {1246, "charlt", {kChar, kChar}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {72, "charle", {kChar, kChar}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {61, "chareq", {kChar, kChar}, kBool, kPure, CompareBytes<Eq>, "($1 = $2)"},
    {74, "charge", {kChar, kChar}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {73, "chargt", {kChar, kChar}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {70, "charne", {kChar, kChar}, kBool, kPure, CompareBytes<Ne>, "($1 <> $2)"},
    {4039, "jsonb_lt", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Lt>},
    {4041, "jsonb_le", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Le>},
    {4043, "jsonb_eq", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Eq>},
    {4042, "jsonb_ge", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Ge>},
    {4040, "jsonb_gt", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Gt>},
    {4038, "jsonb_ne", {kJsonb, kJsonb}, kBool, kPure, CompareByType<Ne>},
    {391, "array_lt", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Lt>},
    {393, "array_le", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Le>},
    {744, "array_eq", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Eq>},
    {396, "array_ge", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Ge>},
    {392, "array_gt", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Gt>},
    {390, "array_ne", {kAnyarray, kAnyarray}, kBool, kPure, CompareByType<Ne>},
    {2160, "text_pattern_lt", {kText, kText}, kBool, kPure, CompareBytes<Lt>, "($1 < $2)"},
    {2161, "text_pattern_le", {kText, kText}, kBool, kPure, CompareBytes<Le>, "($1 <= $2)"},
    {2163, "text_pattern_ge", {kText, kText}, kBool, kPure, CompareBytes<Ge>, "($1 >= $2)"},
    {2164, "text_pattern_gt", {kText, kText}, kBool, kPure, CompareBytes<Gt>, "($1 > $2)"},
    {2174, "bpchar_pattern_lt", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Lt>, "($1 < $2)"},
    {2175, "bpchar_pattern_le", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Le>, "($1 <= $2)"},
    {2177, "bpchar_pattern_ge", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Ge>, "($1 >= $2)"},
    {2178, "bpchar_pattern_gt", {kBpchar, kBpchar}, kBool, kPure, CompareBlanked<Gt>, "($1 > $2)"},
};

}  // namespace

std::span<const FunctionRow> ComparisonRows() { return kComparisonRows; }

}  // namespace omen::functions
