// Functions of bytea, digests, and the text encodings of bytes.
#include <algorithm>
#include <bit>
#include <string>

#include "functions/kernel/kernel.h"
#include "functions/kernel/rows.h"
#include "functions/kernel/text_search.h"
#include "functions/kernel/utf8.h"
#include "functions/text/digest.h"
#include "functions/text/encoding.h"

namespace omen::functions {

namespace {

Status Md5Text(CallContext&, const CallArgs& args, Value* out) {
  return ReturnText(out, ToHexText(Md5(BytesArg(args, 0))));
}

template <std::string (*kFunction)(std::string_view)>
Status Digest(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, Value::Bytes(kFunction(BytesArg(args, 0))));
}

Status ByteLength(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<int64_t>(BytesArg(args, 0).size()));
}

Status BytesBitLength(CallContext&, const CallArgs& args, Value* out) {
  return ReturnInt(out, static_cast<int64_t>(BytesArg(args, 0).size()) * 8);
}

Status ConcatenateBytes(CallContext&, const CallArgs& args, Value* out) {
  return Return(out, Value::Bytes(std::string(BytesArg(args, 0)).append(BytesArg(args, 1))));
}

Status BytesSubstring(CallContext&, const CallArgs& args, Value* out) {
  std::string_view bytes = BytesArg(args, 0);
  int64_t from = IntArg(args, 1), end = INT64_MAX;
  if (args.values.size() == 3) {
    if (IntArg(args, 2) < 0) {
      return Status(sqlstate::kSubstringError, "negative substring length not allowed");
    }
    end = from + IntArg(args, 2);
  }
  from = std::max<int64_t>(from, 1);
  auto start = static_cast<size_t>(from - 1);
  if (end <= from || start >= bytes.size()) return Return(out, Value::Bytes(""));
  return Return(out, Value::Bytes(bytes.substr(start, static_cast<size_t>(end - from))));
}

Status BytesPosition(CallContext&, const CallArgs& args, Value* out) {
  size_t found = FindText(BytesArg(args, 0), BytesArg(args, 1));
  return ReturnInt(out, found == std::string_view::npos ? 0 : static_cast<int64_t>(found) + 1);
}

Status CheckIndex(int64_t index, int64_t size) {
  if (index >= 0 && index < size) return Status::Ok();
  return Status(
      sqlstate::kArraySubscript,
      "index " + std::to_string(index) + " out of valid range, 0.." + std::to_string(size - 1));
}

Status GetByte(CallContext&, const CallArgs& args, Value* out) {
  std::string_view bytes = BytesArg(args, 0);
  int64_t index = IntArg(args, 1);
  OMEN_RETURN_IF_ERROR(CheckIndex(index, static_cast<int64_t>(bytes.size())));
  return ReturnInt(out, static_cast<unsigned char>(bytes[static_cast<size_t>(index)]));
}

Status SetByte(CallContext&, const CallArgs& args, Value* out) {
  std::string bytes(BytesArg(args, 0));
  int64_t index = IntArg(args, 1);
  OMEN_RETURN_IF_ERROR(CheckIndex(index, static_cast<int64_t>(bytes.size())));
  bytes[static_cast<size_t>(index)] = static_cast<char>(IntArg(args, 2));
  return Return(out, Value::Bytes(bytes));
}

Status GetBit(CallContext&, const CallArgs& args, Value* out) {
  std::string_view bytes = BytesArg(args, 0);
  int64_t index = IntArg(args, 1);
  OMEN_RETURN_IF_ERROR(CheckIndex(index, static_cast<int64_t>(bytes.size()) * 8));
  return ReturnInt(
      out, static_cast<unsigned char>(bytes[static_cast<size_t>(index / 8)]) >> (index % 8) & 1);
}

Status SetBit(CallContext&, const CallArgs& args, Value* out) {
  std::string bytes(BytesArg(args, 0));
  int64_t index = IntArg(args, 1), bit = IntArg(args, 2);
  OMEN_RETURN_IF_ERROR(CheckIndex(index, static_cast<int64_t>(bytes.size()) * 8));
  if (bit != 0 && bit != 1) return Status(sqlstate::kInvalidParameter, "new bit must be 0 or 1");
  char& byte = bytes[static_cast<size_t>(index / 8)];
  auto mask = static_cast<char>(1 << (index % 8));
  byte = static_cast<char>(bit == 1 ? byte | mask : byte & ~mask);
  return Return(out, Value::Bytes(bytes));
}

Status BitCount(CallContext&, const CallArgs& args, Value* out) {
  int64_t count = 0;
  for (unsigned char byte : BytesArg(args, 0)) count += std::popcount(byte);
  return ReturnInt(out, count);
}

Status UnknownEncoding(std::string_view name) {
  return Status(sqlstate::kInvalidParameter,
                "unrecognized encoding: \"" + std::string(name) + "\"");
}

Status Encode(CallContext&, const CallArgs& args, Value* out) {
  std::string_view bytes = BytesArg(args, 0);
  std::string format = LowerAscii(BytesArg(args, 1));
  if (format == "hex") return ReturnText(out, ToHexText(bytes));
  if (format == "base64") return ReturnText(out, EncodeBase64(bytes));
  if (format == "escape") return ReturnText(out, EncodeEscape(bytes));
  return UnknownEncoding(BytesArg(args, 1));
}

Status Decode(CallContext&, const CallArgs& args, Value* out) {
  std::string_view text = BytesArg(args, 0);
  std::string format = LowerAscii(BytesArg(args, 1));
  std::string bytes;
  if (format == "hex") {
    OMEN_ASSIGN_OR_RETURN(bytes, DecodeHex(text));
  } else if (format == "base64") {
    OMEN_ASSIGN_OR_RETURN(bytes, DecodeBase64(text));
  } else if (format == "escape") {
    OMEN_ASSIGN_OR_RETURN(bytes, DecodeEscape(text));
  } else {
    return UnknownEncoding(BytesArg(args, 1));
  }
  return Return(out, Value::Bytes(bytes));
}

Status CheckUtf8Name(std::string_view name, const char* role) {
  std::string plain;
  for (char c : LowerAscii(name)) {
    if (c != '-' && c != '_') plain += c;
  }
  if (plain == "utf8" || plain == "unicode") return Status::Ok();
  return NotSupported(std::string("conversion ") + role + " encoding \"" + std::string(name) +
                      "\"");
}

Status ConvertFrom(CallContext&, const CallArgs& args, Value* out) {
  OMEN_RETURN_IF_ERROR(CheckUtf8Name(BytesArg(args, 1), "from"));
  if (!IsValidUtf8(BytesArg(args, 0))) {
    return Status(sqlstate::kInvalidEncoding, "invalid byte sequence for encoding \"UTF8\"");
  }
  return Return(out, args.values[0]);
}

Status ConvertTo(CallContext&, const CallArgs& args, Value* out) {
  OMEN_RETURN_IF_ERROR(CheckUtf8Name(BytesArg(args, 1), "to"));
  return Return(out, args.values[0]);
}

template <bool kLeft, bool kRight>
Status TrimBytes(CallContext&, const CallArgs& args, Value* out) {
  std::string_view bytes = BytesArg(args, 0), set = BytesArg(args, 1);
  while (kLeft && !bytes.empty() && set.find(bytes.front()) != std::string_view::npos) {
    bytes.remove_prefix(1);
  }
  while (kRight && !bytes.empty() && set.find(bytes.back()) != std::string_view::npos) {
    bytes.remove_suffix(1);
  }
  return Return(out, Value::Bytes(bytes));
}

using namespace oid;  // NOLINT: the rows below are lists of types

constexpr FunctionRow kBytesRows[] = {
    {2311, "md5", {kText}, kText, kPure, Md5Text, "md5($1)"},
    {2321, "md5", {kBytea}, kText, kPure, Md5Text},
    {3419, "sha224", {kBytea}, kBytea, kPure, Digest<Sha224>},
    {3420, "sha256", {kBytea}, kBytea, kPure, Digest<Sha256>},
    {3421, "sha384", {kBytea}, kBytea, kPure, Digest<Sha384>},
    {3422, "sha512", {kBytea}, kBytea, kPure, Digest<Sha512>},
    {2010, "length", {kBytea}, kInt4, kPure, ByteLength, "CAST(octet_length($1) AS INTEGER)"},
    {720, "octet_length", {kBytea}, kInt4, kPure, ByteLength, "CAST(octet_length($1) AS INTEGER)"},
    {1810, "bit_length", {kBytea}, kInt4, kPure, BytesBitLength},
    {2011, "byteacat", {kBytea, kBytea}, kBytea, kPure, ConcatenateBytes, "($1 || $2)"},
    {2012, "substring", {kBytea, kInt4, kInt4}, kBytea, kPure, BytesSubstring},
    {2013, "substring", {kBytea, kInt4}, kBytea, kPure, BytesSubstring},
    {2085, "substr", {kBytea, kInt4, kInt4}, kBytea, kPure, BytesSubstring},
    {2086, "substr", {kBytea, kInt4}, kBytea, kPure, BytesSubstring},
    {2014, "position", {kBytea, kBytea}, kInt4, kPure, BytesPosition},
    {721, "get_byte", {kBytea, kInt4}, kInt4, kPure, GetByte},
    {722, "set_byte", {kBytea, kInt4, kInt4}, kBytea, kPure, SetByte},
    {723, "get_bit", {kBytea, kInt8}, kInt4, kPure, GetBit},
    {724, "set_bit", {kBytea, kInt8, kInt4}, kBytea, kPure, SetBit},
    {6163, "bit_count", {kBytea}, kInt8, kPure, BitCount},
    {1946, "encode", {kBytea, kText}, kText, kPure, Encode},
    {1947, "decode", {kText, kText}, kBytea, kPure, Decode},
    {1714, "convert_from", {kBytea, kName}, kText, kStable | kReadsLocale, ConvertFrom},
    {1717, "convert_to", {kText, kName}, kBytea, kStable | kReadsLocale, ConvertTo},
    {2015, "btrim", {kBytea, kBytea}, kBytea, kPure, TrimBytes<true, true>},
    {6195, "ltrim", {kBytea, kBytea}, kBytea, kPure, TrimBytes<true, false>},
    {6196, "rtrim", {kBytea, kBytea}, kBytea, kPure, TrimBytes<false, true>},
};

}  // namespace

std::span<const FunctionRow> BytesRows() { return kBytesRows; }

}  // namespace omen::functions
