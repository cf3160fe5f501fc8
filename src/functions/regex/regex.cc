#include "functions/regex/regex.h"

#include <algorithm>
#include <list>
#include <string>

#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

using Kind = RegexNode::Kind;
using Want = RegexWalker::Want;

constexpr size_t kCachedExpressions = 64;

Status TooManySteps() { return InvalidRegex("regular expression is too complex"); }

size_t PatternLength(std::string_view text, size_t at) {
  return at < text.size() ? CharacterLength(text[at]) : 1;
}

}  // namespace

/// Shares out a match among the groups: each part takes the longest (or shortest) text that
/// lets the parts after it match the rest, earlier parts first.
class Regex::Dissection {
 public:
  Dissection(Regex& regex, std::string_view text, RegexBudget& budget,
             std::vector<RegexSpan>& spans)
      : regex_(regex), text_(text), budget_(budget), spans_(spans) {}

  void Run(const RegexNode& node, size_t begin, size_t end) {
    if (!node.has_groups) return;
    if (node.turn) Forget(node);
    switch (node.kind) {
      case Kind::kGroup:
        spans_[static_cast<size_t>(node.group)] = {begin, end};
        Run(*node.children[0], begin, end);
        break;
      case Kind::kConcat:
        Concat(node, begin, end);
        break;
      case Kind::kAlternate:
        Alternate(node, begin, end);
        break;
      case Kind::kRepeat:
        Repeat(node, begin, end);
        break;
      default:
        break;
    }
  }

 private:
  std::vector<size_t> Ends(const RegexNode& node, size_t begin, size_t end) {
    std::vector<size_t> ends;
    regex_.WalkerFor(node.start, node.end, false)
        .Walk(text_, begin, end, Want::kAll, budget_, &ends);
    return ends;
  }

  // Where the walk from `target` back to `start` can begin so as to finish at `end`, ascending.
  std::vector<size_t> Begins(uint32_t start, uint32_t target, size_t begin, size_t end) {
    std::vector<size_t> begins;
    regex_.WalkerFor(target, start, true).Walk(text_, end, begin, Want::kAll, budget_, &begins);
    std::reverse(begins.begin(), begins.end());
    return begins;
  }

  static size_t Choose(const RegexNode& node, const std::vector<size_t>& ends,
                       const std::vector<size_t>& begins, size_t fallback) {
    std::vector<size_t> both;
    std::set_intersection(ends.begin(), ends.end(), begins.begin(), begins.end(),
                          std::back_inserter(both));
    if (both.empty()) return fallback;
    return node.preference == RegexPreference::kShorter ? both.front() : both.back();
  }

  void Concat(const RegexNode& node, size_t begin, size_t end) {
    size_t last = node.children.size();
    while (last > 0 && !node.children[last - 1]->has_groups) --last;
    for (size_t i = 0; i < last; ++i) {
      const RegexNode& part = *node.children[i];
      const size_t middle = i + 1 < node.children.size() ? EndOf(node, i, begin, end) : end;
      Run(part, begin, middle);
      begin = middle;
    }
  }

  // Where the part ends that begins there, of a concatenation that ends at `end`.
  size_t EndOf(const RegexNode& node, size_t index, size_t begin, size_t end) {
    const RegexNode& part = *node.children[index];
    const uint32_t rest = node.children[index + 1]->start;
    if (part.kind == Kind::kChars) return begin + PatternLength(text_, begin);
    if (part.kind == Kind::kAssert || part.kind == Kind::kEmpty) return begin;
    const auto fits = [&](size_t middle) {
      return middle != RegexWalker::kNowhere &&
             regex_.WalkerFor(rest, node.end, false)
                     .Walk(text_, middle, end, Want::kLast, budget_) == end;
    };
    // Mostly it is the one that is wanted most.
    const bool shorter = part.preference == RegexPreference::kShorter;
    const size_t wanted =
        regex_.WalkerFor(part.start, part.end, false)
            .Walk(text_, begin, end, shorter ? Want::kFirst : Want::kLast, budget_);
    if (fits(wanted)) return wanted;
    const std::vector<size_t> ends = Ends(part, begin, end);
    if (ends.size() == 1) return ends.front();
    return Choose(part, ends, Begins(rest, node.end, begin, end), end);
  }

  void Alternate(const RegexNode& node, size_t begin, size_t end) {
    for (const auto& child : node.children) {
      std::vector<size_t> ends = Ends(*child, begin, end);
      if (ends.empty() || ends.back() != end) continue;
      Run(*child, begin, end);
      return;
    }
  }

  // Repeats with groups are x* or x?; the counted forms were written out.
  void Repeat(const RegexNode& node, size_t begin, size_t end) {
    const RegexNode& child = *node.children[0];
    if (begin == end || node.max == 1) {
      if (begin < end || !Ends(child, begin, end).empty()) Run(child, begin, end);
      return;
    }
    std::vector<size_t> begins = Begins(node.start, node.end, begin, end);
    while (begin < end && budget_.steps > 0) {
      std::vector<size_t> ends = Ends(child, begin, end);
      std::erase(ends, begin);
      size_t middle = Choose(child, ends, begins, end);
      Run(child, begin, middle);
      begin = middle;
    }
  }

  // A turn that does not reach a group leaves it unset, whatever earlier turns did.
  void Forget(const RegexNode& node) {
    if (!node.has_groups) return;
    if (node.kind == Kind::kGroup) spans_[static_cast<size_t>(node.group)] = {};
    for (const auto& child : node.children) Forget(*child);
  }

  Regex& regex_;
  std::string_view text_;
  RegexBudget& budget_;
  std::vector<RegexSpan>& spans_;
};

Result<std::unique_ptr<Regex>> Regex::Compile(std::string_view pattern,
                                              const RegexOptions& options) {
  std::unique_ptr<Regex> regex(new Regex);
  OMEN_ASSIGN_OR_RETURN(regex->tree_, ParseRegex(pattern, options));
  RegexNode& root = *regex->tree_.root;
  OMEN_RETURN_IF_ERROR(regex->program_.Build(root));
  regex->scanner_ =
      std::make_unique<RegexWalker>(regex->program_, root.start, root.end, false, true);
  return regex;
}

Result<Regex*> Regex::Cached(std::string_view pattern, const RegexOptions& options) {
  struct Entry {
    std::string pattern;
    RegexOptions options;
    std::unique_ptr<Regex> regex;
  };
  static thread_local std::list<Entry> entries;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    if (entry->pattern != pattern || entry->options != options) continue;
    entries.splice(entries.begin(), entries, entry);
    return entries.front().regex.get();
  }
  OMEN_ASSIGN_OR_RETURN(std::unique_ptr<Regex> compiled, Compile(pattern, options));
  // The large ones are not kept beside each other: the statement that made one pays for it.
  std::erase_if(entries, [](const Entry& entry) { return entry.regex->IsLarge(); });
  entries.push_front({std::string(pattern), options, std::move(compiled)});
  if (entries.size() > kCachedExpressions) entries.pop_back();
  return entries.front().regex.get();
}

RegexWalker& Regex::WalkerFor(uint32_t start, uint32_t target, bool reverse) {
  // There are some 60,000 states at most.
  auto& walker = walkers_[uint64_t{start} << 33 | uint64_t{target} << 1 | uint64_t{reverse}];
  if (!walker) walker = std::make_unique<RegexWalker>(program_, start, target, reverse, false);
  return *walker;
}

Result<bool> Regex::Test(std::string_view text, size_t from) {
  RegexBudget budget;
  size_t end = scanner_->Walk(text, from, text.size(), Want::kFirst, budget);
  if (budget.steps <= 0) return TooManySteps();
  return end != RegexWalker::kNowhere;
}

Result<bool> Regex::Find(std::string_view text, size_t from, std::vector<RegexSpan>* spans) {
  spans->assign(static_cast<size_t>(tree_.groups) + 1, {});
  RegexBudget budget;
  const RegexNode& root = *tree_.root;
  RegexWalker& walker = WalkerFor(root.start, root.end, false);
  Want want = root.preference == RegexPreference::kShorter ? Want::kFirst : Want::kLast;
  size_t soonest = from;  // no match ends before; known once none was found at the first place
  for (size_t begin = from; begin <= soonest; begin += PatternLength(text, begin)) {
    size_t end = walker.Walk(text, begin, text.size(), want, budget);
    if (budget.steps <= 0) return TooManySteps();
    if (end == RegexWalker::kNowhere) {
      if (begin > from) continue;
      soonest = scanner_->Walk(text, from, text.size(), Want::kFirst, budget);
      if (budget.steps <= 0) return TooManySteps();
      if (soonest == RegexWalker::kNowhere) return false;
      continue;
    }
    (*spans)[0] = {begin, end};
    Dissection(*this, text, budget, *spans).Run(root, begin, end);
    if (budget.steps <= 0) return TooManySteps();
    return true;
  }
  return false;
}

}  // namespace omen::functions
