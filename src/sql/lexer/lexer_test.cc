// Where PostgreSQL's tokens begin and end, whatever the text is.
#include "sql/lexer/lexer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace omen::sql {
namespace {

std::string_view KindOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kWord:
      return "word";
    case TokenKind::kQuotedName:
      return "name";
    case TokenKind::kString:
      return "string";
    case TokenKind::kNumber:
      return "number";
    case TokenKind::kParameter:
      return "parameter";
    default:
      return "symbol";
  }
}

/// "word select | number 1"
std::string Tokens(std::string_view text) {
  Lexer lexer(text);
  std::string all;
  for (Token token = lexer.Next(); token.kind != TokenKind::kEnd; token = lexer.Next()) {
    if (!all.empty()) all += " | ";
    all += std::string(KindOf(token.kind)) + " " + std::string(lexer.TextOf(token));
  }
  return all;
}

using TokenCase = std::pair<const char*, const char*>;

constexpr TokenCase kStrings[] = {
    {"'a'", "string 'a'"},
    {"'it''s'", "string 'it''s'"},
    {"'a''", "string 'a''"},
    {"''", "string ''"},
    {"'a' 'b'", "string 'a' | string 'b'"},
    {"'a\\' b", "string 'a\\' | word b"},
    {"E'a\\'b' c", "string E'a\\'b' | word c"},
    {"e'\\\\' c", "string e'\\\\' | word c"},
    {"E'''\\'' c", "string E'''\\'' | word c"},
    {"b'101' x'1F' n'a'", "string b'101' | string x'1F' | string n'a'"},
    {"U&'d\\0061' u&'a'", "string U&'d\\0061' | string u&'a'"},
    {"U&\"a\"\"b\" c", "name U&\"a\"\"b\" | word c"},
    {"u & 'a'", "word u | symbol & | string 'a'"},
    {"be'a'", "word be | string 'a'"},
    {"type'a'", "word type | string 'a'"},
    {"'-- no comment'", "string '-- no comment'"},
    {"'open", "string 'open"},
    {"E'open\\", "string E'open\\"},
    {"$$a$$", "string $$a$$"},
    {"$$it's \"$\" $1$$ b", "string $$it's \"$\" $1$$ | word b"},
    {"$a$ $$ $b$ $a$", "string $a$ $$ $b$ $a$"},
    {"$a$b$a$c", "string $a$b$a$ | word c"},
    {"$A$ $a$", "string $A$ $a$"},
    {"$_1$x$_1$", "string $_1$x$_1$"},
    {"$1$x$1$", "parameter $1 | string $x$1$"},
    {"$$open", "string $$open"},
    {"$ a", "symbol $ | word a"},
};

constexpr TokenCase kNamesAndNumbers[] = {
    {"a_1$b", "word a_1$b"},
    {"a$$b", "word a$$b"},
    {"_x Y", "word _x | word Y"},
    {"\xC3\xA9t\xC3\xA9", "word \xC3\xA9t\xC3\xA9"},
    {"\"a b\"", "name \"a b\""},
    {"\"a\"\"b\"", "name \"a\"\"b\""},
    {"\"a\\\"b", "name \"a\\\" | word b"},
    {"\"open", "name \"open"},
    {"a.b", "word a | symbol . | word b"},
    {"a.*", "word a | symbol . | symbol *"},
    {"t.\"A\".\"B\"", "word t | symbol . | name \"A\" | symbol . | name \"B\""},
    {"1", "number 1"},
    {"1.5", "number 1.5"},
    {".5", "number .5"},
    {"1.", "number 1."},
    {"1e10", "number 1e10"},
    {"1.5E-3", "number 1.5E-3"},
    {"1e+2+3", "number 1e+2 | symbol + | number 3"},
    {"1-2", "number 1 | symbol - | number 2"},
    {"-1", "symbol - | number 1"},
    {"1,2", "number 1 | symbol , | number 2"},
    {"a1", "word a1"},
    {"$1", "parameter $1"},
    {"$12+$3", "parameter $12 | symbol + | parameter $3"},
    {"$1a", "parameter $1 | word a"},
    {"a::int", "word a | symbol : | symbol : | word int"},
    {"a<=b", "word a | symbol < | symbol = | word b"},
    {"(a);", "symbol ( | word a | symbol ) | symbol ;"},
};

constexpr TokenCase kComments[] = {
    {"", ""},
    {" \t\r\n\f", ""},
    {"-- all", ""},
    {"a -- b\nc", "word a | word c"},
    {"a -- b\rc", "word a | word c"},
    {"a--b", "word a"},
    {"a - - b", "word a | symbol - | symbol - | word b"},
    {"/* a */ b", "word b"},
    {"/* a /* b */ c */ d", "word d"},
    {"/* a */*/ b", "symbol * | symbol / | word b"},
    {"/* ' */ b", "word b"},
    {"/* -- */ b", "word b"},
    {"-- /*\nb", "word b"},
    {"a/**/b", "word a | word b"},
    {"/* open /* */", ""},
    {"a /b", "word a | symbol / | word b"},
    {"'a' -- b\n'c'", "string 'a' | string 'c'"},
};

TEST(LexerTest, Strings) {
  for (const auto& [text, expected] : kStrings) EXPECT_EQ(Tokens(text), expected) << text;
}

TEST(LexerTest, NamesAndNumbers) {
  for (const auto& [text, expected] : kNamesAndNumbers) EXPECT_EQ(Tokens(text), expected) << text;
}

TEST(LexerTest, Comments) {
  for (const auto& [text, expected] : kComments) EXPECT_EQ(Tokens(text), expected) << text;
}

TEST(LexerTest, TellsWhatStandsBeforeAToken) {
  Lexer lexer("a /* b */ c E'd' u&\"e\"");
  EXPECT_FALSE(lexer.Next().after_comment);
  EXPECT_TRUE(lexer.Next().after_comment);
  const Token string = lexer.Next(), name = lexer.Next();
  EXPECT_FALSE(string.after_comment);
  EXPECT_EQ(string.prefix, 1);
  EXPECT_EQ(name.prefix, 2);
}

TEST(LexerTest, MayBeginAnywhereAndEndsAgainAndAgain) {
  const std::string_view text = "select 'a' from t";
  Lexer lexer(text, 11);
  EXPECT_EQ(lexer.TextOf(lexer.Next()), "from");
  EXPECT_EQ(lexer.TextOf(lexer.Next()), "t");
  EXPECT_EQ(lexer.Next().kind, TokenKind::kEnd);
  EXPECT_EQ(lexer.Next().kind, TokenKind::kEnd);
}

TEST(LexerTest, KeywordsAreOfAnyCaseButNotQuoted) {
  const auto first_is = [](std::string_view text, std::string_view keyword) {
    return IsKeyword(text, Lexer(text).Next(), keyword);
  };
  EXPECT_TRUE(first_is("SeLeCt 1", "select"));
  EXPECT_FALSE(first_is("\"select\"", "select"));
  EXPECT_FALSE(first_is("selects", "select"));
  EXPECT_FALSE(first_is("'select'", "select"));
  EXPECT_FALSE(first_is("sel", "select"));
}

}  // namespace
}  // namespace omen::sql
