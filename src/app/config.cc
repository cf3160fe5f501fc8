#include "app/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "app/usable_memory.h"
#include "obs/log.h"
#include "router/routers.h"

namespace omen::app {
namespace {

using Member = std::variant<std::string Config::*, int Config::*, int64_t Config::*,
                            uint16_t Config::*, bool Config::*>;

struct Setting {
  std::string_view name;
  Member member;
  std::string meaning;
};

const std::vector<Setting>& Settings() {
  static const std::vector<Setting> settings = {
      {"data", &Config::data, "folder of the database"},
      {"host", &Config::host, "address to listen on; empty for the Unix socket alone"},
      {"port", &Config::port, "TCP port, and the number in the socket's name"},
      {"socket_dir", &Config::socket_dir, "folder of the Unix socket; default: the data folder"},
      {"auth", &Config::auth,
       "auto (trust on the socket and loopback, SCRAM elsewhere), trust, scram"},
      {"password_file", &Config::password_file,
       "file whose first line becomes the superuser's password"},
      {"tls_certificate", &Config::tls_certificate, "PEM certificate chain; with tls_key, TLS"},
      {"tls_key", &Config::tls_key, "PEM private key"},
      {"require_tls", &Config::require_tls, "refuse clients that come over TCP without TLS"},
      {"max_connections", &Config::max_connections, "connections at once; more get 53300"},
      {"row_cache_mb", &Config::row_cache_mb, "row store's caches; 0: usable memory / 8"},
      {"column_memory_mb", &Config::column_memory_mb, "column store's memory; 0: usable / 4"},
      {"server_memory_mb", &Config::server_memory_mb,
       "what all sessions may take together; 0: usable / 4"},
      {"session_memory_mb", &Config::session_memory_mb,
       "what one session may take: statements, cursors, messages; 0: server_memory_mb * 3 / 4"},
      {"statement_memory_mb", &Config::statement_memory_mb,
       "omendb.statement_memory at first; 0: server_memory_mb / 6, at most 256"},
      {"column_threads", &Config::column_threads, "column store's threads; 0: one per core"},
      {"wal_keep_mb", &Config::wal_keep_mb, "how much change log is kept for the replica"},
      {"sync", &Config::sync, "false: commits may be lost with the machine's power"},
      {"wal_writer_delay_ms", &Config::wal_writer_delay_ms,
       "how often commits of synchronous_commit = off are synced"},
      {"accept_lost_commits", &Config::accept_lost_commits,
       "start although the log ends before the last recorded commit"},
      {"shutdown_grace_s", &Config::shutdown_grace_s, "how long SIGTERM waits for statements"},
      {"history_entries", &Config::history_entries, "statements kept in omendb.query_history"},
      {"answer_check", &Config::answer_check,
       "share of reads (0 to 1) run again on another path, see omendb.answer_differences"},
      {"learning", &Config::learning,
       "omendb.learning at first: on, off, shadow (learn, but follow the rules), random"},
      {"router", &Config::router, "who chooses the path of a read: " + router::RouterForms()},
      {"calibrate", &Config::calibrate,
       "measure the machine at start, for the cost model (omendb.cost_model)"},
      {"background_percent", &Config::background_percent,
       "share of a core for work that can wait (omendb.jobs), less while clients need the cores"},
      {"background_mb_s", &Config::background_mb_s, "MB a second that such work reads and writes"},
      {"log_level", &Config::log_level, "debug, info, warn, error"},
      {"sample", &Config::sample, "load the sample data set at first start"},
  };
  return settings;
}

template <typename T>
bool Assign(const toml::node& node, T* target) {
  if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, bool>) {
    const auto value = node.value_exact<T>();
    if (value) *target = *value;
    return value.has_value();
  } else {
    const auto value = node.value_exact<int64_t>();
    if (!value || *value < 0 || *value > std::numeric_limits<T>::max()) return false;
    *target = static_cast<T>(*value);
    return true;
  }
}

Status Apply(std::string_view key, const toml::node& node, const std::string& path,
             Config* config) {
  const auto& settings = Settings();
  const auto found = std::ranges::find(settings, key, &Setting::name);
  const auto line = node.source().begin.line;
  if (found == settings.end()) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("{}:{}: unknown setting \"{}\"", path, line, key));
  }
  const bool assigned =
      std::visit([&](auto member) { return Assign(node, &(config->*member)); }, found->member);
  if (assigned) return Status::Ok();
  return Status(
      sqlstate::kInvalidParameter,
      fmt::format("{}:{}: setting \"{}\" has a value of the wrong type or range", path, line, key));
}

void FillMemory(Config* config) {
  const MemoryShares shares(FindUsableMemory("/").bytes >> 20);
  const auto fill = [](int64_t* setting, int64_t share) {
    if (*setting == 0) *setting = share;
  };
  fill(&config->row_cache_mb, shares.row_cache);
  fill(&config->column_memory_mb, shares.column_memory);
  fill(&config->server_memory_mb, shares.server_memory);
  fill(&config->session_memory_mb, SessionShare(config->server_memory_mb));
  fill(&config->statement_memory_mb, StatementShare(config->server_memory_mb));
}

}  // namespace

Status LoadConfigFile(const std::string& path, Config* config) {
  if (access(path.c_str(), R_OK) != 0) {
    return Status(sqlstate::kUndefinedFile,
                  fmt::format("cannot read configuration file \"{}\"", path));
  }
  try {
    const toml::table table = toml::parse_file(path);
    for (const auto& [key, node] : table) {
      OMEN_RETURN_IF_ERROR(Apply(key.str(), node, path, config));
    }
  } catch (const toml::parse_error& error) {
    return Status(sqlstate::kInvalidParameter,
                  fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
  return Status::Ok();
}

Status CompleteConfig(Config* config) {
  const auto& c = *config;
  if (c.auth != "auto" && c.auth != "trust" && c.auth != "scram") {
    return Status(sqlstate::kInvalidParameter, "auth must be auto, trust or scram");
  }
  if (!obs::LogLevelNamed(c.log_level)) {
    return Status(
        sqlstate::kInvalidParameter,
        fmt::format("log_level is \"{}\"; it must be debug, info, warn or error", c.log_level));
  }
  if (c.tls_certificate.empty() != c.tls_key.empty()) {
    return Status(sqlstate::kInvalidParameter, "tls_certificate and tls_key go together");
  }
  if (c.require_tls && c.tls_certificate.empty()) {
    return Status(sqlstate::kInvalidParameter, "require_tls needs tls_certificate and tls_key");
  }
  if (c.max_connections < 1) {
    return Status(sqlstate::kInvalidParameter, "max_connections must be at least 1");
  }
  if (auto router = router::MakeRouter(c.router); !router.ok()) return router.status().Clone();
  if (c.wal_writer_delay_ms < 1 || c.wal_writer_delay_ms > 10'000) {
    return Status(sqlstate::kInvalidParameter, "wal_writer_delay_ms must be between 1 and 10000");
  }
  if (c.background_percent > 100) {
    return Status(sqlstate::kInvalidParameter, "background_percent must be between 0 and 100");
  }
  constexpr std::array<std::string_view, 4> kLearning = {"on", "off", "shadow", "random"};
  if (std::ranges::find(kLearning, c.learning) == kLearning.end()) {
    return Status(sqlstate::kInvalidParameter, "learning must be on, off, shadow or random");
  }
  char* end = nullptr;
  const double share = std::strtod(c.answer_check.c_str(), &end);
  if (c.answer_check.empty() || *end != '\0' || !(share >= 0 && share <= 1)) {
    return Status(sqlstate::kInvalidParameter, "answer_check must be between 0 and 1");
  }
  if (config->socket_dir.empty()) config->socket_dir = config->data;
  FillMemory(config);
  if (config->column_threads == 0) {
    config->column_threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  }
  return Status::Ok();
}

std::string DescribeSettings() {
  std::string text;
  Config defaults;
  FillMemory(&defaults);  // as they are here
  for (const Setting& setting : Settings()) {
    const std::string value = std::visit(
        [&](auto member) { return fmt::format("{}", defaults.*member); }, setting.member);
    text += fmt::format("{:<20} {:<12} {}\n", setting.name, value, setting.meaning);
  }
  return text;
}

}  // namespace omen::app
