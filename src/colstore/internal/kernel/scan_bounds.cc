#include "colstore/internal/kernel/scan_bounds.h"

#include <utility>

#include "colstore/internal/vector/vectors.h"
#include "duckdb/planner/filter/conjunction_filter.hpp"
#include "duckdb/planner/filter/constant_filter.hpp"
#include "duckdb/planner/filter/in_filter.hpp"
#include "duckdb/planner/filter/optional_filter.hpp"

namespace omen::colstore {
namespace {

using duckdb::ExpressionType;
using duckdb::TableFilter;
using duckdb::TableFilterType;

/// What all filters of one column leave.
class BoundReader {
 public:
  BoundReader(int column, Type type) : type_(type) { bound_.column = column; }

  void Add(const TableFilter& filter) {
    switch (filter.filter_type) {
      case TableFilterType::CONSTANT_COMPARISON:
        return AddComparison(filter.Cast<duckdb::ConstantFilter>());
      case TableFilterType::CONJUNCTION_AND:
        for (const auto& each : filter.Cast<duckdb::ConjunctionAndFilter>().child_filters) {
          Add(*each);
        }
        return;
      case TableFilterType::OPTIONAL_FILTER:
        if (const auto& own = filter.Cast<duckdb::OptionalFilter>().child_filter) Add(*own);
        return;
      case TableFilterType::IN_FILTER:
        return AddList(filter.Cast<duckdb::InFilter>().values);
      default:
        return;
    }
  }

  bool empty() const {
    return bound_.values.empty() && bound_.low.is_null() && bound_.high.is_null();
  }
  ColumnBound Take() { return std::move(bound_); }

 private:
  void AddComparison(const duckdb::ConstantFilter& filter) {
    const duckdb::Value& value = filter.constant;
    if (!Fits(value)) return;
    switch (filter.comparison_type) {
      case ExpressionType::COMPARE_EQUAL:
        return AddList({value});
      case ExpressionType::COMPARE_GREATERTHAN:
      case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
        if (!low_.IsNull() && low_ >= value) return;
        low_ = value;
        bound_.low = Convert(value);
        return;
      case ExpressionType::COMPARE_LESSTHAN:
      case ExpressionType::COMPARE_LESSTHANOREQUALTO:
        if (!high_.IsNull() && high_ <= value) return;
        high_ = value;
        bound_.high = Convert(value);
        return;
      default:
        return;
    }
  }

  void AddList(const duckdb::vector<duckdb::Value>& values) {
    if (!bound_.values.empty() && bound_.values.size() <= values.size()) return;
    std::vector<Value> converted;
    for (const duckdb::Value& value : values) {
      if (!Fits(value)) return;
      converted.push_back(Convert(value));
    }
    bound_.values = std::move(converted);
  }

  bool Fits(const duckdb::Value& value) const {
    return !value.IsNull() && value.type() == EngineType(type_);
  }

  Value Convert(const duckdb::Value& value) const {
    duckdb::Vector vector(value);
    return VectorReader(vector, 1, type_).Get(0);
  }

  const Type type_;
  ColumnBound bound_;
  duckdb::Value low_, high_;
};

}  // namespace

bool TellsJoinKeys(Oid type) {
  switch (type) {
    case oid::kInt2:
    case oid::kInt4:
    case oid::kInt8:
    case oid::kDate:
    case oid::kTimestamp:
    case oid::kTimestamptz:
    case oid::kText:
    case oid::kVarchar:
      return true;
    default:
      return false;
  }
}

std::vector<ColumnBound> BoundsOf(const duckdb::TableFilterSet& filters,
                                  const duckdb::vector<duckdb::column_t>& columns,
                                  const std::vector<Type>& types) {
  std::vector<ColumnBound> bounds;
  for (const auto& [number, filter] : filters.filters) {
    const duckdb::column_t column = columns[number];
    if (column >= types.size() || !TellsJoinKeys(types[column].oid)) continue;
    BoundReader reader(static_cast<int>(column), types[column]);
    reader.Add(*filter);
    if (!reader.empty()) bounds.push_back(reader.Take());
  }
  return bounds;
}

}  // namespace omen::colstore
