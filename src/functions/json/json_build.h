// Printing SQL values as JSON.
#pragma once

#include <string>

#include "functions/kernel/kernel.h"

namespace omen::functions {

/// Appends what to_json() gives; null for a null.
void AppendJson(const CallContext& context, Type type, const Value& value, std::string& out);
/// Appends a value as an object's key. 22023 for arrays and json, `position` is for its message.
Status AppendJsonKey(const CallContext& context, Type type, const Value& value, std::string& out);
/// As jsonb where wanted: json text is made canonical.
Status ReturnJson(bool canonical, const std::string& text, Value* out);

}  // namespace omen::functions
