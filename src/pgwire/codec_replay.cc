#include "pgwire/codec_replay.h"

#include "base/check.h"
#include "pgwire/codec/codec.h"
#include "pgwire/scram.h"

namespace omen::pgwire {
namespace {

void CheckParse(std::string_view body) {
  ParseMessage message;
  if (!DecodeParse(body, &message).ok()) return;
  OMEN_CHECK(message.name.size() + message.text.size() + 4 * message.param_types.size() + 4 <=
             body.size());
}

void CheckBind(std::string_view body) {
  session::Session::BindArgs args;
  if (!DecodeBind(body, &args).ok()) return;
  size_t bytes = 0;
  for (const auto& param : args.params) bytes += 4 + (param ? param->size() : 0);
  OMEN_CHECK(bytes + 2 * args.param_formats.size() + 2 * args.result_formats.size() <= body.size());
}

void CheckScram(std::string_view body) {
  ScramExchange exchange("user", "");
  size_t half = body.size() / 2;
  if (exchange.First(kScramMechanism, body.substr(0, half)).ok()) {
    OMEN_CHECK(!exchange.Final(body.substr(half)).ok());
  }
}

}  // namespace

void ReplayHostileBytes(std::string_view bytes) {
  if (bytes.empty()) return;
  const char type = bytes.front();
  std::string_view body = bytes.substr(1);
  switch (type) {
    case 'P':
      return CheckParse(body);
    case 'B':
      return CheckBind(body);
    case 'p':
      if (DecodeSaslInitial(body).ok()) OMEN_CHECK(body.size() >= 5);
      return CheckScram(body);
    case 'Q':
      if (auto text = DecodeQuery(body); text.ok()) OMEN_CHECK(text->size() + 1 == body.size());
      return;
    case 'D':
    case 'C':
      if (DecodeTarget(body).ok()) OMEN_CHECK(body.size() >= 2);
      return;
    case 'E':
      if (DecodeExecute(body).ok()) OMEN_CHECK(body.size() >= 5);
      return;
    default:
      if (DecodeStartup(body).ok()) OMEN_CHECK(body.size() >= 4);
  }
}

}  // namespace omen::pgwire
