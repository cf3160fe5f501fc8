// COPY's formats read: escapes, quotes, nulls, ends of lines, and that nothing depends on where
// the client's chunks are cut.
#include <gtest/gtest.h>

#include "exec/copy/copy_format.h"
#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

/// A line as "[a][NULL]['q']" (quoted fields in quotes), lines by spaces, or "ERROR 22P04: text".
std::string ReadAll(const sql::Copy& options, size_t columns, std::string_view data, size_t cut) {
  CopyReader reader(options, columns);
  std::vector<CopyField> fields;
  std::string out;
  const auto drain = [&]() -> Status {
    while (true) {
      OMEN_ASSIGN_OR_RETURN(const bool more, reader.Next(&fields));
      if (!more) return Status::Ok();
      if (!out.empty()) out += ' ';
      for (const CopyField& field : fields) {
        const std::string text = field.null ? "NULL" : std::string(field.text);
        out += field.quoted ? "['" + text + "']" : "[" + text + "]";
      }
    }
  };
  Status status = Status::Ok();
  for (const std::string_view part : {data.substr(0, cut), data.substr(cut)}) {
    reader.Feed(part);
    if (status.ok()) status = drain();
  }
  reader.Finish();
  if (status.ok()) status = drain();
  if (status.ok() && !reader.done()) out += " (not done)";
  if (status.ok()) return out;
  return "ERROR " + std::string(status.error().state.view()) + ": " + status.error().message +
         " at " + std::to_string(reader.line());
}

struct CopyCase {
  std::string_view data;
  const char* fields;
};

sql::Copy CopyOptions(sql::Copy::Format format) {
  sql::Copy options;
  options.from = true;
  options.format = format;
  options.delimiter = format == sql::Copy::Format::kCsv ? ',' : '\t';
  options.null_text = format == sql::Copy::Format::kCsv ? "" : "\\N";
  return options;
}

void ExpectFields(const sql::Copy& options, size_t columns, std::span<const CopyCase> cases) {
  for (const CopyCase& one : cases) {
    EXPECT_EQ(ReadAll(options, columns, one.data, one.data.size()), one.fields) << one.data;
    for (size_t cut = 0; cut < one.data.size(); ++cut) {
      EXPECT_EQ(ReadAll(options, columns, one.data, cut), one.fields) << one.data << " at " << cut;
    }
  }
}

TEST(CopyReading, Text) {
  constexpr CopyCase kCases[] = {
      {"a\tb\n", "[a][b]"},
      {"a\tb", "[a][b]"},
      {"a\t\n\tb\n", "[a][] [][b]"},
      {"\\N\t\\\\N\n", "[NULL][\\N]"},
      {"x\\ty\ta\\nb\n", "[x\ty][a\nb]"},
      {"\\b\\f\\r\\v\\z\t\\\\\n", "[\b\f\r\vz][\\]"},
      {"\\101\\60\t\\x41\\x4a1\n", "[A0][AJ1]"},
      {"\\1014\t\\xg\n", "[A4][xg]"},
      {"a\\\nb\tc\n", "[a\nb][c]"},
      {"a\\\tb\tc\n", "[a\tb][c]"},
      {"a\\\\\nb\\\\\\\nc\n", "[a\\] [b\\\nc]"},
      {"a\tb\r\nc\td\r\n", "[a][b] [c][d]"},
      {"a\n\\.\nb\n", "[a]"},
      {"\n", "[]"},
      {"", ""},
      {"\xc3\xa9\t\xe6\x97\xa5\n", "[\xc3\xa9][\xe6\x97\xa5]"},
      {"a\tb\tc\n", "ERROR 22P04: extra data after last expected column at 1"},
      {"a\nb\tc\td\n", "ERROR 22P04: extra data after last expected column at 2"},
  };
  ExpectFields(CopyOptions(sql::Copy::Format::kText), 2, kCases);
}

TEST(CopyReading, TextWithItsOptions) {
  sql::Copy options = CopyOptions(sql::Copy::Format::kText);
  options.delimiter = '|';
  options.null_text = "nil";
  options.header = true;
  constexpr CopyCase kCases[] = {
      {"h|i|j\na|nil\n", "[a][NULL]"},
      {"h\n\\N|nil \n", "[N][nil ]"},
      {"h\na\\|b|\\nil\n", "[a|b][\nil]"},
      {"h\n", ""},
      {"", ""},
  };
  ExpectFields(options, 2, kCases);
}

TEST(CopyReading, Csv) {
  constexpr CopyCase kCases[] = {
      {"a,b\n", "[a][b]"},
      {"a,b", "[a][b]"},
      {",\n", "[NULL][NULL]"},
      {"\"\",x\n", "[''][x]"},
      {"\"a,b\",\"c\nd\"\n", "['a,b']['c\nd']"},
      {"\"say \"\"hi\"\"\",x\n", "['say \"hi\"'][x]"},
      {"a\"b,c\"d,e\n", "['ab,cd'][e]"},
      {"\"a\" ,b\n", "['a '][b]"},
      {" a , b \n", "[ a ][ b ]"},
      {"\\N,\\t\n", "[\\N][\\t]"},
      {"a,b\r\nc,d\r\n", "[a][b] [c][d]"},
      {"a\n\\.\nb\n", "[a]"},
      {"\"\\.\"\nb\n", "['\\.'] [b]"},
      {"a,b,c\n", "ERROR 22P04: extra data after last expected column at 1"},
      {"a\n\"b\n", "ERROR 22P04: unterminated CSV quoted field at 2"},
      {"\"\"\"\"\n", "['\"']"},
      {"\"\"\"\"\"\",\"\"\n", "['\"\"']['']"},
  };
  ExpectFields(CopyOptions(sql::Copy::Format::kCsv), 2, kCases);
}

TEST(CopyReading, CsvWithItsOptions) {
  sql::Copy options = CopyOptions(sql::Copy::Format::kCsv);
  options.delimiter = ';';
  options.quote = '\'';
  options.escape = '\\';
  options.null_text = "NULL";
  options.header = true;
  constexpr CopyCase kCases[] = {
      {"x;y\nNULL;'NULL'\n", "[NULL]['NULL']"},
      {"x\n'a\\'b;c';\n", "['a'b;c'][]"},
      {"x\n'a\\\\';'\\n'\n", "['a\\']['\\n']"},
      {"'x\ny'\n1;2\n", "[1][2]"},
  };
  ExpectFields(options, 2, kCases);
}

std::string BinaryHeader() { return std::string("PGCOPY\n\377\r\n\0", 11) + std::string(8, '\0'); }

TEST(CopyReading, Binary) {
  using std::string_literals::operator""s;
  const std::string row = "\0\2\0\0\0\2hi\377\377\377\377"s, empty = "\0\2\0\0\0\0\0\0\0\1x"s;
  const std::string end = "\377\377";
  std::string extended = BinaryHeader();
  extended[18] = '\3';
  const std::string oids = "PGCOPY\n\377\r\n\0\0\1\0\0"s + std::string(4, '\0');
  const std::pair<std::string, const char*> cases[] = {
      {BinaryHeader() + row + empty + end, "[hi][NULL] [][x]"},
      {BinaryHeader() + row, "[hi][NULL]"},
      {BinaryHeader() + end, ""},
      {BinaryHeader() + end + row, ""},
      {extended + "abc" + row + end, "[hi][NULL]"},
      {BinaryHeader() + row + "\0"s, "ERROR 22P04: unexpected EOF in COPY data at 2"},
      {BinaryHeader() + "\0\2\0\0\0\2h"s, "ERROR 22P04: unexpected EOF in COPY data at 1"},
      {BinaryHeader() + "\0\2\0\0"s, "ERROR 22P04: unexpected EOF in COPY data at 1"},
      {BinaryHeader() + "\0\1\0\0\0\0"s, "ERROR 22P04: row field count is 1, expected 2 at 1"},
      {BinaryHeader() + "\0\2\377\377\377\376"s, "ERROR 22P04: invalid field size at 0"},
      {"PGCOPY\n\377\r\n"s, "ERROR 22P04: COPY file signature not recognized at 0"},
      {"PGCOPX\n\377\r\n\0"s + std::string(8, '\0') + row,
       "ERROR 22P04: COPY file signature not recognized at 0"},
      {extended + "ab", "ERROR 22P04: invalid COPY file header (wrong length) at 0"},
      {oids + row, "ERROR 22P04: invalid COPY file header at 0"},
      {"", "ERROR 22P04: COPY file signature not recognized at 0"},
  };
  for (const auto& [data, fields] : cases) {
    const CopyCase one{data, fields};
    ExpectFields(CopyOptions(sql::Copy::Format::kBinary), 2, {&one, 1});
  }
}

TEST(CopyReading, AFieldLivesUntilTheNextCall) {
  const sql::Copy options = CopyOptions(sql::Copy::Format::kText);
  CopyReader reader(options, 3);
  reader.Feed("a\\tb\tc\\nd\tplain\nnext\n");
  std::vector<CopyField> fields;
  ASSERT_TRUE(*reader.Next(&fields));
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(fields[0].text, "a\tb");
  EXPECT_EQ(fields[1].text, "c\nd");
  EXPECT_EQ(fields[2].text, "plain");
  ASSERT_TRUE(*reader.Next(&fields));
  EXPECT_EQ(fields[0].text, "next");
  EXPECT_FALSE(*reader.Next(&fields));
  EXPECT_FALSE(reader.done());
  reader.Finish();
  EXPECT_FALSE(*reader.Next(&fields));
  EXPECT_TRUE(reader.done());
}

}  // namespace
}  // namespace omen::exec::testing
