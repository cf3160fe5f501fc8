// pg_type, pg_proc, and the small fixed lists: access methods, languages, collations.
#include <fmt/format.h>

#include <bit>

#include "exec/system/system_definition.h"

namespace omen::exec {
namespace {

using catalog::kPgCatalogSchema;

constexpr Oid kSuperuser = 10;

Value OidVector(std::span<const Oid> oids) {
  ArrayData array;
  array.element = oid::kOid;
  array.lower_bound = 0;
  for (const Oid one : oids) array.elements.push_back(Value::Int(one));
  return Value::Array(std::move(array));
}

/// Pseudo-types that no value has: functions name them, and clients look them up.
void AddNamesOnly(SystemRows* rows) {
  const std::tuple<Oid, const char*, int> types[] = {
      {2281, "internal", 8},
      {functions::kAnycompatible, "anycompatible", 4},
      {functions::kAnycompatiblearray, "anycompatiblearray", -1},
      {functions::kAnycompatiblenonarray, "anycompatiblenonarray", 4}};
  for (const auto& [oid, name, length] : types) {
    rows->Begin();
    rows->Int("oid", oid).Text("typname", name).Int("typnamespace", kPgCatalogSchema);
    rows->Int("typowner", kSuperuser).Int("typlen", length).Bool("typbyval", length > 0);
    rows->Text("typtype", "p").Text("typcategory", "P").Bool("typispreferred", false);
    rows->Bool("typisdefined", true).Text("typdelim", ",").Int("typtypmod", -1);
    rows->Text("typalign", length == 4 ? "i" : "d").Text("typstorage", length < 0 ? "x" : "p");
  }
}

}  // namespace

std::string_view AlignmentOf(const TypeInfo& type) {
  if (type.element != oid::kInvalid && type.category == TypeCategory::kArray) {
    return AlignmentOf(InfoOf(type.element)) == "d" ? "d" : "i";
  }
  if (type.oid == oid::kRecord || type.oid == oid::kAnyarray) return "d";
  if (type.oid == oid::kUuid || type.oid == oid::kName || type.oid == oid::kUnknown) return "c";
  if (type.length == 8 || type.length == 16) return "d";
  return type.length == 1 ? "c" : type.length == 2 ? "s" : "i";
}

namespace {

Status PgType(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_type", out);
  for (const TypeInfo& type : AllTypes()) {
    const bool by_value = type.length > 0 && type.length <= 8 &&
                          std::has_single_bit(static_cast<uint16_t>(type.length));
    rows.Begin();
    rows.Int("oid", type.oid).Text("typname", type.name).Int("typnamespace", kPgCatalogSchema);
    rows.Int("typowner", kSuperuser).Int("typlen", type.length).Bool("typbyval", by_value);
    rows.Text("typtype", type.category == TypeCategory::kPseudo ? "p" : "b");
    rows.Text("typcategory", std::string(1, static_cast<char>(type.category)));
    rows.Bool("typispreferred", type.preferred).Bool("typisdefined", true);
    rows.Text("typdelim", ",").Int("typelem", type.element).Int("typarray", type.array);
    rows.Text("typalign", AlignmentOf(type));
    rows.Text("typstorage", type.length < 0 ? "x" : "p").Int("typtypmod", -1);
    rows.Int("typcollation", type.category == TypeCategory::kString ? 100 : 0);
  }
  AddNamesOnly(&rows);
  return Status::Ok();
}

void BeginFunction(SystemRows* rows, Oid oid, std::string_view name, const char* kind,
                   std::span<const Oid> args, Oid result) {
  rows->Begin();
  rows->Int("oid", oid).Text("proname", name).Int("pronamespace", kPgCatalogSchema);
  rows->Int("proowner", kSuperuser).Int("prolang", 12).Set("procost", Value::Double(1));
  rows->Text("prokind", kind).Text("proparallel", "s").Text("prosrc", name);
  rows->Int("pronargs", static_cast<int64_t>(args.size())).Int("prorettype", result);
  rows->Set("proargtypes", OidVector(args));
}

Status PgProc(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_proc", out);
  const functions::Registry& registry = functions::Registry::Instance();
  for (const functions::Function& function : registry.functions()) {
    BeginFunction(&rows, function.oid, function.name, "f", function.args, function.result);
    rows.Bool("proisstrict", function.strict).Bool("proretset", function.returns_set);
    using functions::Volatility;
    rows.Text("provolatile", function.volatility == Volatility::kImmutable ? "i"
                             : function.volatility == Volatility::kStable  ? "s"
                                                                           : "v");
    rows.Set("prorows", Value::Double(function.returns_set ? 1000 : 0));
    if (function.variadic && !function.args.empty()) {
      rows.Int("provariadic", function.args.back());
    }
  }
  for (const functions::Aggregate& aggregate : registry.aggregates()) {
    BeginFunction(&rows, aggregate.oid, aggregate.name, "a", aggregate.args, aggregate.result);
    rows.Text("provolatile", "i");
  }
  return Status::Ok();
}

Status PgAm(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_am", out);
  rows.Begin();
  rows.Int("oid", 2).Text("amname", "heap").Text("amtype", "t");
  rows.Begin();
  rows.Int("oid", 403).Text("amname", "btree").Text("amtype", "i");
  return Status::Ok();
}

Status PgLanguage(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_language", out);
  const std::pair<Oid, const char*> languages[] = {{12, "internal"}, {13, "c"}, {14, "sql"}};
  for (const auto& [oid, name] : languages) {
    rows.Begin();
    rows.Int("oid", oid).Text("lanname", name).Int("lanowner", kSuperuser);
    rows.Bool("lanpltrusted", oid == 14);
  }
  return Status::Ok();
}

Status PgCollation(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_collation", out);
  const std::tuple<Oid, const char*, const char*> collations[] = {
      {100, "default", "d"}, {950, "C", "c"}, {951, "POSIX", "c"}};
  for (const auto& [oid, name, provider] : collations) {
    rows.Begin();
    rows.Int("oid", oid).Text("collname", name).Int("collnamespace", kPgCatalogSchema);
    rows.Int("collowner", kSuperuser).Text("collprovider", provider);
    rows.Bool("collisdeterministic", true).Int("collencoding", -1);
    if (oid != 100) rows.Text("collcollate", name).Text("collctype", name);
  }
  return Status::Ok();
}

Status PgCast(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_cast", out);
  int64_t oid = 10'000;
  for (const functions::Cast& cast : functions::Registry::Instance().casts()) {
    using functions::CastContext;
    using functions::CastMethod;
    rows.Begin();
    rows.Int("oid", ++oid).Int("castsource", cast.from).Int("casttarget", cast.to);
    rows.Int("castfunc", cast.function != nullptr ? cast.function->oid : 0);
    rows.Text("castcontext", cast.context == CastContext::kImplicit     ? "i"
                             : cast.context == CastContext::kAssignment ? "a"
                                                                        : "e");
    rows.Text("castmethod", cast.method == CastMethod::kBinary     ? "b"
                            : cast.method == CastMethod::kFunction ? "f"
                                                                   : "i");
  }
  return Status::Ok();
}

Status PgOperator(const SystemContext&, std::vector<Row>* out) {
  SystemRows rows(kPgCatalogSchema, "pg_operator", out);
  for (const functions::Operator& op : functions::Registry::Instance().operators()) {
    rows.Begin();
    rows.Int("oid", op.oid).Text("oprname", op.name).Int("oprnamespace", kPgCatalogSchema);
    rows.Int("oprowner", kSuperuser).Text("oprkind", op.left == 0 ? "l" : "b");
    rows.Int("oprleft", op.left).Int("oprright", op.right);
    rows.Int("oprresult", op.function != nullptr ? op.function->result : 0);
    rows.Int("oprcom", op.commutator).Int("oprnegate", op.negator);
    rows.Int("oprcode", op.function != nullptr ? op.function->oid : 0);
  }
  return Status::Ok();
}

}  // namespace

void AddPgTypeProducers(ProducerTable* table) {
  (*table)["pg_type"] = PgType;
  (*table)["pg_proc"] = PgProc;
  (*table)["pg_am"] = PgAm;
  (*table)["pg_language"] = PgLanguage;
  (*table)["pg_collation"] = PgCollation;
  (*table)["pg_cast"] = PgCast;
  (*table)["pg_operator"] = PgOperator;
}

}  // namespace omen::exec
