// Which function an operator, call or cast stands for, and which casts that were not written make
// its arguments fit: what PostgreSQL 15 keeps in pg_rewrite for views of these expressions. There
// `io` is a cast by way of text, `relabel` one that changes no value, `each` one of all elements.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"
#include "sql/typing/coerce.h"

namespace omen::sql::testing {
namespace {

std::string ShapeText(const Expr& expr, const Query& query);

std::string ShapeArgs(const Expr& expr, const Query& query) {
  std::string text;
  for (const ExprPtr& arg : expr.args) {
    if (!text.empty()) text += ", ";
    text += ShapeText(*arg, query);
  }
  return text;
}

std::string ShapeOfCast(const Expr& cast, const Query& query) {
  const std::string arg = ShapeText(*cast.args[0], query), type = NameOf(cast.type.oid);
  const bool elements = ElementOf(cast.type.oid) != 0 && ElementOf(cast.args[0]->type.oid) != 0;
  if (elements) return fmt::format("each {}({})", type, arg);
  switch (cast.cast_method) {
    case functions::CastMethod::kBinary:
      return fmt::format("relabel {}({})", type, arg);
    case functions::CastMethod::kInOut:
      return fmt::format("io {}({})", type, arg);
    case functions::CastMethod::kFunction:
      return fmt::format("{}({})", cast.function->name, arg);
  }
  return "";
}

std::string ShapeText(const Expr& expr, const Query& query) {
  const std::string name(expr.function == nullptr ? "" : expr.function->name);
  switch (expr.kind) {
    case ExprKind::kConst:
      return fmt::format("<{}>", NameOf(expr.type.oid));
    case ExprKind::kColumn: {
      const Relation& relation = query.relations[static_cast<size_t>(expr.rel)];
      const std::string& column = relation.columns[static_cast<size_t>(expr.column)].name;
      return column == "id" ? relation.alias + ".id" : column;
    }
    case ExprKind::kCast:
      return ShapeOfCast(expr, query);
    case ExprKind::kAny:
      return fmt::format("any {}({})", name, ShapeArgs(expr, query));
    case ExprKind::kAll:
      return fmt::format("all {}({})", name, ShapeArgs(expr, query));
    case ExprKind::kIsDistinct:
      return fmt::format("distinct {}({})", name, ShapeArgs(expr, query));
    case ExprKind::kIsNotDistinct:
      return fmt::format("not(distinct {}({}))", name, ShapeArgs(expr, query));
    case ExprKind::kNullIf:
      return fmt::format("nullif {}({})", name, ShapeArgs(expr, query));
    case ExprKind::kAnd:
      return fmt::format("and({})", ShapeArgs(expr, query));
    case ExprKind::kOr:
      return fmt::format("or({})", ShapeArgs(expr, query));
    case ExprKind::kCoalesce:
      return fmt::format("coalesce({})", ShapeArgs(expr, query));
    case ExprKind::kGreatest:
      return fmt::format("greatest({})", ShapeArgs(expr, query));
    case ExprKind::kLeast:
      return fmt::format("least({})", ShapeArgs(expr, query));
    case ExprKind::kCase:
      return fmt::format("case({})", ShapeArgs(expr, query));
    case ExprKind::kArray:
      return fmt::format("array[{}]", ShapeArgs(expr, query));
    case ExprKind::kAggregate:
      return fmt::format("{}({})", expr.aggregate->name, ShapeArgs(expr, query));
    default:
      return fmt::format("{}({})", name, ShapeArgs(expr, query));
  }
}

/// Of an expression over the tables u and v.
std::string ShapeOf(std::string_view expression) {
  auto parsed = Parse(fmt::format("select {} from u, v", expression));
  if (!parsed.ok()) return "does not parse";
  const auto catalog = MakeCatalog();
  BindContext context = TestContext(*catalog);
  context.as_written = true;
  auto bound = Bind((*parsed)[0], context);
  if (!bound.ok()) return bound.status().ToString();
  const Query& query = *std::get<std::unique_ptr<Query>>((*bound)->body);
  return ShapeText(*query.targets[0].expr, query);
}

constexpr Case kOverloadedArithmetic[] = {
    {"s + s", "int2pl(s, s)"},
    {"s + a", "int24pl(s, a)"},
    {"s + u.id", "int28pl(s, u.id)"},
    {"a + u.id", "int48pl(a, u.id)"},
    {"u.id + a", "int84pl(u.id, a)"},
    {"a + 1", "int4pl(a, <integer>)"},
    {"a + 3000000000", "int48pl(a, <bigint>)"},
    {"u.id + 1", "int84pl(u.id, <integer>)"},
    {"s + 1", "int24pl(s, <integer>)"},
    {"a + 1.5", "numeric_add(numeric(a), <numeric>)"},
    {"a + nn", "numeric_add(numeric(a), nn)"},
    {"nn + s", "numeric_add(nn, numeric(s))"},
    {"a + r", "float84pl(float8(a), r)"},
    {"a + d", "float8pl(float8(a), d)"},
    {"r + d", "float48pl(r, d)"},
    {"r + nn", "float48pl(r, float8(nn))"},
    {"d * nn", "float8mul(d, float8(nn))"},
    {"s * r", "float84mul(float8(s), r)"},
    {"u.id / nn", "numeric_div(numeric(u.id), nn)"},
    {"a % s", "int4mod(a, int4(s))"},
    {"a % nn", "numeric_mod(numeric(a), nn)"},
    {"a ^ 2", "dpow(float8(a), float8(<integer>))"},
    {"nn ^ 2", "numeric_power(nn, numeric(<integer>))"},
    {"nn ^ a", "numeric_power(nn, numeric(a))"},
    {"d ^ nn", "dpow(d, float8(nn))"},
    {"r ^ 2", "dpow(float8(r), float8(<integer>))"},
    {"-s", "int2um(s)"},
    {"-a", "int4um(a)"},
    {"-nn", "numeric_uminus(nn)"},
    {"-r", "float4um(r)"},
    {"+ d", "float8up(d)"},
    {"@ r", "float4abs(r)"},
    {"@ u.id", "int8abs(u.id)"},
    {"|/ a", "dsqrt(float8(a))"},
    {"~ s", "int2not(s)"},
    {"a & s", "int4and(a, int4(s))"},
    {"u.id | a", "int8or(u.id, int8(a))"},
    {"a << s", "int4shl(a, int4(s))"},
    {"s # 1", "int4xor(int4(s), <integer>)"},
    {"a + '1'", "int4pl(a, <integer>)"},
    {"nn + '1'", "numeric_add(nn, <numeric>)"},
    {"'1' + r", "float4pl(<real>, r)"},
    {"f + 1", "date_pli(f, <integer>)"},
    {"f + s", "date_pli(f, int4(s))"},
    {"1 + f", "integer_pl_date(<integer>, f)"},
    {"f - 1", "date_mii(f, <integer>)"},
    {"f - f", "date_mi(f, f)"},
    {"f + i", "date_pl_interval(f, i)"},
    {"f - i", "date_mi_interval(f, i)"},
    {"f + tm", "datetime_pl(f, tm)"},
    {"tm + f", "timedate_pl(tm, f)"},
    {"t + i", "timestamp_pl_interval(t, i)"},
    {"i + t", "interval_pl_timestamp(i, t)"},
    {"t - t", "timestamp_mi(t, t)"},
    {"t - tz", "timestamptz_mi(timestamptz(t), tz)"},
    {"t - f", "timestamp_mi(t, timestamp(f))"},
    {"tz - f", "timestamptz_mi(tz, timestamptz(f))"},
    {"tz + i", "timestamptz_pl_interval(tz, i)"},
    {"tm + i", "time_pl_interval(tm, i)"},
    {"tm - tm", "time_mi_time(tm, tm)"},
    {"i + i", "interval_pl(i, i)"},
    {"i * 2", "interval_mul(i, float8(<integer>))"},
    {"i * 1.5", "interval_mul(i, float8(<numeric>))"},
    {"2 * i", "mul_d_interval(float8(<integer>), i)"},
    {"d * i", "mul_d_interval(d, i)"},
    {"i / a", "interval_div(i, float8(a))"},
    {"-i", "interval_um(i)"},
    {"f - '2020-01-01'", "date_mi(f, <date>)"},
    {"i * '2'", "interval_mul(i, <double precision>)"},
};

constexpr Case kOverloadedComparison[] = {
    {"a = s", "int42eq(a, s)"},
    {"s = a", "int24eq(s, a)"},
    {"u.id = a", "int84eq(u.id, a)"},
    {"a = 1.5", "numeric_eq(numeric(a), <numeric>)"},
    {"a = nn", "numeric_eq(numeric(a), nn)"},
    {"nn = r", "float84eq(float8(nn), r)"},
    {"r = d", "float48eq(r, d)"},
    {"s = r", "float84eq(float8(s), r)"},
    {"u.id = d", "float8eq(float8(u.id), d)"},
    {"a = '5'", "int4eq(a, <integer>)"},
    {"nn = '5'", "numeric_eq(nn, <numeric>)"},
    {"vc = 'a'", "texteq(relabel text(vc), <text>)"},
    {"vc = b", "texteq(relabel text(vc), b)"},
    {"b = vc", "texteq(b, relabel text(vc))"},
    {"vc = vc", "texteq(relabel text(vc), relabel text(vc))"},
    {"vc < 'a'", "text_lt(relabel text(vc), <text>)"},
    {"f = t", "date_eq_timestamp(f, t)"},
    {"t = f", "timestamp_eq_date(t, f)"},
    {"f < tz", "date_lt_timestamptz(f, tz)"},
    {"tz > t", "timestamptz_gt_timestamp(tz, t)"},
    {"f = '2020-01-01'", "date_eq(f, <date>)"},
    {"t >= '2020-01-01'", "timestamp_ge(t, <timestamp without time zone>)"},
    {"tm = '12:00'", "time_eq(tm, <time without time zone>)"},
    {"e = true", "booleq(e, <boolean>)"},
    {"e = 't'", "booleq(e, <boolean>)"},
    {"uu = '00000000-0000-0000-0000-000000000000'", "uuid_eq(uu, <uuid>)"},
    {"by = '\\x00'", "byteaeq(by, <bytea>)"},
    {"jb = '{}'", "jsonb_eq(jb, <jsonb>)"},
    {"arr = '{1}'", "array_eq(arr, <integer[]>)"},
    {"arr = array[1, 2]", "array_eq(arr, array[<integer>, <integer>])"},
    {"txt = array['a']", "array_eq(txt, array[<text>])"},
    {"arr < arr", "array_lt(arr, arr)"},
    {"i = '1 day'", "interval_eq(i, <interval>)"},
    {"a <> u.id", "int48ne(a, u.id)"},
    {"a between s and u.id", "and(int42ge(a, s), int48le(a, u.id))"},
    {"a is distinct from u.id", "distinct int48eq(a, u.id)"},
    {"b is distinct from 'a'", "distinct texteq(b, <text>)"},
    {"a is not distinct from nn", "not(distinct numeric_eq(numeric(a), nn))"},
    {"nullif(a, nn)", "nullif numeric_eq(numeric(a), nn)"},
    {"nullif(b, vc)", "nullif texteq(b, relabel text(vc))"},
    {"nullif(s, 1)", "nullif int24eq(s, <integer>)"},
    {"a in (1, 2)", "any int4eq(a, array[<integer>, <integer>])"},
    {"a in (1, 2.5)", "any numeric_eq(numeric(a), array[numeric(<integer>), <numeric>])"},
    {"a in (s, u.id)", "or(int42eq(a, s), int48eq(a, u.id))"},
    {"a in (1)", "int4eq(a, <integer>)"},
    {"a in (1.5)", "numeric_eq(numeric(a), <numeric>)"},
    {"b in ('a', 'b')", "any texteq(b, array[<text>, <text>])"},
    {"vc in ('a', 'b')",
     "any texteq(relabel text(vc), each text[](array[<character varying>, <character varying>]))"},
    {"f in ('2020-01-01', '2020-01-02')", "any date_eq(f, array[<date>, <date>])"},
    {"a not in (1, 2)", "all int4ne(a, array[<integer>, <integer>])"},
    {"a = any (arr)", "any int4eq(a, arr)"},
    {"s = any (arr)", "any int24eq(s, arr)"},
    {"nn = any (arr)", "any numeric_eq(nn, each numeric[](arr))"},
    {"b = any (txt)", "any texteq(b, txt)"},
    {"vc = any (txt)", "any texteq(relabel text(vc), txt)"},
    {"a = any ('{1,2}')", "any int4eq(a, <integer[]>)"},
    {"b <> all (array['a', 'b'])", "all textne(b, array[<text>, <text>])"},
    {"u.id = any (array[1, 2])", "any int84eq(u.id, array[<integer>, <integer>])"},
    {"b like 'a%'", "textlike(b, <text>)"},
    {"vc like 'a%'", "textlike(relabel text(vc), <text>)"},
    {"b not like vc", "textnlike(b, relabel text(vc))"},
    {"b ilike 'a'", "texticlike(b, <text>)"},
    {"b ~ 'a'", "textregexeq(b, <text>)"},
    {"vc !~* b", "texticregexne(relabel text(vc), b)"},
    {"b similar to 'a'", "textregexeq(b, similar_to_escape(<text>))"},
    {"by like 'a'", "bytealike(by, <bytea>)"},
    {"b like 'a' escape 'b'", "textlike(b, like_escape(<text>, <text>))"},
    {"jb @> '{}'", "jsonb_contains(jb, <jsonb>)"},
    {"arr @> array[1]", "arraycontains(arr, array[<integer>])"},
    {"arr && '{1}'", "arrayoverlap(arr, <integer[]>)"},
};

constexpr Case kOverloadedTexts[] = {
    {"b || b", "textcat(b, b)"},
    {"b || vc", "textcat(b, relabel text(vc))"},
    {"vc || vc", "textcat(relabel text(vc), relabel text(vc))"},
    {"b || 'a'", "textcat(b, <text>)"},
    {"'a' || vc", "textcat(<text>, relabel text(vc))"},
    {"b || a", "textanycat(b, a)"},
    {"a || b", "anytextcat(a, b)"},
    {"b || nn", "textanycat(b, nn)"},
    {"b || f", "textanycat(b, f)"},
    {"b || jb", "textanycat(b, jb)"},
    {"e || b", "anytextcat(e, b)"},
    {"arr || 1", "array_append(arr, <integer>)"},
    {"1 || arr", "array_prepend(<integer>, arr)"},
    {"arr || arr", "array_cat(arr, arr)"},
    {"arr || '{1}'", "array_cat(arr, <integer[]>)"},
    {"arr || s", "array_append(arr, int4(s))"},
    {"txt || 'a'::text", "array_append(txt, <text>)"},
    {"txt || b", "array_append(txt, b)"},
    {"txt || vc", "array_append(txt, relabel text(vc))"},
    {"jb || jb", "jsonb_concat(jb, jb)"},
    {"jb || '{}'", "jsonb_concat(jb, <jsonb>)"},
    {"by || by", "byteacat(by, by)"},
    {"upper(vc)", "upper(relabel text(vc))"},
    {"length(vc)", "length(relabel text(vc))"},
    {"length(by)", "length(by)"},
    {"lower('A')", "lower(<text>)"},
    {"substring(vc from 1)", "substring(relabel text(vc), <integer>)"},
    {"substr(b, s)", "substr(b, int4(s))"},
    {"left(b, a)", "left(b, a)"},
    {"lpad(vc, 5)", "lpad(relabel text(vc), <integer>)"},
    {"position(vc in b)", "position(b, relabel text(vc))"},
    {"trim(vc)", "btrim(relabel text(vc))"},
    {"concat(a, vc)", "concat(a, vc)"},
    {"format(vc, a)", "format(relabel text(vc), a)"},
    {"repeat(vc, s)", "repeat(relabel text(vc), int4(s))"},
    {"md5(vc)", "md5(relabel text(vc))"},
    {"replace(b, vc, 'x')", "replace(b, relabel text(vc), <text>)"},
    {"to_char(a, '9')", "to_char(a, <text>)"},
    {"to_char(s, '9')", "to_char(float8(s), <text>)"},
    {"to_char(nn, '9')", "to_char(nn, <text>)"},
    {"to_char(r, '9')", "to_char(r, <text>)"},
    {"to_char(f, 'YYYY')", "to_char(timestamptz(f), <text>)"},
    {"to_char(t, 'YYYY')", "to_char(t, <text>)"},
    {"string_to_array(vc, ',')", "string_to_array(relabel text(vc), <text>)"},
    {"array_to_string(arr, ',')", "array_to_string(arr, <text>)"},
};

constexpr Case kOverloadedCalls[] = {
    {"abs(s)", "abs(s)"},
    {"abs(nn)", "abs(nn)"},
    {"abs(r)", "abs(r)"},
    {"abs('1')", "abs(<double precision>)"},
    {"sqrt(a)", "sqrt(float8(a))"},
    {"sqrt(nn)", "sqrt(nn)"},
    {"sqrt(u.id)", "sqrt(float8(u.id))"},
    {"sqrt(r)", "sqrt(float8(r))"},
    {"round(a)", "round(float8(a))"},
    {"round(d)", "round(d)"},
    {"round(nn)", "round(nn)"},
    {"round(nn, s)", "round(nn, int4(s))"},
    {"round(a, 1)", "round(numeric(a), <integer>)"},
    {"floor(s)", "floor(float8(s))"},
    {"ceil(r)", "ceil(float8(r))"},
    {"power(a, 2)", "power(float8(a), float8(<integer>))"},
    {"power(nn, a)", "power(nn, numeric(a))"},
    {"power(r, d)", "power(float8(r), d)"},
    {"exp(s)", "exp(float8(s))"},
    {"ln(nn)", "ln(nn)"},
    {"log(a, 2)", "log(numeric(a), numeric(<integer>))"},
    {"mod(a, s)", "mod(a, int4(s))"},
    {"mod(u.id, a)", "mod(u.id, int8(a))"},
    {"mod(a, 2.5)", "mod(numeric(a), <numeric>)"},
    {"div(a, 2)", "div(numeric(a), numeric(<integer>))"},
    {"gcd(a, u.id)", "gcd(int8(a), u.id)"},
    {"trunc(r)", "trunc(float8(r))"},
    {"sign(a)", "sign(float8(a))"},
    {"sign(nn)", "sign(nn)"},
    {"random()", "random()"},
    {"date_trunc('day', f)", "date_trunc(<text>, timestamptz(f))"},
    {"date_trunc('day', t)", "date_trunc(<text>, t)"},
    {"date_trunc('day', tz)", "date_trunc(<text>, tz)"},
    {"date_trunc('day', i)", "date_trunc(<text>, i)"},
    {"date_part('year', f)", "date_part(<text>, f)"},
    {"date_part('hour', tm)", "date_part(<text>, tm)"},
    {"extract(year from f)", "extract(<text>, f)"},
    {"extract(year from t)", "extract(<text>, t)"},
    {"extract(hour from tm)", "extract(<text>, tm)"},
    {"extract(day from i)", "extract(<text>, i)"},
    {"age(t)", "age(t)"},
    {"age(t, t)", "age(t, t)"},
    {"age(f)", "age(timestamptz(f))"},
    {"age(tz, f)", "age(tz, timestamptz(f))"},
    {"make_date(a, s, 1)", "make_date(a, int4(s), <integer>)"},
    {"to_timestamp(a)", "to_timestamp(float8(a))"},
    {"array_length(arr, s)", "array_length(arr, int4(s))"},
    {"array_append(arr, s)", "array_append(arr, int4(s))"},
    {"array_append(txt, 'a')", "array_append(txt, <text>)"},
    {"array_position(txt, 'a')", "array_position(txt, <text>)"},
    {"cardinality(arr)", "cardinality(arr)"},
    {"generate_series(1, s)", "generate_series(<integer>, int4(s))"},
    {"generate_series(a, u.id)", "generate_series(int8(a), u.id)"},
    {"generate_series(1, nn)", "generate_series(numeric(<integer>), nn)"},
    {"generate_series(t, t, i)", "generate_series(t, t, i)"},
    {"generate_series(f, f, '1 day')",
     "generate_series(timestamptz(f), timestamptz(f), <interval>)"},
    {"unnest(arr)", "unnest(arr)"},
    {"coalesce(a, u.id)", "coalesce(int8(a), u.id)"},
    {"coalesce(s, 1.5)", "coalesce(numeric(s), <numeric>)"},
    {"coalesce(vc, b)", "coalesce(vc, relabel character varying(b))"},
    {"coalesce(vc, 'a')", "coalesce(vc, <character varying>)"},
    {"coalesce(f, t)", "coalesce(timestamp(f), t)"},
    {"coalesce(t, tz)", "coalesce(timestamptz(t), tz)"},
    {"coalesce(null, a)", "coalesce(<integer>, a)"},
    {"greatest(a, nn)", "greatest(numeric(a), nn)"},
    {"greatest(s, r)", "greatest(float4(s), r)"},
    {"least(r, d)", "least(float8(r), d)"},
    {"least(nn, d)", "least(float8(nn), d)"},
    {"case when e then a else nn end", "case(e, numeric(a), nn)"},
    {"case when e then s else 1 end", "case(e, int4(s), <integer>)"},
    {"case when e then 'a' else vc end", "case(e, <character varying>, vc)"},
    {"array[a, u.id]", "array[int8(a), u.id]"},
    {"array[a, 1.5]", "array[numeric(a), <numeric>]"},
    {"array[vc, b]", "array[vc, relabel character varying(b)]"},
    {"array[f, t]", "array[timestamp(f), t]"},
    {"array['1', a]", "array[<integer>, a]"},
    {"sum(s)", "sum(s)"},
    {"sum(a)", "sum(a)"},
    {"sum(u.id)", "sum(u.id)"},
    {"sum(nn)", "sum(nn)"},
    {"sum(r)", "sum(r)"},
    {"sum(i)", "sum(i)"},
    {"sum(vc::int)", "sum(io integer(vc))"},
    {"avg(s)", "avg(s)"},
    {"avg(d)", "avg(d)"},
    {"min(vc)", "min(relabel text(vc))"},
    {"max(f)", "max(f)"},
    {"max(s)", "max(s)"},
    {"count(vc)", "count(vc)"},
    {"string_agg(vc, ',')", "string_agg(relabel text(vc), <text>)"},
    {"string_agg(b, vc)", "string_agg(b, relabel text(vc))"},
    {"stddev(a)", "stddev(a)"},
    {"bit_and(s)", "bit_and(s)"},
    {"bool_or(e)", "bool_or(e)"},
    {"array_agg(vc)", "array_agg(vc)"},
};

constexpr Case kOverloadedCasts[] = {
    {"a::bigint", "int8(a)"},
    {"a::smallint", "int2(a)"},
    {"a::numeric", "numeric(a)"},
    {"a::real", "float4(a)"},
    {"a::float8", "float8(a)"},
    {"a::text", "io text(a)"},
    {"a::varchar", "io character varying(a)"},
    {"a::boolean", "bool(a)"},
    {"s::int", "int4(s)"},
    {"s::text", "io text(s)"},
    {"u.id::int", "int4(u.id)"},
    {"u.id::text", "io text(u.id)"},
    {"nn::int", "int4(nn)"},
    {"nn::bigint", "int8(nn)"},
    {"nn::float8", "float8(nn)"},
    {"nn::text", "io text(nn)"},
    {"d::int", "int4(d)"},
    {"d::numeric", "numeric(d)"},
    {"d::real", "float4(d)"},
    {"r::bigint", "int8(r)"},
    {"r::float8", "float8(r)"},
    {"e::int", "int4(e)"},
    {"e::text", "text(e)"},
    {"b::int", "io integer(b)"},
    {"b::numeric", "io numeric(b)"},
    {"b::date", "io date(b)"},
    {"b::boolean", "io boolean(b)"},
    {"b::varchar", "relabel character varying(b)"},
    {"b::uuid", "io uuid(b)"},
    {"b::jsonb", "io jsonb(b)"},
    {"vc::text", "relabel text(vc)"},
    {"vc::int", "io integer(vc)"},
    {"vc::date", "io date(vc)"},
    {"f::text", "io text(f)"},
    {"f::timestamp", "timestamp(f)"},
    {"f::timestamptz", "timestamptz(f)"},
    {"t::date", "date(t)"},
    {"t::time", "time(t)"},
    {"t::timestamptz", "timestamptz(t)"},
    {"tz::date", "date(tz)"},
    {"tz::timestamp", "timestamp(tz)"},
    {"tz::time", "time(tz)"},
    {"tm::interval", "interval(tm)"},
    {"i::time", "time(i)"},
    {"i::text", "io text(i)"},
    {"j::jsonb", "io jsonb(j)"},
    {"jb::json", "io json(jb)"},
    {"jb::text", "io text(jb)"},
    {"jb::int", "int4(jb)"},
    {"jb::boolean", "bool(jb)"},
    {"uu::text", "io text(uu)"},
    {"by::text", "io text(by)"},
    {"arr::bigint[]", "each bigint[](arr)"},
    {"arr::text[]", "each text[](arr)"},
    {"arr::text", "io text(arr)"},
    {"txt::int[]", "each integer[](txt)"},
    {"txt::varchar[]", "each character varying[](txt)"},
    {"txt::text", "io text(txt)"},
    {"b::int[]", "io integer[](b)"},
    {"'seq'::regclass::oid", "relabel oid(<regclass>)"},
    {"int4(nn)", "int4(nn)"},
    {"text(a)", "io text(a)"},
    {"float8(a)", "float8(a)"},
    {"date(t)", "date(t)"},
};

}  // namespace

TEST(OverloadTest, Arithmetic) {
  for (const Case& c : kOverloadedArithmetic) EXPECT_EQ(ShapeOf(c.sql), c.expected) << c.sql;
}

TEST(OverloadTest, Comparison) {
  for (const Case& c : kOverloadedComparison) EXPECT_EQ(ShapeOf(c.sql), c.expected) << c.sql;
}

TEST(OverloadTest, TextsAndConcatenation) {
  for (const Case& c : kOverloadedTexts) EXPECT_EQ(ShapeOf(c.sql), c.expected) << c.sql;
}

TEST(OverloadTest, Calls) {
  for (const Case& c : kOverloadedCalls) EXPECT_EQ(ShapeOf(c.sql), c.expected) << c.sql;
}

TEST(OverloadTest, Casts) {
  for (const Case& c : kOverloadedCasts) EXPECT_EQ(ShapeOf(c.sql), c.expected) << c.sql;
}

}  // namespace omen::sql::testing
