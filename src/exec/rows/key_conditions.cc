#include "exec/rows/key_conditions.h"

#include <algorithm>

#include "rowstore/key_codec.h"
#include "types/io.h"

namespace omen::exec {
namespace {

constexpr size_t kPrefixesMax = 100'000;
constexpr char kNotNullMarker = 1;

// -1 or 1 where an integer lies below or above what the column's type can hold: a comparison may
// be with a wider type than the key's.
int OutOfRange(Oid type, const Value& value) {
  int64_t low, high;
  switch (type) {
    case oid::kInt2:
      low = INT16_MIN, high = INT16_MAX;
      break;
    case oid::kInt4:
      low = INT32_MIN, high = INT32_MAX;
      break;
    default:
      return 0;
  }
  return value.AsInt() < low ? -1 : static_cast<int>(value.AsInt() > high);
}

bool IsLower(CompareOp op, bool descending) {
  const bool above = op == CompareOp::kGt || op == CompareOp::kGe;
  return above != descending;
}

}  // namespace

KeyConditions::KeyConditions(const catalog::Table& table, const catalog::Index* index)
    : index_(index),
      storage_(index == nullptr || index->primary ? table.storage_id : index->storage_id) {
  if (index == nullptr) return;
  for (const catalog::IndexColumn& column : index->columns) {
    columns_.push_back({table.column(column.attnum).type, column.descending, column.nulls_first});
  }
}

// Keys hold char(n) without its blanks.
void KeyConditions::AppendKey(const Column& column, const Value& value, std::string* key) {
  const bool blanks =
      column.type.oid == oid::kBpchar && !value.is_null() && value.AsBytes().ends_with(' ');
  rowstore::AppendKeyColumn(column.type.oid,
                            blanks ? Value::Bytes(WithoutBlanks(value.AsBytes())) : value,
                            column.descending, column.nulls_first, *key);
}

bool KeyConditions::WholeUniqueKey() const {
  return index_ != nullptr && index_->unique && terms_.size() == columns_.size() &&
         std::ranges::none_of(terms_, [](const KeyTerm& term) { return term.is_null; });
}

bool KeyConditions::single_prefix() const {
  return std::ranges::all_of(terms_, [](const KeyTerm& term) { return term.single(); });
}

bool KeyConditions::is_point() const { return WholeUniqueKey() && single_prefix(); }

Result<bool> KeyConditions::PointKey(EvalContext& context, std::string* key) const {
  rowstore::AppendStoragePrefix(storage_, *key);
  for (size_t i = 0; i < terms_.size(); ++i) {
    Operand value;
    OMEN_RETURN_IF_ERROR(value.Load(*terms_[i].values[0], context));
    const Column& column = columns_[i];
    if (value->is_null() || OutOfRange(column.type.oid, *value) != 0) return false;
    AppendKey(column, *value, key);
  }
  return true;
}

Status KeyConditions::ExtendPrefixes(const KeyTerm& term, const Column& column,
                                     EvalContext& context,
                                     std::vector<std::string>* prefixes) const {
  std::vector<std::string> endings;
  const auto add = [&](const Value& value) {
    if (value.is_null() != term.is_null) return;
    if (!term.is_null && OutOfRange(column.type.oid, value) != 0) return;
    std::string ending;
    AppendKey(column, value, &ending);
    endings.push_back(std::move(ending));
  };
  if (term.is_null) add(Value());
  if (term.array != nullptr) {
    Operand array;
    OMEN_RETURN_IF_ERROR(array.Load(*term.array, context));
    if (!array->is_null()) std::ranges::for_each(array->AsArray().elements, add);
  }
  for (const EvaluatorPtr& evaluator : term.values) {
    Operand value;
    OMEN_RETURN_IF_ERROR(value.Load(*evaluator, context));
    add(*value);
  }
  std::ranges::sort(endings);
  const auto tail = std::ranges::unique(endings);
  endings.erase(tail.begin(), tail.end());
  if (endings.size() * prefixes->size() > kPrefixesMax) {
    return Status(sqlstate::kProgramLimit, "too many key values in one condition");
  }
  std::vector<std::string> extended;
  extended.reserve(prefixes->size() * endings.size());
  for (const std::string& prefix : *prefixes) {
    for (const std::string& ending : endings) extended.push_back(prefix + ending);
  }
  *prefixes = std::move(extended);
  return Status::Ok();
}

// Narrows the non-null part under `prefix` by every limit. False when nothing is left.
Result<bool> KeyConditions::LimitRange(const std::string& prefix, EvalContext& context,
                                       rowstore::KeyRange* range) const {
  if (limits_.empty()) {
    *range = {prefix, rowstore::PrefixEnd(prefix)};
    return true;
  }
  const Column& column = columns_[terms_.size()];
  range->lower = prefix + kNotNullMarker;
  range->upper = rowstore::PrefixEnd(range->lower);
  for (const KeyLimit& limit : limits_) {
    if (limit.value == nullptr) continue;
    Operand value;
    OMEN_RETURN_IF_ERROR(value.Load(*limit.value, context));
    if (value->is_null()) return false;
    const int outside = OutOfRange(column.type.oid, *value);
    if (outside != 0) {
      const bool above = limit.op == CompareOp::kGt || limit.op == CompareOp::kGe;
      if (above == (outside > 0)) return false;
      continue;
    }
    std::string key = prefix;
    AppendKey(column, *value, &key);
    const bool inclusive = limit.op == CompareOp::kLe || limit.op == CompareOp::kGe;
    const bool lower = IsLower(limit.op, column.descending);
    if (lower != inclusive) key = rowstore::PrefixEnd(key);
    if (lower) {
      range->lower = std::max(range->lower, key);
    } else {
      range->upper = std::min(range->upper, key);
    }
  }
  return range->lower < range->upper;
}

Status KeyConditions::Ranges(EvalContext& context, std::vector<rowstore::KeyRange>* ranges,
                             bool* points) const {
  std::vector<std::string> prefixes(1);
  rowstore::AppendStoragePrefix(storage_, prefixes[0]);
  for (size_t i = 0; i < terms_.size(); ++i) {
    OMEN_RETURN_IF_ERROR(ExtendPrefixes(terms_[i], columns_[i], context, &prefixes));
  }
  ranges->clear();
  *points = WholeUniqueKey();
  for (std::string& prefix : prefixes) {
    if (*points) {
      ranges->push_back({std::move(prefix), ""});
      continue;
    }
    rowstore::KeyRange range;
    OMEN_ASSIGN_OR_RETURN(const bool any, LimitRange(prefix, context, &range));
    if (any) ranges->push_back(std::move(range));
  }
  return Status::Ok();
}

}  // namespace omen::exec
