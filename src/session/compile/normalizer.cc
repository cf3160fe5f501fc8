#include "session/compile/normalizer.h"

#include <array>
#include <charconv>

#include "sql/lexer/lexer.h"

namespace omen::session {
namespace {

using sql::TokenKind;

/// What came before, as far as it decides what a literal may be.
enum class Place : uint8_t {
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

enum class Word : uint8_t { kName, kVerb, kClause, kValues, kWide, kRefused };

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
    case Pack("using"):
    case Pack("group"):
    case Pack("having"):
    case Pack("order"):
    case Pack("distinct"):
    case Pack("conflict"):
      return Word::kWide;
    case Pack("union"):
    case Pack("intersec"):
    case Pack("except"):
    case Pack("with"):
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
    case Pack("operator"):
    case Pack("overridi"):
    case Pack("explain"):
    case Pack("prepare"):
      return Word::kRefused;
    default:
      return Word::kName;
  }
}

/// One pass over the tokens. Any step may give up.
class Normalizer {
 public:
  Normalizer(std::string_view sql, NormalizedStatement* out) : sql_(sql), out_(out), lexer_(sql) {}

  bool Run() {
    out_->text.clear();
    out_->count = 0;
    out_->wide = false;
    while (true) {
      token_ = lexer_.Next();
      if (token_.after_comment) return false;
      if (token_.kind == TokenKind::kEnd) return out_->count > 0 && depth_ == 0;
      if (ended_ || !Step()) return false;
      last_end_ = token_.end;
    }
  }

 private:
  bool Step() {
    ended_ = sql_[token_.begin] == ';';
    if (ended_) return true;
    // A run of white space counts as one space, so that layout does not make another key.
    if (token_.begin > last_end_ && !out_->text.empty()) out_->text += ' ';
    switch (token_.kind) {
      case TokenKind::kWord:
        return WordToken();
      case TokenKind::kNumber:
        return Number();
      case TokenKind::kString:
        return String();
      case TokenKind::kQuotedName:
        return QuotedName();
      case TokenKind::kSymbol:
        return IsOperator(sql_[token_.begin]) ? Operator() : Punctuation(sql_[token_.begin]);
      default:
        return false;
    }
  }

  static bool IsOperator(char c) {
    return c == '=' || c == '+' || c == '-' || c == '<' || c == '>' || c == '*' || c == '/' ||
           c == '%';
  }
  static bool IsAscii(std::string_view text) {
    for (const char c : text) {
      if (static_cast<uint8_t>(c) >= 0x80) return false;
    }
    return true;
  }

  bool WordToken() {
    const std::string_view word = lexer_.TextOf(token_);
    if (!IsAscii(word)) return false;
    out_->text.append(word);
    Word kind = ClassifyWord(word);
    if (previous_ == Place::kStart) {
      if (kind != Word::kVerb) return false;
      is_select_ = (word[0] | 0x20) == 's';
      is_insert_ = (word[0] | 0x20) == 'i';
      previous_ = Place::kClauseWord;
      return true;
    }
    if (kind == Word::kVerb) {
      // FOR UPDATE and ON CONFLICT DO UPDATE are the places where a verb may come again.
      const bool may_update = is_select_ || (is_insert_ && out_->wide);
      if (!may_update || (word[0] | 0x20) != 'u') return false;
      kind = Word::kName;
    }
    if (kind == Word::kRefused) return false;
    if (kind == Word::kWide) out_->wide = true;
    previous_ = kind == Word::kClause   ? Place::kClauseWord
                : kind == Word::kValues ? Place::kValuesWord
                                        : Place::kName;
    return true;
  }

  bool Punctuation(char c) {
    switch (c) {
      case '(':
        return Open();
      case ')':
        if (depth_ == 0) return false;
        --depth_;
        previous_ = Place::kValue;
        break;
      case ',':
        previous_ = Place::kComma;
        break;
      case '.':
        if (previous_ != Place::kName) return false;
        break;
      default:
        return false;
    }
    out_->text += c;
    return true;
  }

  bool Open() {
    if (depth_ == kDepthMax) return false;
    bool values = false;
    switch (previous_) {
      case Place::kValuesWord:
      case Place::kEquals:
      case Place::kPlus:
      case Place::kMinus:
      case Place::kCompare:
      case Place::kClauseWord:
      case Place::kOpenValues:
        values = true;
        break;
      case Place::kName:
        if (is_select_) out_->wide = true;  // a call, perhaps an aggregate
        break;
      default:
        return false;  // a second row of VALUES, a sign before a parenthesis
    }
    value_parens_[depth_++] = values;
    previous_ = values ? Place::kOpenValues : Place::kOpenOther;
    out_->text += '(';
    return true;
  }

  bool QuotedName() {
    const std::string_view name = lexer_.TextOf(token_);
    const bool closed = name.size() >= 2 && name.find('"', 1) == name.size() - 1;
    if (token_.prefix > 0 || !closed || !IsAscii(name)) return false;
    out_->text.append(name);
    previous_ = Place::kName;
    return true;
  }

  bool Operator() {
    const char c = sql_[token_.begin];
    const char next = token_.end < sql_.size() ? sql_[token_.end] : ' ';
    Place place = Place::kCompare;
    if ((c == '<' && (next == '=' || next == '>')) || (c == '>' && next == '=')) {
      token_.end = lexer_.Next().end;
    } else if (c == '=') {
      place = Place::kEquals;
    } else if (c == '+') {
      if (!AfterOperand()) return false;
      place = Place::kPlus;
    } else if (c == '-') {
      place = AfterOperand() ? Place::kMinus : Place::kSign;
    }
    // Only a sign may touch another operator; PostgreSQL would read most others as one.
    const char after = token_.end < sql_.size() ? sql_[token_.end] : ' ';
    if (IsOperator(after) && (after != '-' || c == '%' || c == '-' || place == Place::kSign)) {
      return false;
    }
    if (place == Place::kSign) {
      if (previous_ == Place::kSign) return false;
      before_sign_ = previous_;
      sign_at_ = out_->text.size();
    }
    out_->text.append(lexer_.TextOf(token_));
    previous_ = place;
    return true;
  }

  bool AfterOperand() const { return previous_ == Place::kName || previous_ == Place::kValue; }

  /// True when a literal that follows `token` may become a parameter.
  bool Replaceable(Place token) const {
    switch (token) {
      case Place::kEquals:
      case Place::kPlus:
      case Place::kMinus:
        return depth_ == 0 || value_parens_[depth_ - 1];
      case Place::kOpenValues:
      case Place::kComma:
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
    previous_ = Place::kValue;
    return true;
  }

  bool Number() {
    const std::string_view text = lexer_.TextOf(token_);
    constexpr std::string_view kDigits = "0123456789";
    const size_t point = text.find('.');
    const bool integer = point == std::string_view::npos;
    const bool plain =
        point != 0 && text.find_first_not_of(kDigits) == point &&
        (integer || text.find_first_not_of(kDigits, point + 1) == std::string_view::npos);
    if (!plain) return false;
    const bool signed_literal = previous_ == Place::kSign;
    if (!Replaceable(signed_literal ? before_sign_ : previous_)) {
      out_->text.append(text);
      previous_ = Place::kValue;
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
    if (previous_ == Place::kMinus && integer &&
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

  /// 'a' 'b' on two lines, which is one string, has a value before the second.
  bool String() {
    if (sql_[token_.begin] != '\'' || previous_ == Place::kValue) return false;
    if (!Replaceable(previous_)) {
      out_->wide = true;
      out_->text.append(lexer_.TextOf(token_));
      previous_ = Place::kValue;
      return true;
    }
    Literal* literal = NewLiteral();
    if (literal == nullptr) return false;
    literal->type = oid::kUnknown;
    literal->text.clear();
    for (size_t start = token_.begin + 1;;) {
      const size_t quote = sql_.find('\'', start);
      if (quote == std::string_view::npos) return false;
      literal->text.append(sql_.substr(start, quote - start));
      if (quote + 1 >= token_.end) return AppendParameter();
      literal->text += '\'';
      start = quote + 2;
    }
  }

  static constexpr size_t kDepthMax = 16;

  const std::string_view sql_;
  NormalizedStatement* const out_;
  sql::Lexer lexer_;
  sql::Token token_;
  size_t last_end_ = 0;
  Place previous_ = Place::kStart;
  Place before_sign_ = Place::kStart;
  size_t sign_at_ = 0;
  size_t depth_ = 0;
  std::array<bool, kDepthMax> value_parens_{};
  bool is_select_ = false, is_insert_ = false;
  bool ended_ = false;
};

}  // namespace

bool NormalizeStatement(std::string_view sql, NormalizedStatement* out) {
  if (sql.size() > kNormalizedBytesMax) return false;
  return Normalizer(sql, out).Run();
}

}  // namespace omen::session
