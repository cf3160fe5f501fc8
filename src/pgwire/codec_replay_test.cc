// Inputs that a fuzzer found or an attacker would try, replayed in every run; then mutations of
// well-formed messages.
#include "pgwire/codec_replay.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace omen::pgwire {
namespace {

using namespace std::string_literals;

const std::string kCorpus[] = {
    ""s,
    "B"s,
    "B\0\0\0\0\0\1\xff\xff\xff\xfe"s,
    "B\0\0\0\0\xff\xff"s,
    "B\0\0\0\2\0\0\0\1\0\2\0\0\0\3abc\xff\xff\xff\xff\0\1\0\1"s,
    "B\0\0\0\0\0\1\x7f\xff\xff\xff"s,
    "P\0select 1\0\xff\xff"s,
    "Ps\0select $1\0\0\1\0\0\0\x17"s,
    "P\0select"s,
    "Qselect 1\0"s,
    "Qselect 1\0select 2\0"s,
    "DS\0"s,
    "DX\0"s,
    "Cp\0"s,
    "E\0\0\0\0\0"s,
    "E\0\xff\xff\xff\xff"s,
    "pSCRAM-SHA-256\0\0\0\0\3n,,"s,
    "pSCRAM-SHA-256\0\xff\xff\xff\xff"s,
    "pSCRAM-SHA-256\0\x7f\xff\xff\xff"s,
    "pn,,n=,r=abcc=biws,r=abc,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="s,
    "0\0\3\0\0user\0u\0\0"s,
    "0\0\3\0\0user\0u\0"s,
    "0\4\xd2\x16\x2e\0\0\0\1abcd"s,
    "0\4\xd2\x16\x2f"s,
    "0\4\xd2\x16\x30tail"s,
    "0\0\2\0\0"s,
};

TEST(HostileBytes, Corpus) {
  for (const std::string& bytes : kCorpus) ReplayHostileBytes(bytes);
}

TEST(HostileBytes, MutatedCorpus) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50'000; ++round) {
    std::string bytes = kCorpus[random() % std::size(kCorpus)];
    for (int edits = static_cast<int>(random() % 4); edits >= 0; --edits) {
      size_t at = random() % (bytes.size() + 1);
      if (random() % 3 == 0) {
        bytes.insert(at, 1, static_cast<char>(random()));
      } else if (at < bytes.size() && random() % 2 == 0) {
        bytes.erase(at, 1);
      } else if (at < bytes.size()) {
        bytes[at] = static_cast<char>(random());
      }
    }
    ReplayHostileBytes(bytes);
  }
}

}  // namespace
}  // namespace omen::pgwire
