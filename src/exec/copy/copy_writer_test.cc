// COPY's formats written, as PostgreSQL writes them, and read back as they were.
#include <gtest/gtest.h>

#include <random>

#include "exec/copy/copy_format.h"
#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

sql::Copy WriteOptions(sql::Copy::Format format) {
  sql::Copy options;
  options.format = format;
  options.delimiter = format == sql::Copy::Format::kCsv ? ',' : '\t';
  options.null_text = format == sql::Copy::Format::kCsv ? "" : "\\N";
  return options;
}

std::vector<sql::OutputColumn> TextColumns(size_t count) {
  std::vector<sql::OutputColumn> columns;
  for (size_t i = 0; i < count; ++i) {
    columns.push_back({std::string(1, static_cast<char>('a' + i)), {oid::kText, -1}, 0, 0});
  }
  return columns;
}

class ValueRows final : public FieldRows {
 public:
  ValueRows(const std::vector<sql::OutputColumn>& columns, const std::vector<Row>& rows)
      : FieldRows(rows.size()) {
    for (size_t i = 0; i < columns.size(); ++i) {
      std::vector<Value> values;
      for (const Row& row : rows) values.push_back(row[i]);
      Add(std::make_unique<ValueColumn>(columns[i].type, std::move(values)));
    }
  }
};

/// The same from values and from fields.
std::string Written(const sql::Copy& options, const std::vector<Row>& rows,
                    const std::vector<sql::OutputColumn>& columns) {
  CopyWriter writer(options, columns, {});
  std::string out = writer.Begin(), of_fields = out;
  for (const Row& row : rows) writer.Append(row, &out);
  const ValueRows fields(columns, rows);
  for (size_t row = 0; row < rows.size(); ++row) writer.Append(fields, row, &of_fields);
  EXPECT_EQ(of_fields, out);
  return out + writer.End();
}

std::string Written(const sql::Copy& options, const std::vector<Row>& rows, size_t columns) {
  return Written(options, rows, TextColumns(columns));
}

TEST(CopyWriting, TextEscapesWhatWouldEndAField) {
  sql::Copy options = WriteOptions(sql::Copy::Format::kText);
  EXPECT_EQ(Written(options, {{Value::Text("a\tb\nc\\d\r"), Value()}}, 2),
            "a\\tb\\nc\\\\d\\r\t\\N\n");
  EXPECT_EQ(Written(options, {{Value::Text("\b\f\v"), Value::Text("\\N")}}, 2),
            "\\b\\f\\v\t\\\\N\n");
  EXPECT_EQ(Written(options, {{Value::Text(""), Value::Text("\x01\xc3\xa9")}}, 2),
            "\t\x01\xc3\xa9\n");
  options.delimiter = '|';
  options.null_text = "nil";
  options.header = true;
  EXPECT_EQ(Written(options, {{Value::Text("a|b\t"), Value()}}, 2), "a|b\na\\|b\\t|nil\n");
}

/// One character after the other, as the format is documented.
std::string Escaped(std::string_view text, char delimiter) {
  constexpr std::string_view kNamed = "\b\f\n\r\t\v", kNames = "bfnrtv";
  std::string out;
  for (const char c : text) {
    const size_t named = kNamed.find(c);
    if (named != std::string_view::npos || c == delimiter || c == '\\') out += '\\';
    out += named != std::string_view::npos ? kNames[named] : c;
  }
  return out;
}

TEST(CopyWriting, ValuesOfEveryTypeAreEscapedAlike) {
  const std::pair<Oid, const char*> values[] = {
      {oid::kBool, "t"},
      {oid::kInt2, "-12"},
      {oid::kInt4, "2147483647"},
      {oid::kInt8, "-9223372036854775808"},
      {oid::kNumeric, "-1234.5600"},
      {oid::kNumeric, "NaN"},
      {oid::kFloat4, "1e-10"},
      {oid::kFloat8, "-Infinity"},
      {oid::kDate, "0044-03-15 BC"},
      {oid::kTime, "23:59:59.5"},
      {oid::kTimestamp, "2024-02-29 01:02:03.25"},
      {oid::kTimestamptz, "infinity"},
      {oid::kInterval, "1 year -2 days 03:04:05"},
      {oid::kUuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
      {oid::kText, "tab\there, -and: \\ new\nline"},
      {oid::kBytea, "\\x0001ff"},
      {oid::kJsonb, "{\"a\": \"b\\\\c\"}"},
      {oid::kTextArray, "{\"a\tb\",\"c\\\\d\"}"},
      {oid::kInt4Array, "{1,NULL,-3}"},
  };
  for (const char delimiter : {'\t', '|', '-', ':', ',', ' ', '+'}) {
    sql::Copy options = WriteOptions(sql::Copy::Format::kText);
    options.delimiter = delimiter;
    for (const auto& [type, text] : values) {
      const Value value = ParseText({type, -1}, text).value();
      const std::string out = Written(options, {{value}}, {{"a", {type, -1}, 0, 0}});
      EXPECT_EQ(out, Escaped(ToText({type, -1}, value), delimiter) + "\n") << text;
    }
  }
}

// Wherever in a long text the character stands.
TEST(CopyWriting, EscapesAreFoundAmongWhatHasNone) {
  for (const char delimiter : {'\t', '|', 'x', '\xe9'}) {
    sql::Copy options = WriteOptions(sql::Copy::Format::kText);
    options.delimiter = delimiter;
    for (const char special : {'\b', '\f', '\n', '\r', '\t', '\v', '\\', '\x01', '\x1f', '|', 'x',
                               '\x80', '\xdc', '\xe9', '\xff'}) {
      for (size_t at = 0; at < 20; ++at) {
        std::string text = "a text of 20 letters";
        text[at] = special;
        text[(at * 7) % 20] = special;
        EXPECT_EQ(Written(options, {{Value::Text(text)}}, 1), Escaped(text, delimiter) + "\n");
      }
    }
  }
}

TEST(CopyWriting, CsvQuotesWhatNeedsIt) {
  sql::Copy options = WriteOptions(sql::Copy::Format::kCsv);
  const std::pair<const char*, const char*> cases[] = {
      {"plain", "plain"}, {"a,b", "\"a,b\""}, {"say \"hi\"", "\"say \"\"hi\"\"\""},
      {"", "\"\""},       {"\\.", "\"\\.\""}, {"two\nlines", "\"two\nlines\""},
      {"a\r", "\"a\r\""}, {" a ", " a "},     {"\\N", "\\N"},
  };
  for (const auto& [value, field] : cases) {
    EXPECT_EQ(Written(options, {{Value::Text(value), Value()}}, 2), std::string(field) + ",\n");
  }
  options.force_quote = {"b"};
  EXPECT_EQ(Written(options, {{Value::Text("x"), Value::Text("y")}, {Value(), Value()}}, 2),
            "x,\"y\"\n,\n");
  options.force_quote_all = true;
  options.header = true;
  EXPECT_EQ(Written(options, {{Value::Text("x"), Value()}}, 2), "a,b\n\"x\",\n");
}

TEST(CopyWriting, CsvWithItsOwnQuoteAndEscape) {
  sql::Copy options = WriteOptions(sql::Copy::Format::kCsv);
  options.quote = '\'';
  options.escape = '\\';
  options.null_text = "NULL";
  EXPECT_EQ(
      Written(options, {{Value::Text("it's\\,"), Value::Text("NULL")}, {Value(), Value()}}, 2),
      "'it\\'s\\\\,','NULL'\nNULL,NULL\n");
}

TEST(CopyWriting, BinaryHasLengthsBeforeItsFields) {
  using std::string_literals::operator""s;
  const sql::Copy options = WriteOptions(sql::Copy::Format::kBinary);
  EXPECT_EQ(
      Written(options, {{Value::Text("hi"), Value()}, {Value::Text(""), Value::Text("x")}}, 2),
      "PGCOPY\n\377\r\n\0"s + std::string(8, '\0') + "\0\2\0\0\0\2hi\377\377\377\377"s +
          "\0\2\0\0\0\0\0\0\0\1x"s + "\377\377");
}

// Whatever the options, the reader finds what the writer wrote.
TEST(CopyWriting, IsReadBackAsItWas) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  constexpr std::string_view kLetters = "ab\t\n\r\\\"',;|N. \xc3\xa9";
  for (int round = 0; round < 300; ++round) {
    sql::Copy options = WriteOptions(static_cast<sql::Copy::Format>(round % 3));
    if (options.format != sql::Copy::Format::kBinary) {
      options.delimiter = ",;|\t"[random() % 4];
      options.header = random() % 2 == 0;
    }
    if (options.format == sql::Copy::Format::kCsv) {
      options.quote = "\"'"[random() % 2];
      options.escape = random() % 2 == 0 ? options.quote : '\\';
      options.force_quote_all = random() % 4 == 0;
    }
    std::vector<Row> rows(random() % 4 + 1);
    for (Row& row : rows) {
      for (int i = 0; i < 3; ++i) {
        std::string text;
        for (size_t n = random() % 6; n > 0; --n) {
          const size_t at = random() % (kLetters.size() - 1);
          text +=
              at == kLetters.size() - 2 ? std::string("\xc3\xa9") : std::string(1, kLetters[at]);
        }
        row.push_back(random() % 5 == 0 ? Value() : Value::Text(text));
      }
    }
    const std::string data = Written(options, rows, 3);
    CopyReader reader(options, 3);
    const size_t cut = random() % (data.size() + 1);
    std::vector<CopyField> fields;
    std::vector<Row> found;
    for (const std::string& part : {data.substr(0, cut), data.substr(cut)}) {
      reader.Feed(part);
      while (true) {
        const Result<bool> more = reader.Next(&fields);
        ASSERT_TRUE(more.ok()) << more.status().error().message << "\n" << data;
        if (!*more) break;
        Row& row = found.emplace_back();
        for (const CopyField& field : fields) {
          row.push_back(field.null ? Value() : Value::Text(std::string(field.text)));
        }
      }
    }
    ASSERT_EQ(found.size(), rows.size()) << data;
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t k = 0; k < 3; ++k) {
        ASSERT_EQ(found[i][k].is_null(), rows[i][k].is_null()) << data;
        if (rows[i][k].is_null()) continue;
        ASSERT_EQ(found[i][k].AsBytes(), rows[i][k].AsBytes()) << data;
      }
    }
  }
}

}  // namespace
}  // namespace omen::exec::testing
