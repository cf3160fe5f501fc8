// Every function of the registry, given large arguments, ends soon after its statement is cancelled
// or has no room, however much work it had.
#include "functions/kernel/watched.h"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

#include "functions/registry.h"
#include "types/number/numeric.h"

namespace omen::functions {
namespace {

constexpr size_t kLargeText = 1 << 20;
constexpr size_t kLargeArray = 1 << 16;
constexpr int kLargeDigits = 100'000;
// Of the processor, not of the clock: a function that does not look at its statement takes many
// times as long.
constexpr double kSeconds = 5;

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

Type Concrete(Oid declared) {
  switch (declared) {
    case oid::kAnyarray:
    case kAnycompatiblearray:
      return {oid::kTextArray, -1};
    default:
      return {FindType(declared) == nullptr || declared == oid::kAny ? oid::kText : declared, -1};
  }
}

Value Large(Type type, size_t position) {
  if (const Oid element = InfoOf(type.oid).element; element != oid::kInvalid) {
    ArrayData array;
    array.element = element;
    array.elements.assign(kLargeArray, position == 0 ? Value() : Large({element, -1}, 1));
    if (InfoOf(element).carrier == Carrier::kBytes && element != oid::kNumeric) {
      array.elements.assign(kLargeArray, Value::Text(position == 0 ? "a" : "b"));
    }
    return Value::Array(std::move(array));
  }
  switch (InfoOf(type.oid).carrier) {
    case Carrier::kInt:
      return Value::Int(type.oid == oid::kBool ? 1 : 32000);
    case Carrier::kDouble:
      return Value::Double(0.5);
    case Carrier::kInterval:
      return Value::Interval({1'000'000, 1, 0});
    case Carrier::kUuid:
      return Value::Uuid({});
    default:
      break;
  }
  if (type.oid == oid::kNumeric) {
    return Numeric::Parse(std::string(kLargeDigits, position == 0 ? '7' : '3'))->ToValue();
  }
  if (type.oid == oid::kJson || type.oid == oid::kJsonb) {
    std::string json = "[";
    while (json.size() < kLargeText) json += "1, ";
    return Value::Text(json + "1]");
  }
  // The second argument is often a pattern: a long one that almost matches.
  if (position > 0) return Value::Text(std::string(kLargeText / 16, 'a') + "b");
  return Value::Text(std::string(kLargeText, 'a'));
}

struct FullCall {
  explicit FullCall(const Function& of) : function(of) {
    for (size_t i = 0; i < of.args.size(); ++i) {
      types.push_back(Concrete(of.args[i]));
      values.push_back(Large(types.back(), i));
    }
    result = Concrete(of.result);
  }
  Status Run(CallContext& context) {
    Value out;
    return WatchedCall(&function)(context, {values, types, result}, &out);
  }

  const Function& function;
  std::vector<Type> types;
  std::vector<Value> values;
  Type result;
};

bool IsRun(const Function& function) {
  return EffortOf(function) == Effort::kByData && function.kernel != nullptr &&
         !function.returns_set;
}

TEST(WatchedCall, WhatIsShortHasNoSizeOfItsOwn) {
  for (const Function& function : Registry::Instance().functions()) {
    if (EffortOf(function) != Effort::kShort || function.volatility != Volatility::kImmutable)
      continue;
    std::vector<Oid> types = function.args;
    // What a number is written as is short.
    if (function.result != oid::kText) types.push_back(function.result);
    for (const Oid type : types) {
      const Carrier carrier = InfoOf(type).carrier;
      EXPECT_TRUE(carrier != Carrier::kBytes && carrier != Carrier::kArray) << function.name;
    }
  }
}

TEST(WatchedCall, EveryFunctionEndsWhenItsStatementIsCancelled) {
  CancelToken token;
  token.Cancel(CancelToken::Reason::kTimeout);
  for (const Function& function : Registry::Instance().functions()) {
    if (!IsRun(function)) continue;
    FullCall call(function);
    CallContext context;
    context.cancel = &token;
    const double start = ProcessorSeconds();
    const Status status = call.Run(context);
    EXPECT_LT(ProcessorSeconds() - start, kSeconds) << function.name << " " << function.oid;
    (void)status.ok();
  }
}

TEST(WatchedCall, NoFunctionTakesMoreThanItsStatementMay) {
  constexpr int64_t kRoom = 256 << 10;
  CancelToken token;
  for (const Function& function : Registry::Instance().functions()) {
    if (!IsRun(function)) continue;
    FullCall call(function);
    CallContext context;
    const auto memory = std::make_shared<MemoryAccount>(kRoom);
    // Steps are limited too: what needs little room may still take for ever.
    Value out;
    const Status status = Work::Run({.cancel = &token, .memory = &memory, .steps = 10'000}, [&] {
      return function.kernel(context, {call.values, call.types, call.result}, &out);
    });
    (void)status.ok();
    EXPECT_LE(memory->used(), kRoom) << function.name << " " << function.oid;
  }
}

TEST(WatchedCall, ALongOneIsStoppedInTheMiddle) {
  struct Case {
    Oid function;
    const char* what;
  };
  // Of each kind of loop one that is known to run for minutes.
  for (const Case& c : {Case{1726, "numeric_mul"}, Case{868, "strpos"}, Case{2087, "replace"},
                        Case{2748, "arraycontains"}, Case{878, "translate"}}) {
    const Function* function = Registry::Instance().FindFunction(c.function);
    ASSERT_NE(function, nullptr) << c.what;
    FullCall call(*function);
    CallContext context;
    Value out;
    const Status status = Work::Run({.steps = 50}, [&] {
      return function->kernel(context, {call.values, call.types, call.result}, &out);
    });
    ASSERT_FALSE(status.ok()) << c.what;
    EXPECT_EQ(status.error().state, sqlstate::kProgramLimit) << c.what;
  }
}

}  // namespace
}  // namespace omen::functions
