// Functions over many values at a time, whose other arguments are made ready once for all.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "functions/kernel/function.h"

namespace omen::functions {

/// A strict function whose arguments are known but for one. One of the two is set. One thread, and
/// for the rows at hand alone, as TextForm.
struct ValueForm {
  /// Appends the text that is the result; false: it is null.
  std::function<Result<bool>(const Value& value, std::string* out)> print;
  std::function<Status(const Value& value, Value* out)> change;
};

/// `args` without the value of the one that varies. The context outlives what is made. Fails where
/// the kernel would for any value.
using ValueFormMaker = Result<ValueForm> (*)(CallContext& context, const CallArgs& args);

struct ValueFormRow {
  Oid function;
  size_t varying;  // the argument
  ValueFormMaker make;
};

}  // namespace omen::functions
