// Subqueries in expressions: scalars, IN, EXISTS, ANY and ALL, with nulls and outer columns.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

constexpr const char* kSubSetup =
    "create table p (id int primary key, k int);"
    "create table q (id int primary key, k int);"
    "create table z (k int);"
    "create sequence s;"
    "insert into p values (1, 10), (2, 20), (3, null), (4, 40);"
    "insert into q values (1, 10), (2, 10), (3, null), (4, 30);";

constexpr QueryCase kScalars[] = {
    {"select (select k from p where id = 2)", "20"},
    {"select (select k from p where id = 99) is null", "t"},
    {"select (select k from p)",
     "ERROR 21000: more than one row returned by a subquery used as an expression"},
    {"select id, (select count(*) from q where q.k = p.k) from p", "1|2; 2|0; 3|0; 4|0"},
    {"select id, (select q.id from q where q.k = p.k) from p where k <> 10", "2|; 4|"},
    {"select id, (select q.id from q where q.k = p.k) from p",
     "ERROR 21000: more than one row returned by a subquery used as an expression"},
    {"select id, (select max(q.id) from q where q.id < p.id) from p", "1|; 2|1; 3|2; 4|3"},
    {"select id from p where k = (select max(k) from p)", "4"},
    {"select id from p where k > (select avg(k) from q)", "2; 4"},
    {"select id, (select (select p.k + r.k from q r where r.id = q.id) from q where q.id = p.id) "
     "from p",
     "1|20; 2|30; 3|; 4|70"},
    {"select sum((select q.k from q where q.id = p.id)) from p", "50"},
    {"select id from p order by (select -k from q where q.id = p.id) nulls first, id",
     "3; 4; 1; 2"},
    {"select (select 1, 2)", "ERROR 42601: subquery must return only one column"},
    {"select array(select k from p order by id)", "{10,20,NULL,40}"},
    {"select id, array(select q.id from q where q.k = p.k order by 1) from p",
     "1|{1,2}; 2|{}; 3|{}; 4|{}"},
    {"select array(select k from z)", "{}"},
};

constexpr QueryCase kMemberships[] = {
    {"select id from p where k in (select k from q)", "1"},
    {"select id from p where k not in (select k from q)", "none"},
    {"select id from p where k not in (select k from q where k is not null)", "2; 4"},
    {"select id from p where k not in (select k from z)", "1; 2; 3; 4"},
    {"select id, k in (select k from q) from p", "1|t; 2|; 3|; 4|"},
    {"select id, k in (select k from z) from p", "1|f; 2|f; 3|f; 4|f"},
    {"select null in (select k from z), null in (select k from p), 1 in (select k from z)", "f||f"},
    {"select id from p where id in (select q.id from q where q.k > p.k)", "none"},
    {"select id from p where (id, k) in (select id, k from q)", "1"},
    {"select id from p where (id, k) not in (select id, k from q)", "2; 4"},
    {"select id, (id, k) in (select id, k from q) from p", "1|t; 2|f; 3|; 4|f"},
    {"select id from p where k::numeric in (select k::numeric from q)", "1"},
    {"select id from p where k + 0.0 in (select k from q)", "1"},
};

constexpr QueryCase kQuantified[] = {
    {"select id from p where exists (select from q where q.k = p.k)", "1"},
    {"select id from p where not exists (select from q where q.k = p.k)", "2; 3; 4"},
    {"select exists (select from z), exists (select k from q where k is null)", "f|t"},
    {"select id from p where k > any (select k from q)", "2; 4"},
    {"select id from p where k > all (select k from q)", "none"},
    {"select id from p where k > all (select k from q where k is not null)", "4"},
    {"select id, k = any (select k from z), k = all (select k from z) from p",
     "1|f|t; 2|f|t; 3|f|t; 4|f|t"},
    {"select id, k <> all (select k from q) from p", "1|f; 2|; 3|; 4|"},
    {"select id, k >= some (select k from q where q.id <> p.id) from p", "1|t; 2|t; 3|; 4|t"},
    {"select id from p where exists (select from q where q.id > p.id having count(*) > 1)", "1; 2"},
    {"select id from p where exists (select sum(k) from z where z.k = p.k)", "1; 2; 3; 4"},
    {"select id from p where (select count(*) from q where q.k = p.k) = 0", "2; 3; 4"},
    {"select id from p where not (k = any (select k from q) and exists (select from z))",
     "1; 2; 3; 4"},
    {"select id from p a where exists (select from p b where b.id > a.id and exists (select from q "
     "where q.id = b.id and q.k < a.k))",
     "none"},
};

class Subqueries : public ::testing::Test {
 protected:
  Subqueries() : engine_(TestEngine::Columns::kWithout), session_(&engine_) {
    EXPECT_EQ(session_.Run(kSubSetup), "INSERT 4");
    session_.options.route = Route::kRow;
  }

  TestEngine engine_;
  TestSession session_;
};

TEST_F(Subqueries, GiveOneValueAtMost) { ExpectAnswers(&session_, kScalars); }
TEST_F(Subqueries, HoldWhatIsIn) { ExpectAnswers(&session_, kMemberships); }
TEST_F(Subqueries, AreAskedForAnyAndAll) { ExpectAnswers(&session_, kQuantified); }

TEST_F(Subqueries, RunOnceWhereTheyReadNothingOutside) {
  EXPECT_EQ(session_.Run("select count(distinct (select nextval('s'))) from p"), "1\n");
  EXPECT_EQ(session_.Run("select count(distinct (select nextval('s') + 0 * p.id)) from p"), "4\n");
  EXPECT_EQ(session_.Run("select nextval('s')"), "6\n");
}

// A key that is looked up for each outer row is looked up anew for each.
TEST_F(Subqueries, SeeEachOuterRow) {
  session_.Run(
      "create table n (id int primary key, v int); insert into n select i, i * i from "
      "generate_series(1, 200) i");
  EXPECT_EQ(session_.Run("select sum((select v from n where n.id = i)) from generate_series(0, "
                         "201) i"),
            "2686700\n");
  EXPECT_EQ(
      session_.Run("select count(*) from n a where exists (select from n b where b.id = a.v)"),
      "14\n");
  EXPECT_EQ(session_.Run("select count(*) from n a where a.v in (select b.id from n b where b.id > "
                         "a.id)"),
            "13\n");
}

}  // namespace
}  // namespace omen::exec::testing
