// What functions of json and jsonb ask of whole values, and how they refuse.
#pragma once

#include <string>
#include <utility>

#include "base/status.h"
#include "types/json/json.h"

namespace omen::functions {

/// An array or an object.
inline bool IsContainer(const JsonValue& value) {
  return value.kind == JsonValue::Kind::kArray || value.kind == JsonValue::Kind::kObject;
}

inline Status BadUse(std::string message) {
  return Status(sqlstate::kInvalidParameter, std::move(message));
}

}  // namespace omen::functions
