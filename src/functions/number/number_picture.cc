#include "functions/number/number_picture.h"

#include "base/work.h"
#include "functions/datetime/datetime_picture.h"
#include "functions/kernel/utf8.h"

namespace omen::functions {

namespace {

using Key = NumberPicture::Key;
using Node = NumberPicture::Node;
using SignPlace = NumberPicture::SignPlace;

struct NumberKeyword {
  std::string_view upper, lower;
  Key key;
};

/// Longer words first.
constexpr NumberKeyword kNumberKeywords[] = {
    {"EEEE", "eeee", Key::kExponent}, {"FM", "fm", Key::kFill},    {"MI", "mi", Key::kMinus},
    {"PL", "pl", Key::kPlus},         {"PR", "pr", Key::kBracket}, {"RN", "rn", Key::kRoman},
    {"SG", "sg", Key::kEither},       {"SP", "sp", Key::kIgnored}, {"TH", "th", Key::kOrdinal},
    {",", ",", Key::kComma},          {".", ".", Key::kPoint},     {"0", "0", Key::kZero},
    {"9", "9", Key::kNine},           {"B", "b", Key::kBlank},     {"C", "c", Key::kIgnored},
    {"D", "d", Key::kDecimal},        {"G", "g", Key::kGroup},     {"L", "l", Key::kCurrency},
    {"S", "s", Key::kSign},           {"V", "v", Key::kMultiply},
};

Status Contradiction(std::string message) {
  return Status(sqlstate::kSyntaxError, std::move(message));
}

Status Together(const char* a, const char* b) {
  return Contradiction(std::string("cannot use ") + a + " and " + b + " together");
}

/// What one field of the picture adds (NUMDesc_prepare).
class PictureCounter {
 public:
  explicit PictureCounter(NumberPicture& picture) : p_(picture) {}

  Status Add(Key key) {
    if (p_.exponent && key != Key::kExponent) {
      return Contradiction("\"EEEE\" must be the last pattern used");
    }
    switch (key) {
      case Key::kNine:
        return Nine();
      case Key::kZero:
        return Zero();
      case Key::kDecimal:
      case Key::kPoint:
        if (p_.decimal) return Contradiction("multiple decimal points");
        if (p_.has_multiply) {
          return Contradiction("cannot use \"V\" and decimal point together");
        }
        p_.decimal = true;
        return Status::Ok();
      case Key::kBlank:
        if (p_.before == 0 && p_.after == 0 && !p_.zero) p_.blank = true;
        return Status::Ok();
      case Key::kFill:
        p_.fill = true;
        return Status::Ok();
      case Key::kRoman:
        p_.roman = true;
        return Status::Ok();
      case Key::kMultiply:
        if (p_.decimal) return Contradiction("cannot use \"V\" and decimal point together");
        p_.has_multiply = true;
        return Status::Ok();
      case Key::kExponent:
        return Exponent();
      default:
        return Sign(key);
    }
  }

 private:
  Status Nine() {
    if (p_.bracket) return Contradiction("\"9\" must be ahead of \"PR\"");
    if (p_.has_multiply) {
      ++p_.multiply;
    } else {
      ++(p_.decimal ? p_.after : p_.before);
    }
    return Status::Ok();
  }

  Status Zero() {
    if (p_.bracket) return Contradiction("\"0\" must be ahead of \"PR\"");
    if (!p_.zero && !p_.decimal) {
      p_.zero = true;
      p_.zero_start = p_.before + 1;
    }
    ++(p_.decimal ? p_.after : p_.before);
    p_.zero_end = p_.before + p_.after;
    return Status::Ok();
  }

  Status Exponent() {
    if (p_.exponent) return Contradiction("cannot use \"EEEE\" twice");
    if (p_.blank || p_.fill || p_.sign || p_.bracket || p_.minus || p_.plus || p_.roman ||
        p_.has_multiply) {
      return Contradiction("\"EEEE\" is incompatible with other formats")
          .Detail("\"EEEE\" may only be used together with digit and decimal point patterns.");
    }
    p_.exponent = true;
    return Status::Ok();
  }

  Status Sign(Key key) {
    switch (key) {
      case Key::kSign:
        if (p_.sign) return Contradiction("cannot use \"S\" twice");
        if (p_.plus || p_.minus || p_.bracket) {
          return Together("\"S\"", "\"PL\"/\"MI\"/\"SG\"/\"PR\"");
        }
        p_.sign = true;
        p_.sign_place = p_.decimal ? SignPlace::kAfter : SignPlace::kBefore;
        if (!p_.decimal) p_.before_at_sign = p_.before;
        break;
      case Key::kMinus:
        if (p_.sign) return Together("\"S\"", "\"MI\"");
        p_.minus = true;
        break;
      case Key::kPlus:
        if (p_.sign) return Together("\"S\"", "\"PL\"");
        p_.plus = true;
        break;
      case Key::kEither:
        if (p_.sign) return Together("\"S\"", "\"SG\"");
        p_.minus = p_.plus = true;
        break;
      case Key::kBracket:
        if (p_.sign || p_.plus || p_.minus) {
          return Together("\"PR\"", "\"S\"/\"PL\"/\"MI\"/\"SG\"");
        }
        p_.bracket = true;
        break;
      default:
        break;
    }
    return Status::Ok();
  }

  NumberPicture& p_;
};

bool TakeKeyword(std::string_view* text, Node* node) {
  for (const NumberKeyword& keyword : kNumberKeywords) {
    bool upper = text->starts_with(keyword.upper);
    if (!upper && !text->starts_with(keyword.lower)) continue;
    node->key = keyword.key;
    node->upper = upper;
    text->remove_prefix(keyword.upper.size());
    return true;
  }
  return false;
}

void TakeText(std::string_view* text, std::vector<Node>* nodes) {
  Node node;
  size_t length = std::min(CharacterLength(text->front()), text->size());
  node.text = text->substr(0, length);
  text->remove_prefix(length);
  nodes->push_back(std::move(node));
}

void TakeQuotedText(std::string_view* text, std::vector<Node>* nodes) {
  text->remove_prefix(1);
  while (!text->empty() && text->front() != '"') {
    if (text->front() == '\\' && text->size() > 1) text->remove_prefix(1);
    TakeText(text, nodes);
  }
  if (!text->empty()) text->remove_prefix(1);
}

/// Writes one number by a picture, place by place (NUM_processor and NUM_numpart_to_char).
class NumberPrinter {
 public:
  NumberPrinter(const NumberMeasures& measures, std::string_view digits, int spaces, char sign,
                std::string& out)
      : p_(measures), digits_(digits), spaces_(spaces), sign_(sign), out_(out) {}

  void Run(const std::vector<Node>& nodes) {
    if (p_.roman) {
      const bool fill = p_.fill;
      p_ = NumberMeasures();
      p_.fill = fill;
      p_.roman = true;
      spaces_ = 0;
      sign_ = 0;
    }
    DecideSign();
    // Places count from 0 here; the picture counted from 1 to tell "none" apart.
    if (p_.zero_start > 0) --p_.zero_start;
    count_ = p_.after + p_.before - 1;
    FindLastRelevant();
    if (!sign_written_ && spaces_ == 0) ++count_;
    for (const Node& node : nodes) {
      Work::Poll();
      Emit(node);
    }
  }

 private:
  static constexpr size_t kNowhere = std::string_view::npos;

  void DecideSign() {
    if (p_.plus || p_.minus) {
      sign_written_ = !(p_.plus && !p_.minus);
      return;
    }
    if (sign_ != '-' && p_.fill) p_.bracket = false;
    sign_written_ = sign_ == '+' && p_.fill && !p_.sign;
    if (p_.sign_place == SignPlace::kBefore && p_.before == p_.before_at_sign) {
      p_.sign_place = SignPlace::kAfter;
    }
  }

  // FM drops trailing zeros after the point, except those asked for with 0.
  void FindLastRelevant() {
    if (!p_.fill || !p_.decimal) return;
    size_t point = digits_.find('.');
    if (point == kNowhere) return;
    last_relevant_ = digits_.find_last_not_of('0');
    if (p_.zero_end > spaces_) {
      size_t last_zero = std::min(digits_.size() - 1, static_cast<size_t>(p_.zero_end - spaces_));
      last_relevant_ = std::max(last_relevant_, last_zero);
    }
  }

  bool HasLast() const { return last_relevant_ != kNowhere; }
  bool LastIsPoint() const { return HasLast() && digits_[last_relevant_] == '.'; }
  char Digit() const { return at_ < digits_.size() ? digits_[at_] : '\0'; }
  /// 0.1 by 9.9: the zero before the point is a blank.
  bool BlankBeforePoint() const { return !p_.zero && at_ == 0 && Digit() == '0' && p_.after != 0; }

  void Blank() {
    if (!p_.fill) out_ += ' ';
  }

  void Emit(const Node& node) {
    switch (node.key) {
      case Key::kText:
        out_ += node.text;
        break;
      case Key::kNine:
      case Key::kZero:
      case Key::kPoint:
      case Key::kDecimal:
        Place(node.key);
        break;
      case Key::kComma:
      case Key::kGroup:
        if (in_number_) {
          out_ += ',';
        } else {
          Blank();
        }
        break;
      case Key::kCurrency:
        out_ += ' ';
        break;
      case Key::kRoman:
        Roman(node);
        break;
      case Key::kOrdinal:
        if (!p_.roman && !digits_.starts_with('#') && sign_ != '-' && !p_.decimal) {
          out_ += OrdinalSuffix(digits_, node.upper);
        }
        break;
      case Key::kMinus:
        Conditional('-');
        break;
      case Key::kPlus:
        Conditional('+');
        break;
      case Key::kEither:
        out_ += sign_;
        break;
      default:
        break;
    }
  }

  void Conditional(char wanted) {
    if (sign_ == wanted) {
      out_ += wanted;
    } else {
      Blank();
    }
  }

  void Roman(const Node& node) {
    std::string text = node.upper ? std::string(digits_) : LowerAscii(digits_);
    if (!p_.fill && text.size() < 15) out_.append(15 - text.size(), ' ');
    out_ += text;
  }

  void LeadingSign() {
    bool due = current_ >= spaces_ || (p_.zero && p_.zero_start == current_);
    if (sign_written_ || !due || (BlankBeforePoint() && !LastIsPoint())) return;
    if (p_.sign) {
      if (p_.sign_place != SignPlace::kBefore) return;
      out_ += sign_ == '-' ? '-' : '+';
    } else if (p_.bracket) {
      out_ += sign_ == '+' ? ' ' : '<';
    } else if (sign_ == '+') {
      Blank();
    } else if (sign_ == '-') {
      out_ += '-';
    } else {
      return;
    }
    sign_written_ = true;
  }

  void Place(Key key) {
    if (p_.roman) return;
    in_number_ = false;
    LeadingSign();
    bool before_digits = current_ < spaces_;
    if (before_digits && (!p_.zero || p_.zero_start > current_)) {
      Blank();
    } else if (before_digits) {
      out_ += '0';
      in_number_ = true;
    } else {
      DigitOrPoint(key);
    }
    TrailingSign();
    ++current_;
  }

  void DigitOrPoint(Key key) {
    if (Digit() == '.') {
      if (!LastIsPoint() || p_.fill) out_ += '.';
    } else if (HasLast() && at_ > last_relevant_ && key != Key::kZero) {
      // A zero that FM drops.
    } else if (BlankBeforePoint()) {
      if (!p_.fill) {
        out_ += ' ';
      } else if (LastIsPoint()) {
        out_ += '0';
      }
    } else if (Digit() != '\0') {
      out_ += Digit();
      in_number_ = true;
    } else {
      in_number_ = true;
    }
    if (at_ < digits_.size()) ++at_;
  }

  void TrailingSign() {
    int end = count_ + (spaces_ != 0 ? 1 : 0) + (p_.decimal ? 1 : 0);
    if (HasLast() && last_relevant_ == at_) end = current_;
    if (current_ + 1 != end) return;
    if (sign_written_ && p_.bracket) {
      out_ += sign_ == '+' ? ' ' : '>';
    } else if (p_.sign && p_.sign_place == SignPlace::kAfter) {
      out_ += sign_ == '-' ? '-' : '+';
    }
  }

  NumberMeasures p_;
  std::string_view digits_;
  int spaces_;
  char sign_;
  bool sign_written_ = false, in_number_ = false;
  int count_ = 0, current_ = 0;
  size_t at_ = 0, last_relevant_ = kNowhere;
  std::string& out_;
};

}  // namespace

Result<NumberPicture> ParseNumberPicture(std::string_view text) {
  NumberPicture picture;
  PictureCounter counter(picture);
  while (!text.empty()) {
    Work::Poll();
    Node node;
    if (TakeKeyword(&text, &node)) {
      OMEN_RETURN_IF_ERROR(counter.Add(node.key));
      picture.nodes.push_back(std::move(node));
    } else if (text.front() == '"') {
      TakeQuotedText(&text, &picture.nodes);
    } else {
      if (text.starts_with("\\\"")) text.remove_prefix(1);
      TakeText(&text, &picture.nodes);
    }
  }
  return picture;
}

void PrintByPicture(const NumberPicture& picture, const NumberMeasures& measures,
                    std::string_view digits, int spaces, char sign, std::string* out) {
  NumberPrinter(measures, digits, spaces, sign, *out).Run(picture.nodes);
}

}  // namespace omen::functions
