// Gathers the topic tables into one immutable index.
#include "functions/registry.h"

#include <map>
#include <unordered_map>

#include "base/check.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

template <typename T>
using ByName = std::unordered_map<std::string_view, std::vector<const T*>>;
template <typename T>
using ByOid = std::unordered_map<Oid, const T*>;

template <typename T>
void IndexAll(const std::vector<T>& rows, ByName<T>& by_name, ByOid<T>& by_oid) {
  for (const T& row : rows) {
    by_name[row.name].push_back(&row);
    OMEN_CHECK(by_oid.emplace(row.oid, &row).second);
  }
}

template <typename T>
std::span<const T* const> FindNamed(const ByName<T>& index, std::string_view name) {
  auto found = index.find(name);
  if (found == index.end()) return {};
  return found->second;
}

template <typename T>
const T* Find(const ByOid<T>& index, Oid oid) {
  auto found = index.find(oid);
  return found == index.end() ? nullptr : found->second;
}

Volatility VolatilityOf(int flags) {
  if (flags & kVolatile) return Volatility::kVolatile;
  return flags & kStable ? Volatility::kStable : Volatility::kImmutable;
}

uint16_t SurroundingsOf(int flags) {
  if (VolatilityOf(flags) == Volatility::kImmutable) return kNoSurroundings;
  constexpr std::pair<int, uint16_t> kReads[] = {
      {kReadsClock, kOnClock},     {kReadsZone, kOnZone},           {kReadsStyle, kOnStyle},
      {kReadsRole, kOnRole},       {kReadsPath, kOnPath},           {kReadsSettings, kOnSettings},
      {kReadsCatalog, kOnCatalog}, {kReadsSequences, kOnSequences}, {kReadsChance, kOnChance},
      {kReadsServer, kOnServer},   {kReadsLocale, kNoSurroundings},
  };
  uint16_t surroundings = kNoSurroundings;
  bool told = false;
  for (const auto& [flag, bit] : kReads) {
    if ((flags & flag) == 0) continue;
    told = true;
    surroundings |= bit;
  }
  return told ? surroundings : uint16_t{kOnEverything};
}

Function FromFlags(Oid oid, std::string_view name, const TypeList& args, Oid result, int flags) {
  Function function;
  function.oid = oid;
  function.name = name;
  function.args.assign(args.begin(), args.end());
  function.variadic = (flags & kVariadic) != 0;
  function.result = result;
  function.strict = (flags & kNotStrict) == 0;
  function.volatility = VolatilityOf(flags);
  function.surroundings = SurroundingsOf(flags);
  function.returns_set = (flags & kReturnsSet) != 0;
  return function;
}

Function FromRow(const FunctionRow& row) {
  Function function = FromFlags(row.oid, row.name, row.args, row.result, row.flags);
  function.kernel = row.kernel;
  function.duckdb = row.duckdb.always;
  function.duckdb_literal = row.duckdb.literal;
  function.literal_rule = row.duckdb.rule;
  function.duckdb_int = row.duckdb.integer;
  function.meaning = row.meaning;
  return function;
}

Aggregate FromRow(const AggregateRow& row) {
  Aggregate aggregate;
  aggregate.oid = row.oid;
  aggregate.name = row.name;
  aggregate.args.assign(row.args.begin(), row.args.end());
  aggregate.result = row.result;
  aggregate.strict = (row.flags & kTakesNulls) == 0;
  if ((row.flags & kShowsValues) != 0) aggregate.surroundings = kOnZone | kOnStyle;
  aggregate.ordered_set = (row.flags & kOrderedSet) != 0;
  aggregate.make = row.make;
  aggregate.duckdb = row.duckdb;
  aggregate.duckdb_literal = row.duckdb_literal;
  aggregate.meaning = row.meaning;
  return aggregate;
}

constexpr std::span<const FunctionRow> (*kFunctionTopics[])() = {
    IntArithmeticRows,
    FloatArithmeticRows,
    NumericArithmeticRows,
    ComparisonRows,
    DatetimeComparisonRows,
    TypeComparisonRows,
    TextRows,
    TextFormatRows,
    LikeRows,
    BytesRows,
    RegexRows,
    DatetimeOperatorRows,
    ExtractRows,
    DatetimeRows,
    DatetimeMakeRows,
    ArrayRows,
    SessionRows,
    CatalogFunctionRows,
    JsonAccessRows,
    JsonEditRows,
    JsonBuildRows,
    ToCharDatetimeRows,
    ToTimestampRows,
    ToCharNumberRows,
    CastFunctionRows,
    DatetimeCastRows,
};
constexpr std::span<const SetRow> (*kSetTopics[])() = {SetRows, JsonSetRows};
constexpr std::span<const AggregateRow> (*kAggregateTopics[])() = {
    BasicAggregateRows, ExtremeRows, StatisticsAggregateRows, JsonAggregateRows, OrderedSetRows};

}  // namespace

struct Registry::Tables {
  std::vector<Function> functions;
  std::vector<Operator> operators;
  std::vector<Aggregate> aggregates;
  std::vector<Cast> casts;
  std::vector<WindowFunction> windows;
  std::unordered_map<Oid, SetKernel> set_kernels;
  std::unordered_map<Oid, TextFormMaker> text_forms;
  std::unordered_map<Oid, const ValueFormRow*> value_forms;

  ByName<Function> functions_by_name;
  ByName<Operator> operators_by_name;
  ByName<Aggregate> aggregates_by_name;
  ByName<WindowFunction> windows_by_name;
  ByOid<Function> functions_by_oid;
  ByOid<Operator> operators_by_oid;
  ByOid<Aggregate> aggregates_by_oid;
  ByOid<WindowFunction> windows_by_oid;
  std::unordered_map<uint64_t, const Cast*> casts_by_types;

  void AddFunctions();
  void AddOperators();
  void AddCasts();
  void AddAggregates();
};

void Registry::Tables::AddFunctions() {
  for (auto topic : kFunctionTopics) {
    for (const FunctionRow& row : topic()) {
      functions.push_back(FromRow(row));
      functions.back().asks_session = topic == SessionRows || topic == CatalogFunctionRows;
    }
  }
  for (auto topic : kSetTopics) {
    for (const SetRow& row : topic()) {
      functions.push_back(FromFlags(row.oid, row.name, row.args, row.result, row.flags));
      functions.back().meaning = row.meaning;
      set_kernels.emplace(row.oid, row.kernel);
    }
  }
  IndexAll(functions, functions_by_name, functions_by_oid);
  for (const auto rows : {TextForms(), RegexForms()}) {
    for (const TextFormRow& row : rows) {
      OMEN_CHECK(Find(functions_by_oid, row.function) != nullptr);
      text_forms.emplace(row.function, row.make);
    }
  }
  for (const auto rows :
       {ToCharDatetimeForms(), ToCharNumberForms(), ExtractForms(), DatetimeForms()}) {
    for (const ValueFormRow& row : rows) {
      OMEN_CHECK(Find(functions_by_oid, row.function) != nullptr);
      value_forms.emplace(row.function, &row);
    }
  }
}

void Registry::Tables::AddOperators() {
  for (const auto rows : {OperatorRows(), TypeComparisonOperators()}) {
    for (const OperatorRow& row : rows) {
      const Function* function = Find(functions_by_oid, row.function);
      OMEN_CHECK(function != nullptr);
      operators.push_back(
          {row.oid, row.name, row.left, row.right, function, row.commutator, row.negator});
    }
  }
  IndexAll(operators, operators_by_name, operators_by_oid);
}

void Registry::Tables::AddCasts() {
  for (const CastRow& row : CastRows()) {
    const Function* function = row.function ? Find(functions_by_oid, row.function) : nullptr;
    OMEN_CHECK((function != nullptr) == (row.method == CastMethod::kFunction));
    casts.push_back({row.from, row.to, row.context, row.method, function});
  }
  for (const Cast& cast : casts) {
    uint64_t key = uint64_t{cast.from} << 32 | cast.to;
    OMEN_CHECK(casts_by_types.emplace(key, &cast).second);
  }
}

void Registry::Tables::AddAggregates() {
  for (auto topic : kAggregateTopics) {
    for (const AggregateRow& row : topic()) aggregates.push_back(FromRow(row));
  }
  IndexAll(aggregates, aggregates_by_name, aggregates_by_oid);
  for (const WindowRow& row : WindowRows()) {
    windows.push_back({row.oid,
                       row.name,
                       {row.args.begin(), row.args.end()},
                       row.result,
                       row.duckdb,
                       row.meaning});
  }
  IndexAll(windows, windows_by_name, windows_by_oid);
}

Registry::Registry() : tables_(std::make_unique<Tables>()) {
  tables_->AddFunctions();
  tables_->AddOperators();
  tables_->AddCasts();
  tables_->AddAggregates();
}

const Registry& Registry::Instance() {
  static const Registry* const registry = new Registry;
  return *registry;
}

std::span<const Function* const> Registry::FunctionsNamed(std::string_view name) const {
  return FindNamed(tables_->functions_by_name, name);
}

std::span<const Operator* const> Registry::OperatorsNamed(std::string_view name) const {
  return FindNamed(tables_->operators_by_name, name);
}

std::span<const Aggregate* const> Registry::AggregatesNamed(std::string_view name) const {
  return FindNamed(tables_->aggregates_by_name, name);
}

std::span<const WindowFunction* const> Registry::WindowFunctionsNamed(std::string_view name) const {
  return FindNamed(tables_->windows_by_name, name);
}

const Cast* Registry::FindCast(Oid from, Oid to) const {
  auto found = tables_->casts_by_types.find(uint64_t{from} << 32 | to);
  return found == tables_->casts_by_types.end() ? nullptr : found->second;
}

const Function* Registry::FindFunction(Oid oid) const {
  return Find(tables_->functions_by_oid, oid);
}

const Operator* Registry::FindOperator(Oid oid) const {
  return Find(tables_->operators_by_oid, oid);
}

const Aggregate* Registry::FindAggregate(Oid oid) const {
  return Find(tables_->aggregates_by_oid, oid);
}

SetKernel Registry::FindSetKernel(Oid function) const {
  auto found = tables_->set_kernels.find(function);
  return found == tables_->set_kernels.end() ? nullptr : found->second;
}

TextFormMaker Registry::FindTextForm(Oid function) const {
  auto found = tables_->text_forms.find(function);
  return found == tables_->text_forms.end() ? nullptr : found->second;
}

const ValueFormRow* Registry::FindValueForm(Oid function) const {
  auto found = tables_->value_forms.find(function);
  return found == tables_->value_forms.end() ? nullptr : found->second;
}

std::span<const Function> Registry::functions() const { return tables_->functions; }
std::span<const Operator> Registry::operators() const { return tables_->operators; }
std::span<const Aggregate> Registry::aggregates() const { return tables_->aggregates; }
std::span<const Cast> Registry::casts() const { return tables_->casts; }
std::span<const WindowFunction> Registry::window_functions() const { return tables_->windows; }

}  // namespace omen::functions
