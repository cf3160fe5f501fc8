// Calls and PostgreSQL 15's answers to them.
#include <gtest/gtest.h>

#include "functions/case_runner.h"

namespace omen::functions {

namespace {

constexpr std::string_view kArrayCases = R"cases(
array_append(_int4,int4) '{1,2,3}' '7' => '{1,2,3,7}'
array_append(_int4,int4) '{1,2,3}' NULL => '{1,2,3,NULL}'
array_prepend(int4,_int4) '7' '{1,2,3}' => '{7,1,2,3}'
array_cat(_int4,_int4) '{1,2,3}' '{1,2,3}' => '{1,2,3,1,2,3}'
arraycontains(_int4,_int4) '{1,2,3}' '{1,2,3}' => 't'
arraycontained(_int4,_int4) '{1,2,3}' '{1,2,3}' => 't'
arrayoverlap(_int4,_int4) '{1,2,3}' '{1,2,3}' => 't'
array_cat(_int4,_int4) '{1,2,3}' '{}' => '{1,2,3}'
arraycontains(_int4,_int4) '{1,2,3}' '{}' => 't'
arraycontained(_int4,_int4) '{1,2,3}' '{}' => 'f'
arrayoverlap(_int4,_int4) '{1,2,3}' '{}' => 'f'
array_cat(_int4,_int4) '{1,2,3}' '[2:4]={1,NULL,1}' => '{1,2,3,1,NULL,1}'
arraycontains(_int4,_int4) '{1,2,3}' '[2:4]={1,NULL,1}' => 'f'
arraycontained(_int4,_int4) '{1,2,3}' '[2:4]={1,NULL,1}' => 'f'
arrayoverlap(_int4,_int4) '{1,2,3}' '[2:4]={1,NULL,1}' => 't'
array_cat(_int4,_int4) '{1,2,3}' NULL => '{1,2,3}'
arraycontains(_int4,_int4) '{1,2,3}' NULL => NULL
arraycontained(_int4,_int4) '{1,2,3}' NULL => NULL
arrayoverlap(_int4,_int4) '{1,2,3}' NULL => NULL
array_dims(_int4) '{1,2,3}' => '[1:3]'
array_ndims(_int4) '{1,2,3}' => '1'
cardinality(_int4) '{1,2,3}' => '3'
array_length(_int4,int4) '{1,2,3}' '1' => '3'
array_length(_int4,int4) '{1,2,3}' '2' => NULL
array_length(_int4,int4) '{1,2,3}' '0' => NULL
array_lower(_int4,int4) '{1,2,3}' '1' => '1'
array_lower(_int4,int4) '{1,2,3}' '2' => NULL
array_lower(_int4,int4) '{1,2,3}' '0' => NULL
array_upper(_int4,int4) '{1,2,3}' '1' => '3'
array_upper(_int4,int4) '{1,2,3}' '2' => NULL
array_upper(_int4,int4) '{1,2,3}' '0' => NULL
array_position(_int4,int4) '{1,2,3}' '1' => '1'
array_positions(_int4,int4) '{1,2,3}' '1' => '{1}'
array_remove(_int4,int4) '{1,2,3}' '1' => '{2,3}'
array_replace(_int4,int4,int4) '{1,2,3}' '1' '5' => '{5,2,3}'
array_position(_int4,int4) '{1,2,3}' NULL => NULL
array_positions(_int4,int4) '{1,2,3}' NULL => '{}'
array_remove(_int4,int4) '{1,2,3}' NULL => '{1,2,3}'
array_replace(_int4,int4,int4) '{1,2,3}' NULL '5' => '{1,2,3}'
array_position(_int4,int4) '{1,2,3}' '9' => NULL
array_positions(_int4,int4) '{1,2,3}' '9' => '{}'
array_remove(_int4,int4) '{1,2,3}' '9' => '{1,2,3}'
array_replace(_int4,int4,int4) '{1,2,3}' '9' '5' => '{1,2,3}'
array_position(_int4,int4,int4) '{1,2,3}' '1' '3' => NULL
array_to_string(_int4,text) '{1,2,3}' ',' => '1,2,3'
array_to_string(_int4,text,text) '{1,2,3}' '-' '*' => '1-2-3'
array_to_string(_int4,text,text) '{1,2,3}' '-' NULL => '1-2-3'
unnest(_int4) '{1,2,3}' => '1' '2' '3'
generate_subscripts(_int4,int4) '{1,2,3}' '1' => '1' '2' '3'
generate_subscripts(_int4,int4,bool) '{1,2,3}' '1' 't' => '3' '2' '1'
generate_subscripts(_int4,int4) '{1,2,3}' '2' =>
trim_array(_int4,int4) '{1,2,3}' '1' => '{1,2}'
array_append(_int4,int4) '{}' '7' => '{7}'
array_append(_int4,int4) '{}' NULL => '{NULL}'
array_prepend(int4,_int4) '7' '{}' => '{7}'
array_cat(_int4,_int4) '{}' '{1,2,3}' => '{1,2,3}'
arraycontains(_int4,_int4) '{}' '{1,2,3}' => 'f'
arraycontained(_int4,_int4) '{}' '{1,2,3}' => 't'
arrayoverlap(_int4,_int4) '{}' '{1,2,3}' => 'f'
array_cat(_int4,_int4) '{}' '{}' => '{}'
arraycontains(_int4,_int4) '{}' '{}' => 't'
arraycontained(_int4,_int4) '{}' '{}' => 't'
arrayoverlap(_int4,_int4) '{}' '{}' => 'f'
array_cat(_int4,_int4) '{}' '[2:4]={1,NULL,1}' => '[2:4]={1,NULL,1}'
arraycontains(_int4,_int4) '{}' '[2:4]={1,NULL,1}' => 'f'
arraycontained(_int4,_int4) '{}' '[2:4]={1,NULL,1}' => 't'
arrayoverlap(_int4,_int4) '{}' '[2:4]={1,NULL,1}' => 'f'
array_cat(_int4,_int4) '{}' NULL => '{}'
arraycontains(_int4,_int4) '{}' NULL => NULL
arraycontained(_int4,_int4) '{}' NULL => NULL
arrayoverlap(_int4,_int4) '{}' NULL => NULL
array_dims(_int4) '{}' => NULL
array_ndims(_int4) '{}' => NULL
cardinality(_int4) '{}' => '0'
array_length(_int4,int4) '{}' '1' => NULL
array_length(_int4,int4) '{}' '2' => NULL
array_length(_int4,int4) '{}' '0' => NULL
array_lower(_int4,int4) '{}' '1' => NULL
array_lower(_int4,int4) '{}' '2' => NULL
array_lower(_int4,int4) '{}' '0' => NULL
array_upper(_int4,int4) '{}' '1' => NULL
array_upper(_int4,int4) '{}' '2' => NULL
array_upper(_int4,int4) '{}' '0' => NULL
array_position(_int4,int4) '{}' '1' => NULL
array_positions(_int4,int4) '{}' '1' => '{}'
array_remove(_int4,int4) '{}' '1' => '{}'
array_replace(_int4,int4,int4) '{}' '1' '5' => '{}'
array_position(_int4,int4) '{}' NULL => NULL
array_positions(_int4,int4) '{}' NULL => '{}'
array_remove(_int4,int4) '{}' NULL => '{}'
array_replace(_int4,int4,int4) '{}' NULL '5' => '{}'
array_position(_int4,int4) '{}' '9' => NULL
array_positions(_int4,int4) '{}' '9' => '{}'
array_remove(_int4,int4) '{}' '9' => '{}'
array_replace(_int4,int4,int4) '{}' '9' '5' => '{}'
array_position(_int4,int4,int4) '{}' '1' '3' => NULL
array_to_string(_int4,text) '{}' ',' => ''
array_to_string(_int4,text,text) '{}' '-' '*' => ''
array_to_string(_int4,text,text) '{}' '-' NULL => ''
unnest(_int4) '{}' =>
generate_subscripts(_int4,int4) '{}' '1' =>
generate_subscripts(_int4,int4,bool) '{}' '1' 't' =>
generate_subscripts(_int4,int4) '{}' '2' =>
trim_array(_int4,int4) '{}' '1' => !2202E number of elements to trim must be between 0 and 0
array_append(_int4,int4) '[2:4]={1,NULL,1}' '7' => '[2:5]={1,NULL,1,7}'
array_append(_int4,int4) '[2:4]={1,NULL,1}' NULL => '[2:5]={1,NULL,1,NULL}'
array_prepend(int4,_int4) '7' '[2:4]={1,NULL,1}' => '[2:5]={7,1,NULL,1}'
array_cat(_int4,_int4) '[2:4]={1,NULL,1}' '{1,2,3}' => '[2:7]={1,NULL,1,1,2,3}'
arraycontains(_int4,_int4) '[2:4]={1,NULL,1}' '{1,2,3}' => 'f'
arraycontained(_int4,_int4) '[2:4]={1,NULL,1}' '{1,2,3}' => 'f'
arrayoverlap(_int4,_int4) '[2:4]={1,NULL,1}' '{1,2,3}' => 't'
array_cat(_int4,_int4) '[2:4]={1,NULL,1}' '{}' => '[2:4]={1,NULL,1}'
arraycontains(_int4,_int4) '[2:4]={1,NULL,1}' '{}' => 't'
arraycontained(_int4,_int4) '[2:4]={1,NULL,1}' '{}' => 'f'
arrayoverlap(_int4,_int4) '[2:4]={1,NULL,1}' '{}' => 'f'
array_cat(_int4,_int4) '[2:4]={1,NULL,1}' '[2:4]={1,NULL,1}' => '[2:7]={1,NULL,1,1,NULL,1}'
arraycontains(_int4,_int4) '[2:4]={1,NULL,1}' '[2:4]={1,NULL,1}' => 'f'
arraycontained(_int4,_int4) '[2:4]={1,NULL,1}' '[2:4]={1,NULL,1}' => 'f'
arrayoverlap(_int4,_int4) '[2:4]={1,NULL,1}' '[2:4]={1,NULL,1}' => 't'
array_cat(_int4,_int4) '[2:4]={1,NULL,1}' NULL => '[2:4]={1,NULL,1}'
arraycontains(_int4,_int4) '[2:4]={1,NULL,1}' NULL => NULL
arraycontained(_int4,_int4) '[2:4]={1,NULL,1}' NULL => NULL
arrayoverlap(_int4,_int4) '[2:4]={1,NULL,1}' NULL => NULL
array_dims(_int4) '[2:4]={1,NULL,1}' => '[2:4]'
array_ndims(_int4) '[2:4]={1,NULL,1}' => '1'
cardinality(_int4) '[2:4]={1,NULL,1}' => '3'
array_length(_int4,int4) '[2:4]={1,NULL,1}' '1' => '3'
array_length(_int4,int4) '[2:4]={1,NULL,1}' '2' => NULL
array_length(_int4,int4) '[2:4]={1,NULL,1}' '0' => NULL
array_lower(_int4,int4) '[2:4]={1,NULL,1}' '1' => '2'
array_lower(_int4,int4) '[2:4]={1,NULL,1}' '2' => NULL
array_lower(_int4,int4) '[2:4]={1,NULL,1}' '0' => NULL
array_upper(_int4,int4) '[2:4]={1,NULL,1}' '1' => '4'
array_upper(_int4,int4) '[2:4]={1,NULL,1}' '2' => NULL
array_upper(_int4,int4) '[2:4]={1,NULL,1}' '0' => NULL
array_position(_int4,int4) '[2:4]={1,NULL,1}' '1' => '2'
array_positions(_int4,int4) '[2:4]={1,NULL,1}' '1' => '{2,4}'
array_remove(_int4,int4) '[2:4]={1,NULL,1}' '1' => '[2:2]={NULL}'
array_replace(_int4,int4,int4) '[2:4]={1,NULL,1}' '1' '5' => '[2:4]={5,NULL,5}'
array_position(_int4,int4) '[2:4]={1,NULL,1}' NULL => '3'
array_positions(_int4,int4) '[2:4]={1,NULL,1}' NULL => '{3}'
array_remove(_int4,int4) '[2:4]={1,NULL,1}' NULL => '[2:3]={1,1}'
array_replace(_int4,int4,int4) '[2:4]={1,NULL,1}' NULL '5' => '[2:4]={1,5,1}'
array_position(_int4,int4) '[2:4]={1,NULL,1}' '9' => NULL
array_positions(_int4,int4) '[2:4]={1,NULL,1}' '9' => '{}'
array_remove(_int4,int4) '[2:4]={1,NULL,1}' '9' => '[2:4]={1,NULL,1}'
array_replace(_int4,int4,int4) '[2:4]={1,NULL,1}' '9' '5' => '[2:4]={1,NULL,1}'
array_position(_int4,int4,int4) '[2:4]={1,NULL,1}' '1' '3' => '4'
array_to_string(_int4,text) '[2:4]={1,NULL,1}' ',' => '1,1'
array_to_string(_int4,text,text) '[2:4]={1,NULL,1}' '-' '*' => '1-*-1'
array_to_string(_int4,text,text) '[2:4]={1,NULL,1}' '-' NULL => '1-1'
unnest(_int4) '[2:4]={1,NULL,1}' => '1' NULL '1'
generate_subscripts(_int4,int4) '[2:4]={1,NULL,1}' '1' => '2' '3' '4'
generate_subscripts(_int4,int4,bool) '[2:4]={1,NULL,1}' '1' 't' => '4' '3' '2'
generate_subscripts(_int4,int4) '[2:4]={1,NULL,1}' '2' =>
trim_array(_int4,int4) '[2:4]={1,NULL,1}' '1' => '{1,NULL}'
array_append(_int4,int4) NULL '7' => '{7}'
array_append(_int4,int4) NULL NULL => '{NULL}'
array_prepend(int4,_int4) '7' NULL => '{7}'
array_cat(_int4,_int4) NULL '{1,2,3}' => '{1,2,3}'
arraycontains(_int4,_int4) NULL '{1,2,3}' => NULL
arraycontained(_int4,_int4) NULL '{1,2,3}' => NULL
arrayoverlap(_int4,_int4) NULL '{1,2,3}' => NULL
array_cat(_int4,_int4) NULL '{}' => '{}'
arraycontains(_int4,_int4) NULL '{}' => NULL
arraycontained(_int4,_int4) NULL '{}' => NULL
arrayoverlap(_int4,_int4) NULL '{}' => NULL
array_cat(_int4,_int4) NULL '[2:4]={1,NULL,1}' => '[2:4]={1,NULL,1}'
arraycontains(_int4,_int4) NULL '[2:4]={1,NULL,1}' => NULL
arraycontained(_int4,_int4) NULL '[2:4]={1,NULL,1}' => NULL
arrayoverlap(_int4,_int4) NULL '[2:4]={1,NULL,1}' => NULL
array_cat(_int4,_int4) NULL NULL => NULL
arraycontains(_int4,_int4) NULL NULL => NULL
arraycontained(_int4,_int4) NULL NULL => NULL
arrayoverlap(_int4,_int4) NULL NULL => NULL
array_dims(_int4) NULL => NULL
array_ndims(_int4) NULL => NULL
cardinality(_int4) NULL => NULL
array_length(_int4,int4) NULL '1' => NULL
array_length(_int4,int4) NULL '2' => NULL
array_length(_int4,int4) NULL '0' => NULL
array_lower(_int4,int4) NULL '1' => NULL
array_lower(_int4,int4) NULL '2' => NULL
array_lower(_int4,int4) NULL '0' => NULL
array_upper(_int4,int4) NULL '1' => NULL
array_upper(_int4,int4) NULL '2' => NULL
array_upper(_int4,int4) NULL '0' => NULL
array_position(_int4,int4) NULL '1' => NULL
array_positions(_int4,int4) NULL '1' => NULL
array_remove(_int4,int4) NULL '1' => NULL
array_replace(_int4,int4,int4) NULL '1' '5' => NULL
array_position(_int4,int4) NULL NULL => NULL
array_positions(_int4,int4) NULL NULL => NULL
array_remove(_int4,int4) NULL NULL => NULL
array_replace(_int4,int4,int4) NULL NULL '5' => NULL
array_position(_int4,int4) NULL '9' => NULL
array_positions(_int4,int4) NULL '9' => NULL
array_remove(_int4,int4) NULL '9' => NULL
array_replace(_int4,int4,int4) NULL '9' '5' => NULL
array_position(_int4,int4,int4) NULL '1' '3' => NULL
array_to_string(_int4,text) NULL ',' => NULL
array_to_string(_int4,text,text) NULL '-' '*' => NULL
array_to_string(_int4,text,text) NULL '-' NULL => NULL
unnest(_int4) NULL =>
generate_subscripts(_int4,int4) NULL '1' =>
generate_subscripts(_int4,int4,bool) NULL '1' 't' =>
generate_subscripts(_int4,int4) NULL '2' =>
trim_array(_int4,int4) NULL '1' => NULL
trim_array(_int4,int4) '{1,2,3}' '4' => !2202E number of elements to trim must be between 0 and 3
array_eq(_int4,_int4) '{1,2}' '{1,2}' => 't'
array_lt(_text,_text) '{a,b}' '{a,c}' => 't'
array_gt(_int4,_int4) '{1,2,3}' '{1,2}' => 't'
string_to_array(text,text) 'a,b' ',' => '{a,b}'
string_to_table(text,text) 'a,b' ',' => 'a' 'b'
string_to_array(text,text) '' ',' => '{}'
string_to_table(text,text) '' ',' =>
string_to_array(text,text) 'abc' '' => '{abc}'
string_to_table(text,text) 'abc' '' => 'abc'
string_to_array(text,text) 'a,,b' ',' => '{a,"",b}'
string_to_table(text,text) 'a,,b' ',' => 'a' '' 'b'
string_to_array(text,text) 'a,b' NULL => '{a,",",b}'
string_to_table(text,text) 'a,b' NULL => 'a' ',' 'b'
string_to_array(text,text) '日本' NULL => '{日,本}'
string_to_table(text,text) '日本' NULL => '日' '本'
string_to_array(text,text) NULL ',' => NULL
string_to_table(text,text) NULL ',' =>
string_to_array(text,text) 'a--b--' '--' => '{a,b,""}'
string_to_table(text,text) 'a--b--' '--' => 'a' 'b' ''
string_to_array(text,text,text) 'a,,b' ',' '' => '{a,NULL,b}'
string_to_table(text,text,text) 'a,,b' ',' '' => 'a' NULL 'b'
array_to_string(_text,text) '{a,"b c",NULL}' ';' => 'a;b c'
array_to_string(_bool,text) '{t,f}' ',' => 't,f'
array_to_string(_date,text) '{2020-01-01}' ',' => '2020-01-01'
array_fill(int4,_int4) '7' '{3}' => '{7,7,7}'
array_fill(int4,_int4,_int4) '7' '{2}' '{5}' => '[5:6]={7,7}'
array_fill(int4,_int4) NULL '{2}' => '{NULL,NULL}'
array_fill(int4,_int4) '7' NULL => !22004 dimension array or low bound array cannot be null
array_fill(text,_int4) 'x' '{0}' => '{}'
generate_series(int4,int4,int4) '1' '5' '2' => '1' '3' '5'
generate_series(int8,int8,int8) '1' '5' '2' => '1' '3' '5'
generate_series(numeric,numeric,numeric) '1' '5' '2' => '1' '3' '5'
generate_series(int4,int4,int4) '5' '1' '-2' => '5' '3' '1'
generate_series(int8,int8,int8) '5' '1' '-2' => '5' '3' '1'
generate_series(numeric,numeric,numeric) '5' '1' '-2' => '5' '3' '1'
generate_series(int4,int4,int4) '1' '0' '1' =>
generate_series(int8,int8,int8) '1' '0' '1' =>
generate_series(numeric,numeric,numeric) '1' '0' '1' =>
generate_series(int4,int4,int4) '1' '3' '0' => !22023 step size cannot equal zero
generate_series(int8,int8,int8) '1' '3' '0' => !22023 step size cannot equal zero
generate_series(numeric,numeric,numeric) '1' '3' '0' => !22023 step size cannot equal zero
generate_series(int4,int4,int4) '2147483646' '2147483647' '1' => '2147483646' '2147483647'
generate_series(int8,int8,int8) '2147483646' '2147483647' '1' => '2147483646' '2147483647'
generate_series(numeric,numeric,numeric) '2147483646' '2147483647' '1' => '2147483646' '2147483647'
generate_series(int4,int4,int4) '2147483647' '2147483647' '5' => '2147483647'
generate_series(int8,int8,int8) '2147483647' '2147483647' '5' => '2147483647'
generate_series(numeric,numeric,numeric) '2147483647' '2147483647' '5' => '2147483647'
generate_series(int8,int8) '9223372036854775806' '9223372036854775807' => '9223372036854775806' '9223372036854775807'
generate_series(numeric,numeric) '1.5' '4' => '1.5' '2.5' '3.5'
generate_series(numeric,numeric,numeric) '1' '2' '0.25' => '1' '1.25' '1.50' '1.75' '2.00'
generate_series(numeric,numeric) '1' 'Infinity' => !22023 stop value cannot be infinity
generate_series(numeric,numeric,numeric) '1' '2' 'NaN' => !22023 step size cannot be NaN
generate_series(timestamp,timestamp,interval) '2020-01-31' '2020-05-01' '1 mon' => '2020-01-31 00:00:00' '2020-02-29 00:00:00' '2020-03-29 00:00:00' '2020-04-29 00:00:00'
generate_series(timestamp,timestamp,interval) '2020-01-03' '2020-01-01' '-12:00:00' => '2020-01-03 00:00:00' '2020-01-02 12:00:00' '2020-01-02 00:00:00' '2020-01-01 12:00:00' '2020-01-01 00:00:00'
generate_series(timestamptz,timestamptz,interval) '2021-03-13 12:00:00-05' '2021-03-16 00:00:00-04' '1 day' => '2021-03-13 12:00:00-05' '2021-03-14 12:00:00-04' '2021-03-15 12:00:00-04'
generate_series(timestamp,timestamp,interval) '2020-01-31' '2020-05-01' '0' => !22023 step size cannot equal zero
generate_series(int4,int4) '1' NULL =>
regexp_split_to_table(text,text) 'the quick brown' '\s+' => 'the' 'quick' 'brown'
regexp_split_to_table(text,text,text) 'aXbxC' 'x' 'i' => 'a' 'b' 'C'
regexp_split_to_table(text,text,text) 'a' 'x' 'g' => !22023 regexp_split_to_table() does not support the "global" option
regexp_split_to_table(text,text) 'abc' '' => 'a' 'b' 'c'
regexp_matches(text,text,text) 'foobarbequebaz' 'ba.' 'g' => '{bar}' '{baz}'
regexp_matches(text,text) 'foobarbequebaz' '(ba)(.)' => '{ba,r}'
regexp_matches(text,text) 'foo' 'x' =>
regexp_matches(text,text,text) 'ab12cd' '(\d)|([a-z])' 'g' => '{NULL,a}' '{NULL,b}' '{1,NULL}' '{2,NULL}' '{NULL,c}' '{NULL,d}'
regexp_matches(text,text,text) 'abc' 'x*' 'g' => '{""}' '{""}' '{""}' '{""}'
)cases";

}  // namespace

TEST(Functions, ArraysAndSetsMatchPostgres) { RunCases(kArrayCases); }

}  // namespace omen::functions
