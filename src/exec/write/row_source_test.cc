// The rows that UPDATE and DELETE act on: each once, in its newest version, checked again.
#include <gtest/gtest.h>

#include "exec/database/test_cases.h"

namespace omen::exec::testing {
namespace {

class RowSources : public ::testing::Test {
 protected:
  RowSources() : engine_(TestEngine::Columns::kWithout), one_(&engine_), two_(&engine_) {
    one_.Run(
        "create table t (id int primary key, v int, w text); create index t_v on t (v);"
        "create table heap (k int, v int); create table u (id int primary key, t int, x int)");
    Refill();
  }

  void Refill() {
    one_.Run(
        "delete from t; delete from heap; delete from u;"
        "insert into t values (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c');"
        "insert into heap values (1, 10), (2, 20), (3, 30);"
        "insert into u values (1, 1, 100), (2, 1, 200), (3, 3, 300)");
  }

  /// `first` is done and not committed; `second` waits for it; then what there is.
  void ExpectAfter(const char* first, const char* second, const char* answer, const char* rows,
                   const char* table = "t") {
    SCOPED_TRACE(std::string(first) + " / " + second);
    Refill();
    one_.Begin();
    one_.Run(first);
    Meanwhile waiting(&two_, second);
    EXPECT_EQ(one_.Commit(), "COMMIT");
    EXPECT_EQ(waiting.Answer(), answer);
    const std::string columns = table == std::string("t") ? "id, v" : "k, v";
    EXPECT_EQ(OneLine(one_.RunSorted("select " + columns + " from " + table)), rows);
  }

  TestEngine engine_;
  TestSession one_, two_;
};

// READ COMMITTED, PostgreSQL's EvalPlanQual.
TEST_F(RowSources, ARowIsCheckedAgainInItsNewestVersion) {
  ExpectAfter("update t set v = 11 where id = 1", "update t set v = v + 1 where id = 1", "UPDATE 1",
              "1|12; 2|20; 3|30");
  ExpectAfter("update t set v = 11 where id = 1", "update t set v = 0 where id = 1 and v = 10",
              "UPDATE 0", "1|11; 2|20; 3|30");
  ExpectAfter("update t set v = 20 where id = 1", "update t set v = 0 where v = 20", "UPDATE 1",
              "1|20; 2|0; 3|30");
  ExpectAfter("update t set v = 99 where id = 2", "delete from t where v < 50", "DELETE 2", "2|99");
  ExpectAfter("update t set w = 'z' where id = 2", "delete from t where v = 20", "DELETE 1",
              "1|10; 3|30");
  ExpectAfter("update heap set v = v + 1", "update heap set v = v * 2 where v <> 21", "UPDATE 2",
              "1|22; 2|21; 3|62", "heap");
  ExpectAfter("update t set v = 11 where id = 1",
              "update t set v = (select max(x) from u) where id = 1 returning v", "300",
              "1|300; 2|20; 3|30");
}

TEST_F(RowSources, ARowThatIsGoneIsPassedBy) {
  ExpectAfter("delete from t where id = 1", "update t set v = 0 where v < 30", "UPDATE 1",
              "2|0; 3|30");
  ExpectAfter("delete from t where id = 1", "delete from t where id = 1", "DELETE 0", "2|20; 3|30");
  ExpectAfter("delete from heap where k = 1", "delete from heap where k < 3", "DELETE 1", "3|30",
              "heap");
}

// A row under the same key is another row: PostgreSQL's chain of versions does not lead to it.
TEST_F(RowSources, AnotherRowUnderTheKeyIsNotTakenForIt) {
  ExpectAfter("delete from t where id = 1; insert into t values (1, 10, 'new')",
              "update t set v = 0 where v = 10", "UPDATE 0", "1|10; 2|20; 3|30");
  ExpectAfter("delete from t where id = 1; insert into t values (1, 10, 'new')",
              "delete from t where v <= 20", "DELETE 1", "1|10; 3|30");
}

TEST_F(RowSources, AnUpdateThatWaitedKeepsIndexesRight) {
  ExpectAfter("update t set v = 40 where id = 1", "update t set w = 'q' where id = 1", "UPDATE 1",
              "1|40; 2|20; 3|30");
  EXPECT_EQ(one_.Run("select id from t where v = 10"), "");
  EXPECT_EQ(one_.Run("select id, w from t where v = 40"), "1|q\n");
}

TEST_F(RowSources, ARollbackLeavesTheRowAsItWasSeen) {
  one_.Begin();
  one_.Run("update t set v = 99 where id = 1; delete from t where id = 2");
  Meanwhile waiting(&two_, "update t set v = v + 1 where v <= 20");
  one_.Rollback();
  EXPECT_EQ(waiting.Answer(), "UPDATE 2");
  EXPECT_EQ(one_.Run("select id, v from t order by id"), "1|11\n2|21\n3|30\n");
}

TEST_F(RowSources, RepeatableReadFailsWhereTheRowHasChanged) {
  for (const char* change : {"update t set v = 11 where id = 1", "delete from t where id = 1",
                             "update t set id = 9 where id = 1"}) {
    Refill();
    one_.Begin(sql::Isolation::kRepeatableRead);
    EXPECT_EQ(one_.Run("select v from t where id = 2"), "20\n");
    two_.Run(change);
    EXPECT_EQ(one_.Run("update t set v = 0 where id = 2"), "UPDATE 1");
    EXPECT_EQ(one_.Run("update t set v = 0 where v = 10"),
              "ERROR 40001: could not serialize access due to concurrent update")
        << change;
    one_.Rollback();
  }
}

TEST_F(RowSources, AStatementDoesNotMeetItsOwnRows) {
  EXPECT_EQ(one_.Run("update t set id = id + 100, v = v + 5"), "UPDATE 3");
  EXPECT_EQ(one_.Run("update t set v = v + 20 where v > 0 returning id"), "101\n102\n103\n");
  EXPECT_EQ(one_.Run("insert into heap select k + 10, v from heap"), "INSERT 3");
  EXPECT_EQ(one_.Run("update heap set v = (select sum(v) from heap)"), "UPDATE 6");
  EXPECT_EQ(one_.Run("select distinct v from heap"), "120\n");
  EXPECT_EQ(one_.Run("delete from heap h where exists (select from heap o where o.k = h.k + 10)"),
            "DELETE 3");
  EXPECT_EQ(one_.Run("select k from heap order by k"), "11\n12\n13\n");
}

TEST_F(RowSources, LaterStatementsMeetTheRowsOfEarlierOnes) {
  one_.Begin();
  one_.Run("insert into t values (4, 40, 'd'); update t set v = 41 where id = 4");
  EXPECT_EQ(one_.Run("update t set v = v + 1 where v > 30 returning id, v"), "4|42\n");
  EXPECT_EQ(one_.Run("delete from t where v = 42"), "DELETE 1");
  EXPECT_EQ(one_.Run("update t set v = 0 where id = 4"), "UPDATE 0");
  EXPECT_EQ(one_.Run("insert into t values (4, 1, 'e')"), "INSERT 1");
  EXPECT_EQ(one_.Run("update t set w = 'f' where id = 4 and w = 'e'"), "UPDATE 1");
  EXPECT_EQ(one_.Commit(), "COMMIT");
  EXPECT_EQ(two_.Run("select * from t where id = 4"), "4|1|f\n");
}

constexpr QueryCase kJoinedChanges[] = {
    {"update t set v = u.x from u where u.t = t.id and u.id <> 2 returning t.id, t.v, u.id",
     "1|100|1; 3|300|3"},
    {"update t set v = 0 from u where u.t = t.id", "UPDATE 2"},
    {"update t set w = w || x from (values (1, 'p'), (2, 'q')) as n(id, x) where n.id = t.id "
     "returning t.w",
     "ap; bq"},
    {"update t a set v = b.id from t b where b.id = a.id + 1 returning a.id, a.v, b.v",
     "1|2|20; 2|3|0"},
    {"delete from t using u where u.t = t.id and u.x > 250 returning t.*, u.x", "3|0|c|300"},
    {"delete from u using t where t.id = u.t returning u.id", "1; 2"},
    {"delete from t where id in (select t from u) returning id", "none"},
    {"update t set (v, w) = (7, 'seven') where id = 1 returning v, w", "7|seven"},
    {"update t set (v, w) = (select x, 'u' from u where u.t = 3) where id = 1 returning v, w",
     "300|u"},
    {"update t set (v, w) = (select x, 'u' from u where false) where id = 1 returning v, w", "|"},
};

// A row that several rows of the other side join is changed once.
TEST_F(RowSources, OfJoins) { ExpectAnswers(&one_, kJoinedChanges); }

}  // namespace
}  // namespace omen::exec::testing
