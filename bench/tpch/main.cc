// omendb_tpchgen: writes data derived from TPC-H. Fields are separated by '|', one row a
// line, without a '|' at the end: COPY ... FROM STDIN WITH (DELIMITER '|') reads it.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tpch/generator.h"

namespace {

constexpr size_t kFlushBytes = 1u << 20;

int Usage() {
  std::fputs(
      "usage: omendb_tpchgen --sf SCALE [--seed N] (--table NAME | --out DIR)\n"
      "  --table NAME  one table to standard output\n"
      "  --out DIR     every table to DIR/NAME.tbl\n",
      stderr);
  return 2;
}

bool WriteTable(const omen::tpch::Generator& generator, std::string_view table, std::FILE* file) {
  std::string buffer;
  buffer.reserve(kFlushBytes + 4096);
  int64_t units = generator.Units(table);
  for (int64_t unit = 0; unit < units; ++unit) {
    generator.AppendUnit(table, unit, buffer);
    if (buffer.size() < kFlushBytes && unit + 1 < units) continue;
    if (std::fwrite(buffer.data(), 1, buffer.size(), file) != buffer.size()) return false;
    buffer.clear();
  }
  return std::fflush(file) == 0;
}

bool WriteFile(const omen::tpch::Generator& generator, std::string_view table,
               const std::string& folder) {
  std::string path = fmt::format("{}/{}.tbl", folder, table);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  bool written = WriteTable(generator, table, file);
  return std::fclose(file) == 0 && written;
}

}  // namespace

int main(int argc, char** argv) {
  double scale = 0;
  uint64_t seed = 1;
  std::string table, folder;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--sf")
      scale = std::atof(value);
    else if (name == "--seed")
      seed = std::strtoull(value, nullptr, 10);
    else if (name == "--table")
      table = value;
    else if (name == "--out")
      folder = value;
    else
      return Usage();
  }
  if (argc % 2 == 0 || scale <= 0 || table.empty() == folder.empty()) return Usage();
  omen::tpch::Generator generator(scale, seed);
  bool known = table.empty();
  for (std::string_view name : omen::tpch::TableNames()) {
    if (!table.empty() && table != name) continue;
    known = true;
    bool written =
        table.empty() ? WriteFile(generator, name, folder) : WriteTable(generator, name, stdout);
    if (written) continue;
    fmt::print(stderr, "omendb_tpchgen: {}: {}\n", name, std::strerror(errno));
    return 1;
  }
  return known ? 0 : Usage();
}
