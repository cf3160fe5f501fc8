// Comparisons: the common families without a call, the rest through the operator's kernel.
#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "exec/expr/evaluate_internal.h"
#include "exec/expr/value_hash.h"
#include "functions/kernel/watched.h"
#include "types/io.h"

namespace omen::exec {
namespace {

using sql::Expr;
using sql::ExprKind;

bool IsIntegerType(Oid type) {
  const TypeForm form = InfoOf(type).form;
  return form == TypeForm::kInt2 || form == TypeForm::kInt4 || form == TypeForm::kInt8;
}

bool IsTextType(Oid type) {
  return type == oid::kText || type == oid::kVarchar || type == oid::kName;
}

bool IsFloatType(Oid type) { return type == oid::kFloat4 || type == oid::kFloat8; }

// Types whose one btree order CompareValues knows.
bool IsOrderedType(Oid type) { return (InfoOf(type).facts & kOrdered) != 0; }

bool Holds(CompareOp op, int order) {
  switch (op) {
    case CompareOp::kEq:
      return order == 0;
    case CompareOp::kNe:
      return order != 0;
    case CompareOp::kLt:
      return order < 0;
    case CompareOp::kLe:
      return order <= 0;
    case CompareOp::kGt:
      return order > 0;
    case CompareOp::kGe:
      return order >= 0;
  }
  return false;
}

int OrderOf(int64_t a, int64_t b) { return a < b ? -1 : static_cast<int>(a > b); }

// How two values of one family are ordered, without a virtual call per pair.
struct Order {
  ValueFamily family;
  Oid type;

  int operator()(const Value& a, const Value& b) const {
    switch (family) {
      case ValueFamily::kInteger:
        return OrderOf(a.AsInt(), b.AsInt());
      case ValueFamily::kFloat:
        return OrderFloats(a.AsDouble(), b.AsDouble());
      case ValueFamily::kText:
        return a.AsBytes().compare(b.AsBytes());
      default:
        return CompareValues(type, a, b);
    }
  }
};

class Comparison final : public Evaluator {
 public:
  Comparison(CompareOp op, Order order, EvaluatorPtr left, EvaluatorPtr right)
      : op_(op), order_(order), left_(std::move(left)), right_(std::move(right)) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand left, right;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    OMEN_RETURN_IF_ERROR(right.Load(*right_, context));
    *out = left->is_null() || right->is_null() ? Value()
                                               : Value::Bool(Holds(op_, order_(*left, *right)));
    return Status::Ok();
  }
  Status Test(EvalContext& context, bool* pass) const override {
    Operand left, right;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    OMEN_RETURN_IF_ERROR(right.Load(*right_, context));
    *pass = !left->is_null() && !right->is_null() && Holds(op_, order_(*left, *right));
    return Status::Ok();
  }

 private:
  CompareOp op_;
  Order order_;
  EvaluatorPtr left_, right_;
};

class Distinctness final : public Evaluator {
 public:
  Distinctness(bool negated, BinaryCall equals, EvaluatorPtr left, EvaluatorPtr right)
      : negated_(negated), equals_(equals), left_(std::move(left)), right_(std::move(right)) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand left, right;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    OMEN_RETURN_IF_ERROR(right.Load(*right_, context));
    bool same = left->is_null() && right->is_null();
    if (!left->is_null() && !right->is_null()) {
      Value equal;
      OMEN_RETURN_IF_ERROR(equals_(context, *left, *right, &equal));
      same = equal.AsBool();
    }
    *out = Value::Bool(same == negated_);
    return Status::Ok();
  }

 private:
  bool negated_;  // IS NOT DISTINCT FROM
  BinaryCall equals_;
  EvaluatorPtr left_, right_;
};

using ValueSet = std::unordered_set<Value, ValueHash, ValueEqual>;

// x IN (constants): one look-up whatever the length of the list.
class InSet final : public Evaluator {
 public:
  InSet(EvaluatorPtr left, ValueSet set, bool has_null, bool negated)
      : left_(std::move(left)), set_(std::move(set)), has_null_(has_null), negated_(negated) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand left;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    if (left->is_null()) {
      *out = Value();
    } else if (set_.contains(*left)) {
      *out = Value::Bool(!negated_);
    } else {
      *out = has_null_ ? Value() : Value::Bool(negated_);
    }
    return Status::Ok();
  }

 private:
  EvaluatorPtr left_;
  ValueSet set_;
  bool has_null_, negated_;
};

// x op ANY/ALL (list of expressions).
class ListQuantifier final : public Evaluator {
 public:
  ListQuantifier(EvaluatorPtr left, std::vector<EvaluatorPtr> items, std::vector<BinaryCall> calls,
                 bool negated)
      : left_(std::move(left)),
        items_(std::move(items)),
        calls_(std::move(calls)),
        negated_(negated) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand left;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    *out = Value();
    if (left->is_null()) return Status::Ok();
    bool unknown = false;
    for (size_t i = 0; i < items_.size(); ++i) {
      Operand item;
      OMEN_RETURN_IF_ERROR(item.Load(*items_[i], context));
      if (item->is_null()) {
        unknown = true;
        continue;
      }
      Value hit;
      OMEN_RETURN_IF_ERROR(calls_[i](context, *left, *item, &hit));
      if (!hit.is_null() && hit.AsBool()) {
        *out = Value::Bool(!negated_);
        return Status::Ok();
      }
      unknown |= hit.is_null();
    }
    if (!unknown) *out = Value::Bool(negated_);
    return Status::Ok();
  }

 private:
  EvaluatorPtr left_;
  std::vector<EvaluatorPtr> items_;
  std::vector<BinaryCall> calls_;
  bool negated_;
};

class ArrayQuantifier final : public Evaluator {
 public:
  ArrayQuantifier(EvaluatorPtr left, EvaluatorPtr array, BinaryCall call, bool all)
      : left_(std::move(left)), array_(std::move(array)), call_(call), all_(all) {}

  Status Eval(EvalContext& context, Value* out) const override {
    Operand left, array;
    OMEN_RETURN_IF_ERROR(left.Load(*left_, context));
    OMEN_RETURN_IF_ERROR(array.Load(*array_, context));
    *out = Value();
    if (array->is_null()) return Status::Ok();
    const std::vector<Value>& elements = array->AsArray().elements;
    bool unknown = false;
    for (const Value& element : elements) {
      Value hit;
      if (!left->is_null() && !element.is_null()) {
        OMEN_RETURN_IF_ERROR(call_(context, *left, element, &hit));
      }
      if (hit.is_null()) {
        unknown = true;
      } else if (hit.AsBool() != all_) {
        *out = Value::Bool(!all_);
        return Status::Ok();
      }
    }
    if (!unknown) *out = Value::Bool(all_);
    return Status::Ok();
  }

 private:
  EvaluatorPtr left_, array_;
  BinaryCall call_;
  bool all_;
};

// All items constant, of one family with the left side, and compared by plain equality.
bool IsConstantSet(const Expr& expr, ValueFamily* family) {
  CompareOp op;
  if (expr.args.size() < 5 || !ComparisonOf(expr.op, &op) || op != CompareOp::kEq) return false;
  *family = FamilyOf(expr.args[0]->type, expr.args[1]->type);
  if (*family == ValueFamily::kNone) return false;
  return std::all_of(expr.args.begin() + 1, expr.args.end(), [&](const sql::ExprPtr& item) {
    return item->kind == ExprKind::kConst && FamilyOf(expr.args[0]->type, item->type) == *family;
  });
}

}  // namespace

Status BinaryCall::operator()(EvalContext& context, const Value& left, const Value& right,
                              Value* out) const {
  const Value values[2] = {left, right};
  // Two large values may take long to compare, whatever the operator.
  return functions::Watched(*context.call, [&] {
    return function->kernel(*context.call, {values, types, result}, out);
  });
}

bool ComparisonOf(const functions::Operator* op, CompareOp* compare) {
  static constexpr std::pair<std::string_view, CompareOp> kNames[] = {
      {"=", CompareOp::kEq},  {"<>", CompareOp::kNe}, {"<", CompareOp::kLt},
      {"<=", CompareOp::kLe}, {">", CompareOp::kGt},  {">=", CompareOp::kGe}};
  if (op == nullptr) return false;
  for (const auto& [name, kind] : kNames) {
    if (op->name == name) {
      *compare = kind;
      return true;
    }
  }
  return false;
}

CompareOp Mirrored(CompareOp op) {
  switch (op) {
    case CompareOp::kLt:
      return CompareOp::kGt;
    case CompareOp::kLe:
      return CompareOp::kGe;
    case CompareOp::kGt:
      return CompareOp::kLt;
    case CompareOp::kGe:
      return CompareOp::kLe;
    default:
      return op;
  }
}

ValueFamily FamilyOf(Type left, Type right) {
  if (IsIntegerType(left.oid) && IsIntegerType(right.oid)) return ValueFamily::kInteger;
  if (IsTextType(left.oid) && IsTextType(right.oid)) return ValueFamily::kText;
  if (IsFloatType(left.oid) && IsFloatType(right.oid)) return ValueFamily::kFloat;
  return left.oid == right.oid && IsOrderedType(left.oid) ? ValueFamily::kSame : ValueFamily::kNone;
}

Oid FamilyType(ValueFamily family, Type left) {
  switch (family) {
    case ValueFamily::kInteger:
      return oid::kInt8;
    case ValueFamily::kFloat:
      return oid::kFloat8;
    case ValueFamily::kText:
      return oid::kText;
    default:
      return left.oid;
  }
}

Result<EvaluatorPtr> CompileComparison(const Expr& expr, CompareOp op, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr left, Compile(*expr.args[0], scope));
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr right, Compile(*expr.args[1], scope));
  const Order order{FamilyOf(expr.args[0]->type, expr.args[1]->type), expr.args[0]->type.oid};
  return EvaluatorPtr(std::make_unique<Comparison>(op, order, std::move(left), std::move(right)));
}

Result<EvaluatorPtr> CompileDistinct(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr left, Compile(*expr.args[0], scope));
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr right, Compile(*expr.args[1], scope));
  const functions::Function* function = expr.op != nullptr ? expr.op->function : expr.function;
  const BinaryCall equals{function, {expr.args[0]->type, expr.args[1]->type}};
  return EvaluatorPtr(std::make_unique<Distinctness>(expr.kind == ExprKind::kIsNotDistinct, equals,
                                                     std::move(left), std::move(right)));
}

Result<EvaluatorPtr> CompileInList(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr left, Compile(*expr.args[0], scope));
  ValueFamily family;
  if (IsConstantSet(expr, &family)) {
    const Oid type = FamilyType(family, expr.args[0]->type);
    ValueSet set(expr.args.size() * 2, ValueHash{type}, ValueEqual{type});
    bool has_null = false;
    for (size_t i = 1; i < expr.args.size(); ++i) {
      const Value& value = expr.args[i]->value;
      if (value.is_null()) has_null = true;
      if (!value.is_null()) set.insert(value);
    }
    return EvaluatorPtr(
        std::make_unique<InSet>(std::move(left), std::move(set), has_null, expr.negated));
  }
  std::vector<EvaluatorPtr> items;
  std::vector<BinaryCall> calls;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    OMEN_ASSIGN_OR_RETURN(EvaluatorPtr item, Compile(*expr.args[i], scope));
    items.push_back(std::move(item));
    calls.push_back({expr.op->function, {expr.args[0]->type, expr.args[i]->type}});
  }
  return EvaluatorPtr(std::make_unique<ListQuantifier>(std::move(left), std::move(items),
                                                       std::move(calls), expr.negated));
}

Result<EvaluatorPtr> CompileQuantified(const Expr& expr, Scope* scope) {
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr left, Compile(*expr.args[0], scope));
  OMEN_ASSIGN_OR_RETURN(EvaluatorPtr array, Compile(*expr.args[1], scope));
  const Type element{InfoOf(expr.args[1]->type.oid).element, -1};
  const BinaryCall call{expr.op->function, {expr.args[0]->type, element}};
  return EvaluatorPtr(std::make_unique<ArrayQuantifier>(std::move(left), std::move(array), call,
                                                        expr.kind == ExprKind::kAll));
}

}  // namespace omen::exec
