// Checks as PostgreSQL 15 shows them: pg_get_expr(conbin, conrelid), and with pretty layout. Each
// text makes the same check again.

#include <gtest/gtest.h>

#include "sql/command/binder_fixture.h"
#include "sql/definition/deparse.h"

namespace omen::sql::testing {
namespace {

struct CheckCase {
  const char* sql;
  const char* text;
  const char* pretty;
};

constexpr CheckCase kChecks[] = {
    {"a + id > 1", "((a + id) > 1)", "(a + id) > 1"},
    {"a + 1 > id and a * 2 < 5 or not e", "((((a + 1) > id) AND ((a * 2) < 5)) OR (NOT e))",
     "(a + 1) > id AND (a * 2) < 5 OR NOT e"},
    {"not (e and a > 1)", "(NOT (e AND (a > 1)))", "NOT (e AND a > 1)"},
    {"(e or a > 1) and b = 'x'", "((e OR (a > 1)) AND (b = 'x'::text))",
     "(e OR a > 1) AND b = 'x'::text"},
    {"e is true and a is not null", "((e IS TRUE) AND (a IS NOT NULL))",
     "e IS TRUE AND a IS NOT NULL"},
    {"e is not unknown or b is null", "((e IS NOT UNKNOWN) OR (b IS NULL))",
     "e IS NOT UNKNOWN OR b IS NULL"},
    {"a = 1 or a = 2 or a = 3", "((a = 1) OR (a = 2) OR (a = 3))", "a = 1 OR a = 2 OR a = 3"},
    {"a in (1, 2, 3)", "(a = ANY (ARRAY[1, 2, 3]))", "a = ANY (ARRAY[1, 2, 3])"},
    {"a not in (1, 2)", "(a <> ALL (ARRAY[1, 2]))", "a <> ALL (ARRAY[1, 2])"},
    {"a in (1)", "(a = 1)", "a = 1"},
    {"b in ('a', 'b')", "(b = ANY (ARRAY['a'::text, 'b'::text]))",
     "b = ANY (ARRAY['a'::text, 'b'::text])"},
    {"b not in ('a')", "(b <> 'a'::text)", "b <> 'a'::text"},
    {"a in (1, id)", "((a = 1) OR (a = id))", "a = 1 OR a = id"},
    {"a = any (array[1, 2])", "(a = ANY (ARRAY[1, 2]))", "a = ANY (ARRAY[1, 2])"},
    {"b <> all (array['a', 'b'])", "(b <> ALL (ARRAY['a'::text, 'b'::text]))",
     "b <> ALL (ARRAY['a'::text, 'b'::text])"},
    {"a between 1 and 2", "((a >= 1) AND (a <= 2))", "a >= 1 AND a <= 2"},
    {"a not between 1 and id", "((a < 1) OR (a > id))", "a < 1 OR a > id"},
    {"a between symmetric 2 and 1", "(((a >= 2) AND (a <= 1)) OR ((a >= 1) AND (a <= 2)))",
     "a >= 2 AND a <= 1 OR a >= 1 AND a <= 2"},
    {"b like 'a%'", "(b ~~ 'a%'::text)", "b ~~ 'a%'::text"},
    {"b not like 'a%'", "(b !~~ 'a%'::text)", "b !~~ 'a%'::text"},
    {"b ilike 'a'", "(b ~~* 'a'::text)", "b ~~* 'a'::text"},
    {"b not ilike 'a'", "(b !~~* 'a'::text)", "b !~~* 'a'::text"},
    {"b like 'a!%' escape '!'", "(b ~~ like_escape('a!%'::text, '!'::text))",
     "b ~~ like_escape('a!%'::text, '!'::text)"},
    {"b similar to 'a|b'", "(b ~ similar_to_escape('a|b'::text))",
     "b ~ similar_to_escape('a|b'::text)"},
    {"b ~ '^a' and b !~* 'b$'", "((b ~ '^a'::text) AND (b !~* 'b$'::text))",
     "b ~ '^a'::text AND b !~* 'b$'::text"},
    {"a is distinct from 1", "(a IS DISTINCT FROM 1)", "a IS DISTINCT FROM 1"},
    {"a is not distinct from null", "(a IS NULL)", "a IS NULL"},
    {"a::bigint > 1", "((a)::bigint > 1)", "a::bigint > 1"},
    {"a::numeric(5,2) > 1.5", "((a)::numeric(5,2) > 1.5)", "a::numeric(5,2) > 1.5"},
    {"a::text = '1'", "((a)::text = '1'::text)", "a::text = '1'::text"},
    {"b::int > 1", "((b)::integer > 1)", "b::integer > 1"},
    {"b::varchar(3) = 'a'", "(((b)::character varying(3))::text = 'a'::text)",
     "b::character varying(3)::text = 'a'::text"},
    {"b::char(3) = 'a'", "((b)::character(3) = 'a'::bpchar)", "b::character(3) = 'a'::bpchar"},
    {"cast(a as smallint) = 1::smallint", "((a)::smallint = (1)::smallint)",
     "a::smallint = 1::smallint"},
    {"c > 1", "(c > (1)::numeric)", "c > 1::numeric"},
    {"c > 1.5", "(c > 1.5)", "c > 1.5"},
    {"d > 1", "(d > (1)::double precision)", "d > 1::double precision"},
    {"d > 1.5", "(d > (1.5)::double precision)", "d > 1.5::double precision"},
    {"f > '2020-01-01'", "(f > '2020-01-01'::date)", "f > '2020-01-01'::date"},
    {"f > date '2020-01-01' + 1", "(f > ('2020-01-01'::date + 1))", "f > ('2020-01-01'::date + 1)"},
    {"f + interval '1 day' > now()", "((f + '1 day'::interval) > now())",
     "(f + '1 day'::interval) > now()"},
    {"f = current_date", "(f = CURRENT_DATE)", "f = CURRENT_DATE"},
    {"f - f > 1", "((f - f) > 1)", "(f - f) > 1"},
    {"extract(year from f) = 2020", "(EXTRACT(year FROM f) = (2020)::numeric)",
     "EXTRACT(year FROM f) = 2020::numeric"},
    {"date_part('year', f) = 2020", "(date_part('year'::text, f) = (2020)::double precision)",
     "date_part('year'::text, f) = 2020::double precision"},
    {"date_trunc('month', f) = f", "(date_trunc('month'::text, (f)::timestamp with time zone) = f)",
     "date_trunc('month'::text, f::timestamp with time zone) = f"},
    {"substring(b from 1 for 2) = 'a'", "(SUBSTRING(b FROM 1 FOR 2) = 'a'::text)",
     "SUBSTRING(b FROM 1 FOR 2) = 'a'::text"},
    {"substring(b, 1, 2) = 'a'", "(\"substring\"(b, 1, 2) = 'a'::text)",
     "\"substring\"(b, 1, 2) = 'a'::text"},
    {"substring(b from 'a.c') = 'abc'", "(\"substring\"(b, 'a.c'::text) = 'abc'::text)",
     "\"substring\"(b, 'a.c'::text) = 'abc'::text"},
    {"position('a' in b) > 0", "(POSITION(('a'::text) IN (b)) > 0)",
     "POSITION(('a'::text) IN (b)) > 0"},
    {"trim(b) = '' or trim(leading 'x' from b) = '' or trim(trailing from b) = ''",
     "((TRIM(BOTH FROM b) = ''::text) OR (TRIM(LEADING 'x'::text FROM b) = ''::text) OR "
     "(TRIM(TRAILING FROM b) = ''::text))",
     "TRIM(BOTH FROM b) = ''::text OR TRIM(LEADING 'x'::text FROM b) = ''::text OR TRIM(TRAILING "
     "FROM b) = ''::text"},
    {"overlay(b placing 'x' from 2) = ''", "(OVERLAY(b PLACING 'x'::text FROM 2) = ''::text)",
     "OVERLAY(b PLACING 'x'::text FROM 2) = ''::text"},
    {"upper(b) = 'A' and length(b) > 1", "((upper(b) = 'A'::text) AND (length(b) > 1))",
     "upper(b) = 'A'::text AND length(b) > 1"},
    {"coalesce(b, 'x') = 'x'", "(COALESCE(b, 'x'::text) = 'x'::text)",
     "COALESCE(b, 'x'::text) = 'x'::text"},
    {"coalesce(a, 0) > greatest(a, 1) and least(a, id) > 0",
     "((COALESCE(a, 0) > GREATEST(a, 1)) AND (LEAST((a)::bigint, id) > 0))",
     "COALESCE(a, 0) > GREATEST(a, 1) AND LEAST(a::bigint, id) > 0"},
    {"nullif(a, 1) is null", "(NULLIF(a, 1) IS NULL)", "NULLIF(a, 1) IS NULL"},
    {"case when a > 1 then e else true end", "\nCASE\n    WHEN (a > 1) THEN e\n    ELSE true\nEND",
     "\nCASE\n    WHEN a > 1 THEN e\n    ELSE true\nEND"},
    {"case a when 1 then true when 2 then false end",
     "\nCASE a\n    WHEN 1 THEN true\n    WHEN 2 THEN false\n    ELSE NULL::boolean\nEND",
     "\nCASE a\n    WHEN 1 THEN true\n    WHEN 2 THEN false\n    ELSE NULL::boolean\nEND"},
    {"-a > 1", "((- a) > 1)", "(- a) > 1"},
    {"- - a > 1", "((- (- a)) > 1)", "(- (- a)) > 1"},
    {"+a > -1", "((+ a) > '-1'::integer)", "(+ a) > '-1'::integer"},
    {"@a > 1", "((@ a) > 1)", "(@ a) > 1"},
    {"a - -1 > 0", "((a - '-1'::integer) > 0)", "(a - '-1'::integer) > 0"},
    {"a - (1 - id) > 0", "((a - (1 - id)) > 0)", "(a - (1 - id)) > 0"},
    {"(a - 1) - id > 0", "(((a - 1) - id) > 0)", "(a - 1 - id) > 0"},
    {"a * (id + 1) > 0", "((a * (id + 1)) > 0)", "(a * (id + 1)) > 0"},
    {"2 ^ a > 1", "(((2)::double precision ^ (a)::double precision) > (1)::double precision)",
     "(2::double precision ^ a::double precision) > 1::double precision"},
    {"|/ d > 1", "((|/ d) > (1)::double precision)", "(|/ d) > 1::double precision"},
    {"a % 2 = 0", "((a % 2) = 0)", "(a % 2) = 0"},
    {"a & 1 = 1", "((a & 1) = 1)", "(a & 1) = 1"},
    {"(a = 1) = e", "((a = 1) = e)", "(a = 1) = e"},
    {"b || 'x' = 'ax'", "((b || 'x'::text) = 'ax'::text)", "(b || 'x'::text) = 'ax'::text"},
    {"b || a = 'a1'", "((b || a) = 'a1'::text)", "(b || a) = 'a1'::text"},
    {"array[a, 1] = '{1,2}'", "(ARRAY[a, 1] = '{1,2}'::integer[])",
     "ARRAY[a, 1] = '{1,2}'::integer[]"},
    {"(array[1, 2])[a] = 1", "((ARRAY[1, 2])[a] = 1)", "(ARRAY[1, 2])[a] = 1"},
    {"array_length(string_to_array(b, ','), 1) > 1",
     "(array_length(string_to_array(b, ','::text), 1) > 1)",
     "array_length(string_to_array(b, ','::text), 1) > 1"},
    {"row(a, b) = row(1, 'x')", "((a = 1) AND (b = 'x'::text))", "a = 1 AND b = 'x'::text"},
    {"a = 1 and b = 'it''s'", "((a = 1) AND (b = 'it''s'::text))", "a = 1 AND b = 'it''s'::text"},
    {"b = E'a\\\\b'", "(b = 'a\\b'::text)", "b = 'a\\b'::text"},
    {"b = ''", "(b = ''::text)", "b = ''::text"},
    {"e", "e", "e"},
    {"not e", "(NOT e)", "NOT e"},
    {"true", "true", "true"},
    {"null", "NULL::boolean", "NULL::boolean"},
    {"a > 2147483648", "(a > '2147483648'::bigint)", "a > '2147483648'::bigint"},
    {"c = 1e10", "(c = '10000000000'::numeric)", "c = '10000000000'::numeric"},
    {"d = 1e10", "(d = ('10000000000'::numeric)::double precision)",
     "d = '10000000000'::numeric::double precision"},
    {"d = 'Infinity'", "(d = 'Infinity'::double precision)", "d = 'Infinity'::double precision"},
    {"b collate \"C\" > 'a'", "((b COLLATE \"C\") > 'a'::text)", "(b COLLATE \"C\") > 'a'::text"},
    {"lower(b) in ('a', 'b') and char_length(b) < 5",
     "((lower(b) = ANY (ARRAY['a'::text, 'b'::text])) AND (char_length(b) < 5))",
     "(lower(b) = ANY (ARRAY['a'::text, 'b'::text])) AND char_length(b) < 5"},
    {"a = $$1$$", "(a = 1)", "a = 1"},
    {"f in ('2020-01-01', '2020-01-02')",
     "(f = ANY (ARRAY['2020-01-01'::date, '2020-01-02'::date]))",
     "f = ANY (ARRAY['2020-01-01'::date, '2020-01-02'::date])"},
    {"c in (1, 2.5)", "(c = ANY (ARRAY[(1)::numeric, 2.5]))", "c = ANY (ARRAY[1::numeric, 2.5])"},
    {"abs(a) = round(c) and floor(d) = 1",
     "(((abs(a))::numeric = round(c)) AND (floor(d) = (1)::double precision))",
     "abs(a)::numeric = round(c) AND floor(d) = 1::double precision"},
    {"to_char(f, 'YYYY') = '2020'",
     "(to_char((f)::timestamp with time zone, 'YYYY'::text) = '2020'::text)",
     "to_char(f::timestamp with time zone, 'YYYY'::text) = '2020'::text"},
    {"md5(b) = 'x'", "(md5(b) = 'x'::text)", "md5(b) = 'x'::text"},
    {"current_user = 'a'", "(CURRENT_USER = 'a'::name)", "CURRENT_USER = 'a'::name"},
    {"f at time zone 'UTC' > now()", "((f AT TIME ZONE 'UTC'::text) > now())",
     "(f AT TIME ZONE 'UTC'::text) > now()"},
};

/// A check of the table u, which has this text.
std::string CheckTextOf(std::string_view sql, bool pretty) {
  const auto catalog = MakeCatalog();
  const catalog::Object* table = catalog->FindRelation(catalog::kPublicSchema, "u");
  catalog::CheckConstraint check;
  check.expression_sql = sql;
  return CheckText(check, std::get<catalog::Table>(*table), TestContext(*catalog),
                   {.pretty = pretty});
}

}  // namespace

TEST(CheckTextTest, IsPostgresqlsAndMakesTheSameCheck) {
  for (const CheckCase& c : kChecks) {
    EXPECT_EQ(CheckTextOf(c.sql, false), c.text) << c.sql;
    EXPECT_EQ(CheckTextOf(c.sql, true), c.pretty) << c.sql;
    EXPECT_EQ(CheckTextOf(c.text, false), c.text);
    EXPECT_EQ(CheckTextOf(c.text, true), c.pretty);
    EXPECT_EQ(CheckTextOf(c.pretty, true), c.pretty);
  }
}

}  // namespace omen::sql::testing
