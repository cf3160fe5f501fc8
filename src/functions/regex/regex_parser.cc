// Recursive descent over the ARE grammar, following regcomp.c where the grammar decides
// how text is shared among parts: runs of parts without groups form one "lump" that
// matches as a whole, and only groups or a clash of preferences split it.
#include <optional>
#include <string>

#include "functions/kernel/utf8.h"
#include "functions/regex/regex_brackets.h"
#include "functions/regex/regex_syntax.h"

namespace omen::functions {

namespace {

using Kind = RegexNode::Kind;
using NodePtr = std::unique_ptr<RegexNode>;

constexpr int kMaxDepth = 250;
constexpr int kMaxRepeat = 255;  // DUPMAX
constexpr size_t kMaxNodes = 20'000;

NodePtr NewNode(Kind kind) {
  auto node = std::make_unique<RegexNode>();
  node->kind = kind;
  return node;
}

void Inherit(RegexNode& node, const RegexNode& child) {
  if (node.preference == RegexPreference::kNone) node.preference = child.preference;
  bool clash = node.preference != RegexPreference::kNone &&
               child.preference != RegexPreference::kNone && node.preference != child.preference;
  node.has_groups |= child.has_groups;
  node.mixed |= child.mixed || clash;
}

NodePtr Clone(const RegexNode& node) {
  auto copy = NewNode(node.kind);
  copy->preference = node.preference;
  copy->has_groups = node.has_groups;
  copy->mixed = node.mixed;
  copy->turn = node.turn;
  copy->set = node.set;
  copy->min = node.min;
  copy->max = node.max;
  copy->group = node.group;
  copy->assertion = node.assertion;
  copy->negative = node.negative;
  copy->behind = node.behind;
  for (const NodePtr& child : node.children) copy->children.push_back(Clone(*child));
  return copy;
}

size_t CountNodes(const RegexNode& node) {
  size_t count = 1;
  for (const NodePtr& child : node.children) count += CountNodes(*child);
  return count;
}

struct Quantifier {
  int min = 1, max = 1;
  RegexPreference preference = RegexPreference::kNone;
};

class Parser {
 public:
  Parser(std::string_view pattern, RegexOptions options) : rest_(pattern), options_(options) {}

  Result<RegexTree> Run() {
    OMEN_RETURN_IF_ERROR(Prefixes());
    RegexTree tree;
    if (options_.literal) {
      tree.root = Literal();
    } else {
      OMEN_ASSIGN_OR_RETURN(tree.root, Alternatives(0));
      if (!rest_.empty()) return InvalidRegex("parentheses () not balanced");
    }
    tree.groups = groups_;
    return tree;
  }

 private:
  bool Take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  char Next() const { return rest_.empty() ? '\0' : rest_.front(); }

  uint32_t TakeCharacter() {
    size_t length = 0;
    uint32_t code = DecodeCharacter(rest_, &length);
    rest_.remove_prefix(length);
    return code;
  }

  // ***: and ***= directors, then (?flags).
  Status Prefixes() {
    if (options_.literal) return Status::Ok();
    if (Take("***=")) {
      options_.literal = true;
      return Status::Ok();
    }
    if (!Take("***:") && rest_.starts_with("***"))
      return InvalidRegex("quantifier operand invalid");
    if (rest_.size() < 3 || !rest_.starts_with("(?") || !IsLetter(rest_[2])) return Status::Ok();
    rest_.remove_prefix(2);
    while (IsLetter(Next())) {
      OMEN_RETURN_IF_ERROR(Flag(Next()));
      rest_.remove_prefix(1);
    }
    return Take(")") ? Status::Ok() : InvalidRegex("invalid embedded option");
  }

  static bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  Status Flag(char flag) {
    switch (flag) {
      case 'c':
        options_.ignore_case = false;
        break;
      case 'i':
        options_.ignore_case = true;
        break;
      case 'm':
      case 'n':
        options_.newline_stops = options_.newline_anchors = true;
        break;
      case 'p':
        options_.newline_stops = true;
        options_.newline_anchors = false;
        break;
      case 'w':
        options_.newline_stops = false;
        options_.newline_anchors = true;
        break;
      case 's':
        options_.newline_stops = options_.newline_anchors = false;
        break;
      case 'q':
        options_.literal = true;
        break;
      case 't':
        options_.expanded = false;
        break;
      case 'x':
        options_.expanded = true;
        break;
      case 'b':
      case 'e':
        return NotSupported("basic and extended regular expressions");
      default:
        return InvalidRegex("invalid embedded option");
    }
    return Status::Ok();
  }

  NodePtr Literal() {
    NodePtr concat = NewNode(Kind::kConcat);
    while (!rest_.empty()) concat->children.push_back(Chars(TakeCharacter()));
    return concat;
  }

  NodePtr Chars(CharSet set) {
    if (options_.ignore_case) set.FoldCase();
    set.Normalize();
    NodePtr node = NewNode(Kind::kChars);
    node->set = std::move(set);
    return node;
  }

  NodePtr Chars(uint32_t code) {
    CharSet set;
    set.Add(code, code);
    return Chars(std::move(set));
  }

  NodePtr Assert(RegexAssertion assertion) {
    NodePtr node = NewNode(Kind::kAssert);
    node->assertion = assertion;
    return node;
  }

  void SkipBlanks() {
    for (;;) {
      if (Take("(?#")) {
        size_t close = rest_.find(')');
        rest_.remove_prefix(close == std::string_view::npos ? rest_.size() : close + 1);
      } else if (options_.expanded && Take("#")) {
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      } else if (options_.expanded && !rest_.empty() &&
                 std::string_view(" \t\n\r\f\v").find(Next()) != std::string_view::npos) {
        rest_.remove_prefix(1);
      } else {
        return;
      }
    }
  }

  Result<NodePtr> Alternatives(int depth) {
    if (depth > kMaxDepth) return InvalidRegex("regular expression is too complex");
    OMEN_ASSIGN_OR_RETURN(NodePtr first, Branch(depth));
    if (Next() != '|') return first;
    NodePtr all = NewNode(Kind::kAlternate);
    all->preference = RegexPreference::kLonger;
    Inherit(*all, *first);
    all->children.push_back(std::move(first));
    while (Take("|")) {
      OMEN_ASSIGN_OR_RETURN(NodePtr branch, Branch(depth));
      Inherit(*all, *branch);
      all->children.push_back(std::move(branch));
    }
    return all;
  }

  Result<NodePtr> Branch(int depth) {
    NodePtr concat = NewNode(Kind::kConcat);
    NodePtr lump = NewNode(Kind::kConcat);
    auto close_lump = [&] {
      if (lump->children.empty()) return;
      Inherit(*concat, *lump);
      concat->children.push_back(std::move(lump));
      lump = NewNode(Kind::kConcat);
    };
    for (SkipBlanks(); !rest_.empty() && Next() != '|' && Next() != ')'; SkipBlanks()) {
      OMEN_ASSIGN_OR_RETURN(NodePtr part, QuantifiedAtom(depth));
      if (Splits(*lump, *part)) {
        close_lump();
        Inherit(*concat, *part);
        concat->children.push_back(std::move(part));
      } else {
        Inherit(*lump, *part);
        lump->children.push_back(std::move(part));
      }
    }
    close_lump();
    return concat;
  }

  static bool Splits(const RegexNode& lump, const RegexNode& part) {
    bool clash = lump.preference != RegexPreference::kNone &&
                 part.preference != RegexPreference::kNone && lump.preference != part.preference;
    return part.has_groups || part.mixed || clash;
  }

  Result<NodePtr> QuantifiedAtom(int depth) {
    OMEN_ASSIGN_OR_RETURN(NodePtr atom, Atom(depth));
    SkipBlanks();
    OMEN_ASSIGN_OR_RETURN(std::optional<Quantifier> quantifier, TakeQuantifier());
    if (!quantifier) return atom;
    if (atom->kind == Kind::kAssert || atom->kind == Kind::kLook) return BadOperand();
    SkipBlanks();
    if (StartsQuantifier()) return BadOperand();
    return Repeat(std::move(atom), *quantifier);
  }

  static Status BadOperand() { return InvalidRegex("quantifier operand invalid"); }

  bool StartsQuantifier() const {
    char c = Next();
    if (c == '{') return rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
    return c == '*' || c == '+' || c == '?';
  }

  Result<std::optional<Quantifier>> TakeQuantifier() {
    if (!StartsQuantifier()) return std::optional<Quantifier>();
    Quantifier quantifier;
    bool passes_preference = false;
    char c = Next();
    rest_.remove_prefix(1);
    if (c == '{') {
      OMEN_RETURN_IF_ERROR(Bounds(&quantifier, &passes_preference));
    } else {
      quantifier.min = c == '+' ? 1 : 0;
      quantifier.max = c == '?' ? 1 : RegexNode::kUnbounded;
    }
    bool lazy = Take("?");
    if (!passes_preference) {
      quantifier.preference = lazy ? RegexPreference::kShorter : RegexPreference::kLonger;
    }
    return std::optional<Quantifier>(quantifier);
  }

  Status Bounds(Quantifier* quantifier, bool* passes_preference) {
    OMEN_RETURN_IF_ERROR(Bound(&quantifier->min));
    quantifier->max = quantifier->min;
    *passes_preference = true;
    if (Take(",")) {
      *passes_preference = false;
      quantifier->max = RegexNode::kUnbounded;
      if (Next() >= '0' && Next() <= '9') OMEN_RETURN_IF_ERROR(Bound(&quantifier->max));
      if (quantifier->max != RegexNode::kUnbounded && quantifier->max < quantifier->min) {
        return InvalidRegex("invalid repetition count(s)");
      }
    }
    if (Take("}")) return Status::Ok();
    return InvalidRegex(rest_.empty() ? "braces {} not balanced" : "invalid repetition count(s)");
  }

  Status Bound(int* bound) {
    *bound = 0;
    while (Next() >= '0' && Next() <= '9') {
      *bound = *bound * 10 + (Next() - '0');
      if (*bound > kMaxRepeat) return InvalidRegex("invalid repetition count(s)");
      rest_.remove_prefix(1);
    }
    return Status::Ok();
  }

  // x{m,n}. With groups below it is written out, so that each turn can be told apart.
  Result<NodePtr> Repeat(NodePtr atom, const Quantifier& quantifier) {
    if (quantifier.max == 0) return NewNode(Kind::kEmpty);
    if (quantifier.min == 1 && quantifier.max == 1 &&
        quantifier.preference == RegexPreference::kNone) {
      return atom;
    }
    RegexPreference preference =
        quantifier.preference == RegexPreference::kNone ? atom->preference : quantifier.preference;
    if (!atom->has_groups)
      return RepeatNode(std::move(atom), quantifier.min, quantifier.max, preference);
    bool unbounded = quantifier.max == RegexNode::kUnbounded;
    auto copies = static_cast<size_t>(unbounded ? quantifier.min + 1 : quantifier.max);
    if (CountNodes(*atom) * copies > kMaxNodes) {
      return InvalidRegex("regular expression is too complex");
    }
    atom->turn = true;
    NodePtr tail;
    if (unbounded) tail = RepeatNode(Clone(*atom), 0, RegexNode::kUnbounded, preference);
    for (int i = quantifier.max; !unbounded && i > quantifier.min; --i) {
      tail = RepeatNode(Sequence(Clone(*atom), std::move(tail)), 0, 1, preference);
    }
    for (int i = 0; i < quantifier.min; ++i) tail = Sequence(Clone(*atom), std::move(tail));
    tail->preference = preference;
    return tail;
  }

  static NodePtr RepeatNode(NodePtr child, int min, int max, RegexPreference preference) {
    NodePtr node = NewNode(Kind::kRepeat);
    node->min = min;
    node->max = max;
    node->preference = preference;
    Inherit(*node, *child);
    node->children.push_back(std::move(child));
    return node;
  }

  static NodePtr Sequence(NodePtr first, NodePtr second) {
    if (!second) return first;
    NodePtr node = NewNode(Kind::kConcat);
    Inherit(*node, *first);
    Inherit(*node, *second);
    node->children.push_back(std::move(first));
    node->children.push_back(std::move(second));
    return node;
  }

  Result<NodePtr> Atom(int depth) {
    if (StartsQuantifier()) return BadOperand();
    switch (Next()) {
      case '(':
        return Parenthesized(depth);
      case '[':
        return Bracket();
      case '\\':
        return Escape();
      case '.': {
        rest_.remove_prefix(1);
        NodePtr node = NewNode(Kind::kChars);
        if (options_.newline_stops) node->set.Add('\n', '\n');
        node->set = node->set.Complement();
        return node;
      }
      case '^':
        rest_.remove_prefix(1);
        return Assert(options_.newline_anchors ? RegexAssertion::kLineStart
                                               : RegexAssertion::kTextStart);
      case '$':
        rest_.remove_prefix(1);
        return Assert(options_.newline_anchors ? RegexAssertion::kLineEnd
                                               : RegexAssertion::kTextEnd);
      default:
        return Chars(TakeCharacter());
    }
  }

  Result<NodePtr> Bracket() {
    if (Take("[[:<:]]")) return Assert(RegexAssertion::kWordStart);
    if (Take("[[:>:]]")) return Assert(RegexAssertion::kWordEnd);
    OMEN_ASSIGN_OR_RETURN(CharSet set, ParseBracket(&rest_, options_));
    NodePtr node = NewNode(Kind::kChars);
    node->set = std::move(set);
    return node;
  }

  Result<NodePtr> Parenthesized(int depth) {
    rest_.remove_prefix(1);
    NodePtr node;
    if (Take("?:")) {
      OMEN_ASSIGN_OR_RETURN(node, Alternatives(depth + 1));
    } else if (Take("?")) {
      OMEN_ASSIGN_OR_RETURN(node, Look(depth));
    } else if (in_look_) {
      OMEN_ASSIGN_OR_RETURN(node, Alternatives(depth + 1));
    } else {
      node = NewNode(Kind::kGroup);
      node->group = ++groups_;
      OMEN_ASSIGN_OR_RETURN(NodePtr inside, Alternatives(depth + 1));
      Inherit(*node, *inside);
      node->has_groups = true;
      node->children.push_back(std::move(inside));
    }
    if (!Take(")")) return InvalidRegex("parentheses () not balanced");
    return node;
  }

  Result<NodePtr> Look(int depth) {
    NodePtr node = NewNode(Kind::kLook);
    node->behind = Take("<");
    node->negative = Next() == '!';
    if (!Take("!") && !Take("=")) return BadOperand();
    bool outer = std::exchange(in_look_, true);
    OMEN_ASSIGN_OR_RETURN(NodePtr inside, Alternatives(depth + 1));
    in_look_ = outer;
    node->children.push_back(std::move(inside));
    return node;
  }

  Result<NodePtr> Escape() {
    char c = rest_.size() > 1 ? rest_[1] : '\0';
    switch (c) {
      case 'A':
        return TakeAssert(RegexAssertion::kTextStart);
      case 'Z':
        return TakeAssert(RegexAssertion::kTextEnd);
      case 'm':
        return TakeAssert(RegexAssertion::kWordStart);
      case 'M':
        return TakeAssert(RegexAssertion::kWordEnd);
      case 'y':
        return TakeAssert(RegexAssertion::kWordEdge);
      case 'Y':
        return TakeAssert(RegexAssertion::kNotWordEdge);
      default:
        break;
    }
    if (c >= '1' && c <= '9') {
      bool single = rest_.size() < 3 || rest_[2] < '0' || rest_[2] > '9';
      if (single || groups_ >= 10) {
        if (single && c - '0' > groups_) return InvalidRegex("invalid backreference number");
        return NotSupported("back references in regular expressions");
      }
    }
    CharSet set;
    OMEN_RETURN_IF_ERROR(ParseEscape(&rest_, options_, &set));
    return Chars(std::move(set));
  }

  Result<NodePtr> TakeAssert(RegexAssertion assertion) {
    rest_.remove_prefix(2);
    return Assert(assertion);
  }

  std::string_view rest_;
  RegexOptions options_;
  int groups_ = 0;
  bool in_look_ = false;
};

}  // namespace

Status InvalidRegex(std::string_view what) {
  return Status(sqlstate::kInvalidRegex, "invalid regular expression: " + std::string(what));
}

Result<RegexTree> ParseRegex(std::string_view pattern, RegexOptions options) {
  return Parser(pattern, options).Run();
}

}  // namespace omen::functions
