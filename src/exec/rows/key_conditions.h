// Conditions on the leading columns of a key, and the key ranges they select.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalog/schema.h"
#include "exec/expr/evaluate.h"
#include "rowstore/rowstore.h"

namespace omen::exec {

/// What one key column must equal: a value, one of several, or null.
struct KeyTerm {
  std::vector<EvaluatorPtr> values;
  EvaluatorPtr array;  // = ANY(array) instead of `values`
  bool is_null = false;

  bool single() const { return array == nullptr && values.size() <= 1; }
};

/// One end of a range on the column after the terms, or just "not null".
struct KeyLimit {
  EvaluatorPtr value;  // null: no end, only nulls are left out
  CompareOp op;        // kLt, kLe, kGt, kGe
};

/// Terms for a prefix of a key's columns and limits on the next. Immutable; any thread.
class KeyConditions {
 public:
  /// `index` null: the whole storage of a table without conditions.
  KeyConditions(const catalog::Table& table, const catalog::Index* index);

  void AddTerm(KeyTerm term) { terms_.push_back(std::move(term)); }
  void AddLimit(KeyLimit limit) { limits_.push_back(std::move(limit)); }

  /// One entry at most: every column of a unique key has a single value.
  bool is_point() const;
  /// Appends the key of a point; false where a value is null or out of the column's range.
  Result<bool> PointKey(EvalContext& context, std::string* key) const;
  /// The ranges selected, in key order, disjoint. `points` tells that each lower bound is a
  /// whole unique key (then upper is empty).
  Status Ranges(EvalContext& context, std::vector<rowstore::KeyRange>* ranges, bool* points) const;

  const catalog::Index* index() const { return index_; }
  size_t term_count() const { return terms_.size(); }
  bool has_limits() const { return !limits_.empty(); }
  bool single_prefix() const;

 private:
  struct Column {
    Type type;
    bool descending, nulls_first;
  };
  static void AppendKey(const Column& column, const Value& value, std::string* key);
  bool WholeUniqueKey() const;
  Status ExtendPrefixes(const KeyTerm& term, const Column& column, EvalContext& context,
                        std::vector<std::string>* prefixes) const;
  Result<bool> LimitRange(const std::string& prefix, EvalContext& context,
                          rowstore::KeyRange* range) const;

  const catalog::Index* index_;
  catalog::StorageId storage_;
  std::vector<Column> columns_;
  std::vector<KeyTerm> terms_;
  std::vector<KeyLimit> limits_;
};

}  // namespace omen::exec
