#include "colstore/internal/vector/numeric_carrier.h"

#include "colstore/internal/engine/engine_errors.h"
#include "types/number/numeric_blob.h"

namespace omen::colstore {

void AppendNumericCarrier(const Value& numeric, std::string* out) {
  *out += EncodeNumericBlob(Numeric::FromValue(numeric));
}

Value NumericFromCarrier(std::string_view carrier) {
  auto numeric = DecodeNumericBlob(carrier);
  if (!numeric.ok()) ThrowToEngine(numeric.status());
  return numeric->ToValue();
}

}  // namespace omen::colstore
