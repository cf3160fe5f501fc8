#include "app/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>

#include "app/check.h"
#include "app/config.h"
#include "app/data_folder.h"
#include "app/instance.h"
#include "app/serve.h"
#include "base/version.h"
#include "colstore/colstore.h"
#include "obs/log.h"
#include "router/routers.h"
#include "rowstore/rowstore.h"

namespace omen::app {
namespace {

std::string VersionText() {
  return fmt::format("{}\nRocksDB {}\nDuckDB {}", ProductVersion(), rowstore::EngineVersion(),
                     colstore::EngineVersion());
}

int Report(const Status& status) {
  if (status.ok()) return 0;
  fmt::print(stderr, "omendb: {}\n", status.error().message);
  if (!status.error().detail.empty()) fmt::print(stderr, "detail: {}\n", status.error().detail);
  if (!status.error().hint.empty()) fmt::print(stderr, "hint: {}\n", status.error().hint);
  return 1;
}

/// What the command line says that nobody understands.
int ReportUsage(const CLI::App& app, const CLI::ParseError& error) {
  const auto commands = app.get_subcommands();
  const std::string command = commands.empty() ? "" : commands.front()->get_name() + " ";
  const auto rest = app.remaining();
  const std::string what = commands.empty() && !rest.empty()
                               ? fmt::format("there is no command \"{}\"", rest.front())
                               : error.what();
  fmt::print(stderr, "omendb: {}\nhint: omendb {}--help lists what there is\n", what, command);
  return 2;
}

// What the command line said; it wins over the file.
struct Flags {
  std::string file;
  std::optional<std::string> data, host, socket_dir, auth, password_file, router, log_level;
  std::optional<uint16_t> port;
  std::optional<int> max_connections;
  std::optional<std::string> answer_check, learning;
  bool accept_lost_commits = false, no_calibrate = false, sample = false;

  void ApplyTo(Config* config) const {
    if (data) config->data = *data;
    if (host) config->host = *host;
    if (socket_dir) config->socket_dir = *socket_dir;
    if (auth) config->auth = *auth;
    if (password_file) config->password_file = *password_file;
    if (router) config->router = *router;
    if (log_level) config->log_level = *log_level;
    if (port) config->port = *port;
    if (max_connections) config->max_connections = *max_connections;
    if (answer_check) config->answer_check = *answer_check;
    if (learning) config->learning = *learning;
    config->accept_lost_commits |= accept_lost_commits;
    config->calibrate &= !no_calibrate;
    config->sample |= sample;
  }
};

Status MakeConfig(const Flags& flags, Config* config) {
  if (!flags.file.empty()) OMEN_RETURN_IF_ERROR(LoadConfigFile(flags.file, config));
  flags.ApplyTo(config);
  OMEN_RETURN_IF_ERROR(CompleteConfig(config));
  obs::SetLogLevel(*obs::LogLevelNamed(config->log_level));
  return Status::Ok();
}

int RunServe(const Flags& flags) {
  Config config;
  Status ready = MakeConfig(flags, &config);
  if (ready.ok()) ready = Serve(config);
  return Report(ready);
}

int RunCheck(const Flags& flags) {
  Config config;
  if (Status ready = MakeConfig(flags, &config); !ready.ok()) return Report(ready);
  config.calibrate = false;
  const auto folder = DataFolder::Take(config.data, DataFolder::Use::kCheck);
  if (!folder.ok()) return Report(folder.status());
  auto instance = Instance::Open(config);
  if (!instance.ok()) return Report(instance.status());
  auto faults = CheckDatabase(instance->get());
  if (!faults.ok()) return Report(faults.status());
  for (const std::string& fault : *faults) fmt::print("{}\n", fault);
  fmt::print("{} faults\n", faults->size());
  const int closed = Report((*instance)->Close());
  return faults->empty() ? closed : 1;
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  CLI::App app{"OmenDB: transactions on rows, analytics on columns, one PostgreSQL server"};
  app.set_version_flag("--version", VersionText());
  app.require_subcommand(1);
  Flags flags;
  CLI::App* serve = app.add_subcommand("serve", "serve a data folder");
  CLI::App* check = app.add_subcommand("check", "check a stopped database");
  for (CLI::App* command : {serve, check}) {
    command->add_option("--data", flags.data, "folder of the database");
    command->add_option("--config", flags.file, "TOML file of settings");
    command->add_option("--log-level", flags.log_level, "debug, info, warn, error");
    command->add_flag("--accept-lost-commits", flags.accept_lost_commits,
                      "open although the log ends before the last recorded commit");
    command->footer("Settings of the file, with their defaults:\n" + DescribeSettings());
  }
  serve->add_option("--host", flags.host, "address to listen on");
  serve->add_option("--port", flags.port, "TCP port");
  serve->add_option("--socket-dir", flags.socket_dir, "folder of the Unix socket");
  serve->add_option("--auth", flags.auth, "auto, trust or scram");
  serve->add_option("--password-file", flags.password_file, "superuser's password");
  serve->add_option("--max-connections", flags.max_connections, "connections at once");
  serve->add_option("--answer-check", flags.answer_check,
                    "share of reads (0 to 1) run again on another path");
  serve->add_option("--learning", flags.learning,
                    "omendb.learning at first: on, off, shadow or random");
  serve->add_option("--router", flags.router, router::RouterForms());
  serve->add_flag("--no-calibrate", flags.no_calibrate,
                  "plan with the built-in costs, the same on every machine");
  serve->add_flag("--sample", flags.sample, "load the sample data set at first start");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : ReportUsage(app, error);
  }
  return serve->parsed() ? RunServe(flags) : RunCheck(flags);
}

}  // namespace omen::app
