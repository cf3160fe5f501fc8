#include "exec/explain/explain_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "types/json/json.h"

namespace omen::exec {
namespace {

constexpr double kNanosPerMilli = 1e6;

double PerLoop(double total, uint64_t loops) {
  return total / static_cast<double>(std::max<uint64_t>(loops, 1));
}

class TextForm {
 public:
  explicit TextForm(const ExplainOptions& options) : options_(options) {}

  void Add(const ExplainNode& node, int depth) {
    std::string line =
        depth == 0 ? "" : std::string(static_cast<size_t>(depth) * 6 - 4, ' ') + "->  ";
    lines.push_back(line + Title(node) + Expected(node) + Seen(node));
    for (const auto& [name, text] : node.details) {
      lines.push_back(std::string(static_cast<size_t>(depth) * 6 + 2, ' ') + name + ": " + text);
    }
    for (const ExplainNode& input : node.inputs) Add(input, depth + 1);
  }

  std::vector<std::string> lines;

 private:
  static std::string Title(const ExplainNode& node) {
    std::string title = node.type;
    if (!node.index.empty()) title += " using " + node.index;
    if (!node.relation.empty()) title += " on " + node.relation;
    if (!node.alias.empty() && node.alias != node.relation) title += " " + node.alias;
    return title;
  }

  std::string Expected(const ExplainNode& node) const {
    if (!options_.costs || !node.expected.has_value()) return "";
    const ExplainNode::Expected& expected = *node.expected;
    const double rows = std::max(expected.rows, 1.0);
    if (!expected.total.has_value()) return fmt::format("  (rows={:.0f})", rows);
    return fmt::format("  (cost={:.2f}..{:.2f} rows={:.0f} width=0)", expected.startup.value_or(0),
                       *expected.total, rows);
  }

  std::string Seen(const ExplainNode& node) const {
    if (!node.seen.has_value()) return "";
    const ExplainNode::Seen& seen = *node.seen;
    if (seen.loops == 0) return " (never executed)";
    const double rows = PerLoop(seen.rows, seen.loops);
    if (!options_.timing) return fmt::format(" (actual rows={:.0f} loops={})", rows, seen.loops);
    const auto millis = [&](int64_t nanos) {
      return PerLoop(static_cast<double>(nanos), seen.loops) / kNanosPerMilli;
    };
    return fmt::format(" (actual time={:.3f}..{:.3f} rows={:.0f} loops={})",
                       millis(seen.first_nanos), millis(seen.nanos), rows, seen.loops);
  }

  const ExplainOptions& options_;
};

class JsonForm {
 public:
  explicit JsonForm(const ExplainOptions& options) : options_(options) {}

  void Add(const ExplainNode& node, int depth) {
    Open('{', depth);
    Text("Node Type", node.type);
    if (!node.relation.empty()) Text("Relation Name", node.relation);
    if (!node.relation.empty()) Text("Alias", node.alias.empty() ? node.relation : node.alias);
    if (!node.index.empty()) Text("Index Name", node.index);
    Expected(node);
    Seen(node);
    for (const auto& [name, text] : node.details) Text(name, text);
    if (!node.inputs.empty()) {
      Key("Plans");
      Open('[', depth_);
      for (const ExplainNode& input : node.inputs) {
        Separate();
        Add(input, depth_);
      }
      Close(']');
    }
    Close('}');
  }

  std::string Document(const ExplainReport& report) {
    Open('[', 0);
    for (size_t i = 0; i < std::max<size_t>(report.plans.size(), 1); ++i) {
      Separate();
      Open('{', depth_);
      if (i < report.plans.size()) {
        Key("Plan");
        Add(report.plans[i], depth_);
      }
      if (i + 1 >= report.plans.size()) {
        for (const auto& [name, text] : report.properties) Property(name, text);
      }
      Close('}');
    }
    Close(']');
    return std::move(out_);
  }

 private:
  void Expected(const ExplainNode& node) {
    if (!options_.costs || !node.expected.has_value()) return;
    const ExplainNode::Expected& expected = *node.expected;
    if (expected.total.has_value()) {
      Number("Startup Cost", fmt::format("{:.2f}", expected.startup.value_or(0)));
      Number("Total Cost", fmt::format("{:.2f}", *expected.total));
    }
    Number("Plan Rows", fmt::format("{:.0f}", std::max(expected.rows, 1.0)));
    Number("Plan Width", "0");
  }

  void Seen(const ExplainNode& node) {
    if (!node.seen.has_value()) return;
    const ExplainNode::Seen& seen = *node.seen;
    const auto millis = [&](int64_t nanos) {
      return fmt::format("{:.3f}",
                         PerLoop(static_cast<double>(nanos), seen.loops) / kNanosPerMilli);
    };
    if (options_.timing) {
      Number("Actual Startup Time", millis(seen.first_nanos));
      Number("Actual Total Time", millis(seen.nanos));
    }
    Number("Actual Rows", fmt::format("{:.0f}", PerLoop(seen.rows, seen.loops)));
    Number("Actual Loops", fmt::format("{}", seen.loops));
  }

  /// Times are numbers, as PostgreSQL has them, without their unit.
  void Property(const std::string& name, const std::string& text) {
    const size_t unit = text.find(" ms");
    if (name.ends_with(" Time") && unit != std::string::npos) {
      Number(name, text.substr(0, unit));
    } else {
      Text(name, text);
    }
  }

  void Open(char bracket, int depth) {
    out_ += bracket;
    depth_ = depth + 1;
    first_ = true;
  }
  void Close(char bracket) {
    --depth_;
    out_ += "\n" + std::string(static_cast<size_t>(depth_) * 2, ' ') + bracket;
    first_ = false;
  }
  void Separate() {
    if (!first_) out_ += ",";
    first_ = false;
    out_ += "\n" + std::string(static_cast<size_t>(depth_) * 2, ' ');
  }
  void Key(const std::string& name) {
    Separate();
    AppendJsonString(name, out_);
    out_ += ": ";
  }
  void Text(const std::string& name, const std::string& text) {
    Key(name);
    AppendJsonString(text, out_);
  }
  void Number(const std::string& name, const std::string& digits) {
    Key(name);
    out_ += digits;
  }

  const ExplainOptions& options_;
  std::string out_;
  int depth_ = 0;
  bool first_ = true;
};

}  // namespace

std::vector<std::string> ExplainText(const ExplainReport& report, const ExplainOptions& options) {
  TextForm form(options);
  for (const ExplainNode& plan : report.plans) form.Add(plan, 0);
  for (const auto& [name, text] : report.properties) form.lines.push_back(name + ": " + text);
  return std::move(form.lines);
}

std::string ExplainJson(const ExplainReport& report, const ExplainOptions& options) {
  return JsonForm(options).Document(report);
}

}  // namespace omen::exec
