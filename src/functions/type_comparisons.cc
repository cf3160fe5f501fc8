// The comparisons of types that bring no functions of their own: made from the types' rows, over
// the one order that every type has (TypeOperations::compare).
#include <deque>
#include <functional>
#include <string>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {
namespace {

template <typename Op>
Status CompareInOrder(CallContext&, const CallArgs& args, Value* out) {
  const int order = CompareValues(args.types[0].oid, args.values[0], args.values[1]);
  return ReturnBool(out, Op{}(order, 0));
}

/// One of the six; the commutator and the negator are others of them.
struct OneComparison {
  const char* suffix;
  const char* op;
  Kernel kernel;
  const char* duckdb;
  ComparisonOids::Pair ComparisonOids::*self;
  ComparisonOids::Pair ComparisonOids::*commutator;
  ComparisonOids::Pair ComparisonOids::*negator;
};

constexpr OneComparison kSix[] = {
    {"lt", "<", CompareInOrder<std::less<>>, "($1 < $2)", &ComparisonOids::lt, &ComparisonOids::gt,
     &ComparisonOids::ge},
    {"le", "<=", CompareInOrder<std::less_equal<>>, "($1 <= $2)", &ComparisonOids::le,
     &ComparisonOids::ge, &ComparisonOids::gt},
    {"eq", "=", CompareInOrder<std::equal_to<>>, "($1 = $2)", &ComparisonOids::eq,
     &ComparisonOids::eq, &ComparisonOids::ne},
    {"ge", ">=", CompareInOrder<std::greater_equal<>>, "($1 >= $2)", &ComparisonOids::ge,
     &ComparisonOids::le, &ComparisonOids::lt},
    {"gt", ">", CompareInOrder<std::greater<>>, "($1 > $2)", &ComparisonOids::gt,
     &ComparisonOids::lt, &ComparisonOids::le},
    {"ne", "<>", CompareInOrder<std::not_equal_to<>>, "($1 <> $2)", &ComparisonOids::ne,
     &ComparisonOids::ne, &ComparisonOids::eq},
};

/// Forms that the column engine orders as the type's operations do.
bool OrderedAlike(TypeForm form) {
  return form != TypeForm::kNumeric && form != TypeForm::kInterval && form != TypeForm::kArray;
}

struct Made {
  std::deque<std::string> names;
  std::vector<FunctionRow> functions;
  std::vector<OperatorRow> operators;

  Made() {
    for (const TypeInfo& type : AllTypes()) {
      if (type.comparisons == nullptr) continue;
      for (const OneComparison& one : kSix) Add(type, *type.comparisons, one);
    }
  }

 private:
  void Add(const TypeInfo& type, const ComparisonOids& oids, const OneComparison& one) {
    names.push_back(std::string(type.name) + "_" + one.suffix);
    const TypeList args{type.oid, type.oid};
    functions.push_back({(oids.*one.self).function, names.back(), args, oid::kBool, kPure,
                         one.kernel,
                         OrderedAlike(type.form) ? Templates(one.duckdb) : Templates()});
    operators.push_back({(oids.*one.self).op, one.op, type.oid, type.oid, (oids.*one.self).function,
                         (oids.*one.commutator).op, (oids.*one.negator).op});
  }
};

const Made& AllMade() {
  static const Made* const kMade = new Made;
  return *kMade;
}

}  // namespace

std::span<const FunctionRow> TypeComparisonRows() { return AllMade().functions; }
std::span<const OperatorRow> TypeComparisonOperators() { return AllMade().operators; }

}  // namespace omen::functions
