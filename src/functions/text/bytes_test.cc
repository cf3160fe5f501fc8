// Calls and PostgreSQL 15's answers to them.
#include <gtest/gtest.h>

#include "functions/case_runner.h"

namespace omen::functions {

namespace {

constexpr std::string_view kBytesCases = R"cases(
md5(text) '' => 'd41d8cd98f00b204e9800998ecf8427e'
sha224(bytea) '' => '\xd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f'
sha256(bytea) '' => '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
sha384(bytea) '' => '\x38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b'
sha512(bytea) '' => '\xcf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e'
md5(text) 'a' => '0cc175b9c0f1b6a831c399e269772661'
sha224(bytea) 'a' => '\xabd37534c7d9a2efb9465de931cd7055ffdb8879563ae98078d6d6d5'
sha256(bytea) 'a' => '\xca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
sha384(bytea) 'a' => '\x54a59b9f22b0b80880d8427e548b7c23abd873486e1f035dce9cd697e85175033caa88e6d57bc35efae0b5afd3145f31'
sha512(bytea) 'a' => '\x1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f5302860c652bf08d560252aa5e74210546f369fbbbce8c12cfc7957b2652fe9a75'
md5(text) 'abc' => '900150983cd24fb0d6963f7d28e17f72'
sha224(bytea) 'abc' => '\x23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'
sha256(bytea) 'abc' => '\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
sha384(bytea) 'abc' => '\xcb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'
sha512(bytea) 'abc' => '\xddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f'
md5(text) 'The quick brown fox jumps over the lazy dog' => '9e107d9d372bb6826bd81d3542a419d6'
sha224(bytea) 'The quick brown fox jumps over the lazy dog' => '\x730e109bd7a8a32b1cb9d9a09aa2325d2430587ddbc0c38bad911525'
sha256(bytea) 'The quick brown fox jumps over the lazy dog' => '\xd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592'
sha384(bytea) 'The quick brown fox jumps over the lazy dog' => '\xca737f1014a48f4c0b6dd43cb177b0afd9e5169367544c494011e3317dbf9a509cb1e5dc1e85a941bbee3d7f2afbc9b1'
sha512(bytea) 'The quick brown fox jumps over the lazy dog' => '\x07e547d9586f6a73f73fbac0435ed76951218fb7d0c8d788a309d785436bbb642e93a252a954f23912547d1e8a3b5ed6e1bfd7097821233fa0538f3db854fee6'
md5(text) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '04364420e25c512fd958a70738aa8f72'
sha224(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x2791c7d25712eb5be75c30b2d45f6fce96e5a50ee64cf373056704a3'
sha256(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\xd5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072'
sha384(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\xa66523395070ed9a9f4be8faab9d76cb2bf631e835177ac1e5a14308f9a56b939964f8597819be798318f3db67a0d995'
sha512(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\xdb9981645857e59805132f7699e78bbcf39f69380a41aac8e6fa158a0593f2017ffe48764687aa855dae3023fcceefd51a1551d57730423df18503e80ba381ba'
md5(text) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '668a72d5ba17f08e62dabcafad6db14b'
sha224(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x82199913c2712c46707ad08c8bfa2a69f68e9092dc5cdfaaaf07d77f'
sha256(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e'
sha384(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\xab8d350a9c9d2b1bf44d3289a3ea0d28aa2917ae128397cfa389d918e32f57d30ad82f6297ef7e6647c4c12dc30efb64'
sha512(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\xa9436ec7761f9f0d5fa48e652d72b54622f763b36106e6551900b32f6cd7f4d88dbeaadeb866d7f5311663eda3bbcda04ffb5a8e6779e14b84e95da5327c083e'
md5(text) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => 'c1bb4f81d892b2d57947682aeb252456'
sha224(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x08c3050e95fe11eacb9dc7824bf6a92bcf2d59c21701321fba0e62c5'
sha256(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c'
sha384(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x06122472d006e27564bf1287c9623bbd83f33f8358a24668ab81527f114566393f79645fd25bb5713ae8aed491031cbe'
sha512(bytea) 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' => '\x791c91ff44685987a5c01d2811eede6f3a28d65e43709953c295931afc4941251e3a5dccbacabaf01dd729589b1c4d47da93f6991c414f21188fb8449a2d1064'
md5(text) 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' => 'b2ea3db8221fa9ae01ee0adf42970ba0'
sha224(bytea) 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' => '\xc87f54867fe7347cfe419516bb055e166c901dcaaffffdd849c3b3eb'
sha256(bytea) 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' => '\x0ee964660d4956e34132b7b0f5bdc15fd0d365e26186ac9fd97a090d8d5e5508'
sha384(bytea) 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' => '\xf89ce80a1ec2e45700a4c16c83e7f7481ca51c5822a18cc732a1262c527dbbec4afe7b5a1337adb85321b4f147e5efb2'
sha512(bytea) 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' => '\x10b0b97ef308bc71d4d4d5473fc821b3e21ac8ff70301b8e59fd127b3c9e57a497be02be0391f9fd68d41d0911189c3871e90ff4a83b18d2a509c77a6a460a03'
md5(text) 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' => '7057a5f99bf5773b65e06e0539314d1c'
sha224(bytea) 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' => '\xd1dd296a40f6852df1fd8298ccc5a09a946f3bc5a2c2a739739baa2b'
sha256(bytea) 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' => '\x983a71da81783dfb18f7617e411156a9b2655f48a769a001b7f88d4dfee2cb7b'
sha384(bytea) 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' => '\x439c1205df3c8e0a2e1d03f6eb3fab4f849d5290918a405fdd8682152597efb2a8f9c1ddf9673890321c600dbaa0838f'
sha512(bytea) 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' => '\xaea2bfad5ad21edd2b9c93661e9872d355699d617e6f601beead5034ad8dc790db0f86c95809f45e0d2e1c831a7d9b5459320efe88427544ef3792d5559b5ac5'
encode(bytea,text) '\x' 'hex' => ''
encode(bytea,text) '\x' 'base64' => ''
encode(bytea,text) '\x' 'escape' => ''
encode(bytea,text) '\x' 'bogus' => !22023 unrecognized encoding: "bogus"
length(bytea) '\x' => '0'
octet_length(bytea) '\x' => '0'
bit_length(bytea) '\x' => '0'
bit_count(bytea) '\x' => '0'
encode(bytea,text) '\x00ff5c61' 'hex' => '00ff5c61'
encode(bytea,text) '\x00ff5c61' 'base64' => 'AP9cYQ=='
encode(bytea,text) '\x00ff5c61' 'escape' => '\000\377\\a'
encode(bytea,text) '\x00ff5c61' 'bogus' => !22023 unrecognized encoding: "bogus"
length(bytea) '\x00ff5c61' => '4'
octet_length(bytea) '\x00ff5c61' => '4'
bit_length(bytea) '\x00ff5c61' => '32'
bit_count(bytea) '\x00ff5c61' => '15'
encode(bytea,text) '\x61' 'hex' => '61'
encode(bytea,text) '\x61' 'base64' => 'YQ=='
encode(bytea,text) '\x61' 'escape' => 'a'
encode(bytea,text) '\x61' 'bogus' => !22023 unrecognized encoding: "bogus"
length(bytea) '\x61' => '1'
octet_length(bytea) '\x61' => '1'
bit_length(bytea) '\x61' => '8'
bit_count(bytea) '\x61' => '3'
encode(bytea,text) '\x6162' 'hex' => '6162'
encode(bytea,text) '\x6162' 'base64' => 'YWI='
encode(bytea,text) '\x6162' 'escape' => 'ab'
encode(bytea,text) '\x6162' 'bogus' => !22023 unrecognized encoding: "bogus"
length(bytea) '\x6162' => '2'
octet_length(bytea) '\x6162' => '2'
bit_length(bytea) '\x6162' => '16'
bit_count(bytea) '\x6162' => '6'
encode(bytea,text) '\x616263' 'hex' => '616263'
encode(bytea,text) '\x616263' 'base64' => 'YWJj'
encode(bytea,text) '\x616263' 'escape' => 'abc'
encode(bytea,text) '\x616263' 'bogus' => !22023 unrecognized encoding: "bogus"
length(bytea) '\x616263' => '3'
octet_length(bytea) '\x616263' => '3'
bit_length(bytea) '\x616263' => '24'
bit_count(bytea) '\x616263' => '10'
decode(text,text) '6162' 'hex' => '\x6162'
decode(text,text) '61 6' 'hex' => !22023 invalid hexadecimal data: odd number of digits
decode(text,text) '6z' 'hex' => !22023 invalid hexadecimal digit: "z"
decode(text,text) 'YWJj' 'base64' => '\x616263'
decode(text,text) 'YWI=' 'base64' => '\x6162'
decode(text,text) 'YQ==' 'base64' => '\x61'
decode(text,text) 'YQ=' 'base64' => !22023 invalid base64 end sequence
decode(text,text) 'Y?==' 'base64' => !22023 invalid symbol "?" found while decoding base64 sequence
decode(text,text) '=YWJ' 'base64' => !22023 unexpected "=" while decoding base64 sequence
decode(text,text) 'a\\b\001' 'escape' => '\x615c6201'
decode(text,text) 'a\b' 'escape' => !22P02 invalid input syntax for type bytea
decode(text,text) 'x' 'BOGUS' => !22023 unrecognized encoding: "BOGUS"
substring(bytea,int4,int4) '\x010203' '2' '1' => '\x02'
substring(bytea,int4,int4) '\x010203' '0' '2' => '\x01'
substring(bytea,int4,int4) '\x010203' '5' '2' => '\x'
substring(bytea,int4,int4) '\x010203' '1' '-1' => !22011 negative substring length not allowed
get_byte(bytea,int4) '\x0102' '1' => '2'
get_byte(bytea,int4) '\x0102' '2' => !2202E index 2 out of valid range, 0..1
set_byte(bytea,int4,int4) '\x0102' '1' '255' => '\x01ff'
get_bit(bytea,int8) '\x01f2' '9' => '1'
get_bit(bytea,int8) '\x01f2' '16' => !2202E index 16 out of valid range, 0..15
set_bit(bytea,int8,int4) '\x01f2' '8' '1' => '\x01f3'
set_bit(bytea,int8,int4) '\x01f2' '8' '2' => !22023 new bit must be 0 or 1
position(bytea,bytea) '\x010203' '\x03' => '3'
byteacat(bytea,bytea) '\x01' '\x02' => '\x0102'
btrim(bytea,bytea) '\x00010200' '\x00' => '\x0102'
)cases";

}  // namespace

TEST(Functions, BytesMatchPostgres) { RunCases(kBytesCases); }

}  // namespace omen::functions
