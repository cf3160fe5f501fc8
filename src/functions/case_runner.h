// Runs tables of calls whose expected answers were taken from PostgreSQL 15:
//
//   substring(text,int4,int4) 'hello' '2' '3' => 'ell'
//   int4div(int4,int4) '1' '0' => !22012 division by zero
//   sum(int4) '1'; NULL; '2' => '3'          aggregates: rows separated by semicolons
//   string_to_table(text,text) 'a,b' ',' => 'a' 'b'
//
// Arguments and answers are text forms, quoted as in SQL, a newline in answers shown as U+2424. The
// session's zone is America/New_York.
#pragma once

#include <string_view>

namespace omen::functions {

/// Adds a test failure for every line whose outcome differs.
void RunCases(std::string_view cases);

}  // namespace omen::functions
