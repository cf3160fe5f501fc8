// The two carriers of numeric in generated SQL: DECIMAL where it is exact, the variable-scale
// BLOB elsewhere; and what is computed with them. Texts that are operands here have numeric forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/duckdb/text/printing.h"
#include "sql/duckdb/text/text.h"
#include "types/type.h"

namespace omen::sql::duckdb {

/// The widest DECIMAL, and the widest that DuckDB computes in 64 bits.
inline constexpr int kMaxWidth = 38;
inline constexpr int kNarrowWidth = 18;

std::string DecimalType(int width, int scale);
std::string CastToDecimal(const std::string& sql, int width, int scale);
/// The form in which a stored column or adapter result of the type arrives.
NumericForm FormOf(Type type);
/// The display scale of a value in this form, as SQL; not of a BLOB.
std::string ScaleOf(const NumericForm& form);

Text NullNumeric();
/// As any of the engine's numeric functions takes it.
std::string NumericOperand(const Text& value);
/// One of those functions, all of whose arguments are numeric.
Text CallNumeric(std::string_view function, const std::vector<Text>& args);
/// The same of one whose results surely are of that scale, and of so many digits before the point.
Text CallNumericAt(std::string_view function, const std::vector<Text>& args, int digits, int scale);

/// Makes branches of CASE and the like agree; their scales may differ by branch.
NumericForm Unify(std::vector<Text>& branches);
/// As Unify, but to one static form (a column of a relation).
NumericForm CommonForm(const std::vector<NumericForm>& forms);
/// The value in a form that Unify or CommonForm found for it.
std::string Coerce(const Text& value, const NumericForm& form);

/// `op` is + or -.
Text NumericAdd(Printing& printing, std::string_view op, const Text& a, const Text& b);
Text NumericMultiply(Printing& printing, const Text& a, const Text& b);
Text NumericToTypmod(const Text& value, Type to);
Text NumericToText(const Text& value);

/// May DuckDB compare them as DECIMALs?
bool Comparable(Printing& printing, const std::vector<const NumericForm*>& forms);
/// Of values of any type, numeric or not.
Text Compare(Printing& printing, std::string_view op, Text a, Text b);

}  // namespace omen::sql::duckdb
