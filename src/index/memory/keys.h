// What the structures know of a kind of key. Every entry has a `head`: 64 bits in the keys'
// order, which models and vector searches work on, and a `rest` that settles ties exactly.
//
//   IntKeys     head = the key (see learn/ordered_key.h for int64 and double); rest = payload
//   StringKeys  head = the eight bytes behind the prefix that all keys of a structure share;
//               rest = the whole string and the payload. Two keys with equal heads are still two.
//
// Entries are ordered by (key, payload), so a key may have many payloads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace omen::index {

struct IntKeys {
  using Key = uint64_t;
  struct Rest {
    uint64_t payload;
  };
  struct Entry {
    uint64_t head;
    Rest rest;
    Key key() const { return head; }
    uint64_t payload() const { return rest.payload; }
  };
  /// A place to look for: the first entry that is not below it.
  struct Probe {
    uint64_t head;
    uint64_t payload;
    Key key() const { return head; }
  };
  /// How a structure makes heads.
  struct Heads {
    static Heads Shared(Key first, Key last) { return {}; }
    uint64_t Of(Key key) const { return key; }
  };
  static constexpr bool kHeadIsKey = true;

  static Probe MakeProbe(const Heads& heads, Key key, uint64_t payload) { return {key, payload}; }
  static bool TieLess(const Rest& rest, const Probe& probe) { return rest.payload < probe.payload; }
  static bool TieSameKey(const Rest& rest, const Probe& probe) { return true; }
  template <typename Arena>
  static bool MakeRest(Arena&, Key key, uint64_t payload, Rest& rest) {
    rest = {payload};
    return true;
  }
  static int Compare(Key a, Key b) { return a < b ? -1 : a > b; }
  static uint64_t Hash(Key key) { return key * 0x9E3779B97F4A7C15u ^ key >> 32; }
  static size_t TextBytes(Key key) { return 0; }
};

struct StringKeys {
  using Key = std::string_view;
  struct Rest {
    const char* text;  // a 32-bit length, then the bytes; owned by the structure
    uint64_t payload;
    Key key() const {
      uint32_t length;
      std::memcpy(&length, text, sizeof length);
      return {text + sizeof length, length};
    }
  };
  struct Entry {
    uint64_t head;
    Rest rest;
    Key key() const { return rest.key(); }
    uint64_t payload() const { return rest.payload; }
  };
  struct Probe {
    uint64_t head;
    Key text;
    uint64_t payload;
    Key key() const { return text; }
  };
  /// Keys that do not begin with the shared prefix sort before or behind all that do.
  struct Heads {
    static constexpr size_t kLongest = 120;
    char prefix[kLongest];
    uint8_t length = 0;

    static Heads Shared(Key first, Key last) {
      Heads heads;
      const size_t limit = std::min({first.size(), last.size(), kLongest});
      while (heads.length < limit && first[heads.length] == last[heads.length]) ++heads.length;
      if (heads.length != 0) std::memcpy(heads.prefix, first.data(), heads.length);
      return heads;
    }
    uint64_t Of(Key key) const {
      const size_t common = std::min<size_t>(length, key.size());
      const int order = common == 0 ? 0 : std::memcmp(key.data(), prefix, common);
      if (order != 0) return order < 0 ? 0 : ~uint64_t{0};
      if (key.size() < length) return 0;
      char bytes[8] = {};
      const size_t left = std::min<size_t>(8, key.size() - length);
      if (left != 0) std::memcpy(bytes, key.data() + length, left);
      return LoadBigEndian<uint64_t>(bytes);
    }
  };
  static constexpr bool kHeadIsKey = false;

  static Probe MakeProbe(const Heads& heads, Key key, uint64_t payload) {
    return {heads.Of(key), key, payload};
  }
  static bool TieLess(const Rest& rest, const Probe& probe) {
    const int order = Compare(rest.key(), probe.text);
    return order != 0 ? order < 0 : rest.payload < probe.payload;
  }
  static bool TieSameKey(const Rest& rest, const Probe& probe) { return rest.key() == probe.text; }
  template <typename Arena>
  static bool MakeRest(Arena& arena, Key key, uint64_t payload, Rest& rest) {
    rest = {arena.Add(key), payload};
    return rest.text != nullptr;
  }
  static int Compare(Key a, Key b) { return a.compare(b); }
  static uint64_t Hash(Key key) {
    uint64_t hash = key.size() * 0x9E3779B97F4A7C15u;
    size_t i = 0;
    for (; i + 8 <= key.size(); i += 8) {
      hash = (hash ^ LoadLittleEndian<uint64_t>(key.data() + i)) * 0x9FB21C651E98DF25u;
      hash ^= hash >> 32;
    }
    for (; i < key.size(); ++i) hash = (hash ^ static_cast<uint8_t>(key[i])) * 0x9FB21C651E98DF25u;
    return hash ^ hash >> 29;
  }
  static size_t TextBytes(Key key) { return sizeof(uint32_t) + key.size(); }
};

}  // namespace omen::index
