#include "exec/read/engine_explain.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

namespace omen::exec {
namespace {

using colstore::PlanOperator;
using Kind = PlanOperator::Kind;

/// Details worth a line, and what PostgreSQL calls them.
const std::map<std::string, std::string> kDetailNames = {
    {"Filters", "Filter"},
    {"Expression", "Filter"},
    {"Conditions", "Hash Cond"},
    {"Groups", "Group Key"},
    {"Aggregates", "Aggregates"},
    {"Order By", "Sort Key"},
    {"Top", "Limit"},
    {"Dynamic Filters", "Dynamic Filter"},
    {"Join Keys", "Join Keys"},
};

const std::map<std::string, std::string> kTypes = {
    {"HASH_JOIN", "Hash Join"},
    {"NESTED_LOOP_JOIN", "Nested Loop"},
    {"BLOCKWISE_NL_JOIN", "Nested Loop"},
    {"CROSS_PRODUCT", "Nested Loop"},
    {"PIECEWISE_MERGE_JOIN", "Merge Join"},
    {"HASH_GROUP_BY", "HashAggregate"},
    {"PERFECT_HASH_GROUP_BY", "HashAggregate"},
    {"UNGROUPED_AGGREGATE", "Aggregate"},
    {"ORDER_BY", "Sort"},
    {"TOP_N", "Top-N Sort"},
    {"STREAMING_LIMIT", "Limit"},
    {"WINDOW", "WindowAgg"},
    {"STREAMING_WINDOW", "WindowAgg"},
    {"UNION", "Append"},
};

/// "EMPTY_RESULT" as "Empty Result".
std::string Words(const std::string& name) {
  std::string words;
  bool begins = true;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    words +=
        c == '_' ? ' ' : static_cast<char>(begins ? std::toupper(letter) : std::tolower(letter));
    begins = c == '_';
  }
  return words;
}

std::string TypeOf(const PlanOperator& step) {
  if (step.kind == Kind::kScan && step.source >= 0) return "Row Scan";
  if (step.kind == Kind::kScan && step.storage != 0) return "Column Scan";
  const auto found = kTypes.find(step.name);
  return found != kTypes.end() ? found->second : Words(step.name);
}

class EngineExplainer {
 public:
  EngineExplainer(const PlannedRead& read, const std::vector<sql::RowScan>& row_scans,
                  const std::vector<std::optional<ScannedKeys>>& keys, bool ran)
      : read_(read), row_scans_(row_scans), keys_(keys), ran_(ran) {}

  ExplainNode Explain(const PlanOperator& step) {
    // What is computed for each row is no step to PostgreSQL.
    if (step.kind == Kind::kProjection && step.inputs.size() == 1) {
      return Explain(step.inputs.front());
    }
    ExplainNode node;
    node.type = TypeOf(step);
    node.expected = {std::nullopt, std::nullopt, step.estimated_rows};
    if (ran_) node.seen = {static_cast<double>(step.rows), 1, 0, step.nanos};
    const size_t before = below_.size();
    if (step.kind == Kind::kScan) AddTable(step, &node);
    for (const PlanOperator& input : step.inputs) node.inputs.push_back(Explain(input));
    const std::span<const catalog::Table* const> tables(below_.begin() + before, below_.end());
    for (const auto& [name, text] : step.details) {
      const auto shown = kDetailNames.find(name);
      if (shown != kDetailNames.end() && !text.empty()) {
        const bool conditions = shown->second == "Filter" || shown->second == "Hash Cond";
        node.details.emplace_back(shown->second,
                                  OnOneLine(WithNames(text, tables), conditions ? " AND " : ", "));
      }
    }
    return node;
  }

 private:
  void AddTable(const PlanOperator& scan, ExplainNode* node) {
    const catalog::Table* table = TableOf(scan);
    if (scan.source >= 0) AddConditions(static_cast<size_t>(scan.source), node);
    if (table != nullptr) {
      node->relation = table->name;
      below_.push_back(table);
    } else if (scan.source >= 0 && row_scans_[static_cast<size_t>(scan.source)].system != nullptr) {
      node->relation = row_scans_[static_cast<size_t>(scan.source)].system->name;
    }
  }

  /// Those that rows are read by.
  void AddConditions(size_t row_scan, ExplainNode* node) const {
    if (row_scan >= keys_.size() || !keys_[row_scan].has_value()) return;
    const ScannedKeys& keys = *keys_[row_scan];
    if (!keys.condition_text.empty()) node->details.emplace_back("Index Cond", keys.condition_text);
    if (!keys.filter_text.empty()) node->details.emplace_back("Row Filter", keys.filter_text);
  }

  const catalog::Table* TableOf(const PlanOperator& scan) const {
    if (scan.source >= 0) return row_scans_[static_cast<size_t>(scan.source)].table.get();
    const auto found = std::ranges::find_if(
        read_.tables, [&](const auto& table) { return table->storage_id == scan.storage; });
    return found == read_.tables.end() ? nullptr : found->get();
  }

  /// The engine's columns are c<attnum>: by their names where all tables below agree on one.
  static std::string WithNames(const std::string& text,
                               std::span<const catalog::Table* const> tables) {
    std::string named;
    for (size_t at = 0; at < text.size();) {
      size_t end = at;
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) {
        ++end;
      }
      const std::string word = text.substr(at, std::max<size_t>(end - at, 1));
      named += end == at ? word : NameOf(word, tables);
      at += word.size();
    }
    return named;
  }

  /// The engine lists things on lines.
  static std::string OnOneLine(const std::string& lines, std::string_view separator) {
    std::string line;
    for (const char c : lines) {
      if (c == '\n') {
        line += separator;
      } else {
        line += c;
      }
    }
    return line;
  }

  static std::string NameOf(const std::string& word,
                            std::span<const catalog::Table* const> tables) {
    int attnum = 0;
    const char* end = word.data() + word.size();
    if (word[0] != 'c' || word.size() < 2 ||
        std::from_chars(word.data() + 1, end, attnum).ptr != end) {
      return word;
    }
    std::string name;
    for (const catalog::Table* table : tables) {
      if (attnum < 1 || static_cast<size_t>(attnum) > table->columns.size()) continue;
      const std::string& own = table->column(attnum).name;
      if (!name.empty() && name != own) return word;
      name = own;
    }
    return name.empty() ? word : name;
  }

  const PlannedRead& read_;
  const std::vector<sql::RowScan>& row_scans_;
  const std::vector<std::optional<ScannedKeys>>& keys_;
  const bool ran_;
  std::vector<const catalog::Table*> below_;  // of what has been visited
};

}  // namespace

ExplainNode ExplainEnginePlan(const PlannedRead& read, const PlanOperator& plan,
                              const std::vector<sql::RowScan>& row_scans,
                              const std::vector<std::optional<ScannedKeys>>& keys, bool ran) {
  return EngineExplainer(read, row_scans, keys, ran).Explain(plan);
}

}  // namespace omen::exec
