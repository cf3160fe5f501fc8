#include "tpch/text_pool.h"

#include "tpch/words.h"

namespace omen::tpch {

namespace {

constexpr size_t kPoolBytes = 24u << 20;
constexpr uint64_t kPoolStream = 99;

void Append(std::string& out, std::string_view word) {
  out += word;
  out += ' ';
}

void NounPhrase(Random& random, std::string& out) {
  switch (random.Between(0, 3)) {
    case 0:
      break;
    case 1:
      Append(out, random.Pick(Adjectives()));
      break;
    case 2:
      out += random.Pick(Adjectives());
      out += ", ";
      Append(out, random.Pick(Adjectives()));
      break;
    default:
      Append(out, random.Pick(Adverbs()));
      Append(out, random.Pick(Adjectives()));
      break;
  }
  Append(out, random.Pick(Nouns()));
}

void VerbPhrase(Random& random, std::string& out) {
  int64_t form = random.Between(0, 3);
  if (form == 1 || form == 3) Append(out, random.Pick(Auxiliaries()));
  Append(out, random.Pick(Verbs()));
  if (form >= 2) Append(out, random.Pick(Adverbs()));
}

void PrepositionalPhrase(Random& random, std::string& out) {
  Append(out, random.Pick(Prepositions()));
  out += "the ";
  NounPhrase(random, out);
}

void Sentence(Random& random, std::string& out) {
  int64_t form = random.Between(0, 4);
  NounPhrase(random, out);
  if (form >= 3) PrepositionalPhrase(random, out);
  VerbPhrase(random, out);
  if (form == 1 || form == 4) PrepositionalPhrase(random, out);
  if (form == 2 || form == 3) NounPhrase(random, out);
  out.back() = random.Pick(Terminators())[0];
  out += ' ';
}

}  // namespace

TextPool::TextPool(uint64_t seed) {
  Random random(seed, kPoolStream, 0);
  text_.reserve(kPoolBytes + 512);
  while (text_.size() < kPoolBytes) Sentence(random, text_);
}

std::string_view TextPool::Slice(Random& random, int low, int high) const {
  auto length = static_cast<size_t>(random.Between(low, high));
  auto offset = static_cast<size_t>(random.Between(0, static_cast<int64_t>(kPoolBytes - length)));
  return std::string_view(text_).substr(offset, length);
}

}  // namespace omen::tpch
