#include "sql/command/binder_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace omen::sql::testing {
namespace {

Type TypeNamed(std::string_view text) {
  auto parsed = Parse(fmt::format("SELECT NULL::{}", text));
  EXPECT_TRUE(parsed.ok());
  static const auto kEmpty = catalog::InitialSnapshot();
  auto bound = Bind((*parsed)[0], TestContext(*kEmpty));
  EXPECT_TRUE(bound.ok()) << text;
  return std::get<std::unique_ptr<Query>>((*bound)->body)->targets[0].output.type;
}

constexpr TableSpec kTables[] = {
    {"t", "aid int*, bid int, abalance int, filler char(84)"},
    {"u", "id bigint*, a int, b text, c numeric(10,2), d double precision, e boolean, f date"},
    {"v",
     "id int*, t timestamp, tz timestamptz, i interval, j json, jb jsonb, arr int[], "
     "txt text[], vc varchar(10), nn numeric, r real, s smallint, by bytea, uu uuid, tm time"},
    {"pair", "x int*, y int*, z text"},
    {"nokey", "k int, w text"},
    {"region", "r_regionkey int*, r_name char(25)!, r_comment varchar(152)"},
    {"nation", "n_nationkey int*, n_name char(25)!, n_regionkey int!, n_comment varchar(152)"},
    {"supplier",
     "s_suppkey int*, s_name char(25)!, s_address varchar(40)!, s_nationkey int!, "
     "s_phone char(15)!, s_acctbal decimal(15,2)!, s_comment varchar(101)!"},
    {"part",
     "p_partkey int*, p_name varchar(55)!, p_mfgr char(25)!, p_brand char(10)!, p_type "
     "varchar(25)!, p_size int!, p_container char(10)!, p_retailprice decimal(15,2)!, "
     "p_comment varchar(23)!"},
    {"partsupp",
     "ps_partkey int*, ps_suppkey int*, ps_availqty int!, ps_supplycost "
     "decimal(15,2)!, ps_comment varchar(199)!"},
    {"customer",
     "c_custkey int*, c_name varchar(25)!, c_address varchar(40)!, c_nationkey int!, "
     "c_phone char(15)!, c_acctbal decimal(15,2)!, c_mktsegment char(10)!, c_comment "
     "varchar(117)!"},
    {"orders",
     "o_orderkey int*, o_custkey int!, o_orderstatus char(1)!, o_totalprice "
     "decimal(15,2)!, o_orderdate date!, o_orderpriority char(15)!, o_clerk char(15)!, "
     "o_shippriority int!, o_comment varchar(79)!"},
    {"lineitem",
     "l_orderkey int*, l_partkey int!, l_suppkey int!, l_linenumber int*, l_quantity "
     "decimal(15,2)!, l_extendedprice decimal(15,2)!, l_discount decimal(15,2)!, l_tax "
     "decimal(15,2)!, l_returnflag char(1)!, l_linestatus char(1)!, l_shipdate date!, "
     "l_commitdate date!, l_receiptdate date!, l_shipinstruct char(25)!, l_shipmode "
     "char(10)!, l_comment varchar(44)!"},
    {"hits",
     "watchid bigint!, javaenable smallint!, title text!, eventtime timestamp!, eventdate date!, "
     "counterid int!, clientip int!, regionid int!, userid bigint!, url text!, referer text!, "
     "isrefresh smallint!, resolutionwidth smallint!, mobilephone smallint!, mobilephonemodel "
     "text!, searchengineid smallint!, searchphrase text!, advengineid smallint!, islink "
     "smallint!, isdownload smallint!, dontcounthits smallint!, trafficsourceid int!, urlhash "
     "bigint!, refererhash bigint!, windowclientwidth smallint!, windowclientheight smallint!"},
    {"one", "id int*, a int, b text, d numeric, e boolean, f date"},
    {"two", "id int*, a int, b text, d numeric, e boolean, f date"},
};

/// Splits at commas outside parentheses.
std::vector<std::string> SplitColumns(std::string_view text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (char c : text) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else if (c != ' ' || !parts.back().empty()) {
      parts.back() += c;
    }
  }
  return parts;
}

catalog::Table MakeTable(const TableSpec& spec, Oid oid) {
  catalog::Table table;
  table.oid = oid;
  table.schema = catalog::kPublicSchema;
  table.name = spec.name;
  table.owner = "omendb";
  table.storage_id = oid - catalog::kFirstUserOid + 1;
  catalog::Index key;
  key.name = table.name + "_pkey";
  key.oid = oid + 5000;
  key.unique = key.primary = key.is_constraint = true;
  for (std::string text : SplitColumns(spec.columns)) {
    catalog::Column column;
    column.attnum = static_cast<int>(table.columns.size()) + 1;
    bool in_key = text.back() == '*';
    column.not_null = in_key || text.back() == '!';
    if (column.not_null) text.pop_back();
    size_t space = text.find(' ');
    column.name = text.substr(0, space);
    column.type = TypeNamed(text.substr(space + 1));
    if (in_key) key.columns.push_back({column.attnum});
    table.columns.push_back(std::move(column));
  }
  if (!key.columns.empty()) table.indexes.push_back(std::move(key));
  return table;
}

std::string DescribeError(const Status& status) {
  const ErrorInfo& error = status.error();
  return fmt::format("{}@{} {}", error.state.view(), error.byte_offset, error.message);
}

}  // namespace

std::shared_ptr<const catalog::Snapshot> MakeCatalog() {
  static const auto kCatalog = [] {
    catalog::Builder builder(catalog::InitialSnapshot());
    Oid oid = catalog::kFirstUserOid;
    for (const TableSpec& spec : kTables) builder.Put(MakeTable(spec, oid++));
    catalog::View view;
    view.oid = oid++;
    view.schema = catalog::kPublicSchema;
    view.name = "tv";
    view.query_sql = "SELECT aid, abalance * 2 AS twice FROM t WHERE bid = 1";
    view.search_path = {"public"};
    view.columns = {{1, "aid", {oid::kInt4}}, {2, "twice", {oid::kInt4}}};
    builder.Put(std::move(view));
    catalog::Sequence sequence;
    sequence.oid = oid++;
    sequence.schema = catalog::kPublicSchema;
    sequence.name = "seq";
    builder.Put(std::move(sequence));
    return builder.Share();
  }();
  return kCatalog;
}

BindContext TestContext(const catalog::Snapshot& catalog) {
  BindContext context;
  context.catalog = &catalog;
  context.search_path = {"public"};
  context.current_user = "omendb";
  context.current_database = "omendb";
  return context;
}

std::string Describe(std::string_view sql, std::vector<Oid> param_types) {
  auto parsed = Parse(sql);
  if (!parsed.ok()) return DescribeError(parsed.status());
  if (parsed->empty()) return "empty";
  auto catalog = MakeCatalog();
  BindContext context = TestContext(*catalog);
  context.param_types = std::move(param_types);
  auto bound = Bind((*parsed)[0], context);
  if (!bound.ok()) return DescribeError(bound.status());
  std::string text;
  if (const auto* query = std::get_if<std::unique_ptr<Query>>(&(*bound)->body)) {
    for (const OutputColumn& column : (*query)->Outputs()) {
      if (!text.empty()) text += ", ";
      text += fmt::format("{} {}", column.name, FormatType(column.type));
    }
  } else {
    text = (*bound)->tag;
  }
  const auto& params = (*bound)->param_types;
  if (!params.empty()) text += " |";
  for (size_t i = 0; i < params.size(); ++i) {
    text += fmt::format(" ${} {}", i + 1, FormatType(params[i]));
  }
  return text;
}

std::shared_ptr<const Statement> MustBind(std::string_view sql) {
  auto parsed = Parse(sql);
  EXPECT_TRUE(parsed.ok()) << sql;
  auto bound = Bind((*parsed)[0], TestContext(*MakeCatalog()));
  EXPECT_TRUE(bound.ok()) << sql << ": " << bound.status().ToString();
  return bound.ok() ? *bound : nullptr;
}

}  // namespace omen::sql::testing
