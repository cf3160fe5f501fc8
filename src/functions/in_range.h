// Distances of RANGE frames: PostgreSQL's in_range support functions.
#pragma once

#include <optional>
#include <span>

#include "functions/registry.h"

namespace omen::functions {

/// Whether a value lies on one side of base plus or minus an offset, without that sum's overflow.
/// Immutable; any thread.
class InRange {
 public:
  struct Args {
    const Value& value;
    const Value& base;
    const Value& offset;
    bool subtract;  // from base, else add
    bool less;      // is value <= the sum, else >=
  };

  /// The types that an offset to a key of this type may have; none where there is no distance.
  static std::span<const Oid> OffsetTypes(Oid key);
  static std::optional<InRange> Find(Oid key, Oid offset);

  /// None of the values is null. 22013 for a negative offset; 22008 beyond the ends of time.
  Result<bool> operator()(CallContext& context, const Args& args) const;

 private:
  enum class Rule : uint8_t { kInteger, kFloat, kTime, kNumeric, kSpan };
  InRange(Rule rule, Oid key, Oid offset) : rule_(rule), key_{key, -1}, offset_{offset, -1} {}
  Result<bool> Spans(CallContext& context, const Args& args) const;
  Status Sum(CallContext& context, const Args& args, Value* sum) const;

  Rule rule_;
  Type key_, offset_;
  Type sum_{};  // of plus_ and minus_
  const Function* plus_ = nullptr;
  const Function* minus_ = nullptr;
};

}  // namespace omen::functions
