#include "functions/regex/regex_program.h"

#include <algorithm>
#include <map>

#include "base/work.h"

namespace omen::functions {

namespace {

using Kind = RegexNode::Kind;

constexpr size_t kMaxStates = 60'000;

}  // namespace

Result<uint32_t> RegexProgram::NewState() {
  if (out_.size() >= kMaxStates) return InvalidRegex("regular expression is too complex");
  out_.emplace_back();
  in_.emplace_back();
  return static_cast<uint32_t>(out_.size() - 1);
}

void RegexProgram::Link(uint32_t from, uint32_t to, EdgeKind kind, uint32_t data) {
  out_[from].push_back({kind, data, to});
  in_[to].push_back({kind, data, from});
}

void RegexProgram::NoteAssertion(RegexAssertion assertion) {
  has_assertions_ = true;
  switch (assertion) {
    case RegexAssertion::kTextStart:
    case RegexAssertion::kTextEnd:
      break;
    case RegexAssertion::kLineStart:
    case RegexAssertion::kLineEnd:
      asks_for_lines_ = true;
      break;
    default:
      asks_for_words_ = true;
      break;
  }
}

Status RegexProgram::RepeatFragment(RegexNode& node) {
  RegexNode& child = *node.children[0];
  uint32_t current = node.start;
  for (int i = 0; i < node.min; ++i) {
    OMEN_RETURN_IF_ERROR(Fragment(child));
    Link(current, child.start);
    current = child.end;
  }
  if (node.max == RegexNode::kUnbounded) {
    OMEN_ASSIGN_OR_RETURN(uint32_t loop, NewState());
    OMEN_RETURN_IF_ERROR(Fragment(child));
    Link(current, loop);
    Link(loop, child.start);
    Link(child.end, loop);
    current = loop;
  }
  for (int i = node.min; i < node.max; ++i) {
    OMEN_RETURN_IF_ERROR(Fragment(child));
    Link(current, node.end);
    Link(current, child.start);
    current = child.end;
  }
  Link(current, node.end);
  return Status::Ok();
}

Status RegexProgram::Fragment(RegexNode& node) {
  OMEN_ASSIGN_OR_RETURN(node.start, NewState());
  OMEN_ASSIGN_OR_RETURN(node.end, NewState());
  switch (node.kind) {
    case Kind::kEmpty:
      Link(node.start, node.end);
      break;
    case Kind::kChars:
      Link(node.start, node.end, EdgeKind::kSet, static_cast<uint32_t>(sets_.size()));
      sets_.push_back(node.set);
      break;
    case Kind::kAssert:
      Link(node.start, node.end, EdgeKind::kAssert, static_cast<uint32_t>(node.assertion));
      NoteAssertion(node.assertion);
      break;
    case Kind::kRepeat:
      return RepeatFragment(node);
    case Kind::kLook: {
      RegexNode& inside = *node.children[0];
      OMEN_RETURN_IF_ERROR(Fragment(inside));
      Link(node.start, node.end, EdgeKind::kLook, static_cast<uint32_t>(looks_.size()));
      looks_.push_back({inside.start, inside.end, node.negative, node.behind});
      break;
    }
    case Kind::kAlternate:
      for (auto& child : node.children) {
        OMEN_RETURN_IF_ERROR(Fragment(*child));
        Link(node.start, child->start);
        Link(child->end, node.end);
      }
      break;
    case Kind::kConcat:
    case Kind::kGroup: {
      uint32_t current = node.start;
      for (auto& child : node.children) {
        OMEN_RETURN_IF_ERROR(Fragment(*child));
        Link(current, child->start);
        current = child->end;
      }
      Link(current, node.end);
      break;
    }
  }
  return Status::Ok();
}

// Code points that no set of the expression tells apart share a class.
void RegexProgram::BuildClasses() {
  std::vector<CharSet> sets = sets_;
  sets.push_back(WordCharacters());
  CharSet newline;
  newline.Add('\n', '\n');
  sets.push_back(newline);
  std::vector<uint32_t> starts = {0, 128};
  for (const CharSet& set : sets) {
    for (auto [low, high] : set.ranges()) {
      starts.push_back(low);
      starts.push_back(high + 1);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::map<std::vector<bool>, uint16_t> known;
  set_classes_.assign(sets_.size(), {});
  for (uint32_t start : starts) {
    std::vector<bool> members;
    for (const CharSet& set : sets) {
      Work::Poll();
      members.push_back(set.Contains(start));
    }
    auto [entry, added] = known.emplace(members, static_cast<uint16_t>(known.size()));
    interval_starts_.push_back(start);
    interval_classes_.push_back(entry->second);
    if (!added) continue;
    for (size_t i = 0; i < sets_.size(); ++i) set_classes_[i].push_back(members[i]);
    word_classes_.push_back(members[sets_.size()]);
    newline_classes_.push_back(members[sets_.size() + 1]);
  }
  class_count_ = static_cast<uint32_t>(known.size());
  for (uint32_t code = 0; code < ascii_classes_.size(); ++code) {
    ascii_classes_[code] = static_cast<uint16_t>(WideClassOf(code));
  }
}

uint32_t RegexProgram::WideClassOf(uint32_t code) const {
  auto after = std::upper_bound(interval_starts_.begin(), interval_starts_.end(), code);
  return interval_classes_[static_cast<size_t>(after - interval_starts_.begin()) - 1];
}

Status RegexProgram::Build(RegexNode& root) {
  OMEN_RETURN_IF_ERROR(Fragment(root));
  BuildClasses();
  return Status::Ok();
}

}  // namespace omen::functions
