// Typed expressions: what the binder makes of PostgreSQL's grammar. Every node has
// its final type; every implicit cast is explicit here; names are resolved to
// range-table indexes. The row path compiles these, the generator prints them as
// DuckDB SQL, and both must mean the same.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "functions/registry.h"
#include "types/type.h"
#include "types/value.h"

namespace omen::sql {

struct Query;
struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

enum class ExprKind : uint8_t {
  kConst,     // value
  kParam,     // param_index (0-based)
  kColumn,    // levels_up, rel, column
  kFunction,  // function, args; operators too (op set)
  kCast,      // args[0] to type.oid by cast_method, then to type.typmod if set (ApplyTypmod
              // with explicit_cast), also where only the modifier changes (kBinary)
  kAnd,
  kOr,
  kNot,  // args
  kIsNull,
  kIsNotNull,  // args[0]
  kIsTrue,
  kIsFalse,
  kIsUnknown,
  kIsNotTrue,
  kIsNotFalse,
  kIsNotUnknown,
  kIsDistinct,
  kIsNotDistinct,  // args[0], args[1]; op is the = operator's function
  kCase,           // args: [when, then]..., else; has_else. A simple CASE becomes searched
  kCoalesce,
  kGreatest,
  kLeast,
  kNullIf,     // args
  kArray,      // ARRAY[...]: args
  kRow,        // ROW(...): args
  kSubscript,  // args[0] array, args[1] index
  kSlice,      // args[0] array, args[1] lower, args[2] upper (a void Const where omitted)
  kAny,
  kAll,            // args[0] op ANY/ALL (args[1] array)
  kInList,         // args[0] = op args[1..]: x IN (list); negated for NOT IN
  kSubquery,       // scalar subquery
  kExists,         // negation is kNot above it
  kInSubquery,     // args op ANY (subquery), args and ops have one per subquery column;
                   // `quantifier`. Both sides have the operator's input types
  kArraySubquery,  // ARRAY(subquery)
  kAggregate,      // aggregate, args, distinct, order_by, filter
  kWindow,         // window_function or aggregate; window index in Query.windows
  kGrouping,       // GROUPING(args)
  kGroupKey,       // the key `column` of Query.group_by, where its expression would not tell it
  kDefault,        // DEFAULT in VALUES / SET (only inside DML, replaced by the binder where known)
};

/// Which rows of a subquery something is compared with; kOne: the only one, null without one.
enum class Quantifier : uint8_t { kAny, kAll, kOne };

/// How something was written of which binding keeps the meaning only. Kept where a definition's
/// text is wanted (BindContext::as_written), null elsewhere.
struct Wording {
  enum class Form : uint8_t {
    kSqlSyntax,      // EXTRACT(a FROM b) and its like, of a function
    kValueFunction,  // CURRENT_DATE; `name`
    kSimpleCase,     // CASE x WHEN y
    kMergedColumn,   // of JOIN USING, where neither side is the column; `name`
    kJoinColumn,     // of a join with an alias; `relation`, `name`
    kCollate,        // `name`
  };
  Form form;
  std::string name;
  std::string relation;
};

struct SortKey {
  ExprPtr expr;
  bool descending = false;
  bool nulls_first = false;  // resolved: PostgreSQL's default is nulls last for ASC, first for DESC
};

/// One node. Which members are meaningful depends on `kind`, as listed above.
struct Expr {
  ExprKind kind;
  Type type;
  int location = -1;  // byte offset in the statement
  std::vector<ExprPtr> args;

  Value value;
  int param_index = -1;
  int levels_up = 0;
  int rel = -1;     // index in that query level's `relations`
  int column = -1;  // 0-based output column of that relation

  const functions::Function* function = nullptr;
  const functions::Operator* op = nullptr;
  std::vector<const functions::Operator*> ops;  // kInSubquery: one per column, op is the first
  functions::CastMethod cast_method = functions::CastMethod::kBinary;
  bool explicit_cast = false;

  const functions::Aggregate* aggregate = nullptr;
  const functions::WindowFunction* window_function = nullptr;
  bool distinct = false;
  std::vector<SortKey> order_by;  // of an aggregate; WITHIN GROUP of an ordered-set one
  ExprPtr filter;
  int window = -1;
  bool ignore_nulls = false;

  bool has_else = false;
  bool negated = false;
  bool in_list = false;  // of a comparison: x IN (one)
  Quantifier quantifier = Quantifier::kAny;
  std::unique_ptr<Query> subquery;
  std::shared_ptr<const Wording> written;

  Expr(ExprKind k, Type t, int loc = -1) : kind(k), type(t), location(loc) {}
  ~Expr();
};

ExprPtr MakeConst(Type type, Value value, int location = -1);
ExprPtr CloneExpr(const Expr& expr);
/// Structural equality, as GROUP BY matching needs it. Ignores locations.
bool SameExpr(const Expr& a, const Expr& b);

}  // namespace omen::sql
