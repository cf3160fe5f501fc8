// The table of settings. Those without an effect here are accepted because clients set them as
// hints or to the value that is the only one we have.
#include <algorithm>

#include "session/setting/setting_definition.h"

namespace omen::session {
namespace {

using enum SettingKind;
using enum SettingAccess;
using enum SettingUnit;

constexpr double kIntMax = 2147483647;
constexpr std::string_view kIsolationLevels =
    "serializable,repeatable read,read committed,read uncommitted";
constexpr std::string_view kOfferedLevels = "repeatable read,read committed,read uncommitted";
constexpr std::string_view kMessageLevels =
    "debug5,debug4,debug3,debug2,debug1,log,notice,warning,error";

constexpr SettingDefinition Flag(std::string_view name, std::string_view initial,
                                 SettingAccess access = kUser) {
  return {.name = name, .kind = kBool, .initial = initial, .access = access};
}
/// A switch that has only one position here.
constexpr SettingDefinition Fixed(std::string_view name, std::string_view initial) {
  return {.name = name, .kind = kBool, .initial = initial, .supported = initial};
}
constexpr SettingDefinition Text(std::string_view name, std::string_view initial,
                                 SettingAccess access = kUser) {
  return {.name = name, .kind = kString, .initial = initial, .access = access};
}
constexpr SettingDefinition Reported(std::string_view name, std::string_view initial,
                                     SettingAccess access = kUser) {
  return {.name = name, .kind = kString, .initial = initial, .access = access, .report = true};
}
constexpr SettingDefinition Integer(std::string_view name, std::string_view initial, double min,
                                    double max, SettingUnit unit = kNone,
                                    SettingAccess access = kUser) {
  return {.name = name,
          .kind = kInteger,
          .initial = initial,
          .access = access,
          .unit = unit,
          .min = min,
          .max = max};
}
constexpr SettingDefinition Real(std::string_view name, std::string_view initial, double min,
                                 double max, SettingUnit unit = kNone) {
  return {.name = name, .kind = kReal, .initial = initial, .unit = unit, .min = min, .max = max};
}
constexpr SettingDefinition Choice(std::string_view name, std::string_view initial,
                                   std::string_view choices, std::string_view supported = {},
                                   SettingAccess access = kUser) {
  return {.name = name,
          .kind = kEnum,
          .initial = initial,
          .access = access,
          .choices = choices,
          .supported = supported};
}
constexpr SettingDefinition ReportedChoice(SettingDefinition setting) {
  setting.report = true;
  return setting;
}

constexpr SettingDefinition kSettings[] = {
    Flag("allow_system_table_mods", "off", kServer),
    Reported("application_name", ""),
    Fixed("array_nulls", "on"),
    Choice("backslash_quote", "safe_encoding", "safe_encoding,on,off"),
    Integer("block_size", "8192", 8192, 8192, kNone, kInternal),
    Choice("bytea_output", "hex", "escape,hex"),
    Flag("check_function_bodies", "on"),
    Reported("client_encoding", "UTF8"),
    Choice("client_min_messages", "notice", kMessageLevels),
    Choice("constraint_exclusion", "partition", "partition,on,off"),
    Real("cursor_tuple_fraction", "0.1", 0, 1),
    Text("data_directory_mode", "0700", kInternal),
    Reported("DateStyle", "ISO, MDY"),
    Integer("deadlock_timeout", "1s", 1, kIntMax, kMilliseconds, kSuperuser),
    Flag("debug_pretty_print", "on"),
    Flag("debug_print_plan", "off"),
    Integer("default_statistics_target", "100", 1, 10000),
    Choice("default_table_access_method", "hybrid", "hybrid,heap"),
    Choice("default_tablespace", "", ",pg_default"),
    Text("default_text_search_config", "pg_catalog.simple"),
    Choice("default_toast_compression", "pglz", "pglz,lz4"),
    Flag("default_transaction_deferrable", "off"),
    Choice("default_transaction_isolation", "read committed", kIsolationLevels, kOfferedLevels),
    ReportedChoice(Flag("default_transaction_read_only", "off")),
    Integer("effective_cache_size", "4GB", 1, kIntMax, kBlocks),
    Integer("effective_io_concurrency", "1", 0, 1000),
    Flag("enable_bitmapscan", "on"),
    Flag("enable_hashagg", "on"),
    Flag("enable_hashjoin", "on"),
    Flag("enable_indexonlyscan", "on"),
    Flag("enable_indexscan", "on"),
    Flag("enable_material", "on"),
    Flag("enable_memoize", "on"),
    Flag("enable_mergejoin", "on"),
    Flag("enable_nestloop", "on"),
    Flag("enable_parallel_append", "on"),
    Flag("enable_parallel_hash", "on"),
    Flag("enable_seqscan", "on"),
    Flag("enable_sort", "on"),
    Flag("enable_tidscan", "on"),
    Flag("escape_string_warning", "on"),
    Integer("extra_float_digits", "1", -15, 3),
    Choice("force_parallel_mode", "off", "off,on,regress"),
    Integer("from_collapse_limit", "8", 1, kIntMax),
    Flag("fsync", "on", kReload),
    Flag("full_page_writes", "on", kReload),
    Flag("geqo", "on"),
    Integer("gin_fuzzy_search_limit", "0", 0, kIntMax),
    Flag("hot_standby", "off", kServer),
    Integer("idle_in_transaction_session_timeout", "0", 0, kIntMax, kMilliseconds),
    Integer("idle_session_timeout", "0", 0, kIntMax, kMilliseconds),
    ReportedChoice(Flag("in_hot_standby", "off", kInternal)),
    ReportedChoice(Flag("integer_datetimes", "on", kInternal)),
    ReportedChoice(Choice("IntervalStyle", "postgres",
                          "postgres,postgres_verbose,sql_standard,iso_8601", "postgres")),
    ReportedChoice(Flag("is_superuser", "on", kInternal)),
    Flag("jit", "on"),
    Real("jit_above_cost", "100000", -1, 1e300),
    Integer("join_collapse_limit", "8", 1, kIntMax),
    Text("lc_collate", "C.UTF-8", kInternal),
    Text("lc_ctype", "C.UTF-8", kInternal),
    Text("lc_messages", "C", kSuperuser),
    Text("lc_monetary", "C"),
    Text("lc_numeric", "C"),
    Text("lc_time", "C"),
    Integer("lock_timeout", "0", 0, kIntMax, kMilliseconds),
    Integer("log_min_duration_statement", "-1", -1, kIntMax, kMilliseconds, kSuperuser),
    Choice("log_statement", "none", "none,ddl,mod,all", {}, kSuperuser),
    Integer("maintenance_work_mem", "64MB", 1024, kIntMax, kKilobytes),
    Integer("max_connections", "100", 1, 262143, kNone, kServer),
    Integer("max_function_args", "100", 100, 100, kNone, kInternal),
    Integer("max_identifier_length", "63", 63, 63, kNone, kInternal),
    Integer("max_index_keys", "32", 32, 32, kNone, kInternal),
    Integer("max_parallel_workers", "8", 0, 1024),
    Integer("max_parallel_workers_per_gather", "2", 0, 1024),
    Integer("max_prepared_transactions", "0", 0, 262143, kNone, kServer),
    Real("omendb.answer_check", "0", 0, 1),
    Text("omendb.freshness", "latest"),
    Choice("omendb.learning", "shadow", "on,off,shadow,random"),
    Choice("omendb.route", "auto", "auto,row,column,mixed"),
    Integer("omendb.statement_memory", "256MB", 64, kIntMax, kKilobytes),
    Integer("omendb.wal_writer_delay", "200ms", 1, 10000, kMilliseconds, kServer),
    Choice("password_encryption", "scram-sha-256", "md5,scram-sha-256", "scram-sha-256"),
    Choice("plan_cache_mode", "auto", "auto,force_generic_plan,force_custom_plan"),
    Integer("port", "5432", 1, 65535, kNone, kServer),
    Flag("quote_all_identifiers", "off"),
    Real("random_page_cost", "4", 0, 1e300),
    Text("role", "none"),
    Flag("row_security", "on"),
    {.name = "search_path", .kind = kList, .initial = "\"$user\", public"},
    Real("seq_page_cost", "1", 0, 1e300),
    Reported("server_encoding", "UTF8", kInternal),
    Reported("server_version", "15.8 (OmenDB Hybrid)", kInternal),
    Integer("server_version_num", "150008", 150008, 150008, kNone, kInternal),
    Reported("session_authorization", ""),
    Choice("session_replication_role", "origin", "origin,replica,local", {}, kSuperuser),
    Integer("shared_buffers", "128MB", 16, 1073741823, kBlocks, kServer),
    Flag("ssl", "off", kReload),
    ReportedChoice(Fixed("standard_conforming_strings", "on")),
    Integer("statement_timeout", "0", 0, kIntMax, kMilliseconds),
    Flag("synchronize_seqscans", "on"),
    Choice("synchronous_commit", "on", "local,remote_write,remote_apply,on,off"),
    Integer("tcp_keepalives_count", "0", 0, kIntMax),
    Integer("tcp_keepalives_idle", "0", 0, kIntMax, kSeconds),
    Integer("tcp_keepalives_interval", "0", 0, kIntMax, kSeconds),
    Integer("tcp_user_timeout", "0", 0, kIntMax, kMilliseconds),
    Integer("temp_buffers", "8MB", 100, 1073741823, kBlocks),
    Reported("TimeZone", "UTC"),
    Text("timezone_abbreviations", "Default"),
    Flag("track_activities", "on", kSuperuser),
    Flag("transaction_deferrable", "off"),
    Choice("transaction_isolation", "read committed", kIsolationLevels, kOfferedLevels),
    Flag("transaction_read_only", "off"),
    Fixed("transform_null_equals", "off"),
    Real("vacuum_cost_delay", "0", 0, 100, kMilliseconds),
    Choice("wal_level", "replica", "minimal,replica,logical", {}, kServer),
    Text("wal_segment_size", "16MB", kInternal),
    Integer("work_mem", "4MB", 64, kIntMax, kKilobytes),
    Choice("xmlbinary", "base64", "base64,hex"),
    Choice("xmloption", "content", "content,document"),
};

bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

}  // namespace

std::span<const SettingDefinition> AllSettings() { return kSettings; }

int FindSetting(std::string_view name) {
  if (SameName(name, "time zone")) name = "TimeZone";
  for (size_t i = 0; i < std::size(kSettings); ++i) {
    if (kSettings[i].name.size() == name.size() && SameName(kSettings[i].name, name)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace omen::session
