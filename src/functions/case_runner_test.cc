#include "functions/case_runner.h"

#include <gtest/gtest.h>

#include <optional>

#include "functions/registry.h"

namespace omen::functions {

namespace {

/// Stands for a newline in the tables.
constexpr std::string_view kNewline = "\u2424";

using Texts = std::vector<std::optional<std::string>>;

struct Case {
  std::string name;
  std::vector<Type> types;
  std::vector<Texts> rows;
  std::string expected;
};

void SkipSpaces(std::string_view& line) {
  while (line.starts_with(' ')) line.remove_prefix(1);
}

std::string TakeUntil(std::string_view& line, std::string_view stops) {
  size_t end = std::min(line.find_first_of(stops), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(end);
  return word;
}

std::string TakeQuoted(std::string_view& line) {
  std::string text;
  line.remove_prefix(1);
  while (!line.empty()) {
    char c = line.front();
    line.remove_prefix(1);
    if (c == '\'') {
      if (!line.starts_with('\'')) break;
      line.remove_prefix(1);
    }
    text += c;
  }
  return text;
}

Type TypeNamed(const std::string& name) {
  const TypeInfo* info = FindTypeByName(name);
  if (info == nullptr) throw std::runtime_error("no type " + name);
  return {info->oid, -1};
}

void TakeSignature(std::string_view& line, Case& parsed) {
  parsed.name = TakeUntil(line, "(");
  line.remove_prefix(1);
  while (!line.starts_with(')')) {
    parsed.types.push_back(TypeNamed(TakeUntil(line, ",)")));
    if (line.starts_with(',')) line.remove_prefix(1);
  }
  line.remove_prefix(1);
}

Case ParseCase(std::string_view line) {
  Case parsed;
  TakeSignature(line, parsed);
  parsed.rows.emplace_back();
  for (SkipSpaces(line); !line.starts_with("=>"); SkipSpaces(line)) {
    if (line.empty()) throw std::runtime_error("no =>");
    if (line.starts_with(';')) {
      parsed.rows.emplace_back();
      line.remove_prefix(1);
    } else if (line.starts_with('\'')) {
      parsed.rows.back().push_back(TakeQuoted(line));
    } else {
      TakeUntil(line, " ;");
      parsed.rows.back().push_back(std::nullopt);
    }
  }
  line.remove_prefix(2);
  SkipSpaces(line);
  parsed.expected = line;
  return parsed;
}

bool IsArray(Oid type) { return type == oid::kAnyarray || type == kAnycompatiblearray; }
bool IsElement(Oid type) { return type == oid::kAnyelement || type == kAnycompatible; }

bool Accepts(Oid declared, Oid actual) {
  if (declared == actual || declared == oid::kAny || IsElement(declared)) return true;
  bool is_array = InfoOf(actual).carrier == Carrier::kArray;
  if (IsArray(declared)) return is_array;
  return !is_array && (declared == oid::kAnynonarray || declared == kAnycompatiblenonarray);
}

bool Matches(const std::vector<Oid>& declared, bool variadic, const std::vector<Type>& actual) {
  if (variadic ? actual.size() < declared.size() : actual.size() != declared.size()) return false;
  for (size_t i = 0; i < actual.size(); ++i) {
    if (!Accepts(declared[std::min(i, declared.size() - 1)], actual[i].oid)) return false;
  }
  return true;
}

// The polymorphic result follows the first polymorphic argument.
Type ResolveResult(Oid result, const std::vector<Oid>& declared, const std::vector<Type>& actual) {
  if (!IsElement(result) && !IsArray(result)) return {result, -1};
  for (size_t i = 0; i < actual.size(); ++i) {
    Oid element = InfoOf(actual[i].oid).element;
    if (IsArray(declared[i])) return {IsArray(result) ? actual[i].oid : element, -1};
    if (IsElement(declared[i]) || declared[i] == oid::kAnynonarray) {
      return {IsArray(result) ? InfoOf(actual[i].oid).array : actual[i].oid, -1};
    }
  }
  return {result, -1};
}

std::string Quoted(Type type, const Value& value, const TextStyle& style) {
  if (value.is_null()) return "NULL";
  std::string quoted = "'";
  for (char c : ToText(type, value, style)) {
    if (c == '\n') {
      quoted += kNewline;
    } else {
      quoted.append(c == '\'' ? 2 : 1, c);
    }
  }
  return quoted + "'";
}

std::string Described(const Status& status) {
  return "!" + std::string(status.error().state.view()) + " " + status.error().message;
}

/// One case being run.
class Call {
 public:
  explicit Call(const Case& parsed) : case_(parsed) {
    context_.style.time_zone = "America/New_York";
  }

  std::string Run() {
    const Registry& registry = Registry::Instance();
    for (const Function* function : registry.FunctionsNamed(case_.name)) {
      if (Matches(function->args, function->variadic, case_.types)) return RunFunction(*function);
    }
    for (const Aggregate* aggregate : registry.AggregatesNamed(case_.name)) {
      if (Matches(aggregate->args, false, case_.types)) return RunAggregate(*aggregate);
    }
    return "no such function";
  }

 private:
  Row ParseRow(const Texts& texts) {
    Row row;
    for (size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i]) {
        row.emplace_back();
        continue;
      }
      Result<Value> value = ParseText(case_.types[i], *texts[i], context_.style);
      if (!value.ok()) throw std::runtime_error("bad argument: " + value.status().ToString());
      row.push_back(*value);
    }
    return row;
  }

  static bool HasNull(const Row& row) {
    for (const Value& value : row) {
      if (value.is_null()) return true;
    }
    return false;
  }

  std::string RunFunction(const Function& function) {
    Row row = ParseRow(case_.rows[0]);
    Type result = ResolveResult(function.result, function.args, case_.types);
    if (function.strict && HasNull(row)) return function.returns_set ? "" : "NULL";
    CallArgs args{row, case_.types, result};
    if (function.returns_set) return RunSet(function, args);
    Value value;
    Status status = function.kernel(context_, args, &value);
    return status.ok() ? Quoted(result, value, context_.style) : Described(status);
  }

  std::string RunSet(const Function& function, const CallArgs& args) {
    auto cursor = Registry::Instance().FindSetKernel(function.oid)(context_, args);
    if (!cursor.ok()) return Described(cursor.status());
    std::string all;
    for (Value value;;) {
      Result<bool> more = (*cursor)->Next(&value);
      if (!more.ok()) return Described(more.status());
      if (!*more) return all;
      if (!all.empty()) all += ' ';
      all += Quoted(args.result, value, context_.style);
    }
  }

  std::string RunAggregate(const Aggregate& aggregate) {
    Type result = ResolveResult(aggregate.result, aggregate.args, case_.types);
    auto state = aggregate.make(case_.types, result);
    for (const Texts& texts : case_.rows) {
      Row row = ParseRow(texts);
      if (row.size() != case_.types.size() || (aggregate.strict && HasNull(row))) continue;
      Status status = state->Step(context_, {row, case_.types, result});
      if (!status.ok()) return Described(status);
    }
    Value value;
    Status status = state->Finish(context_, &value);
    return status.ok() ? Quoted(result, value, context_.style) : Described(status);
  }

  const Case& case_;
  CallContext context_;
};

void RunLine(std::string_view line) {
  try {
    Case parsed = ParseCase(line);
    EXPECT_EQ(Call(parsed).Run(), parsed.expected) << line;
  } catch (const std::runtime_error& error) {
    ADD_FAILURE() << error.what() << " in: " << line;
  }
}

}  // namespace

void RunCases(std::string_view cases) {
  while (!cases.empty()) {
    size_t end = std::min(cases.find('\n'), cases.size());
    if (end > 0) RunLine(cases.substr(0, end));
    cases.remove_prefix(std::min(end + 1, cases.size()));
  }
}

static bool IsKnown(Oid type) {
  return FindType(type) != nullptr || (type >= kAnycompatible && type <= kAnycompatiblenonarray);
}

TEST(Registry, EveryRowIsComplete) {
  const Registry& registry = Registry::Instance();
  for (const Function& function : registry.functions()) {
    bool has_body = function.returns_set ? registry.FindSetKernel(function.oid) != nullptr
                                         : function.kernel != nullptr;
    EXPECT_TRUE(has_body) << function.name << " " << function.oid;
    for (Oid arg : function.args) EXPECT_TRUE(IsKnown(arg)) << function.name;
    EXPECT_TRUE(IsKnown(function.result)) << function.name;
  }
  for (const Operator& op : registry.operators()) {
    EXPECT_EQ(op.function->args.size(), op.left == 0 ? 1u : 2u) << op.name << " " << op.oid;
    EXPECT_TRUE(op.negator == 0 || registry.FindOperator(op.negator)) << op.name;
    EXPECT_TRUE(op.commutator == 0 || registry.FindOperator(op.commutator)) << op.name;
  }
  for (const Aggregate& aggregate : registry.aggregates()) {
    EXPECT_NE(aggregate.make, nullptr) << aggregate.name;
  }
}

TEST(Registry, FindsByNameAndOid) {
  const Registry& registry = Registry::Instance();
  EXPECT_EQ(registry.FindOperator(551)->function->name, "int4pl");
  EXPECT_EQ(registry.FindFunction(177)->oid, 177u);
  EXPECT_EQ(registry.FindFunction(1), nullptr);
  EXPECT_TRUE(registry.FunctionsNamed("no such").empty());
  const Cast* cast = registry.FindCast(oid::kInt4, oid::kInt8);
  ASSERT_NE(cast, nullptr);
  EXPECT_EQ(cast->context, CastContext::kImplicit);
  EXPECT_EQ(cast->function->oid, 481u);
  EXPECT_EQ(registry.FindCast(oid::kText, oid::kInt4), nullptr);
}

}  // namespace omen::functions
