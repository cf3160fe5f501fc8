// Pieces of generated SQL. Every piece knows how a numeric in it is carried, because that
// decides both exactness and the display scale that PostgreSQL would show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omen::sql::duckdb {

/// Operands longer than this are not printed twice.
inline constexpr size_t kRepeatable = 2000;

/// How the text of a numeric expression carries its value.
struct NumericForm {
  enum class Kind : uint8_t {
    kNone,     // not a numeric
    kNull,     // a bare NULL: goes with every form
    kDecimal,  // DECIMAL(width, scale), shown with `scale` digits
    kScaled,   // DECIMAL(width, scale), shown with as many digits as `scale_text` says
    kBlob,     // variable-scale carrier
  };
  Kind kind = Kind::kNone;
  int width = 0;
  int scale = 0;
  int digits = 0;  // proven bound of the digits before the point
  std::string scale_text;

  static NumericForm Decimal(int width, int scale) {
    return {Kind::kDecimal, width, scale, width - scale, {}};
  }
  static NumericForm Blob() { return {Kind::kBlob, 0, 0, 0, {}}; }
  bool is_decimal() const { return kind == Kind::kDecimal; }
  bool has_decimal() const { return kind == Kind::kDecimal || kind == Kind::kScaled; }
  bool is_blob() const { return kind == Kind::kBlob; }
  bool is_null() const { return kind == Kind::kNull; }
};

/// A piece of SQL, closed: it can stand anywhere an operand can.
struct Text {
  std::string sql;
  NumericForm form;
  /// A part of `sql` that is equal where the whole is, and cheaper to group by; may be empty.
  std::string group = {};
};

/// A printed SELECT and how each of its output columns is carried.
struct QueryText {
  std::string sql;
  std::vector<NumericForm> forms;
};

bool HasBlob(const std::vector<NumericForm>& forms);
/// alias.c1, alias.c2, ... ; numerics of variable scale by key when `by_key`.
std::vector<std::string> Columns(const std::string& alias, const std::vector<NumericForm>& forms,
                                 bool by_key);
/// (sql) AS alias(c1, ..., cn)
std::string Derived(const std::string& sql, const std::string& alias, size_t count);
/// 'text' with quotes doubled.
std::string Quote(std::string_view text);
/// "a, b, c"
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
/// c1, ..., cn
std::string ColumnList(size_t count);
std::string Call(std::string_view function, const std::vector<std::string>& args);

}  // namespace omen::sql::duckdb
