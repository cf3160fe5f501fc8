// A model as bytes, little-endian:
//   magic "OMPL" · version u32 · epsilon u32 · levels u32
//   per level, bottom first: segments u32, points u32, over u32, under u32
//   the block: per level its keys (u64 each), then its lines (16 bytes each)
//   checksum u64 of all before it
// A reader may meet any bytes. The checksum finds damage; Sound() makes sure that even bytes with
// a right checksum can only mispredict, never point outside the array.
#include <cmath>

#include "base/bytes.h"
#include "learn/model.h"

namespace omen::learn {

namespace {

constexpr uint32_t kMagic = 0x4C504D4F;
constexpr uint32_t kVersion = 1;
constexpr size_t kHeader = 16, kPart = 16, kChecksum = 8;
constexpr size_t kSegment = sizeof(uint64_t) + sizeof(Line);

// FNV-1a over 64-bit words, with a last mix.
uint64_t Checksum(std::string_view bytes) {
  uint64_t hash = 0xCBF29CE484222325u ^ bytes.size();
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    hash = (hash ^ LoadLittleEndian<uint64_t>(bytes.data() + i)) * 0x100000001B3u;
    hash ^= hash >> 29;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ static_cast<uint8_t>(bytes[i])) * 0x100000001B3u;
  return hash ^ hash >> 32;
}

Status Damaged(const char* what) {
  return Status(sqlstate::kIndexCorrupted, std::string("damaged learned model: ") + what);
}

// Twice as far as any position or epsilon: what is predicted from it is a number of 64 bits.
constexpr float kMostOffset = 8589934592.0F;

bool SoundLevel(const Level& level) {
  if (level.count == 0) return level.points == 0;
  if (level.lines[0].start != 0) return false;
  for (uint32_t i = 0; i < level.count; ++i) {
    const Line& line = level.lines[i];
    if (!std::isfinite(line.slope) || line.slope < 0) return false;
    if (!(std::abs(line.offset) <= kMostOffset)) return false;
    if (line.start > level.points) return false;
    if (i == 0) continue;
    if (level.keys[i] <= level.keys[i - 1] || line.start < level.lines[i - 1].start) return false;
  }
  return true;
}

}  // namespace

std::string Model::Serialise() const {
  std::string out;
  out.reserve(kHeader + level_count_ * kPart + block_.size() + kChecksum);
  for (uint32_t word : {kMagic, kVersion, epsilon_, level_count_}) AppendLittleEndian(out, word);
  for (uint32_t i = 0; i < level_count_; ++i) {
    const Level& level = levels_[i];
    for (uint32_t word : {level.count, level.points, level.over, level.under})
      AppendLittleEndian(out, word);
  }
  if (block_.size() != 0) out.append(block_.data(), block_.size());
  AppendLittleEndian(out, Checksum(out));
  return out;
}

bool Model::Sound() const {
  for (uint32_t i = 0; i < level_count_; ++i) {
    if (!SoundLevel(levels_[i])) return false;
    if (i != 0 && levels_[i].points != levels_[i - 1].count) return false;
  }
  return levels_[0].count != 0 || level_count_ == 1;
}

Result<Model> Model::Parse(std::string_view bytes, Memory& memory) {
  if (bytes.size() < kHeader + kPart + kChecksum) return Damaged("too short");
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksum);
  if (LoadLittleEndian<uint64_t>(bytes.data() + body.size()) != Checksum(body))
    return Damaged("checksum");
  const auto word = [&](size_t at) { return LoadLittleEndian<uint32_t>(bytes.data() + at); };
  if (word(0) != kMagic) return Damaged("not a model");
  if (word(4) != kVersion) return NotSupported("this version of learned models");
  Model model(memory);
  model.epsilon_ = word(8);
  Shape shape;
  shape.count = word(12);
  const size_t header = kHeader + size_t{shape.count} * kPart;
  if (shape.count == 0 || shape.count > kMaxLevels || body.size() < header)
    return Damaged("levels");
  size_t block = 0;
  for (uint32_t i = 0; i < shape.count; ++i) {
    const size_t at = kHeader + i * kPart;
    shape.parts[i] = {word(at), word(at + 4), word(at + 8), word(at + 12)};
    block += shape.parts[i].count * kSegment;
  }
  if (body.size() != header + block) return Damaged("length");
  if (!model.block_.Resize(block)) return OutOfMemory();
  if (block != 0) std::memcpy(model.block_.data(), bytes.data() + header, block);
  model.Adopt(shape);
  if (!model.Sound()) return Damaged("segments");
  return model;
}

}  // namespace omen::learn
