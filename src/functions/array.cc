// Functions and operators of one-dimensional arrays.
#include <algorithm>
#include <string>

#include "base/work.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/split_text.h"
#include "functions/kernel/text_search.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

constexpr size_t kMaxElements = 134'217'727;  // MaxArraySize

const ArrayData& ArrayArg(const CallArgs& args, size_t i) { return args.values[i].AsArray(); }

Oid ElementType(const CallArgs& args, size_t i) { return InfoOf(args.types[i].oid).element; }

Status ReturnArray(Value* out, ArrayData array) {
  if (array.elements.empty()) array.lower_bound = 1;
  return Return(out, Value::Array(std::move(array)));
}

Status TooManyElements() {
  return Status(sqlstate::kProgramLimit, "array size exceeds the maximum allowed (134217727)");
}

/// A copy to change; an empty one of the type where the argument is null.
ArrayData CopyOrEmpty(const CallArgs& args, size_t i) {
  if (!args.values[i].is_null()) return ArrayArg(args, i);
  ArrayData empty;
  empty.element = ElementType(args, i);
  return empty;
}

Status Append(CallContext&, const CallArgs& args, Value* out) {
  ArrayData array = CopyOrEmpty(args, 0);
  if (array.elements.size() >= kMaxElements) return TooManyElements();
  array.elements.push_back(args.values[1]);
  return ReturnArray(out, std::move(array));
}

Status Prepend(CallContext&, const CallArgs& args, Value* out) {
  ArrayData array = CopyOrEmpty(args, 1);
  if (array.elements.size() >= kMaxElements) return TooManyElements();
  array.elements.insert(array.elements.begin(), args.values[0]);
  return ReturnArray(out, std::move(array));
}

Status ConcatenateArrays(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, args.values[1]);
  if (args.values[1].is_null() || ArrayArg(args, 1).elements.empty()) {
    return Return(out, args.values[0]);
  }
  if (ArrayArg(args, 0).elements.empty()) return Return(out, args.values[1]);
  ArrayData array = ArrayArg(args, 0);
  const std::vector<Value>& tail = ArrayArg(args, 1).elements;
  if (array.elements.size() + tail.size() > kMaxElements) return TooManyElements();
  array.elements.insert(array.elements.end(), tail.begin(), tail.end());
  return ReturnArray(out, std::move(array));
}

int64_t UpperOf(const ArrayData& array) {
  return array.lower_bound + static_cast<int64_t>(array.elements.size()) - 1;
}

Status Dimensions(CallContext&, const CallArgs& args, Value* out) {
  const ArrayData& array = ArrayArg(args, 0);
  if (array.elements.empty()) return Return(out, Value());
  return ReturnText(
      out, "[" + std::to_string(array.lower_bound) + ":" + std::to_string(UpperOf(array)) + "]");
}

Status DimensionCount(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, ArrayArg(args, 0).elements.empty() ? Value() : Value::Int(1));
}

/// Only dimension 1 exists, and none of an empty array.
bool HasDimension(const CallArgs& args) {
  return IntArg(args, 1) == 1 && !ArrayArg(args, 0).elements.empty();
}

Status ArrayLength(CallContext&, const CallArgs& args, Value* out) {
  if (!HasDimension(args)) return Return(out, Value());
  return ReturnInt(out, static_cast<int64_t>(ArrayArg(args, 0).elements.size()));
}

Status LowerBound(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, HasDimension(args) ? Value::Int(ArrayArg(args, 0).lower_bound) : Value());
}

Status UpperBound(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, HasDimension(args) ? Value::Int(UpperOf(ArrayArg(args, 0))) : Value());
}

Status Cardinality(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<int64_t>(ArrayArg(args, 0).elements.size()));
}

/// Nulls are equal to each other here, as IS NOT DISTINCT FROM has it.
bool Same(Oid type, const Value& a, const Value& b) {
  Work::Poll();
  if (a.is_null() || b.is_null()) return a.is_null() && b.is_null();
  return CompareValues(type, a, b) == 0;
}

Status ArrayPosition(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  const ArrayData& array = ArrayArg(args, 0);
  int64_t start = array.lower_bound;
  if (args.values.size() == 3) {
    if (args.values[2].is_null()) {
      return Status(SqlState{"22004"}, "initial position must not be null");
    }
    start = std::max(start, IntArg(args, 2));
  }
  for (int64_t i = start; i <= UpperOf(array); ++i) {
    const Value& element = array.elements[static_cast<size_t>(i - array.lower_bound)];
    if (Same(array.element, element, args.values[1])) return ReturnInt(out, i);
  }
  return Return(out, Value());
}

Status ArrayPositions(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  const ArrayData& array = ArrayArg(args, 0);
  ArrayData positions;
  positions.element = oid::kInt4;
  for (size_t i = 0; i < array.elements.size(); ++i) {
    if (!Same(array.element, array.elements[i], args.values[1])) continue;
    positions.elements.push_back(Value::Int(array.lower_bound + static_cast<int64_t>(i)));
  }
  return ReturnArray(out, std::move(positions));
}

Status Remove(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  ArrayData array = ArrayArg(args, 0);
  std::erase_if(array.elements,
                [&](const Value& v) { return Same(array.element, v, args.values[1]); });
  return ReturnArray(out, std::move(array));
}

Status ReplaceElements(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  ArrayData array = ArrayArg(args, 0);
  for (Value& element : array.elements) {
    if (Same(array.element, element, args.values[1])) element = args.values[2];
  }
  return ReturnArray(out, std::move(array));
}

Status ToString(CallContext& context, const CallArgs& args, Value* out) {
  if (args.values[0].is_null() || args.values[1].is_null()) return Return(out, Value());
  const ArrayData& array = ArrayArg(args, 0);
  bool prints_nulls = args.values.size() == 3 && !args.values[2].is_null();
  std::string text;
  bool any = false;
  for (const Value& element : array.elements) {
    Work::Poll();
    if (text.size() > kTextBytesMax) return TextTooLarge();
    if (element.is_null() && !prints_nulls) continue;
    if (any) text += BytesArg(args, 1);
    any = true;
    if (element.is_null()) {
      text += BytesArg(args, 2);
    } else {
      AppendText({ElementType(args, 0), args.types[0].typmod}, element, context.style, text);
    }
  }
  return ReturnText(out, text);
}

Status FromString(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  ArrayData array;
  array.element = oid::kText;
  array.elements = SplitText(args);
  return ReturnArray(out, std::move(array));
}

bool Holds(const ArrayData& array, const Value& value) {
  return !value.is_null() &&
         std::any_of(array.elements.begin(), array.elements.end(), [&](const Value& element) {
           Work::Poll();
           return !element.is_null() && CompareValues(array.element, element, value) == 0;
         });
}

/// kWhole is the argument that contains the other. Nulls are never contained.
template <size_t kWhole>
Status ArrayContains(CallContext&, const CallArgs& args, Value* out) {
  const ArrayData& whole = ArrayArg(args, kWhole);
  const std::vector<Value>& part = ArrayArg(args, 1 - kWhole).elements;
  return ReturnBool(out, std::all_of(part.begin(), part.end(),
                                     [&](const Value& value) { return Holds(whole, value); }));
}

Status Overlap(CallContext&, const CallArgs& args, Value* out) {
  const ArrayData& first = ArrayArg(args, 0);
  const std::vector<Value>& second = ArrayArg(args, 1).elements;
  return ReturnBool(out, std::any_of(second.begin(), second.end(),
                                     [&](const Value& value) { return Holds(first, value); }));
}

Status Fill(CallContext&, const CallArgs& args, Value* out) {
  bool has_bounds = args.values.size() == 3;
  if (args.values[1].is_null() || (has_bounds && args.values[2].is_null())) {
    return Status(SqlState{"22004"}, "dimension array or low bound array cannot be null");
  }
  ArrayData array;
  array.element = args.types[0].oid;
  const std::vector<Value>& sizes = ArrayArg(args, 1).elements;
  if (sizes.empty()) return ReturnArray(out, std::move(array));
  if (sizes.size() > 1) return NotSupported("arrays of more than one dimension");
  if (sizes[0].is_null()) return Status(SqlState{"22004"}, "dimension values cannot be null");
  int64_t size = sizes[0].AsInt();
  if (size < 0 || static_cast<size_t>(size) > kMaxElements) return TooManyElements();
  if (has_bounds && ArrayArg(args, 2).elements.size() != 1) {
    return Status(sqlstate::kArraySubscript, "wrong number of array subscripts")
        .Detail("Low bound array has different size than dimensions array.");
  }
  if (has_bounds) array.lower_bound = static_cast<int32_t>(ArrayArg(args, 2).elements[0].AsInt());
  array.elements.assign(static_cast<size_t>(size), args.values[0]);
  return ReturnArray(out, std::move(array));
}

Status TrimEnd(CallContext&, const CallArgs& args, Value* out) {
  ArrayData array = ArrayArg(args, 0);
  int64_t count = IntArg(args, 1), size = static_cast<int64_t>(array.elements.size());
  if (count < 0 || count > size) {
    return Status(sqlstate::kArraySubscript,
                  "number of elements to trim must be between 0 and " + std::to_string(size));
  }
  array.elements.resize(static_cast<size_t>(size - count));
  array.lower_bound = 1;
  return ReturnArray(out, std::move(array));
}

Status LargerArray(CallContext&, const CallArgs& args, Value* out) {
  int order = CompareValues(args.types[0].oid, args.values[0], args.values[1]);
  return Return(out, args.values[order > 0 ? 0 : 1]);
}

Status SmallerArray(CallContext&, const CallArgs& args, Value* out) {
  int order = CompareValues(args.types[0].oid, args.values[0], args.values[1]);
  return Return(out, args.values[order < 0 ? 0 : 1]);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kArrayRows[] = {
    {378,
     "array_append",
     {kAnycompatiblearray, kAnycompatible},
     kAnycompatiblearray,
     kNotStrict,
     Append},
    {379,
     "array_prepend",
     {kAnycompatible, kAnycompatiblearray},
     kAnycompatiblearray,
     kNotStrict,
     Prepend},
    {383,
     "array_cat",
     {kAnycompatiblearray, kAnycompatiblearray},
     kAnycompatiblearray,
     kNotStrict,
     ConcatenateArrays},
    {747, "array_dims", {kAnyarray}, kText, kPure, Dimensions},
    {748, "array_ndims", {kAnyarray}, kInt4, kPure, DimensionCount},
    {2176, "array_length", {kAnyarray, kInt4}, kInt4, kPure, ArrayLength},
    {2091, "array_lower", {kAnyarray, kInt4}, kInt4, kPure, LowerBound},
    {2092, "array_upper", {kAnyarray, kInt4}, kInt4, kPure, UpperBound},
    {3179, "cardinality", {kAnyarray}, kInt4, kPure, Cardinality, "CAST(len($1) AS INTEGER)"},
    {3277,
     "array_position",
     {kAnycompatiblearray, kAnycompatible},
     kInt4,
     kNotStrict,
     ArrayPosition},
    {3278,
     "array_position",
     {kAnycompatiblearray, kAnycompatible, kInt4},
     kInt4,
     kNotStrict,
     ArrayPosition},
    {3279,
     "array_positions",
     {kAnycompatiblearray, kAnycompatible},
     kInt4Array,
     kNotStrict,
     ArrayPositions},
    {3167,
     "array_remove",
     {kAnycompatiblearray, kAnycompatible},
     kAnycompatiblearray,
     kNotStrict,
     Remove},
    {3168,
     "array_replace",
     {kAnycompatiblearray, kAnycompatible, kAnycompatible},
     kAnycompatiblearray,
     kNotStrict,
     ReplaceElements},
    {395,
     "array_to_string",
     {kAnyarray, kText},
     kText,
     kStable | kReadsZone | kReadsStyle,
     ToString},
    {384,
     "array_to_string",
     {kAnyarray, kText, kText},
     kText,
     kNotStrict | kStable | kReadsZone | kReadsStyle,
     ToString},
    {394, "string_to_array", {kText, kText}, kTextArray, kNotStrict, FromString},
    {376, "string_to_array", {kText, kText, kText}, kTextArray, kNotStrict, FromString},
    {2748, "arraycontains", {kAnyarray, kAnyarray}, kBool, kPure, ArrayContains<0>},
    {2749, "arraycontained", {kAnyarray, kAnyarray}, kBool, kPure, ArrayContains<1>},
    {2747, "arrayoverlap", {kAnyarray, kAnyarray}, kBool, kPure, Overlap},
    {1193, "array_fill", {kAnyelement, kInt4Array}, kAnyarray, kNotStrict, Fill},
    {1286, "array_fill", {kAnyelement, kInt4Array, kInt4Array}, kAnyarray, kNotStrict, Fill},
    {6172, "trim_array", {kAnyarray, kInt4}, kAnyarray, kPure, TrimEnd},
    {515, "array_larger", {kAnyarray, kAnyarray}, kAnyarray, kPure, LargerArray},
    {516, "array_smaller", {kAnyarray, kAnyarray}, kAnyarray, kPure, SmallerArray},
};

}  // namespace

std::vector<Value> SplitText(const CallArgs& args) {
  std::string_view text = BytesArg(args, 0);
  std::vector<Value> pieces;
  auto add = [&](std::string_view piece) {
    Work::Poll();
    bool is_null =
        args.values.size() == 3 && !args.values[2].is_null() && BytesArg(args, 2) == piece;
    pieces.push_back(is_null ? Value() : Value::Text(piece));
  };
  if (text.empty()) return pieces;
  if (args.values[1].is_null()) {
    for (size_t i = 0; i < text.size(); i += CharacterLength(text[i])) {
      add(text.substr(i, CharacterLength(text[i])));
    }
    return pieces;
  }
  std::string_view separator = BytesArg(args, 1);
  size_t start = 0;
  for (size_t found = 0; !separator.empty() &&
                         (found = FindText(text, separator, start)) != std::string_view::npos;) {
    add(text.substr(start, found - start));
    start = found + separator.size();
  }
  add(text.substr(start));
  return pieces;
}

std::span<const FunctionRow> ArrayRows() { return kArrayRows; }

}  // namespace omen::functions
