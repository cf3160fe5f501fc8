// Pieces of generated SQL. Every piece knows how a numeric in it is carried, because that
// decides both exactness and the display scale that PostgreSQL would show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/tree/expr.h"
#include "types/type.h"

namespace omen::sql::duckdb {

/// The widest DECIMAL, and the widest that DuckDB computes in 64 bits.
inline constexpr int kMaxWidth = 38;
inline constexpr int kNarrowWidth = 18;
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

/// The form in which a stored column or adapter result of the type arrives.
NumericForm FormOf(Type type);

/// A piece of SQL, closed: it can stand anywhere an operand can.
struct Text {
  std::string sql;
  NumericForm form;
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
/// While it plans, the engine compares each condition of a list with all others, and no cancel
/// reaches it there: of a long list it is shown some, and the rest within calls that it does not
/// look into.
std::string JoinConditions(const std::vector<std::string>& parts, std::string_view separator);
std::string Call(std::string_view function, const std::vector<std::string>& args);
std::string DecimalType(int width, int scale);
/// The display scale of a value in this DECIMAL form, as SQL.
std::string ScaleOf(const NumericForm& form);
/// bpchar of no length carries its blanks, which comparisons must not see.
inline bool HasBlanks(const Type& type) { return type.oid == oid::kBpchar && type.typmod < 0; }
/// Types that the engine compares in a way of its own: they are compared by KeyOf.
inline bool NeedsKey(const Type& type) { return type.oid == oid::kInterval || HasBlanks(type); }
std::string KeyOf(const Type& type, const std::string& sql);
/// Types whose equal values may be carried differently, without a key for them.
inline bool HasNoKey(const Type& type) {
  return type.oid == oid::kIntervalArray || type.oid == oid::kJsonb ||
         type.oid == oid::kJsonbArray || type.oid == oid::kNumericArray ||
         (type.oid == oid::kBpcharArray && type.typmod < 0);
}
/// The value of a constant (the binder has folded what it can), null for other expressions.
inline const Value* ConstantOf(const Expr& expr) {
  return expr.kind == ExprKind::kConst ? &expr.value : nullptr;
}
/// Does the expression, which stands `depth` levels below this one, use columns of a query around
/// this one? Without the queries in it.
bool UsesColumnsAbove(const Expr& expr, int depth);
inline bool IsInteger(Oid type) {
  return type == oid::kInt2 || type == oid::kInt4 || type == oid::kInt8;
}
/// Evaluating it cannot raise an error.
inline bool IsSafe(const Expr& expr) {
  return expr.kind == ExprKind::kConst || expr.kind == ExprKind::kColumn ||
         expr.kind == ExprKind::kParam;
}
/// As ConstantOf, but null for a null as well.
inline const Value* KnownValueOf(const Expr& expr) {
  const Value* value = ConstantOf(expr);
  return value != nullptr && !value->is_null() ? value : nullptr;
}

}  // namespace omen::sql::duckdb
