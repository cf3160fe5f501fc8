// Calls and PostgreSQL 15's answers to them.
#include <gtest/gtest.h>

#include "functions/case_runner.h"

namespace omen::functions {

namespace {

constexpr std::string_view kRegexCases = R"cases(
regexp_match(text,text) 'ab' '((a)|b)*' => '{b,NULL}'
regexp_match(text,text) 'abcd' '(a|ab)(c|bcd)(d*)' => '{ab,c,d}'
regexp_match(text,text) 'XY1234Z' 'Y*([0-9]{1,3})' => '{123}'
regexp_match(text,text) 'XY1234Z' 'Y*?([0-9]{1,3})' => '{1}'
regexp_match(text,text) 'ab' 'a?(?:ab)?(b?)' => '{""}'
regexp_match(text,text) 'foo' '(?<=f)o' => '{o}'
regexp_match(text,text) 'abc' 'a(?!b)' => NULL
regexp_match(text,text) 'xay' 'a(?=y)' => '{a}'
regexp_match(text,text) 'xay' '(?<!x)a' => NULL
regexp_match(text,text) 'foobar' 'o+' => '{oo}'
regexp_match(text,text) 'foobar' 'o+?' => '{o}'
regexp_match(text,text) 'aaa' '(a*)*' => '{aaa}'
regexp_match(text,text) 'b' '(a*)*' => '{""}'
regexp_match(text,text) 'b' '(a*)+' => '{""}'
regexp_match(text,text) '' '(a*)*' => '{""}'
regexp_match(text,text) '' '()' => '{""}'
regexp_match(text,text) 'abab' '(ab){2}' => '{ab}'
regexp_match(text,text) 'ababab' '(a|b|ab){2,3}' => '{ab}'
regexp_match(text,text) 'aaaa' '(a{1,2})(a*)' => '{aa,aa}'
regexp_match(text,text) 'aaaa' '(a{1,2}?)(a*)' => '{a,""}'
regexp_match(text,text) 'aaaa' '(a??)(a*)' => '{"",""}'
regexp_match(text,text) 'abcabc' '(abc|ab)(cabc)?' => '{ab,cabc}'
regexp_match(text,text) 'https://www.example.com/path?q=1' '^https?://(?:www\.)?([^/]+)/.*$' => '{example.com}'
regexp_match(text,text) '2024-05-06' '(\d{4})-(\d\d)-(\d+)' => '{2024,05,06}'
regexp_match(text,text) 'foo bar baz' '(\w+)\s+(\w+)' => '{foo,bar}'
regexp_match(text,text) 'the cat' '\mcat\M' => '{cat}'
regexp_match(text,text) 'concat' '\mcat' => NULL
regexp_match(text,text) 'concat' 'cat\M' => '{cat}'
regexp_match(text,text) 'a.b' 'a\.b' => '{a.b}'
regexp_match(text,text) '日本語' '本' => '{本}'
regexp_match(text,text) '日本語' '(.)(.)' => '{日,本}'
regexp_match(text,text) '日本語' '[日-語]+' => '{日本語}'
regexp_match(text,text) 'abc' '[^a-b]' => '{c}'
regexp_match(text,text) 'a]b' '[]]' => '{]}'
regexp_match(text,text) 'a-b' '[a-]+' => '{a-}'
regexp_match(text,text) 'a-b' '[-a]+' => '{a-}'
regexp_match(text,text) 'ABC' '(?i)abc' => '{ABC}'
regexp_match(text,text) 'ABC' '[[:lower:]]+' => NULL
regexp_match(text,text) 'AbC' '(?i)[[:lower:]]+' => '{AbC}'
regexp_match(text,text) 'x1_y' '\W' => NULL
regexp_match(text,text) 'x1_y' '[[:alnum:]_]+' => '{x1_y}'
regexp_match(text,text) 'foobarbaz' '(b[^b]+)(b[^b]+)' => '{bar,baz}'
regexp_match(text,text) 'foobarbequebaz' 'bar|bar.*que' => '{barbeque}'
regexp_match(text,text) 'aXbX' '.*X' => '{aXbX}'
regexp_match(text,text) 'aXbX' '.*?X' => '{aX}'
regexp_match(text,text) 'aXbX' '(.*?)X(.*)' => '{a,""}'
regexp_match(text,text) 'aXbX' '(.*)X(.*)' => '{aXb,""}'
regexp_match(text,text) 'abc' 'a|ab|abc' => '{abc}'
regexp_match(text,text) 'abc' '(a|ab|abc)(c|bc|)' => '{abc,""}'
regexp_match(text,text) 'abcde' '((a)(b))((c)(d))?(x)?' => '{ab,a,b,cd,c,d,NULL}'
regexp_match(text,text) 'aaabbb' '(a+)(a*)(b+?)(b*)' => '{aaa,"",b,bb}'
regexp_match(text,text) 'ab' '(a)|(b)' => '{a,NULL}'
regexp_match(text,text) 'ab' '(?:(a)|(b))+' => '{NULL,b}'
regexp_match(text,text) 'ab' '(?:(a)|(b))+?' => '{a,NULL}'
regexp_match(text,text) 'xyz' 'x*?y*z' => '{xyz}'
regexp_match(text,text) '' '^$' => '{""}'
regexp_match(text,text) 'a' '^^a$$' => '{a}'
regexp_match(text,text) 'aab' '(?x) a + # c  b' => '{aa}'
regexp_match(text,text) 'a{,3}' 'a{,3}' => '{"a{,3}"}'
regexp_match(text,text) 'a{' 'a{' => '{"a{"}'
regexp_match(text,text) 'ab' 'a{1}b{1,}' => '{ab}'
regexp_match(text,text) 'aaaaa' 'a{2,3}' => '{aaa}'
regexp_match(text,text) 'aaaaa' 'a{2,3}?' => '{aa}'
regexp_match(text,text) 'a b' 'a\x20b' => NULL
regexp_match(text,text) 'é' '\u00e9' => '{é}'
regexp_match(text,text) 'x' '[[.x.]]' => '{x}'
regexp_match(text,text) 'foo' 'f(o)(o)?(o)?' => '{o,o,NULL}'
regexp_match(text,text) 'barfoo' '(foo|bar)+?' => '{bar}'
regexp_match(text,text) 'barfoo' '(foo|bar)+' => '{foo}'
regexp_match(text,text) 'a1b2c3' '([a-z])(\d)' => '{a,1}'
regexp_match(text,text) 'key=val; k2=v2' '(\w+)=(\w+)' => '{key,val}'
regexp_match(text,text) 'aa' '(a)(?:b|(a))' => '{a,a}'
regexp_match(text,text) 'zabc' '(?:z|(a)|(b)|c)*' => '{NULL,NULL}'
regexp_match(text,text) 'abcabd' '(ab(c|d))*' => '{abd,d}'
regexp_match(text,text) 'x' 'x{0}' => '{""}'
regexp_match(text,text) 'xy' '(x){0}y' => '{NULL}'
regexp_match(text,text) 'ab\' '\\$' => '{"\\"}'
textregexeq(text,text) 'a' 'a{1,2}{2}' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '[[:foo:]]' => !2201B invalid regular expression: invalid character class
textregexeq(text,text) 'a' '(a' => !2201B invalid regular expression: parentheses () not balanced
textregexeq(text,text) 'a' 'a)' => !2201B invalid regular expression: parentheses () not balanced
textregexeq(text,text) 'a' '[a' => !2201B invalid regular expression: brackets [] not balanced
textregexeq(text,text) 'a' '*a' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' 'a**' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' 'a{2,1}' => !2201B invalid regular expression: invalid repetition count(s)
textregexeq(text,text) 'a' 'a{256}' => !2201B invalid regular expression: invalid repetition count(s)
textregexeq(text,text) 'a' 'a{1' => !2201B invalid regular expression: braces {} not balanced
textregexeq(text,text) 'a' '\q' => !2201B invalid regular expression: invalid escape \ sequence
textregexeq(text,text) 'a' '[z-a]' => !2201B invalid regular expression: invalid character range
textregexeq(text,text) 'a' '\' => !2201B invalid regular expression: invalid escape \ sequence
textregexeq(text,text) 'a' '(a)\2' => !2201B invalid regular expression: invalid backreference number
textregexeq(text,text) 'a' 'a|*b' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '^*' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '(?=a)*' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '[a-\d]' => !2201B invalid regular expression: invalid character range
textregexeq(text,text) 'a' '(?z)a' => !2201B invalid regular expression: invalid embedded option
textregexeq(text,text) 'a' '***a' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '[[.foo.]]' => !2201B invalid regular expression: invalid collating element
textregexeq(text,text) 'a' 'a{1x}' => !2201B invalid regular expression: invalid repetition count(s)
textregexeq(text,text) 'a' '+' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '(*a)' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '?' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '(?' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '(?<a)' => !2201B invalid regular expression: quantifier operand invalid
textregexeq(text,text) 'a' '[[:alpha]' => !2201B invalid regular expression: brackets [] not balanced
textregexeq(text,text) 'a' 'a\x' => !2201B invalid regular expression: invalid escape \ sequence
textregexeq(text,text) 'a' '[a-c-e]' => !2201B invalid regular expression: invalid character range
textregexeq(text,text) 'a' '\u12' => !2201B invalid regular expression: invalid escape \ sequence
textregexeq(text,text) 'a' '(|a)' => 't'
textregexeq(text,text) 'a' '|' => 't'
regexp_replace(text,text,text) 'abc' 'b' '[\&\0\\\1]' => 'a[b\0\]c'
regexp_replace(text,text,text,text) 'abc' 'b' '[\&\0\\\1]' 'g' => 'a[b\0\]c'
regexp_replace(text,text,text) 'abc' '(b)' '<\1>' => 'a<b>c'
regexp_replace(text,text,text,text) 'abc' '(b)' '<\1>' 'g' => 'a<b>c'
regexp_replace(text,text,text) 'abc' 'x' 'y' => 'abc'
regexp_replace(text,text,text,text) 'abc' 'x' 'y' 'g' => 'abc'
regexp_replace(text,text,text) 'aaa' 'a' 'b' => 'baa'
regexp_replace(text,text,text,text) 'aaa' 'a' 'b' 'g' => 'bbb'
regexp_replace(text,text,text) 'héé' 'é' 'e' => 'heé'
regexp_replace(text,text,text,text) 'héé' 'é' 'e' 'g' => 'hee'
regexp_replace(text,text,text) 'abc' '' '-' => '-abc'
regexp_replace(text,text,text,text) 'abc' '' '-' 'g' => '-a-b-c-'
regexp_replace(text,text,text) 'abc' '(x)?b' '[\1]' => 'a[]c'
regexp_replace(text,text,text,text) 'abc' '(x)?b' '[\1]' 'g' => 'a[]c'
regexp_replace(text,text,text) 'a' 'a' '\' => '\'
regexp_replace(text,text,text,text) 'a' 'a' '\' 'g' => '\'
regexp_replace(text,text,text,text) 'ABC' 'b' 'x' 'gi' => 'AxC'
regexp_replace(text,text,text,text) 'ABC' 'b' 'x' 'gz' => !22023 invalid regular expression option: "z"
regexp_replace(text,text,text,text) 'foobarbaz' 'b(..)' 'X\1Y' 'g' => 'fooXarYXazY'
regexp_replace(text,text,text,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '1' => !22023 invalid regular expression option: "1"
regexp_replace(text,text,text,int4,int4,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '1' '0' 'i' => 'X PXstgrXSQL fXnctXXn'
regexp_replace(text,text,text,int4,int4,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '1' '3' 'i' => 'A PostgrXSQL function'
regexp_replace(text,text,text,int4,int4,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '7' '0' 'i' => 'A PostgrXSQL fXnctXXn'
regexp_replace(text,text,text,int4,int4,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '-1' '0' 'i' => !22023 invalid value for parameter "start": -1
regexp_replace(text,text,text,int4,int4,text) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '1' '-1' 'i' => !22023 invalid value for parameter "n": -1
regexp_replace(text,text,text,int4) 'A PostgreSQL function' 'a|e|i|o|u' 'X' '7' => 'A PostgrXSQL function'
regexp_split_to_array(text,text) 'hello world' '\s+' => '{hello,world}'
regexp_split_to_array(text,text) 'hello' '' => '{h,e,l,l,o}'
regexp_split_to_array(text,text) 'a,b,,c' ',' => '{a,b,"",c}'
regexp_split_to_array(text,text) '' ',' => '{""}'
regexp_split_to_array(text,text) 'abc' 'b*' => '{a,c}'
regexp_split_to_array(text,text) 'foo' 'x' => '{foo}'
regexp_split_to_array(text,text) '  a  b ' ' +' => '{"",a,b,""}'
regexp_split_to_array(text,text,text) 'aXbxc' 'x' 'i' => '{a,b,c}'
regexp_split_to_array(text,text,text) 'aXbxc' 'x' 'g' => !22023 regexp_split_to_array() does not support the "global" option
regexp_count(text,text,int4) '123123123123' '\d{3}' '1' => '4'
regexp_count(text,text,int4) '123123123123' '\d\d' '2' => '5'
regexp_count(text,text,int4) 'abc' 'x*' '1' => '4'
regexp_count(text,text,int4) 'abc' '' '5' => '0'
regexp_count(text,text,int4) 'abc' 'b' '0' => !22023 invalid value for parameter "start": 0
regexp_instr(text,text,int4,int4,int4,text,int4) 'number of your street, town zip, FR' '[^,]+' '1' '2' '0' '' '0' => '23'
regexp_instr(text,text,int4,int4,int4,text,int4) 'ABCDEFGHI' '(c..)(...)' '1' '1' '0' 'i' '2' => '6'
regexp_instr(text,text,int4,int4,int4,text,int4) 'ABCDEFGHI' '(c..)(...)' '1' '1' '1' 'i' '1' => '6'
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'x' '1' '1' '0' '' '0' => '0'
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'b' '1' '0' '0' '' '0' => !22023 invalid value for parameter "n": 0
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'b' '1' '1' '2' '' '0' => !22023 invalid value for parameter "endoption": 2
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'b' '1' '1' '0' '' '-1' => !22023 invalid value for parameter "subexpr": -1
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'b' '1' '1' '0' '' '3' => '0'
regexp_instr(text,text,int4,int4,int4,text,int4) 'abc' 'b' '1' '1' '0' 'g' '0' => !22023 regexp_instr() does not support the "global" option
regexp_substr(text,text,int4,int4,text,int4) 'number of your street, town zip, FR' '[^,]+' '1' '2' '' '0' => ' town zip'
regexp_substr(text,text,int4,int4,text,int4) 'ABCDEFGHI' '(c..)(...)' '1' '1' 'i' '2' => 'FGH'
regexp_substr(text,text,int4,int4,text,int4) 'ABC' '(x)?B' '1' '1' '' '1' => NULL
regexp_like(text,text,text) 'Hello' 'HELLO' 'i' => 't'
regexp_match(text,text,text) 'a' 'a' 'g' => !22023 regexp_match() does not support the "global" option
substring(text,text) 'foobar' 'o.b' => 'oob'
substring(text,text) 'foobar' 'o(.)b' => 'o'
substring(text,text) 'foobar' 'x' => NULL
substring(text,text) 'foobar' 'o(x)?b' => NULL
substring(text,text,text) 'foobar' '%#"o_b#"%' '#' => 'oob'
substring(text,text,text) 'foobar' '#"o_b#"%' '#' => NULL
substring(text,text,text) 'abcdefg' 'a#"(b_d)#"%' '#' => 'bcd'
substring(text,text,text) 'abcdefg' '#"%#"' '#' => 'abcdefg'
substring(text,text,text) 'abc' 'a#"b#"c#"' '#' => !2200C SQL regular expression may not contain more than two escape-double-quote separators
similar_to_escape(text,text) 'a%b_c(d|e)*[x_y]#%' '#' => '^(?:a.*b.c(?:d|e)*[x_y]\%)$'
similar_to_escape(text,text) 'a"b' '\' => '^(?:a"b)$'
similar_to_escape(text,text) '[a\]' '#' => '^(?:[a\\])$'
similar_to_escape(text,text) 'a.b^$' '#' => '^(?:a\.b\^\$)$'
similar_to_escape(text,text) 'a' '##' => !22025 invalid escape string
texticregexeq(text,text) 'HELLO' '^h.*o$' => 't'
textregexne(text,text) 'HELLO' '^h' => 't'
regexp_match(text,text) 'b' '(a*)?' => '{""}'
regexp_match(text,text) 'b' '(a)?' => '{NULL}'
regexp_match(text,text) 'xy' 'x(a*)*y' => '{""}'
regexp_match(text,text) 'xy' 'x(|a)*y' => '{""}'
regexp_match(text,text) 'xaay' 'x(|a)*y' => '{a}'
regexp_match(text,text) 'xaay' 'x(a|)*y' => '{a}'
regexp_match(text,text) 'b' '(a*)??' => '{""}'
regexp_match(text,text) 'b' '((a)|b*)*?' => '{"",NULL}'
regexp_match(text,text) 'aab' '((a)|(b))*?b' => '{a,a,NULL}'
regexp_match(text,text) 'abab' '(?:(a)|(b)){3}' => '{a,NULL}'
regexp_match(text,text) 'abab' '(?:(a)|(b)){1,3}?' => '{a,NULL}'
)cases";

}  // namespace

TEST(Functions, RegexMatchesPostgres) { RunCases(kRegexCases); }

}  // namespace omen::functions
