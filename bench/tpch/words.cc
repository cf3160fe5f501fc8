#include "tpch/words.h"

namespace omen::tpch {

std::span<const Nation> Nations() {
  static constexpr Nation kNations[] = {
      {"ALGERIA", 0},       {"ARGENTINA", 1}, {"BRAZIL", 1}, {"CANADA", 1},
      {"EGYPT", 4},         {"ETHIOPIA", 0},  {"FRANCE", 3}, {"GERMANY", 3},
      {"INDIA", 2},         {"INDONESIA", 2}, {"IRAN", 4},   {"IRAQ", 4},
      {"JAPAN", 2},         {"JORDAN", 4},    {"KENYA", 0},  {"MOROCCO", 0},
      {"MOZAMBIQUE", 0},    {"PERU", 1},      {"CHINA", 2},  {"ROMANIA", 3},
      {"SAUDI ARABIA", 4},  {"VIETNAM", 2},   {"RUSSIA", 3}, {"UNITED KINGDOM", 3},
      {"UNITED STATES", 1},
  };
  return kNations;
}

// Words that occur more often in the text are listed more often.

std::span<const std::string_view> Regions() {
  static constexpr std::string_view kWords[] = {
      "AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST",
  };
  return kWords;
}

std::span<const std::string_view> Colors() {
  static constexpr std::string_view kWords[] = {
      "almond",   "antique",   "aquamarine", "azure",      "beige",     "bisque",    "black",
      "blanched", "blue",      "blush",      "brown",      "burlywood", "burnished", "chartreuse",
      "chiffon",  "chocolate", "coral",      "cornflower", "cornsilk",  "cream",     "cyan",
      "dark",     "deep",      "dim",        "dodger",     "drab",      "firebrick", "floral",
      "forest",   "frosted",   "gainsboro",  "ghost",      "goldenrod", "green",     "grey",
      "honeydew", "hot",       "indian",     "ivory",      "khaki",     "lace",      "lavender",
      "lawn",     "lemon",     "light",      "lime",       "linen",     "magenta",   "maroon",
      "medium",   "metallic",  "midnight",   "mint",       "misty",     "moccasin",  "navajo",
      "navy",     "olive",     "orange",     "orchid",     "pale",      "papaya",    "peach",
      "peru",     "pink",      "plum",       "powder",     "puff",      "purple",    "red",
      "rose",     "rosy",      "royal",      "saddle",     "salmon",    "sandy",     "seashell",
      "sienna",   "sky",       "slate",      "smoke",      "snow",      "spring",    "steel",
      "tan",      "thistle",   "tomato",     "turquoise",  "violet",    "wheat",     "white",
      "yellow",
  };
  return kWords;
}

std::span<const std::string_view> TypeSizes() {
  static constexpr std::string_view kWords[] = {
      "STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO",
  };
  return kWords;
}

std::span<const std::string_view> TypeFinishes() {
  static constexpr std::string_view kWords[] = {
      "ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED",
  };
  return kWords;
}

std::span<const std::string_view> TypeMetals() {
  static constexpr std::string_view kWords[] = {
      "TIN", "NICKEL", "BRASS", "STEEL", "COPPER",
  };
  return kWords;
}

std::span<const std::string_view> ContainerSizes() {
  static constexpr std::string_view kWords[] = {
      "SM", "LG", "MED", "JUMBO", "WRAP",
  };
  return kWords;
}

std::span<const std::string_view> ContainerKinds() {
  static constexpr std::string_view kWords[] = {
      "CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM",
  };
  return kWords;
}

std::span<const std::string_view> Segments() {
  static constexpr std::string_view kWords[] = {
      "AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD",
  };
  return kWords;
}

std::span<const std::string_view> Priorities() {
  static constexpr std::string_view kWords[] = {
      "1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW",
  };
  return kWords;
}

std::span<const std::string_view> Instructions() {
  static constexpr std::string_view kWords[] = {
      "DELIVER IN PERSON",
      "COLLECT COD",
      "NONE",
      "TAKE BACK RETURN",
  };
  return kWords;
}

std::span<const std::string_view> Modes() {
  static constexpr std::string_view kWords[] = {
      "REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB",
  };
  return kWords;
}

std::span<const std::string_view> Nouns() {
  static constexpr std::string_view kWords[] = {
      "packages",       "requests",    "accounts",     "deposits",     "packages",
      "requests",       "accounts",    "deposits",     "packages",     "requests",
      "accounts",       "deposits",    "packages",     "requests",     "accounts",
      "deposits",       "packages",    "requests",     "accounts",     "deposits",
      "foxes",          "ideas",       "theodolites",  "pinto beans",  "instructions",
      "dependencies",   "excuses",     "platelets",    "foxes",        "ideas",
      "theodolites",    "pinto beans", "instructions", "dependencies", "excuses",
      "platelets",      "asymptotes",  "courts",       "dolphins",     "multipliers",
      "sauternes",      "warthogs",    "frets",        "dinos",        "attainments",
      "somas",          "Tiresias'",   "patterns",     "forges",       "braids",
      "hockey players", "frays",       "warhorses",    "dugouts",      "notornis",
      "epitaphs",       "pearls",      "tithes",       "waters",       "orbits",
      "gifts",          "sheaves",     "depths",       "sentiments",   "decoys",
      "realms",         "pains",       "grouches",     "escapades",
  };
  return kWords;
}

std::span<const std::string_view> Verbs() {
  static constexpr std::string_view kWords[] = {
      "sleep",  "wake",   "are",       "cajole",   "haggle", "nag",   "use",     "boost",
      "affix",  "detect", "integrate", "maintain", "nod",    "was",   "lose",    "sublate",
      "solve",  "thrash", "promise",   "engage",   "hinder", "print", "x-ray",   "breach",
      "eat",    "grow",   "impress",   "mold",     "poach",  "serve", "run",     "dazzle",
      "snooze", "doze",   "unwind",    "kindle",   "play",   "hang",  "believe", "doubt",
  };
  return kWords;
}

std::span<const std::string_view> Adjectives() {
  static constexpr std::string_view kWords[] = {
      "special", "pending", "unusual",  "express",   "special",  "pending", "unusual", "express",
      "special", "pending", "unusual",  "express",   "furious",  "sly",     "careful", "blithe",
      "quick",   "fluffy",  "slow",     "quiet",     "ruthless", "thin",    "close",   "dogged",
      "daring",  "brave",   "stealthy", "permanent", "enticing", "idle",    "busy",    "regular",
      "final",   "ironic",  "even",     "bold",      "silent",
  };
  return kWords;
}

std::span<const std::string_view> Adverbs() {
  static constexpr std::string_view kWords[] = {
      "sometimes", "always",    "never",   "furiously",  "slyly",       "carefully",  "blithely",
      "quickly",   "fluffily",  "slowly",  "quietly",    "ruthlessly",  "thinly",     "closely",
      "doggedly",  "daringly",  "bravely", "stealthily", "permanently", "enticingly", "idly",
      "busily",    "regularly", "finally", "ironically", "evenly",      "boldly",     "silently",
  };
  return kWords;
}

std::span<const std::string_view> Prepositions() {
  static constexpr std::string_view kWords[] = {
      "about",        "above",   "according to", "across",  "after",       "against", "along",
      "alongside of", "among",   "around",       "at",      "atop",        "before",  "behind",
      "beneath",      "beside",  "besides",      "between", "beyond",      "by",      "despite",
      "during",       "except",  "for",          "from",    "in place of", "inside",  "instead of",
      "into",         "near",    "of",           "on",      "outside",     "over",    "past",
      "since",        "through", "throughout",   "to",      "toward",      "under",   "until",
      "up",           "upon",    "without",      "with",    "within",
  };
  return kWords;
}

std::span<const std::string_view> Auxiliaries() {
  static constexpr std::string_view kWords[] = {
      "do",           "may",          "might",         "shall",         "will",
      "would",        "can",          "could",         "should",        "ought to",
      "must",         "will have to", "shall have to", "could have to", "should have to",
      "must have to", "need to",      "try to",
  };
  return kWords;
}

std::span<const std::string_view> Terminators() {
  static constexpr std::string_view kWords[] = {
      ".", ";", ":", "?", "!", "--",
  };
  return kWords;
}

}  // namespace omen::tpch
