#include "sql/duckdb/text/text.h"

#include <fmt/format.h>

#include <algorithm>

#include "types/column_functions.h"

namespace omen::sql::duckdb {

namespace names = column_functions;

bool HasBlob(const std::vector<NumericForm>& forms) {
  return std::ranges::any_of(forms, [](const NumericForm& form) { return form.is_blob(); });
}

std::vector<std::string> Columns(const std::string& alias, const std::vector<NumericForm>& forms,
                                 bool by_key) {
  std::vector<std::string> out;
  for (size_t i = 0; i < forms.size(); ++i) {
    std::string column = fmt::format("{}.c{}", alias, i + 1);
    out.push_back(by_key && forms[i].is_blob() ? Call(names::kNumKey, {column}) : column);
  }
  return out;
}

std::string Derived(const std::string& sql, const std::string& alias, size_t count) {
  return fmt::format("({}) AS {}({})", sql, alias, ColumnList(count));
}

std::string Quote(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
  return out;
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string ColumnList(size_t count) {
  std::vector<std::string> columns;
  for (size_t i = 0; i < count; ++i) columns.push_back(fmt::format("c{}", i + 1));
  return Join(columns, ", ");
}

std::string Call(std::string_view function, const std::vector<std::string>& args) {
  return std::string(function) + "(" + Join(args, ", ") + ")";
}

}  // namespace omen::sql::duckdb
