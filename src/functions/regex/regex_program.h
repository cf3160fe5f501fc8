// A regular expression as a nondeterministic automaton over character classes, and walks
// through it that build deterministic states as they need them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "functions/regex/regex_syntax.h"

namespace omen::functions {

/// The states and edges of a parsed expression. Every node of the tree knows the state it
/// starts in and the one it ends in, so that any part can be walked by itself.
class RegexProgram {
 public:
  enum class EdgeKind : uint8_t { kFree, kSet, kAssert, kLook };
  struct Edge {
    EdgeKind kind;
    uint32_t data;  // set, RegexAssertion, or look
    uint32_t target;
  };
  struct Look {
    uint32_t start, end;
    bool negative, behind;
  };

  /// Fills `start` and `end` of the nodes. 2201B when the automaton would be too large.
  Status Build(RegexNode& root);

  size_t states() const { return out_.size(); }
  uint32_t classes() const { return class_count_; }
  uint32_t ClassOf(uint32_t code) const {
    return code < ascii_classes_.size() ? ascii_classes_[code] : WideClassOf(code);
  }
  bool IsWordClass(uint32_t index) const { return word_classes_[index]; }
  bool IsNewlineClass(uint32_t index) const { return newline_classes_[index]; }
  bool SetHas(uint32_t set, uint32_t index) const { return set_classes_[set][index]; }
  const std::vector<Edge>& Edges(uint32_t state, bool reverse) const {
    return (reverse ? in_ : out_)[state];
  }
  const std::vector<Look>& looks() const { return looks_; }
  bool has_assertions() const { return has_assertions_; }
  bool asks_for_words() const { return asks_for_words_; }
  bool asks_for_lines() const { return asks_for_lines_; }

 private:
  Status Fragment(RegexNode& node);
  Status RepeatFragment(RegexNode& node);
  void NoteAssertion(RegexAssertion assertion);
  Result<uint32_t> NewState();
  void Link(uint32_t from, uint32_t to, EdgeKind kind = EdgeKind::kFree, uint32_t data = 0);
  void BuildClasses();
  uint32_t WideClassOf(uint32_t code) const;

  std::vector<std::vector<Edge>> out_, in_;
  std::vector<CharSet> sets_;
  std::vector<Look> looks_;
  bool has_assertions_ = false;
  bool asks_for_words_ = false, asks_for_lines_ = false;  // what is beside an assertion

  uint32_t class_count_ = 0;
  std::array<uint16_t, 128> ascii_classes_{};
  std::vector<uint32_t> interval_starts_;
  std::vector<uint16_t> interval_classes_;
  std::vector<bool> word_classes_, newline_classes_;
  std::vector<std::vector<bool>> set_classes_;
};

/// What a walk may spend, over all walks of one call.
struct RegexBudget {
  int64_t steps = 200'000'000;
};

/// Walks from one state to another, forwards or backwards through the text. States are kept
/// between walks, up to a limit. One thread.
class RegexWalker {
 public:
  enum class Want { kFirst, kLast, kAll };
  static constexpr size_t kNowhere = static_cast<size_t>(-1);

  /// `restart` lets a walk begin anew at every position: "is there a match anywhere".
  RegexWalker(const RegexProgram& program, uint32_t start, uint32_t target, bool reverse,
              bool restart);

  /// The nearest (kFirst) or farthest (kLast) position from `at` towards `limit` where the
  /// target is reached; kAll also lists them all. kNowhere if there is none or the budget is spent.
  size_t Walk(std::string_view text, size_t at, size_t limit, Want want, RegexBudget& budget,
              std::vector<size_t>* all = nullptr);

 private:
  struct State {
    std::vector<uint32_t> kernel;
    uint8_t context;
  };
  static constexpr size_t kContexts = 8;
  enum class Loop : uint8_t { kUnknown, kEnds, kForEver };

  static std::vector<uint8_t> ContextsOf(const RegexProgram& program);
  uint8_t ContextBefore(std::string_view text, size_t at) const;
  uint32_t ClassAt(std::string_view text, size_t at, size_t* length) const;
  /// Passes by what is known to lead on, and matches too where `found` takes the last of them.
  void Skip(std::string_view text, size_t limit, RegexBudget& budget, int32_t* place, size_t* at,
            size_t* found);
  /// Every character leads from there to there, without a match.
  bool LoopsForEver(int32_t place, RegexBudget& budget);
  int32_t Step(int32_t place, std::string_view text, size_t at, size_t* length,
               RegexBudget& budget);
  int32_t Transition(int32_t place, uint32_t index, std::string_view text, size_t at,
                     RegexBudget& budget);
  int32_t Compute(int32_t state, uint32_t index, std::string_view text, size_t at,
                  RegexBudget& budget);
  bool Holds(const RegexProgram::Edge& edge, uint8_t behind, uint8_t ahead, std::string_view text,
             size_t at, RegexBudget& budget);
  bool LookHolds(uint32_t look, std::string_view text, size_t at, RegexBudget& budget);
  void Close(const State& from, uint8_t ahead, std::string_view text, size_t at,
             RegexBudget& budget);
  int32_t Intern(std::vector<uint32_t> kernel, uint8_t context);
  size_t MostStates() const;
  int32_t StartPlace(uint8_t context);
  void Forget();

  const RegexProgram& program_;
  uint32_t start_, target_;
  bool reverse_, restart_, cacheable_;
  const std::vector<uint8_t> contexts_;  // by class, the end of the text last
  std::vector<State> states_;
  const size_t stride_;  // classes, and one for the end of the text, which is the last
  // By state and class: where the state it leads to has its place here, twice, and 1 more where
  // the target is reached; -1 unknown.
  std::vector<int32_t> next_;
  std::vector<Loop> loops_;  // by state
  std::array<int32_t, kContexts> starts_;
  std::unordered_map<std::string, int32_t> ids_;
  std::vector<uint32_t> closure_;
  std::vector<uint32_t> seen_;  // generation per state
  uint32_t generation_ = 0;
  std::vector<std::unique_ptr<RegexWalker>> look_walkers_;
};

}  // namespace omen::functions
