// The parser shim. PostgreSQL's parser reports errors by siglongjmp, so exactly one
// function here (RunParser) calls it, under a handler and with no C++ object in its
// frame. Each script's trees live in one memory context without a parent, so that any
// thread may free it: contexts under a thread's top context die with that thread.

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sql/grammar/internal/parsed.h"
#include "sql/lexer/lexer.h"
#include "types/io.h"

// PostgreSQL's headers come last.
#include "sql/grammar/internal/pg_nodes.h"

extern "C" {
#include <parser/parser.h>
extern __thread MemoryContext CurrentMemoryContext;
extern __thread sigjmp_buf* PG_exception_stack;
extern __thread ErrorContextCallback* error_context_stack;
void pg_query_init(void);
}

namespace omen::sql {
namespace {

constexpr Size kFirstBlock = 8192;
constexpr Size kLargestBlock = 1 << 20;

/// What a failed parse says; plain data, as it crosses the longjmp.
struct ParserFailure {
  int sqlstate;
  int position;  // 1-based characters
  char message[512];
  char hint[256];
};

void CopyText(char* to, size_t capacity, const char* from) {
  if (from == nullptr) from = "";
  size_t length = strlen(from);
  if (length >= capacity) length = capacity - 1;
  memcpy(to, from, length);
  to[length] = 0;
}

void CopyFailure(MemoryContext context, ParserFailure* failure) {
  CurrentMemoryContext = context;
  ErrorData* error = CopyErrorData();
  failure->sqlstate = error->sqlerrcode;
  failure->position = error->cursorpos;
  CopyText(failure->message, sizeof failure->message, error->message);
  CopyText(failure->hint, sizeof failure->hint, error->hint);
  FlushErrorState();
}

/// Parses into a new context, returned through `context`. Null on failure.
bool RunParser(const char* text, MemoryContext* context, List** trees, ParserFailure* failure) {
  pg_query_init();
  MemoryContext outer = CurrentMemoryContext;
  volatile bool ok = true;
  PG_TRY();
  {
    *context = AllocSetContextCreateInternal(nullptr, "sql script", 0, kFirstBlock, kLargestBlock);
    CurrentMemoryContext = *context;
    *trees = raw_parser(text, RAW_PARSE_DEFAULT);
  }
  PG_CATCH();
  {
    ok = false;
    CopyFailure(*context != nullptr ? *context : outer, failure);
  }
  PG_END_TRY();
  CurrentMemoryContext = outer;
  return ok;
}

std::string StateText(int packed) {
  std::string text(5, '0');
  for (char& c : text) {
    c = static_cast<char>(PGUNSIXBIT(packed));
    packed >>= 6;
  }
  return text;
}

/// Byte offset of the 1-based character `position`; -1 for none.
int ByteOffset(std::string_view text, int position) {
  if (position <= 0) return -1;
  size_t at = 0;
  for (int seen = 1; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (seen++ == position) break;
  }
  return static_cast<int>(at);
}

Status ParseError(std::string_view script, const ParserFailure& failure) {
  int offset = ByteOffset(script, failure.position);
  if (std::string_view(failure.message).starts_with("memory exhausted")) {
    return Status(sqlstate::kTooComplex, "stack depth limit exceeded").At(offset);
  }
  std::string code = StateText(failure.sqlstate);
  SqlState state = sqlstate::kSyntaxError;
  std::copy(code.begin(), code.end(), state.code);
  return Status(state, failure.message).Hint(failure.hint).At(offset);
}

/// Trims white space from both ends of the statement's slice of the script.
void SetSlice(std::string_view script, const RawStmt& raw, ParsedStatement::Impl* impl) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  size_t begin = static_cast<size_t>(raw.stmt_location);
  size_t end = raw.stmt_len > 0 ? begin + static_cast<size_t>(raw.stmt_len) : script.size();
  std::string_view slice = script.substr(begin, end - begin);
  size_t first = slice.find_first_not_of(kSpace);
  if (first == std::string_view::npos) first = slice.size();
  slice.remove_prefix(first);
  while (!slice.empty() && kSpace.find(slice.back()) != std::string_view::npos) {
    slice.remove_suffix(1);
  }
  impl->text = slice;
  impl->offset = static_cast<int>(begin + first);
}

bool IsExit(const Node* statement) {
  const auto* transaction = NodeAs<TransactionStmt>(statement, T_TransactionStmt);
  if (transaction == nullptr) return false;
  switch (transaction->kind) {
    case TRANS_STMT_COMMIT:
    case TRANS_STMT_PREPARE:
    case TRANS_STMT_ROLLBACK:
    case TRANS_STMT_ROLLBACK_TO:
      return true;
    default:
      return false;
  }
}

}  // namespace

ParsedScript::~ParsedScript() {
  if (context != nullptr) MemoryContextDelete(static_cast<MemoryContext>(context));
}

// `SET omendb.route = column`: the grammar reserves the word, so a value cannot be spelled that
// way. The script with the first such value quoted; nothing when there is none.
static std::optional<std::string> QuoteRouteColumn(std::string_view text) {
  static constexpr std::array<std::string_view, 2> kRoute = {"omendb", "route"};
  size_t matched = 0;
  Lexer lexer(text);
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    const bool symbol = token.kind == TokenKind::kSymbol;
    if (symbol && ((matched == 1 && text[token.begin] == '.') ||
                   (matched == 2 && text[token.begin] == '='))) {
      continue;
    }
    if (matched == 2 && IsKeyword(text, token, "to")) continue;
    if (matched == 2 && IsKeyword(text, token, "column")) {
      std::string quoted(text.substr(0, token.begin));
      return quoted + "'column'" + std::string(text.substr(token.end));
    }
    matched = matched < 2 && IsKeyword(text, token, kRoute[matched]) ? matched + 1 : 0;
  }
  return std::nullopt;
}

Result<std::vector<ParsedStatement>> Parse(std::string_view text) {
  if (!IsValidUtf8(text)) {
    return Status(sqlstate::kInvalidEncoding, "invalid byte sequence for encoding \"UTF8\"");
  }
  auto script = std::make_shared<ParsedScript>();
  script->text = text;
  MemoryContext context = nullptr;
  List* trees = nullptr;
  ParserFailure failure{};
  bool parsed = RunParser(script->text.c_str(), &context, &trees, &failure);
  script->context = context;
  if (!parsed) {
    if (const auto quoted = QuoteRouteColumn(text)) return Parse(*quoted);
    return ParseError(script->text, failure);
  }

  std::vector<ParsedStatement> statements;
  for (RawStmt* raw : Items<RawStmt>(trees)) {
    auto impl = std::make_unique<ParsedStatement::Impl>();
    impl->script = script;
    impl->tree = raw->stmt;
    SetSlice(script->text, *raw, impl.get());
    impl->tag = CommandTag(raw->stmt);
    impl->transaction_exit = IsExit(raw->stmt);
    statements.emplace_back(std::move(impl));
  }
  return statements;
}

int64_t EstimateParseBytes(std::string_view script) {
  constexpr int64_t kCopies = 5;  // ours, the scanner's, and of a literal while it grows
  constexpr int64_t kTokenBytes = 160;
  const auto is_word = [](unsigned char c) {
    const int lower = c | 0x20;
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
  };
  int64_t tokens = 0;
  bool quoted = false, word = false;
  for (const char at : script) {
    const auto c = static_cast<unsigned char>(at);
    if (c == '\'') quoted = !quoted;
    const bool in_word = is_word(c);
    tokens += !quoted && c > ' ' && !(in_word && word);
    word = in_word;
  }
  return kCopies * static_cast<int64_t>(script.size()) + tokens * kTokenBytes;
}

ParsedStatement::ParsedStatement() = default;
ParsedStatement::~ParsedStatement() = default;
ParsedStatement::ParsedStatement(ParsedStatement&&) noexcept = default;
ParsedStatement& ParsedStatement::operator=(ParsedStatement&&) noexcept = default;
ParsedStatement::ParsedStatement(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

std::string_view ParsedStatement::text() const { return impl_ ? impl_->text : std::string_view(); }
int ParsedStatement::offset() const { return impl_ ? impl_->offset : 0; }
bool ParsedStatement::is_transaction_exit() const { return impl_ && impl_->transaction_exit; }
bool ParsedStatement::is_empty() const { return impl_ == nullptr || impl_->tree == nullptr; }
const std::string& ParsedStatement::tag() const {
  static const std::string kNone;
  return impl_ ? impl_->tag : kNone;
}

}  // namespace omen::sql
