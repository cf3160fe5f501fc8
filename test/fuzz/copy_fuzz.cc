// Any bytes as COPY input: lines and fields are the same however the stream is cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "exec/copy/copy_format.h"

namespace {

using omen::exec::CopyField;
using omen::exec::CopyReader;

constexpr size_t kColumns = 3;

omen::sql::Copy OptionsOf(uint8_t choice) {
  using Format = omen::sql::Copy::Format;
  omen::sql::Copy options;
  options.format = static_cast<Format>(choice % 3);
  if (options.format == Format::kCsv) {
    options.delimiter = ',';
    options.null_text.clear();
    if ((choice & 4) != 0) options.escape = '\\';
  }
  options.header = options.format != Format::kBinary && (choice & 8) != 0;
  return options;
}

/// Everything the reader says of the stream, as text.
std::string Read(const omen::sql::Copy& options, std::string_view stream, size_t chunk) {
  CopyReader reader(options, kColumns);
  std::string said;
  bool finished = false;
  std::vector<CopyField> fields;
  while (true) {
    auto next = reader.Next(&fields);
    if (!next.ok()) return said + "error " + next.status().error().message;
    if (*next) {
      for (const CopyField& field : fields) {
        said += field.null ? "N" : field.quoted ? "Q" : "F";
        said += std::to_string(field.text.size()) + ":" + std::string(field.text);
      }
      said += "\n";
    } else if (reader.done() || finished) {
      return said + "end " + std::to_string(reader.line());
    } else if (stream.empty()) {
      reader.Finish();
      finished = true;
    } else {
      reader.Feed(stream.substr(0, chunk));
      stream.remove_prefix(std::min(chunk, stream.size()));
    }
  }
}

}  // namespace

/// The first byte chooses the options, the second the size of the chunks.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const omen::sql::Copy options = OptionsOf(data[0]);
  const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string whole = Read(options, stream, std::max<size_t>(stream.size(), 1));
  OMEN_CHECK(Read(options, stream, data[1] % 16 + 1) == whole);
  return 0;
}
