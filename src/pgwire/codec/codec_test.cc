#include "pgwire/codec/codec.h"

#include <gtest/gtest.h>

#include <random>

#include "base/bytes.h"

namespace omen::pgwire {
namespace {

using session::Format;
using BindArgs = session::Session::BindArgs;

std::string Int16(int value) {
  std::string out;
  AppendBigEndian(out, static_cast<uint16_t>(value));
  return out;
}
std::string Int32(int64_t value) {
  std::string out;
  AppendBigEndian(out, static_cast<uint32_t>(value));
  return out;
}
std::string Zero(std::string_view text) { return std::string(text) + '\0'; }

TEST(Startup, ReadsParameters) {
  auto request = DecodeStartup(Int32(kProtocol30) + Zero("user") + Zero("omendb") +
                               Zero("database") + Zero("db") + Zero(""))
                     .value();
  EXPECT_EQ(request.kind, StartupRequest::Kind::kStartup);
  EXPECT_EQ(request.Find("user"), "omendb");
  EXPECT_EQ(request.Find("database"), "db");
  EXPECT_EQ(request.Find("missing"), "");
}

TEST(Startup, KeepsNewerMinorsAndUnknownOptionsApart) {
  auto request = DecodeStartup(Int32(kProtocol30 + 9999) + Zero("_pq_.grease") + Zero("1") +
                               Zero("user") + Zero("u") + Zero(""))
                     .value();
  EXPECT_EQ(request.protocol, kProtocol30 + 9999);
  EXPECT_EQ(request.unknown_options, std::vector<std::string>{"_pq_.grease"});
  EXPECT_EQ(request.parameters.size(), 1u);
}

TEST(Startup, ReadsRequests) {
  EXPECT_EQ(DecodeStartup(Int32(kSslRequestCode)).value().kind, StartupRequest::Kind::kSsl);
  EXPECT_EQ(DecodeStartup(Int32(kGssRequestCode)).value().kind, StartupRequest::Kind::kGss);
  auto cancel = DecodeStartup(Int32(kCancelRequestCode) + Int32(77) + "abcd").value();
  EXPECT_EQ(cancel.kind, StartupRequest::Kind::kCancel);
  EXPECT_EQ(cancel.cancel_pid, 77);
  EXPECT_EQ(cancel.cancel_key, "abcd");
}

TEST(Startup, RefusesBrokenPackets) {
  const std::string start = Int32(kProtocol30);
  for (const std::string& bad :
       {std::string(), std::string("abc"), Int32(2 << 16), Int32(4 << 16), start, start + "user",
        start + Zero("user"), start + Zero("user") + Zero("u"),
        start + Zero("user") + Zero("u") + Zero("") + "x", Int32(kSslRequestCode) + "x",
        Int32(kCancelRequestCode), Int32(kCancelRequestCode) + Int32(1),
        Int32(kCancelRequestCode) + Int32(1) + "abc",
        Int32(kCancelRequestCode) + Int32(1) + std::string(257, 'k')}) {
    EXPECT_FALSE(DecodeStartup(bad).ok()) << bad;
  }
}

TEST(Decode, Parse) {
  ParseMessage message;
  const std::string body = Zero("s1") + Zero("select $1") + Int16(2) + Int32(23) + Int32(0);
  ASSERT_TRUE(DecodeParse(body, &message).ok());
  EXPECT_EQ(message.name, "s1");
  EXPECT_EQ(message.text, "select $1");
  EXPECT_EQ(message.param_types, (std::vector<Oid>{23, 0}));
  for (const std::string& bad :
       {std::string(), Zero("s1"), Zero("s1") + "select", Zero("") + Zero("x"),
        Zero("") + Zero("x") + Int16(1), Zero("") + Zero("x") + Int16(65535) + Int32(1),
        Zero("") + Zero("x") + Int16(0) + "tail"}) {
    EXPECT_FALSE(DecodeParse(bad, &message).ok());
  }
}

TEST(Decode, Bind) {
  BindArgs args;
  std::string body = Zero("p") + Zero("s") + Int16(2) + Int16(0) + Int16(1) + Int16(2) + Int32(3) +
                     "abc" + Int32(-1) + Int16(1) + Int16(1);
  ASSERT_TRUE(DecodeBind(body, &args).ok());
  EXPECT_EQ(args.portal, "p");
  EXPECT_EQ(args.statement, "s");
  EXPECT_EQ(args.param_formats, (std::vector<Format>{Format::kText, Format::kBinary}));
  ASSERT_EQ(args.params.size(), 2u);
  EXPECT_EQ(args.params[0], "abc");
  EXPECT_EQ(args.params[1], std::nullopt);
  EXPECT_EQ(args.result_formats, std::vector<Format>{Format::kBinary});
}

TEST(Decode, BindRefusesLies) {
  BindArgs args;
  const std::string names = Zero("") + Zero("");
  struct Case {
    std::string body;
    SqlState state;
  } cases[] = {
      {names + Int16(0) + Int16(1) + Int32(-2), sqlstate::kProtocolViolation},
      {names + Int16(0) + Int16(1) + Int32(0x7fffffff) + "x", sqlstate::kProtocolViolation},
      {names + Int16(0) + Int16(65535), sqlstate::kProtocolViolation},
      {names + Int16(65535), sqlstate::kProtocolViolation},
      {names + Int16(1) + Int16(2) + Int16(0) + Int16(0), sqlstate::kInvalidParameter},
      {names + Int16(0) + Int16(0) + Int16(1) + Int16(-1), sqlstate::kInvalidParameter},
      {names + Int16(2) + Int16(0) + Int16(0) + Int16(1) + Int32(0) + Int16(0),
       sqlstate::kProtocolViolation},
      {names + Int16(0) + Int16(0) + Int16(0) + "x", sqlstate::kProtocolViolation},
  };
  for (const Case& c : cases) {
    Status status = DecodeBind(c.body, &args);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().state.view(), c.state.view());
  }
}

TEST(Decode, SmallMessages) {
  const std::string query = Zero("select 1"), target = "P" + Zero("c");
  EXPECT_EQ(DecodeQuery(query).value(), "select 1");
  EXPECT_FALSE(DecodeQuery("select 1").ok());
  EXPECT_FALSE(DecodeQuery(Zero("select 1") + Zero("x")).ok());
  EXPECT_EQ(DecodeTarget(target).value().name, "c");
  EXPECT_FALSE(DecodeTarget("X" + Zero("c")).ok());
  EXPECT_EQ(DecodeExecute(Zero("c") + Int32(5)).value().max_rows, 5u);
  EXPECT_EQ(DecodeExecute(Zero("c") + Int32(-1)).value().max_rows, 0u);
  EXPECT_FALSE(DecodeExecute(Zero("c")).ok());
  EXPECT_TRUE(DecodeEmpty("").ok());
  EXPECT_FALSE(DecodeEmpty("x").ok());
  const std::string initial = Zero("SCRAM-SHA-256") + Int32(3) + "n,,";
  auto sasl = DecodeSaslInitial(initial).value();
  EXPECT_EQ(sasl.mechanism, "SCRAM-SHA-256");
  EXPECT_EQ(sasl.data, "n,,");
  EXPECT_TRUE(DecodeSaslInitial(Zero("M") + Int32(-1)).value().data.empty());
  EXPECT_FALSE(DecodeSaslInitial(Zero("M") + Int32(9) + "n,,").ok());
}

TEST(Decode, KnowsEveryFrontendMessage) {
  std::string known;
  for (int type = 0; type < 256; ++type) {
    if (MessageLengthMax(static_cast<char>(type)) > 0) known.push_back(static_cast<char>(type));
  }
  EXPECT_EQ(known, "BCDEFHPQSXcdfp");
}

TEST(Decode, SurvivesRandomBytes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  BindArgs bind;
  ParseMessage parse;
  for (int round = 0; round < 20'000; ++round) {
    std::string body(random() % 48, '\0');
    for (char& c : body) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 3);
    (void)DecodeStartup(body).ok();
    if (DecodeBind(body, &bind).ok()) {
      EXPECT_LE(bind.params.size() * 4, body.size());
    }
    if (DecodeParse(body, &parse).ok()) {
      EXPECT_LE(parse.param_types.size() * 4, body.size());
    }
    (void)DecodeSaslInitial(body).ok();
  }
}

TEST(Encode, RowDescription) {
  std::vector<sql::OutputColumn> columns{{"id", {oid::kInt4, -1}, 16384, 1},
                                         {"name", {oid::kVarchar, 14}, 0, 0}};
  std::vector<Format> formats{Format::kBinary, Format::kText};
  std::string out;
  AppendRowDescription(out, columns, formats);
  std::string body = Int16(2) + Zero("id") + Int32(16384) + Int16(1) + Int32(23) + Int16(4) +
                     Int32(-1) + Int16(1) + Zero("name") + Int32(0) + Int16(0) + Int32(1043) +
                     Int16(-1) + Int32(14) + Int16(0);
  EXPECT_EQ(out, "T" + Int32(static_cast<int64_t>(body.size()) + 4) + body);
}

TEST(Encode, DataRow) {
  std::vector<sql::OutputColumn> columns{{"a", {oid::kInt4, -1}},
                                         {"b", {oid::kInt8, -1}},
                                         {"c", {oid::kText, -1}},
                                         {"d", {oid::kInt4, -1}}};
  std::vector<Format> formats{Format::kText, Format::kBinary, Format::kText, Format::kText};
  Row row{Value::Int(-7), Value::Int(1), Value::Text("xyz"), Value::Null()};
  std::string out = "before";
  ASSERT_TRUE(AppendDataRow(out, columns, row, formats, {}).ok());
  std::string body =
      Int16(4) + Int32(2) + "-7" + Int32(8) + Int32(0) + Int32(1) + Int32(3) + "xyz" + Int32(-1);
  EXPECT_EQ(out, "beforeD" + Int32(static_cast<int64_t>(body.size()) + 4) + body);
}

class ValueRows final : public FieldRows {
 public:
  ValueRows(std::span<const sql::OutputColumn> columns, const std::vector<Row>& rows)
      : FieldRows(rows.size()) {
    for (size_t i = 0; i < columns.size(); ++i) {
      std::vector<Value> values;
      for (const Row& row : rows) values.push_back(row[i]);
      Add(std::make_unique<ValueColumn>(columns[i].type, std::move(values)));
    }
  }
};

TEST(Encode, FieldsAreSentAsRows) {
  const std::vector<sql::OutputColumn> columns{{"a", {oid::kInt4, -1}},
                                               {"b", {oid::kInt8, -1}},
                                               {"c", {oid::kText, -1}},
                                               {"d", {oid::kNumeric, -1}}};
  const std::vector<Row> rows{
      {Value::Int(-7), Value::Int(1), Value::Text("xyz"), Value::Null()},
      {Value::Null(), Value::Int(-1), Value::Text(""),
       ParseText({oid::kNumeric, -1}, "-12.50").value()},
  };
  const ValueRows fields(columns, rows);
  const std::vector<Format> mixed{Format::kText, Format::kBinary, Format::kText, Format::kBinary};
  for (const std::vector<Format>& formats : {std::vector<Format>(), mixed}) {
    for (size_t row = 0; row < rows.size(); ++row) {
      std::string expected = "before", out = expected;
      ASSERT_TRUE(AppendDataRow(expected, columns, rows[row], formats, {}).ok());
      ASSERT_TRUE(AppendFields(out, fields, row, columns.size(), formats, {}).ok());
      EXPECT_EQ(out, expected);
    }
  }
}

TEST(Encode, ErrorFieldsInOrder) {
  ErrorInfo info{sqlstate::kUniqueViolation, "duplicate"};
  info.detail = "Key (a)=(1) already exists.";
  info.hint = "h";
  info.where = "w";
  info.schema = "public";
  info.table = "t";
  info.column = "a";
  info.constraint = "t_pkey";
  info.position = 8;
  std::string out;
  AppendReport(out, 'E', "ERROR", info);
  std::string body = Zero("SERROR") + Zero("VERROR") + Zero("C23505") + Zero("Mduplicate") +
                     Zero("DKey (a)=(1) already exists.") + Zero("Hh") + Zero("P8") + Zero("Ww") +
                     Zero("spublic") + Zero("tt") + Zero("ca") + Zero("nt_pkey") + '\0';
  EXPECT_EQ(out, "E" + Int32(static_cast<int64_t>(body.size()) + 4) + body);
}

TEST(Encode, NegotiatesDownTo30) {
  std::string out;
  std::vector<std::string> options{"_pq_.x"};
  AppendNegotiateVersion(out, options);
  EXPECT_EQ(out, "v" + Int32(19) + Int32(kProtocol30) + Int32(1) + Zero("_pq_.x"));
}

TEST(Encode, SmallMessages) {
  std::string out;
  AppendBare(out, '1');
  AppendReadyForQuery(out, 'T');
  AppendCommandComplete(out, "SELECT 1");
  AppendCopyResponse(out, 'G', true, 2);
  AppendCopyData(out, "ab");
  AppendBackendKeyData(out, 5, "wxyz");
  EXPECT_EQ(out, "1" + Int32(4) + "Z" + Int32(5) + "T" + "C" + Int32(13) + Zero("SELECT 1") + "G" +
                     Int32(11) + '\1' + Int16(2) + Int16(1) + Int16(1) + "d" + Int32(6) + "ab" +
                     "K" + Int32(12) + Int32(5) + "wxyz");
}

}  // namespace
}  // namespace omen::pgwire
