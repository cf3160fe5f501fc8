// Functions of the session: sequences, settings, who and where, randomness, sleep.
#include <sys/random.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

#include "base/blame.h"
#include "base/contention/serving_place.h"
#include "base/version.h"
#include "base/wait.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/registry.h"
#include "types/datetime/datetime.h"

namespace omen::functions {

namespace {

/// Stands in the answer of version() and of SHOW server_version.
constexpr std::string_view kVersion =
    "PostgreSQL 15.8 (OmenDB Hybrid) on x86_64-pc-linux-gnu, compiled by g++, 64-bit";

Status NoSession() { return Refusal("session functions in a column plan"); }

Status NextValue(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  OMEN_ASSIGN_OR_RETURN(int64_t value, context.hooks->NextValue(static_cast<Oid>(IntArg(args, 0))));
  return ReturnInt(out, value);
}

Status CurrentValue(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  OMEN_ASSIGN_OR_RETURN(int64_t value,
                        context.hooks->CurrentValue(static_cast<Oid>(IntArg(args, 0))));
  return ReturnInt(out, value);
}

Status SetValue(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  bool is_called = args.values.size() < 3 || args.values[2].AsBool();
  OMEN_ASSIGN_OR_RETURN(int64_t value, context.hooks->SetValue(static_cast<Oid>(IntArg(args, 0)),
                                                               IntArg(args, 1), is_called));
  return ReturnInt(out, value);
}

Status LastValue(CallContext& context, const CallArgs&, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  OMEN_ASSIGN_OR_RETURN(int64_t value, context.hooks->LastValue());
  return ReturnInt(out, value);
}

Status CurrentSetting(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  bool missing_ok = args.values.size() == 2 && args.values[1].AsBool();
  OMEN_ASSIGN_OR_RETURN(Value value, context.hooks->Setting(BytesArg(args, 0), missing_ok));
  return Return(out, std::move(value));
}

Status SetConfig(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  if (args.values[0].is_null()) {
    return Status(SqlState{"22004"}, "SET requires parameter name");
  }
  std::string_view value = args.values[1].is_null() ? std::string_view() : BytesArg(args, 1);
  bool local = !args.values[2].is_null() && args.values[2].AsBool();
  OMEN_RETURN_IF_ERROR(context.hooks->SetSetting(BytesArg(args, 0), value, local));
  OMEN_ASSIGN_OR_RETURN(Value stored, context.hooks->Setting(BytesArg(args, 0), false));
  return Return(out, std::move(stored));
}

Status Version(CallContext&, const CallArgs&, Value* out) { return ReturnText(out, kVersion); }

Status OwnVersion(CallContext&, const CallArgs&, Value* out) {
  return ReturnText(out, ProductVersion());
}

Status CurrentUser(CallContext& context, const CallArgs&, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  return ReturnText(out, context.hooks->CurrentUser());
}

Status CurrentDatabase(CallContext& context, const CallArgs&, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  return ReturnText(out, context.hooks->CurrentDatabase());
}

Status CurrentSchema(CallContext& context, const CallArgs&, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  std::vector<std::string> schemas = context.hooks->CurrentSchemas(false);
  return Return(out, schemas.empty() ? Value() : Value::Text(schemas.front()));
}

Status CurrentSchemas(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  ArrayData names;
  names.element = oid::kName;
  for (const std::string& name : context.hooks->CurrentSchemas(args.values[0].AsBool())) {
    names.elements.push_back(Value::Text(name));
  }
  return Return(out, Value::Array(std::move(names)));
}

Status BackendPid(CallContext& context, const CallArgs&, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  return ReturnInt(out, context.hooks->BackendPid());
}

Status TypeOf(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, args.types[0].oid);
}

Status TypeText(CallContext&, const CallArgs& args, Value* out) {
  if (args.values[0].is_null()) return Return(out, Value());
  auto type = static_cast<Oid>(IntArg(args, 0));
  if (type == oid::kInvalid) return ReturnText(out, "-");
  if (FindType(type) == nullptr) return ReturnText(out, "???");
  int64_t typmod = args.values[1].is_null() ? -1 : IntArg(args, 1);
  // A bare "character" means character(1), so a missing length is told apart by name.
  if (type == oid::kBpchar && typmod < 0 && !args.values[1].is_null()) {
    return ReturnText(out, "bpchar");
  }
  return ReturnText(out, FormatType({type, static_cast<int32_t>(typmod)}));
}

Status SleepSeconds(const CallContext& context, double seconds) {
  constexpr double kLongest = 1e9;
  if (!(seconds > 0)) return Status::Ok();
  PassPlace();
  const std::chrono::duration<double> duration(std::min(seconds, kLongest));
  return SleepFor(std::chrono::duration_cast<std::chrono::nanoseconds>(duration), context.cancel);
}

Status Sleep(CallContext& context, const CallArgs& args, Value* out) {
  double seconds = 0;
  if (args.types[0].oid == oid::kInterval) {
    seconds = static_cast<double>(IntervalSpan(args.values[0].AsInterval())) / kMicrosPerSecond;
  } else {
    seconds = DoubleArg(args, 0);
  }
  OMEN_RETURN_IF_ERROR(SleepSeconds(context, seconds));
  return ReturnText(out, "");
}

uint64_t NextRandom(uint64_t* state) {  // splitmix64
  uint64_t z = (*state += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

Status Random(CallContext& context, const CallArgs&, Value* out) {
  return ReturnDouble(
      out, std::ldexp(static_cast<double>(NextRandom(&context.random_state) >> 11), -53));
}

Status SetSeed(CallContext& context, const CallArgs& args, Value* out) {
  double seed = DoubleArg(args, 0);
  if (!(seed >= -1 && seed <= 1)) {
    char text[80];
    std::snprintf(text, sizeof text, "setseed parameter %g is out of allowed range [-1,1]", seed);
    return Status(sqlstate::kInvalidParameter, text);
  }
  context.random_state = static_cast<uint64_t>(static_cast<int64_t>(std::ldexp(seed, 62)));
  return ReturnText(out, "");
}

Status RandomUuid(CallContext&, const CallArgs&, Value* out) {
  UuidData uuid;
  if (getrandom(uuid.data(), uuid.size(), 0) != static_cast<ssize_t>(uuid.size())) {
    return InternalError("could not generate random values");
  }
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0F) | 0x40);  // version 4
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3F) | 0x80);  // variant 1
  return Return(out, Value::Uuid(uuid));
}

// A relation is visible when regclass prints it without its schema.
Status IsVisible(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  std::string name = context.hooks->RelationName(static_cast<Oid>(IntArg(args, 0)));
  if (name.empty()) return Return(out, Value());
  bool quoted = false;
  for (char c : name) {
    if (c == '"') quoted = !quoted;
    if (c == '.' && !quoted) return ReturnBool(out, false);
  }
  return ReturnBool(out, true);
}

Status IsTypeVisible(CallContext&, const CallArgs& args, Value* out) {
  bool known = FindType(static_cast<Oid>(IntArg(args, 0))) != nullptr;
  return Return(out, known ? Value::Bool(true) : Value());
}

Status IsFunctionVisible(CallContext&, const CallArgs& args, Value* out) {
  bool known = Registry::Instance().FindFunction(static_cast<Oid>(IntArg(args, 0))) != nullptr;
  return Return(out, known ? Value::Bool(true) : Value());
}

Status ToRegclass(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return NoSession();
  Result<Oid> relation = context.hooks->RelationByName(BytesArg(args, 0));
  return Return(out, relation.ok() ? Value::Int(*relation) : Value());
}

constexpr int64_t kUtf8Encoding = 6;  // pg_enc PG_UTF8

Status EncodingName(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, IntArg(args, 0) == kUtf8Encoding ? "UTF8" : "");
}

Status Utf8Name(CallContext&, const CallArgs&, Value* out) { return ReturnText(out, "UTF8"); }

Status Never(CallContext&, const CallArgs&, Value* out) { return ReturnBool(out, false); }

// Each unit keeps one more bit than it shows, so that the last step rounds.
Status SizePretty(CallContext&, const CallArgs& args, Value* out) {
  static constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB"};
  int64_t size = IntArg(args, 0);
  auto magnitude = [&] {
    return size < 0 ? -static_cast<double>(size) : static_cast<double>(size);
  };
  if (magnitude() < 10 * 1024) return ReturnText(out, std::to_string(size) + " bytes");
  size /= 512;
  size_t unit = 0;
  while (unit + 1 < std::size(kUnits) && magnitude() >= 20 * 1024 - 1) {
    size /= 1024;
    ++unit;
  }
  int64_t rounded = (size + (size < 0 ? -1 : 1)) / 2;
  return ReturnText(out, std::to_string(rounded) + " " + kUnits[unit]);
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kSessionRows[] = {
    {1574, "nextval", {kRegclass}, kInt8, kVolatile | kReadsSequences, NextValue},
    {1575, "currval", {kRegclass}, kInt8, kVolatile | kReadsSequences, CurrentValue},
    {1576, "setval", {kRegclass, kInt8}, kInt8, kVolatile | kReadsSequences, SetValue},
    {1765, "setval", {kRegclass, kInt8, kBool}, kInt8, kVolatile | kReadsSequences, SetValue},
    {2559, "lastval", {}, kInt8, kVolatile | kReadsSequences, LastValue},
    {2077, "current_setting", {kText}, kText, kStable | kReadsSettings, CurrentSetting},
    {3294, "current_setting", {kText, kBool}, kText, kStable | kReadsSettings, CurrentSetting},
    {2078,
     "set_config",
     {kText, kText, kBool},
     kText,
     kNotStrict | kVolatile | kReadsSettings,
     SetConfig},
    {89, "version", {}, kText, kStable | kReadsLocale, Version},
    {9900, "omendb_version", {}, kText, kStable | kReadsLocale, OwnVersion},
    {745, "current_user", {}, kName, kStable | kReadsRole, CurrentUser},
    {746, "session_user", {}, kName, kStable | kReadsRole, CurrentUser},
    {710, "getpgusername", {}, kName, kStable | kReadsRole, CurrentUser},
    {861, "current_database", {}, kName, kStable | kReadsServer, CurrentDatabase},
    {1402, "current_schema", {}, kName, kStable | kReadsPath | kReadsCatalog, CurrentSchema},
    {1403,
     "current_schemas",
     {kBool},
     kNameArray,
     kStable | kReadsPath | kReadsCatalog,
     CurrentSchemas},
    {2026, "pg_backend_pid", {}, kInt4, kStable | kReadsServer, BackendPid},
    {kTypeOfAny, "pg_typeof", {kAny}, kRegtype, kNotStrict | kStable | kReadsLocale, TypeOf},
    {1081, "format_type", {kOid, kInt4}, kText, kNotStrict | kStable | kReadsLocale, TypeText},
    {2626, "pg_sleep", {kFloat8}, kVoid, kVolatile | kReadsLocale, Sleep},
    {3935, "pg_sleep_for", {kInterval}, kVoid, kVolatile | kReadsLocale, Sleep},
    {1598, "random", {}, kFloat8, kVolatile | kReadsChance, Random},
    {1599, "setseed", {kFloat8}, kVoid, kVolatile | kReadsChance, SetSeed},
    {3432, "gen_random_uuid", {}, kUuid, kVolatile | kReadsChance, RandomUuid},
    {2079, "pg_table_is_visible", {kOid}, kBool, kStable | kReadsPath | kReadsCatalog, IsVisible},
    {2080,
     "pg_type_is_visible",
     {kOid},
     kBool,
     kStable | kReadsPath | kReadsCatalog,
     IsTypeVisible},
    {2081,
     "pg_function_is_visible",
     {kOid},
     kBool,
     kStable | kReadsPath | kReadsCatalog,
     IsFunctionVisible},
    {3495, "to_regclass", {kText}, kRegclass, kStable | kReadsPath | kReadsCatalog, ToRegclass},
    {1597, "pg_encoding_to_char", {kInt4}, kName, kStable | kReadsLocale, EncodingName},
    {810, "pg_client_encoding", {}, kName, kStable | kReadsLocale, Utf8Name},
    {1039, "getdatabaseencoding", {}, kName, kStable | kReadsLocale, Utf8Name},
    {3810, "pg_is_in_recovery", {}, kBool, kVolatile | kReadsServer, Never},
    {2288, "pg_size_pretty", {kInt8}, kText, kPure, SizePretty},
};

}  // namespace

std::span<const FunctionRow> SessionRows() { return kSessionRows; }

}  // namespace omen::functions
