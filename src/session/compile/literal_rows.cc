#include "session/compile/literal_rows.h"

#include <algorithm>
#include <charconv>

#include "sql/lexer/lexer.h"

namespace omen::session {
namespace {

using sql::TokenKind;

constexpr size_t kTextBytesMax = 256u << 20;
constexpr size_t kRowColumnsMax = 1600;
constexpr size_t kKeptCells = 64u << 10;

bool HasDigitsAlone(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// As PostgreSQL types the constant; invalid for what is not written plainly.
Oid NumberType(std::string_view text) {
  const size_t sign = text.starts_with('-') ? 1 : 0, point = text.find('.');
  if (!HasDigitsAlone(text.substr(sign, point == std::string_view::npos ? point : point - sign)))
    return oid::kInvalid;
  if (point != std::string_view::npos) {
    const std::string_view part = text.substr(point + 1);
    return part.empty() || HasDigitsAlone(part) ? oid::kNumeric : oid::kInvalid;
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return oid::kNumeric;
  return value >= INT32_MIN && value <= INT32_MAX ? oid::kInt4 : oid::kInt8;
}

int Width(Oid number) { return number == oid::kInt4 ? 0 : number == oid::kInt8 ? 1 : 2; }

}  // namespace

/// One pass over the tokens.
class LiteralRows::Reader {
 public:
  Reader(std::string_view sql, LiteralRows* out) : sql_(sql), out_(*out), lexer_(sql) { Next(); }

  bool Run() {
    if (!Head()) return false;
    const std::string_view head = sql_.substr(0, head_end_);
    do {
      if (!Row()) return false;
    } while (TakeSymbol(','));
    (void)TakeSymbol(';');
    if (token_.kind != TokenKind::kEnd || commented_ || rows_ < 2) return false;
    WriteText(head);
    return true;
  }

 private:
  void Next() {
    token_ = lexer_.Next();
    commented_ = commented_ || token_.after_comment;
  }
  bool IsSymbol(char c) const {
    return token_.kind == TokenKind::kSymbol && sql_[token_.begin] == c;
  }
  bool TakeSymbol(char c) {
    if (!IsSymbol(c)) return false;
    Next();
    return true;
  }
  bool TakeWord(std::string_view keyword) {
    if (!sql::IsKeyword(sql_, token_, keyword)) return false;
    Next();
    return true;
  }
  bool TakeName() {
    const bool name = token_.kind == TokenKind::kWord ||
                      (token_.kind == TokenKind::kQuotedName && token_.prefix == 0);
    if (name) Next();
    return name;
  }

  /// Whatever is no name or list of names here is refused when the head is parsed with one row.
  bool Head() {
    if (!TakeWord("insert") || !TakeWord("into") || !TakeName()) return false;
    if (TakeSymbol('.') && !TakeName()) return false;
    if (TakeSymbol('(')) {
      do {
        if (!TakeName()) return false;
      } while (TakeSymbol(','));
      if (!TakeSymbol(')')) return false;
    }
    head_end_ = token_.end;
    return TakeWord("values");
  }

  bool Row() {
    if (!TakeSymbol('(')) return false;
    size_t column = 0;
    do {
      if (column == kRowColumnsMax || !Literal(column++)) return false;
    } while (TakeSymbol(','));
    if (rows_++ > 0 && column != out_.types_.size()) return false;
    return TakeSymbol(')');
  }

  bool Literal(size_t column) {
    if (column == out_.types_.size()) {
      if (rows_ > 0) return false;
      out_.types_.push_back(oid::kInvalid);
    }
    Oid& type = out_.types_[column];
    if (token_.kind == TokenKind::kString) return String(&type);
    if (token_.kind == TokenKind::kNumber || IsSymbol('-')) return Number(&type);
    out_.cells_.push_back({0, 0, Kind::kNull});
    return TakeWord("null");
  }

  bool String(Oid* type) {
    const size_t begin = token_.begin + 1;
    const bool closed = token_.end > begin && sql_[token_.end - 1] == '\'';
    if (sql_[token_.begin] != '\'' || !closed) return false;
    if (*type != oid::kInvalid && *type != oid::kUnknown) return false;
    *type = oid::kUnknown;
    const std::string_view inner = sql_.substr(begin, token_.end - 1 - begin);
    const bool quotes = inner.find('\'') != std::string_view::npos;
    out_.cells_.push_back(
        {begin, static_cast<uint32_t>(inner.size()), quotes ? Kind::kQuotedString : Kind::kString});
    Next();
    return true;
  }

  /// A sign stands right before its number.
  bool Number(Oid* type) {
    const size_t begin = token_.begin;
    if (TakeSymbol('-') && (token_.kind != TokenKind::kNumber || token_.begin != begin + 1))
      return false;
    const std::string_view text = sql_.substr(begin, token_.end - begin);
    const Oid found = NumberType(text);
    if (found == oid::kInvalid || *type == oid::kUnknown) return false;
    if (*type == oid::kInvalid || Width(found) > Width(*type)) *type = found;
    out_.cells_.push_back({begin, static_cast<uint32_t>(text.size()), Kind::kNumber});
    Next();
    return true;
  }

  void WriteText(std::string_view head) {
    out_.text_.assign(head).append(" (");
    for (size_t i = 0; i < out_.types_.size(); ++i) {
      if (i > 0) out_.text_ += ", ";
      out_.text_ += '$';
      out_.text_ += std::to_string(i + 1);
      if (out_.types_[i] == oid::kInvalid) out_.types_[i] = oid::kUnknown;
    }
    out_.text_ += ')';
  }

  const std::string_view sql_;
  LiteralRows& out_;
  sql::Lexer lexer_;
  sql::Token token_;
  bool commented_ = false;
  size_t head_end_ = 0, rows_ = 0;
};

bool LiteralRows::Read(std::string_view sql) {
  Clear();
  if (sql.size() > kTextBytesMax) return false;
  sql_ = sql;
  return Reader(sql, this).Run();
}

void LiteralRows::Clear() {
  types_.clear();
  cells_.clear();
  if (cells_.capacity() > kKeptCells) std::vector<Cell>().swap(cells_);
}

bool LiteralRows::Values(const std::vector<Type>& types, const TextStyle& style, int64_t now_micros,
                         std::vector<Value>* values) const {
  values->clear();
  values->reserve(cells_.size());
  std::string unquoted;
  for (size_t i = 0; i < cells_.size(); ++i) {
    const Cell& cell = cells_[i];
    std::string_view text = sql_.substr(cell.begin, cell.size);
    if (cell.kind == Kind::kNull) {
      values->emplace_back();
      continue;
    }
    if (cell.kind == Kind::kQuotedString) {
      unquoted.clear();
      for (size_t at = 0; at < text.size(); at += text[at] == '\'' ? 2 : 1) unquoted += text[at];
      text = unquoted;
    }
    if (cell.kind != Kind::kNumber && !IsValidUtf8(text)) return false;
    auto value = ParseText(types[i % types.size()], text, style, now_micros);
    if (!value.ok()) return false;
    values->push_back(std::move(*value));
  }
  return true;
}

}  // namespace omen::session
