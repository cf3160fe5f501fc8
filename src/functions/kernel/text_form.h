// Functions over many texts at a time: as the kernel answers, without a Value for each of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "functions/kernel/function.h"

namespace omen::functions {

/// A strict function whose arguments are known but for the first, a text. One of the two is set.
/// One thread, and for the rows at hand alone: what it keeps, the thread may forget later.
struct TextForm {
  /// Appends the result; false: it is null.
  std::function<Result<bool>(std::string_view text, std::string* out)> change;
  std::function<Result<bool>(std::string_view text)> test;
};

/// `args` without the value of the first. Fails where the kernel would for any text.
using TextFormMaker = Result<TextForm> (*)(const CallArgs& args);

struct TextFormRow {
  Oid function;
  TextFormMaker make;
};

}  // namespace omen::functions
