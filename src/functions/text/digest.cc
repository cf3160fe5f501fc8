#include "functions/text/digest.h"

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "base/bytes.h"

namespace omen::functions {

namespace {

/// The message with its padding: 0x80, zeros, then the length in bits (of `length_bytes`).
template <bool kBigEndian>
std::string PaddedMessage(std::string_view message, size_t block, size_t length_bytes) {
  std::string padded(message);
  padded += '\x80';
  while (padded.size() % block != block - length_bytes) padded += '\0';
  padded.append(length_bytes - 8, '\0');
  auto bits = static_cast<uint64_t>(message.size()) * 8;
  kBigEndian ? AppendBigEndian(padded, bits) : AppendLittleEndian(padded, bits);
  return padded;
}

constexpr std::array<uint32_t, 64> kMd5Constants = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kMd5Shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

struct Md5Step {
  uint32_t mix;
  uint32_t word;
};

Md5Step StepOfRound(uint32_t i, uint32_t b, uint32_t c, uint32_t d) {
  switch (i / 16) {
    case 0:
      return {(b & c) | (~b & d), i};
    case 1:
      return {(d & b) | (~d & c), (5 * i + 1) % 16};
    case 2:
      return {b ^ c ^ d, (3 * i + 5) % 16};
    default:
      return {c ^ (b | ~d), (7 * i) % 16};
  }
}

void Md5Block(const char* block, std::array<uint32_t, 4>& state) {
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  for (uint32_t i = 0; i < 64; ++i) {
    Md5Step step = StepOfRound(i, b, c, d);
    uint32_t sum =
        a + step.mix + kMd5Constants[i] + LoadLittleEndian<uint32_t>(block + 4 * step.word);
    a = d;
    d = c;
    c = b;
    b += std::rotl(sum, kMd5Shifts[i / 16][i % 4]);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

/// What distinguishes the 32-bit from the 64-bit members of SHA-2.
template <typename Word>
struct Sha2 {
  static constexpr bool kWide = sizeof(Word) == 8;
  static constexpr size_t kRounds = kWide ? 80 : 64;

  static Word Sum0(Word x) {
    return kWide ? std::rotr(x, 28) ^ std::rotr(x, 34) ^ std::rotr(x, 39)
                 : std::rotr(x, 2) ^ std::rotr(x, 13) ^ std::rotr(x, 22);
  }
  static Word Sum1(Word x) {
    return kWide ? std::rotr(x, 14) ^ std::rotr(x, 18) ^ std::rotr(x, 41)
                 : std::rotr(x, 6) ^ std::rotr(x, 11) ^ std::rotr(x, 25);
  }
  static Word Spread0(Word x) {
    return kWide ? std::rotr(x, 1) ^ std::rotr(x, 8) ^ (x >> 7)
                 : std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3);
  }
  static Word Spread1(Word x) {
    return kWide ? std::rotr(x, 19) ^ std::rotr(x, 61) ^ (x >> 6)
                 : std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10);
  }
};

/// Cube roots of the first 80 primes; the 32-bit algorithm uses their upper halves.
constexpr std::array<uint64_t, 80> kSha2Constants = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

template <typename Word>
void Sha2Block(const char* block, std::array<Word, 8>& state) {
  using Shape = Sha2<Word>;
  std::array<Word, Shape::kRounds> w;
  for (size_t i = 0; i < 16; ++i) w[i] = LoadBigEndian<Word>(block + i * sizeof(Word));
  for (size_t i = 16; i < Shape::kRounds; ++i) {
    w[i] = w[i - 16] + Shape::Spread0(w[i - 15]) + w[i - 7] + Shape::Spread1(w[i - 2]);
  }
  std::array<Word, 8> s = state;
  for (size_t i = 0; i < Shape::kRounds; ++i) {
    Word constant = static_cast<Word>(kSha2Constants[i] >> (64 - 8 * sizeof(Word)));
    Word first = s[7] + Shape::Sum1(s[4]) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constant + w[i];
    Word second = Shape::Sum0(s[0]) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    for (size_t j = 7; j > 0; --j) s[j] = s[j - 1];
    s[4] += first;
    s[0] = first + second;
  }
  for (size_t j = 0; j < 8; ++j) state[j] += s[j];
}

template <typename Word>
std::string Sha2Digest(std::string_view message, std::array<Word, 8> state, size_t bytes) {
  constexpr size_t kBlock = 16 * sizeof(Word);
  std::string padded = PaddedMessage<true>(message, kBlock, 2 * sizeof(Word));
  for (size_t i = 0; i < padded.size(); i += kBlock) Sha2Block<Word>(padded.data() + i, state);
  std::string digest;
  for (Word word : state) AppendBigEndian(digest, word);
  digest.resize(bytes);
  return digest;
}

}  // namespace

std::string Md5(std::string_view message) {
  std::array<uint32_t, 4> state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  std::string padded = PaddedMessage<false>(message, 64, 8);
  for (size_t i = 0; i < padded.size(); i += 64) Md5Block(padded.data() + i, state);
  std::string digest;
  for (uint32_t word : state) AppendLittleEndian(digest, word);
  return digest;
}

std::string Sha224(std::string_view message) {
  return Sha2Digest<uint32_t>(message,
                              {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31,
                               0x68581511, 0x64f98fa7, 0xbefa4fa4},
                              28);
}

std::string Sha256(std::string_view message) {
  return Sha2Digest<uint32_t>(message,
                              {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                               0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                              32);
}

std::string Sha384(std::string_view message) {
  return Sha2Digest<uint64_t>(
      message,
      {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
       0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4},
      48);
}

std::string Sha512(std::string_view message) {
  return Sha2Digest<uint64_t>(
      message,
      {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
       0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179},
      64);
}

std::string ToHexText(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace omen::functions
