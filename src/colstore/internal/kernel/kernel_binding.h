// What a call of an adapter is bound to: the signature literal in front of its arguments,
// and the surroundings of the statement.
#pragma once

#include <utility>
#include <vector>

#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/engine/statement_state.h"
#include "duckdb.hpp"
#include "types/column_functions.h"

namespace omen::colstore {

/// Takes the signature off the arguments (and off the bound function's parameters) and checks it
/// against them. Throws to the engine when the generator printed something that cannot be.
column_functions::Signature TakeSignature(
    duckdb::ClientContext& context, duckdb::SimpleFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments);

/// The `serialize` of a function whose binding takes arguments away: it could not be bound again
/// to what is left, as the engine would do where it copies a plan. It keeps the plan whole then.
template <typename Function>
void RefuseCopy(duckdb::Serializer&, duckdb::optional_ptr<duckdb::FunctionData>,
                const Function& function) {
  throw duckdb::NotImplementedException("a copy of " + function.name);
}

/// The value of a literal argument; throws to the engine when it is not one.
duckdb::Value LiteralArgument(duckdb::ClientContext& context, const duckdb::Expression& argument);

/// The bytes that a written value takes in a vector's heap.
int64_t HeapBytesOf(const Value& value, Carrier carrier);

/// Charges the statement for what is written to one vector, until the next one is. One thread.
class VectorCharge {
 public:
  VectorCharge(MemoryAccountPtr account, Type type)
      : charge_(std::move(account)), carrier_(InfoOf(type.oid).carrier) {}
  /// The vector before is gone.
  void Begin() {
    charge_.Clear();
    written_ = 0;
  }
  /// Before `value` is written. Throws 53200 to the engine; when it is `folding`, for any large
  /// text: the constant is then computed when the statement runs.
  void Add(const Value& value, bool folding) {
    if (!value.is_null()) AddBytes(HeapBytesOf(value, carrier_), folding);
  }
  void AddBytes(int64_t bytes, bool folding) {
    written_ += bytes;
    if (written_ - charge_.bytes() > kPortion) Grow(folding);
  }
  /// The one value written stands for `rows`, and what reads it may copy it as often.
  void Repeat(int64_t rows) {
    if (written_ > kPortion) CheckInEngine(charge_.Resize(written_ * rows));
  }

 private:
  static constexpr int64_t kPortion = 64 << 10;
  void Grow(bool folding);
  MemoryCharge charge_;
  Carrier carrier_;
  int64_t written_ = 0;
};

}  // namespace omen::colstore
