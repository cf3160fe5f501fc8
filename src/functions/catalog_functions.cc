// Functions of the catalogue: the session answers them by name.
#include <array>

#include "base/blame.h"
#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"

namespace omen::functions {

namespace {

constexpr char kCancelJob[] = "omendb_cancel_job";
constexpr char kColDescription[] = "col_description";
constexpr char kExpression[] = "pg_get_expr";
constexpr char kHasDatabasePrivilege[] = "has_database_privilege";
constexpr char kHasSchemaPrivilege[] = "has_schema_privilege";
constexpr char kHasTablePrivilege[] = "has_table_privilege";
constexpr char kObjDescription[] = "obj_description";
constexpr char kPgCancelBackend[] = "pg_cancel_backend";
constexpr char kPgDatabaseSize[] = "pg_database_size";
constexpr char kPgGetConstraintdef[] = "pg_get_constraintdef";
constexpr char kPgGetFunctionArguments[] = "pg_get_function_arguments";
constexpr char kPgGetFunctionIdentityArguments[] = "pg_get_function_identity_arguments";
constexpr char kPgGetFunctionResult[] = "pg_get_function_result";
constexpr char kPgGetFunctiondef[] = "pg_get_functiondef";
constexpr char kPgGetIndexdef[] = "pg_get_indexdef";
constexpr char kPgGetPartkeydef[] = "pg_get_partkeydef";
constexpr char kPgGetRuledef[] = "pg_get_ruledef";
constexpr char kPgGetSerialSequence[] = "pg_get_serial_sequence";
constexpr char kPgGetStatisticsobjdefColumns[] = "pg_get_statisticsobjdef_columns";
constexpr char kPgGetTriggerdef[] = "pg_get_triggerdef";
constexpr char kPgGetViewdef[] = "pg_get_viewdef";
constexpr char kPgGetViewdefWrapped[] = "pg_get_viewdef_wrap";
constexpr char kPgIndexesSize[] = "pg_indexes_size";
constexpr char kPgPostmasterStartTime[] = "pg_postmaster_start_time";
constexpr char kPgRelationIsPublishable[] = "pg_relation_is_publishable";
constexpr char kPgRelationSize[] = "pg_relation_size";
constexpr char kPgTableSize[] = "pg_table_size";
constexpr char kPgTerminateBackend[] = "pg_terminate_backend";
constexpr char kPgTotalRelationSize[] = "pg_total_relation_size";
constexpr char kShobjDescription[] = "shobj_description";
constexpr char kTransactionId[] = "txid_current";
constexpr char kUserById[] = "pg_get_userbyid";

template <const char* kName>
Status FromCatalog(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return Refusal(std::string(kName) + "() in a column plan");
  OMEN_ASSIGN_OR_RETURN(Value value, context.hooks->CatalogFunction(kName, args.values));
  return Return(out, std::move(value));
}

/// The same, of a relation by its name.
template <const char* kName>
Status FromNamedRelation(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return Refusal(std::string(kName) + "() in a column plan");
  OMEN_ASSIGN_OR_RETURN(const Oid relation,
                        context.hooks->RelationByName(args.values[0].AsBytes()));
  std::vector<Value> values(args.values.begin(), args.values.end());
  values[0] = Value::Int(relation);
  OMEN_ASSIGN_OR_RETURN(Value value, context.hooks->CatalogFunction(kName, values));
  return Return(out, std::move(value));
}

/// has_..._privilege: [role,] object, privileges. Each of the first two is a name or an OID, which
/// the session is told.
template <const char* kName>
Status Privilege(CallContext& context, const CallArgs& args, Value* out) {
  if (context.hooks == nullptr) return Refusal(std::string(kName) + "() in a column plan");
  const bool has_role = args.values.size() == 3;
  const size_t object = has_role ? 1 : 0;
  const auto is_name = [&](size_t i) { return Value::Bool(args.types[i].oid != oid::kOid); };
  const std::array<Value, 5> asked = {has_role ? args.values[0] : Value(), is_name(0),
                                      args.values[object], is_name(object),
                                      args.values[object + 1]};
  OMEN_ASSIGN_OR_RETURN(Value value, context.hooks->CatalogFunction(kName, asked));
  return Return(out, std::move(value));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kCatalogRows[] = {
    {1642,
     "pg_get_userbyid",
     {kOid},
     kName,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kUserById>},
    {2943, "txid_current", {}, kInt8, kStable | kReadsServer, FromCatalog<kTransactionId>},
    {1643,
     "pg_get_indexdef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetIndexdef>},
    {2507,
     "pg_get_indexdef",
     {kOid, kInt4, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetIndexdef>},
    {1387,
     "pg_get_constraintdef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetConstraintdef>},
    {2508,
     "pg_get_constraintdef",
     {kOid, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetConstraintdef>},
    {1641,
     "pg_get_viewdef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetViewdef>},
    {2506,
     "pg_get_viewdef",
     {kOid, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetViewdef>},
    {3159,
     "pg_get_viewdef",
     {kOid, kInt4},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetViewdefWrapped>},
    {1640,
     "pg_get_viewdef",
     {kText},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromNamedRelation<kPgGetViewdef>},
    {2505,
     "pg_get_viewdef",
     {kText, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromNamedRelation<kPgGetViewdef>},
    {1665,
     "pg_get_serial_sequence",
     {kText, kText},
     kText,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgGetSerialSequence>},
    {1215,
     "obj_description",
     {kOid, kName},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kObjDescription>},
    {1348,
     "obj_description",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kObjDescription>},
    {1216,
     "col_description",
     {kOid, kInt4},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kColDescription>},
    {1993,
     "shobj_description",
     {kOid, kName},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kShobjDescription>},
    {2325,
     "pg_relation_size",
     {kRegclass},
     kInt8,
     kVolatile | kReadsServer,
     FromCatalog<kPgRelationSize>},
    {2286,
     "pg_total_relation_size",
     {kRegclass},
     kInt8,
     kVolatile,
     FromCatalog<kPgTotalRelationSize>},
    {2997,
     "pg_table_size",
     {kRegclass},
     kInt8,
     kVolatile | kReadsServer,
     FromCatalog<kPgTableSize>},
    {2998,
     "pg_indexes_size",
     {kRegclass},
     kInt8,
     kVolatile | kReadsServer,
     FromCatalog<kPgIndexesSize>},
    {2168,
     "pg_database_size",
     {kName},
     kInt8,
     kVolatile | kReadsServer,
     FromCatalog<kPgDatabaseSize>},
    {2324,
     "pg_database_size",
     {kOid},
     kInt8,
     kVolatile | kReadsServer,
     FromCatalog<kPgDatabaseSize>},
    {1922,
     "has_table_privilege",
     {kName, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {1923,
     "has_table_privilege",
     {kName, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {1924,
     "has_table_privilege",
     {kOid, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {1925,
     "has_table_privilege",
     {kOid, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {1926,
     "has_table_privilege",
     {kText, kText},
     kBool,
     kStable | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {1927,
     "has_table_privilege",
     {kOid, kText},
     kBool,
     kStable | kReadsRole | kReadsCatalog,
     Privilege<kHasTablePrivilege>},
    {2268,
     "has_schema_privilege",
     {kName, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2269,
     "has_schema_privilege",
     {kName, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2270,
     "has_schema_privilege",
     {kOid, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2271,
     "has_schema_privilege",
     {kOid, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2272,
     "has_schema_privilege",
     {kText, kText},
     kBool,
     kStable | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2273,
     "has_schema_privilege",
     {kOid, kText},
     kBool,
     kStable | kReadsRole | kReadsCatalog,
     Privilege<kHasSchemaPrivilege>},
    {2250,
     "has_database_privilege",
     {kName, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2251,
     "has_database_privilege",
     {kName, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2252,
     "has_database_privilege",
     {kOid, kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2253,
     "has_database_privilege",
     {kOid, kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2254,
     "has_database_privilege",
     {kText, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2255,
     "has_database_privilege",
     {kOid, kText},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     Privilege<kHasDatabasePrivilege>},
    {2165,
     "pg_get_function_result",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetFunctionResult>},
    {2162,
     "pg_get_function_arguments",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgGetFunctionArguments>},
    {2098,
     "pg_get_functiondef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetFunctiondef>},
    {1662,
     "pg_get_triggerdef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetTriggerdef>},
    {3352,
     "pg_get_partkeydef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetPartkeydef>},
    {1573,
     "pg_get_ruledef",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetRuledef>},
    {2504,
     "pg_get_ruledef",
     {kOid, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kPgGetRuledef>},
    {2560,
     "pg_postmaster_start_time",
     {},
     kTimestamptz,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgPostmasterStartTime>},
    {13590, "omendb_cancel_job", {kText}, kBool, kVolatile, FromCatalog<kCancelJob>},
    {2171, "pg_cancel_backend", {kInt4}, kBool, kVolatile, FromCatalog<kPgCancelBackend>},
    {2096,
     "pg_terminate_backend",
     {kInt4, kInt8},
     kBool,
     kVolatile,
     FromCatalog<kPgTerminateBackend>},
    {6174,
     "pg_get_statisticsobjdef_columns",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgGetStatisticsobjdefColumns>},
    {6121,
     "pg_relation_is_publishable",
     {kRegclass},
     kBool,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgRelationIsPublishable>},
    {2232,
     "pg_get_function_identity_arguments",
     {kOid},
     kText,
     kStable | kReadsPath | kReadsRole | kReadsCatalog,
     FromCatalog<kPgGetFunctionIdentityArguments>},
    {1716,
     "pg_get_expr",
     {kText, kOid},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kExpression>},
    {2509,
     "pg_get_expr",
     {kText, kOid, kBool},
     kText,
     kStable | kReadsPath | kReadsCatalog,
     FromCatalog<kExpression>},
};

}  // namespace

std::span<const FunctionRow> CatalogFunctionRows() { return kCatalogRows; }

}  // namespace omen::functions
