// Runs a program over a text.
#include <algorithm>

#include "base/work.h"
#include "functions/kernel/utf8.h"
#include "functions/regex/regex_program.h"

namespace omen::functions {

namespace {

// What assertions ask of the characters on either side of a position.
constexpr uint8_t kEdgeOfText = 1, kWord = 2, kNewline = 4;

constexpr int32_t kDead = 0;
constexpr size_t kMaxCachedStates = 4096, kMinCachedStates = 16;
constexpr size_t kMaxCachedTransitions = 8 << 20;

}  // namespace

RegexWalker::RegexWalker(const RegexProgram& program, uint32_t start, uint32_t target, bool reverse,
                         bool restart)
    : program_(program),
      start_(start),
      target_(target),
      reverse_(reverse),
      restart_(restart),
      cacheable_(program.looks().empty()),
      contexts_(ContextsOf(program)),
      stride_(program.classes() + 1) {
  Forget();
}

void RegexWalker::Forget() {
  states_.clear();
  next_.clear();
  loops_.clear();
  ids_.clear();
  starts_.fill(-1);
  Intern({}, 0);
}

int32_t RegexWalker::StartPlace(uint8_t context) {
  if (starts_[context] >= 0) return starts_[context];
  const int32_t place = Intern({start_}, context) * static_cast<int32_t>(stride_);
  starts_[context] = place;
  return place;
}

std::vector<uint8_t> RegexWalker::ContextsOf(const RegexProgram& program) {
  std::vector<uint8_t> contexts(program.classes() + 1);
  if (!program.has_assertions()) return contexts;
  for (uint32_t index = 0; index < program.classes(); ++index) {
    const bool word = program.asks_for_words() && program.IsWordClass(index);
    const bool newline = program.asks_for_lines() && program.IsNewlineClass(index);
    contexts[index] = static_cast<uint8_t>((word ? kWord : 0) | (newline ? kNewline : 0));
  }
  contexts.back() = kEdgeOfText;
  return contexts;
}

// The character a walk consumes at `at`; the class after the last stands for the text's end.
uint32_t RegexWalker::ClassAt(std::string_view text, size_t at, size_t* length) const {
  *length = 0;
  if (at == (reverse_ ? 0 : text.size())) return program_.classes();
  size_t start = at;
  if (reverse_) {
    --start;
    while (start > 0 && IsContinuation(text[start])) --start;
  }
  auto lead = static_cast<unsigned char>(text[start]);
  if (lead < 0x80) {
    *length = 1;
    return program_.ClassOf(lead);
  }
  size_t end = start;
  uint32_t code = DecodeCharacter(text, &end);
  *length = end - start;
  return program_.ClassOf(code);
}

uint8_t RegexWalker::ContextBefore(std::string_view text, size_t at) const {
  if (!program_.has_assertions()) return 0;
  if (reverse_) {
    if (at == text.size()) return kEdgeOfText;
    size_t end = at;
    return contexts_[program_.ClassOf(DecodeCharacter(text, &end))];
  }
  if (at == 0) return kEdgeOfText;
  size_t start = at - 1;
  const auto byte = static_cast<unsigned char>(text[start]);
  if (byte < 0x80) return contexts_[program_.ClassOf(byte)];
  while (start > 0 && IsContinuation(text[start])) --start;
  return contexts_[program_.ClassOf(DecodeCharacter(text, &start))];
}

bool RegexWalker::LookHolds(uint32_t look, std::string_view text, size_t at, RegexBudget& budget) {
  const RegexProgram::Look& wanted = program_.looks()[look];
  look_walkers_.resize(program_.looks().size());
  auto& walker = look_walkers_[look];
  if (!walker) {
    uint32_t from = wanted.behind ? wanted.end : wanted.start;
    uint32_t to = wanted.behind ? wanted.start : wanted.end;
    walker = std::make_unique<RegexWalker>(program_, from, to, wanted.behind, false);
  }
  size_t limit = wanted.behind ? 0 : text.size();
  bool found = walker->Walk(text, at, limit, Want::kFirst, budget) != kNowhere;
  return found != wanted.negative;
}

bool RegexWalker::Holds(const RegexProgram::Edge& edge, uint8_t behind, uint8_t ahead,
                        std::string_view text, size_t at, RegexBudget& budget) {
  if (edge.kind == RegexProgram::EdgeKind::kFree) return true;
  if (edge.kind == RegexProgram::EdgeKind::kLook) return LookHolds(edge.data, text, at, budget);
  if (edge.kind != RegexProgram::EdgeKind::kAssert) return false;
  bool word_before = (behind & kWord) != 0, word_after = (ahead & kWord) != 0;
  switch (static_cast<RegexAssertion>(edge.data)) {
    case RegexAssertion::kTextStart:
      return (behind & kEdgeOfText) != 0;
    case RegexAssertion::kTextEnd:
      return (ahead & kEdgeOfText) != 0;
    case RegexAssertion::kLineStart:
      return (behind & (kEdgeOfText | kNewline)) != 0;
    case RegexAssertion::kLineEnd:
      return (ahead & (kEdgeOfText | kNewline)) != 0;
    case RegexAssertion::kWordStart:
      return !word_before && word_after;
    case RegexAssertion::kWordEnd:
      return word_before && !word_after;
    case RegexAssertion::kWordEdge:
      return word_before != word_after;
    case RegexAssertion::kNotWordEdge:
      return word_before == word_after;
  }
  return false;
}

// Everything reachable without consuming a character.
void RegexWalker::Close(const State& from, uint8_t ahead, std::string_view text, size_t at,
                        RegexBudget& budget) {
  uint8_t left = reverse_ ? ahead : from.context;
  uint8_t right = reverse_ ? from.context : ahead;
  ++generation_;
  closure_.clear();
  auto reach = [&](uint32_t state) {
    if (seen_.size() <= state) seen_.resize(state + 64, 0);
    if (seen_[state] == generation_) return;
    seen_[state] = generation_;
    closure_.push_back(state);
  };
  for (uint32_t state : from.kernel) reach(state);
  for (size_t i = 0; i < closure_.size(); ++i) {
    // Beyond the target lie the states of whatever encloses the part being walked.
    if (closure_[i] == target_) continue;
    for (const RegexProgram::Edge& edge : program_.Edges(closure_[i], reverse_)) {
      if (Holds(edge, left, right, text, at, budget)) reach(edge.target);
    }
  }
  budget.steps -= static_cast<int64_t>(closure_.size());
  Work::Poll(closure_.size());
}

int32_t RegexWalker::Compute(int32_t state, uint32_t index, std::string_view text, size_t at,
                             RegexBudget& budget) {
  uint8_t ahead = contexts_[index];
  Close(states_[static_cast<size_t>(state)], ahead, text, at, budget);
  bool accepts = false;
  std::vector<uint32_t> kernel;
  for (uint32_t member : closure_) {
    if (member == target_) {
      accepts = true;
      continue;
    }
    if (index == program_.classes()) continue;
    for (const RegexProgram::Edge& edge : program_.Edges(member, reverse_)) {
      if (edge.kind == RegexProgram::EdgeKind::kSet && program_.SetHas(edge.data, index)) {
        kernel.push_back(edge.target);
      }
    }
  }
  if (restart_ && index != program_.classes()) kernel.push_back(start_);
  std::sort(kernel.begin(), kernel.end());
  kernel.erase(std::unique(kernel.begin(), kernel.end()), kernel.end());
  int32_t next = kernel.empty() ? kDead : Intern(std::move(kernel), ahead);
  return next * 2 + (accepts ? 1 : 0);
}

int32_t RegexWalker::Transition(int32_t place, uint32_t index, std::string_view text, size_t at,
                                RegexBudget& budget) {
  const int32_t state = place / static_cast<int32_t>(stride_);
  const size_t before = states_.size();
  const int32_t computed = Compute(state, index, text, at, budget);
  const int32_t stride = static_cast<int32_t>(stride_);
  const int32_t transition = (computed >> 1) * stride * 2 + (computed & 1);
  // Interning may have dropped all states, this one included.
  if (cacheable_ && states_.size() >= before)
    next_[static_cast<size_t>(place) + index] = transition;
  return transition;
}

size_t RegexWalker::MostStates() const {
  return std::clamp(kMaxCachedTransitions / stride_, kMinCachedStates, kMaxCachedStates);
}

int32_t RegexWalker::Intern(std::vector<uint32_t> kernel, uint8_t context) {
  std::string key(reinterpret_cast<const char*>(kernel.data()), kernel.size() * sizeof(uint32_t));
  key += static_cast<char>(context);
  auto found = ids_.find(key);
  if (found != ids_.end()) return found->second;
  if (states_.size() >= MostStates()) Forget();
  // All or none, and the walker is kept for the next statement.
  Work::Pause pause;
  auto id = static_cast<int32_t>(states_.size());
  next_.resize((states_.size() + 1) * stride_, -1);
  loops_.resize(states_.size() + 1, Loop::kUnknown);
  states_.push_back({std::move(kernel), context});
  ids_.emplace(std::move(key), id);
  return id;
}

void RegexWalker::Skip(std::string_view text, size_t limit, RegexBudget& budget, int32_t* place,
                       size_t* at, size_t* found) {
  constexpr size_t kLongest = 4096, kLong = 16;
  const size_t began = *at, end = std::min(limit, began + kLongest);
  int32_t now = *place;
  size_t next = began;
  for (; next < end; ++next) {
    const auto byte = static_cast<unsigned char>(text[next]);
    if (byte >= 0x80) break;
    const int32_t known = next_[static_cast<size_t>(now) + program_.ClassOf(byte)];
    if (known < 2) break;  // unknown, or dead
    if ((known & 1) != 0) {
      if (found == nullptr) break;
      *found = next;
    }
    now = known >> 1;
  }
  budget.steps -= static_cast<int64_t>(next - began);
  Work::Poll(next - began);
  if (next - began >= kLong && LoopsForEver(now, budget)) next = limit;
  *place = now;
  *at = next;
}

bool RegexWalker::LoopsForEver(int32_t place, RegexBudget& budget) {
  constexpr uint32_t kMostClasses = 64;
  auto& known = loops_[static_cast<size_t>(place) / stride_];
  if (known != Loop::kUnknown) return known == Loop::kForEver;
  // What is not known yet is found out, while that drops no state.
  const uint32_t classes = program_.classes();
  if (!cacheable_ || classes > kMostClasses || states_.size() + classes >= MostStates()) {
    return false;
  }
  bool loops = true;
  for (uint32_t index = 0; index < classes && loops; ++index) {
    int32_t next = next_[static_cast<size_t>(place) + index];
    if (next < 0) next = Transition(place, index, {}, 0, budget);
    loops = next == place * 2;
  }
  loops_[static_cast<size_t>(place) / stride_] = loops ? Loop::kForEver : Loop::kEnds;
  return loops;
}

size_t RegexWalker::Walk(std::string_view text, size_t at, size_t limit, Want want,
                         RegexBudget& budget, std::vector<size_t>* all) {
  size_t found = kNowhere;
  int32_t place = StartPlace(ContextBefore(text, at));
  while (--budget.steps > 0) {
    if (!reverse_) Skip(text, limit, budget, &place, &at, want == Want::kLast ? &found : nullptr);
    Work::Poll();
    size_t length;
    const int32_t transition = Step(place, text, at, &length, budget);
    if (transition & 1) {
      found = at;
      if (want == Want::kFirst) return found;
      if (want == Want::kAll) all->push_back(at);
    }
    place = transition >> 1;
    if (at == limit || length == 0 || place == kDead) return found;
    at = reverse_ ? at - length : at + length;
  }
  return kNowhere;
}

int32_t RegexWalker::Step(int32_t place, std::string_view text, size_t at, size_t* length,
                          RegexBudget& budget) {
  const uint32_t index = ClassAt(text, at, length);
  const int32_t known = next_[static_cast<size_t>(place) + index];
  return known >= 0 ? known : Transition(place, index, text, at, budget);
}

}  // namespace omen::functions
