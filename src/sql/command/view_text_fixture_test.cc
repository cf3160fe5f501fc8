#include "sql/command/view_text_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "sql/command/binder_fixture.h"
#include "sql/definition/deparse.h"

namespace omen::sql::testing {
namespace {

/// The text of a view that was created with this query.
std::string ViewTextOf(std::string query, TextLayout layout) {
  const auto bound = MustBind(query);
  if (bound == nullptr) return "";
  catalog::View view;
  view.name = "seen";
  view.query_sql = std::move(query);
  view.search_path = {"public"};
  for (const OutputColumn& column : std::get<std::unique_ptr<Query>>(bound->body)->Outputs()) {
    view.columns.push_back({static_cast<int>(view.columns.size()) + 1, column.name});
  }
  return ViewText(view, TestContext(*MakeCatalog()), layout);
}

std::string WithoutSemicolon(std::string text) {
  text.pop_back();
  return text;
}

}  // namespace

void ExpectTexts(const ViewCase& c) {
  EXPECT_EQ(ViewTextOf(c.query, {}), c.text);
  EXPECT_EQ(ViewTextOf(c.query, {.pretty = true}), c.pretty);
  EXPECT_EQ(ViewTextOf(WithoutSemicolon(c.text), {}), c.text);
  EXPECT_EQ(ViewTextOf(WithoutSemicolon(c.text), {.pretty = true}), c.pretty);
  EXPECT_EQ(ViewTextOf(WithoutSemicolon(c.pretty), {.pretty = true}), c.pretty);
}

}  // namespace omen::sql::testing
