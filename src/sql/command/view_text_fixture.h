// Views' texts beside what PostgreSQL gives for the same views.
#pragma once

namespace omen::sql::testing {

/// A view's query, and its texts by pg_get_viewdef(view) and pg_get_viewdef(view, true).
struct ViewCase {
  const char* query;
  const char* text;
  const char* pretty;
};

/// Expects these texts of the view, and of the views that the texts themselves make.
void ExpectTexts(const ViewCase& c);

}  // namespace omen::sql::testing
