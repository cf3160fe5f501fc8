#include "session/normalizer.h"

#include <array>
#include <charconv>

namespace omen::session {
namespace {

enum class CharClass : uint8_t { kOther, kSpace, kWord, kDigit, kOperator };

constexpr std::array<CharClass, 256> MakeClasses() {
  std::array<CharClass, 256> classes{};
  for (char c : {' ', '\t', '\n', '\r'}) classes[static_cast<uint8_t>(c)] = CharClass::kSpace;
  for (int c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 32] = CharClass::kWord;
  classes['_'] = CharClass::kWord;
  for (int c = '0'; c <= '9'; ++c) classes[c] = CharClass::kDigit;
  for (char c : {'+', '-', '*', '/', '<', '>', '=', '%'}) {
    classes[static_cast<uint8_t>(c)] = CharClass::kOperator;
  }
  return classes;
}
constexpr std::array<CharClass, 256> kClasses = MakeClasses();

CharClass ClassOf(char c) { return kClasses[static_cast<uint8_t>(c)]; }

/// What came before, as far as it decides what a literal may be.
enum class Token : uint8_t {
  kStart,
  kName,   // identifier or a keyword that says nothing
  kValue,  // literal or closing parenthesis: a following minus is binary
  kEquals,
  kPlus,
  kMinus,       // binary
  kSign,        // unary minus
  kCompare,     // < > <= >= <> * / %
  kOpenValues,  // ( of VALUES, IN or grouping
  kOpenOther,   // ( of a column list or call
  kComma,
  kValuesWord,  // VALUES, IN
  kClauseWord,  // WHERE, AND, OR, NOT, SET...: a parenthesis after it groups
};

enum class Word : uint8_t { kName, kVerb, kClause, kValues, kRefused };

constexpr uint64_t Pack(std::string_view word) {
  uint64_t packed = 0;
  for (char c : word) packed = packed << 8 | static_cast<uint8_t>(c | 0x20);
  return packed;
}

/// Words of more than eight letters are told by their first eight and their length.
Word ClassifyWord(std::string_view word) {
  switch (Pack(word.substr(0, 8))) {
    case Pack("select"):
    case Pack("insert"):
    case Pack("update"):
    case Pack("delete"):
      return Word::kVerb;
    case Pack("where"):
    case Pack("and"):
    case Pack("or"):
    case Pack("not"):
    case Pack("set"):
      return Word::kClause;
    case Pack("values"):
    case Pack("in"):
      return Word::kValues;
    case Pack("join"):
    case Pack("group"):
    case Pack("order"):
    case Pack("having"):
    case Pack("union"):
    case Pack("intersec"):
    case Pack("except"):
    case Pack("with"):
    case Pack("distinct"):
    case Pack("over"):
    case Pack("window"):
    case Pack("case"):
    case Pack("cast"):
    case Pack("interval"):
    case Pack("date"):
    case Pack("time"):
    case Pack("timestam"):
    case Pack("collate"):
    case Pack("at"):
    case Pack("array"):
    case Pack("row"):
    case Pack("exists"):
    case Pack("lateral"):
    case Pack("any"):
    case Pack("all"):
    case Pack("some"):
    case Pack("table"):
    case Pack("conflict"):
    case Pack("using"):
    case Pack("operator"):
    case Pack("overridi"):
    case Pack("explain"):
    case Pack("prepare"):
      return Word::kRefused;
    default:
      return Word::kName;
  }
}

/// One pass over the text. Any step may give up.
class Normalizer {
 public:
  Normalizer(std::string_view sql, NormalizedStatement* out) : sql_(sql), out_(out) {}

  bool Run() {
    out_->text.clear();
    out_->count = 0;
    while (at_ < sql_.size()) {
      if (!Step()) return false;
    }
    return out_->count > 0 && depth_ == 0;
  }

 private:
  bool Step() {
    const char c = sql_[at_];
    if (ended_ && ClassOf(c) != CharClass::kSpace) return false;
    switch (ClassOf(c)) {
      case CharClass::kSpace:
        Space();
        return true;
      case CharClass::kWord:
        return WordToken();
      case CharClass::kDigit:
        return Number();
      case CharClass::kOperator:
        return Operator();
      case CharClass::kOther:
        return Punctuation(c);
    }
    return false;
  }

  /// A run of white space counts as one space, so that layout does not make another key.
  void Space() {
    while (at_ < sql_.size() && ClassOf(sql_[at_]) == CharClass::kSpace) ++at_;
    if (at_ < sql_.size() && !out_->text.empty()) out_->text += ' ';
  }

  bool WordToken() {
    size_t start = at_;
    while (at_ < sql_.size() && (ClassOf(sql_[at_]) == CharClass::kWord ||
                                 ClassOf(sql_[at_]) == CharClass::kDigit || sql_[at_] == '$')) {
      ++at_;
    }
    if (at_ < sql_.size() && sql_[at_] == '\'') return false;  // E'', B'', X'', N''
    std::string_view word = sql_.substr(start, at_ - start);
    out_->text.append(word);
    Word kind = ClassifyWord(word);
    if (previous_ == Token::kStart) {
      if (kind != Word::kVerb) return false;
      is_select_ = (word[0] | 0x20) == 's';
      previous_ = Token::kClauseWord;
      return true;
    }
    if (kind == Word::kVerb) {
      // FOR UPDATE is the one place where a verb may come again.
      if (!is_select_ || (word[0] | 0x20) != 'u') return false;
      kind = Word::kName;
    }
    if (kind == Word::kRefused) return false;
    previous_ = kind == Word::kClause   ? Token::kClauseWord
                : kind == Word::kValues ? Token::kValuesWord
                                        : Token::kName;
    return true;
  }

  bool Punctuation(char c) {
    switch (c) {
      case '\'':
        return String();
      case '"':
        return QuotedName();
      case '(':
        return Open();
      case ')':
        if (depth_ == 0) return false;
        --depth_;
        previous_ = Token::kValue;
        break;
      case ',':
        previous_ = Token::kComma;
        break;
      case '.':
        if (previous_ != Token::kName) return false;
        break;
      case ';':
        ended_ = true;
        ++at_;
        return true;
      default:
        return false;
    }
    out_->text += c;
    ++at_;
    return true;
  }

  bool Open() {
    if (depth_ == kDepthMax) return false;
    bool values = false;
    switch (previous_) {
      case Token::kValuesWord:
      case Token::kEquals:
      case Token::kPlus:
      case Token::kMinus:
      case Token::kCompare:
      case Token::kClauseWord:
      case Token::kOpenValues:
        values = true;
        break;
      case Token::kName:
        if (is_select_) return false;  // a call, perhaps an aggregate
        break;
      default:
        return false;  // a second row of VALUES, a sign before a parenthesis
    }
    value_parens_[depth_++] = values;
    previous_ = values ? Token::kOpenValues : Token::kOpenOther;
    out_->text += '(';
    ++at_;
    return true;
  }

  bool QuotedName() {
    size_t end = sql_.find('"', at_ + 1);
    if (end == std::string_view::npos || sql_.substr(end + 1).starts_with('"')) return false;
    for (size_t i = at_; i <= end; ++i) {
      if (static_cast<uint8_t>(sql_[i]) >= 0x80) return false;
    }
    out_->text.append(sql_.substr(at_, end + 1 - at_));
    at_ = end + 1;
    previous_ = Token::kName;
    return true;
  }

  bool Operator() {
    const char c = sql_[at_];
    const char next = at_ + 1 < sql_.size() ? sql_[at_ + 1] : ' ';
    if ((c == '-' && next == '-') || (c == '/' && next == '*')) return false;
    size_t length = 1;
    Token token = Token::kCompare;
    if ((c == '<' && (next == '=' || next == '>')) || (c == '>' && next == '=')) {
      length = 2;
    } else if (c == '=') {
      token = Token::kEquals;
    } else if (c == '+') {
      if (!AfterOperand()) return false;
      token = Token::kPlus;
    } else if (c == '-') {
      token = AfterOperand() ? Token::kMinus : Token::kSign;
    }
    // Only a sign may touch another operator; PostgreSQL would read most others as one.
    const char after = at_ + length < sql_.size() ? sql_[at_ + length] : ' ';
    const bool touches = ClassOf(after) == CharClass::kOperator;
    if (touches && (after != '-' || c == '%' || c == '-' || token == Token::kSign)) return false;
    if (token == Token::kSign) {
      if (previous_ == Token::kSign) return false;
      before_sign_ = previous_;
      sign_at_ = out_->text.size();
    }
    out_->text.append(sql_.substr(at_, length));
    at_ += length;
    previous_ = token;
    return true;
  }

  bool AfterOperand() const { return previous_ == Token::kName || previous_ == Token::kValue; }

  /// True when a literal that follows `token` may become a parameter.
  bool Replaceable(Token token) const {
    switch (token) {
      case Token::kEquals:
      case Token::kPlus:
      case Token::kMinus:
        return depth_ == 0 || value_parens_[depth_ - 1];
      case Token::kOpenValues:
      case Token::kComma:
        return depth_ > 0 && value_parens_[depth_ - 1];
      default:
        return false;
    }
  }

  /// The next free slot, or null when there are too many.
  Literal* NewLiteral() {
    if (out_->count == kNormalizedLiteralsMax) return nullptr;
    if (out_->count == out_->literals.size()) out_->literals.emplace_back();
    return &out_->literals[out_->count++];
  }

  bool AppendParameter() {
    char digits[8];
    auto end = std::to_chars(digits, digits + sizeof digits, out_->count).ptr;
    out_->text += '$';
    out_->text.append(digits, static_cast<size_t>(end - digits));
    previous_ = Token::kValue;
    return true;
  }

  bool Number() {
    size_t start = at_;
    bool integer = true;
    auto digits = [&] {
      while (at_ < sql_.size() && ClassOf(sql_[at_]) == CharClass::kDigit) ++at_;
    };
    digits();
    if (at_ < sql_.size() && sql_[at_] == '.') {
      integer = false;
      ++at_;
      digits();
    }
    if (at_ < sql_.size()) {
      CharClass after = ClassOf(sql_[at_]);
      if (after == CharClass::kWord || sql_[at_] == '.' || sql_[at_] == '$') return false;
    }
    std::string_view text = sql_.substr(start, at_ - start);
    const bool signed_literal = previous_ == Token::kSign;
    if (!Replaceable(signed_literal ? before_sign_ : previous_)) {
      out_->text.append(text);
      previous_ = Token::kValue;
      return true;
    }
    Literal* literal = NewLiteral();
    if (literal == nullptr) return false;
    literal->text.clear();
    if (signed_literal) {
      out_->text.resize(sign_at_);
      literal->text += '-';
    }
    literal->text.append(text);
    literal->type = integer ? IntegerType(literal->text) : oid::kNumeric;
    // What looks like a binary minus may be a sign (RETURNING -1), which PostgreSQL folds into
    // the constant before choosing its type.
    if (previous_ == Token::kMinus && integer &&
        IntegerType("-" + literal->text) != literal->type) {
      return false;
    }
    return AppendParameter();
  }

  static Oid IntegerType(const std::string& text) {
    int64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return oid::kNumeric;
    return value >= INT32_MIN && value <= INT32_MAX ? oid::kInt4 : oid::kInt8;
  }

  bool String() {
    size_t start = ++at_;
    if (!Replaceable(previous_)) return false;
    Literal* literal = NewLiteral();
    if (literal == nullptr) return false;
    literal->type = oid::kUnknown;
    literal->text.clear();
    for (;;) {
      size_t quote = sql_.find('\'', at_);
      if (quote == std::string_view::npos) return false;
      literal->text.append(sql_.substr(start, quote - start));
      at_ = quote + 1;
      if (at_ >= sql_.size() || sql_[at_] != '\'') break;
      literal->text += '\'';
      start = ++at_;
    }
    // 'a' 'b' on two lines is one string.
    size_t next = sql_.find_first_not_of(" \t\r\n", at_);
    if (next != std::string_view::npos && sql_[next] == '\'') return false;
    return AppendParameter();
  }

  static constexpr size_t kDepthMax = 16;

  const std::string_view sql_;
  NormalizedStatement* const out_;
  size_t at_ = 0;
  Token previous_ = Token::kStart;
  Token before_sign_ = Token::kStart;
  size_t sign_at_ = 0;
  size_t depth_ = 0;
  std::array<bool, kDepthMax> value_parens_{};
  bool is_select_ = false;
  bool ended_ = false;
};

}  // namespace

bool NormalizeStatement(std::string_view sql, NormalizedStatement* out) {
  if (sql.size() > kNormalizedBytesMax) return false;
  return Normalizer(sql, out).Run();
}

}  // namespace omen::session
