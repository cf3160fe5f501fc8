#include "colstore/internal/vector/numeric_carrier.h"

#include "colstore/internal/engine/engine_errors.h"
#include "colstore/internal/vector/decimals.h"
#include "types/number/numeric_blob.h"
#include "types/number/short_decimal.h"

namespace omen::colstore {

void AppendNumericCarrier(const Value& numeric, std::string* out) {
  if (const ShortResult value = ShortFromCarried(numeric.AsBytes())) {
    char bytes[kShortBlobBytes];
    out->append(bytes, static_cast<size_t>(WriteShortBlob(*value, bytes)));
    return;
  }
  *out += EncodeNumericBlob(Numeric::FromValue(numeric));
}

Value NumericFromCarrier(std::string_view carrier) {
  if (const ShortResult value = ShortFromBlob(carrier)) {
    return NumericFromDecimal(value->unscaled, value->scale);
  }
  auto numeric = DecodeNumericBlob(carrier);
  if (!numeric.ok()) ThrowToEngine(numeric.status());
  return numeric->ToValue();
}

}  // namespace omen::colstore
