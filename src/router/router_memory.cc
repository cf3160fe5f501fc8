#include "router/router_memory.h"

#include <fmt/format.h>

namespace omen::router {
namespace {

constexpr uint32_t kVersion = 1;
constexpr std::string_view kPrefix = "router/";

}  // namespace

RouterMemory::RouterMemory(memo::Memo* memo, Router* router) : memo_(memo), router_(router) {
  memo_->ForEach(kPrefix, [&](std::string_view key, uint32_t version, std::string_view bytes) {
    if (version != kVersion) return;
    router_->Restore({std::string(key.substr(kPrefix.size())), std::string(bytes)});
  });
}

Status RouterMemory::Keep() {
  for (const Lesson& lesson : router_->TakeLessons()) {
    const std::string key = fmt::format("{}{}", kPrefix, lesson.key);
    if (lesson.bytes.empty()) {
      memo_->Erase(key);
    } else {
      memo_->Put(key, kVersion, lesson.bytes);
    }
  }
  return memo_->broken() ? Status(sqlstate::kIoError, "the memo cannot be written") : Status::Ok();
}

}  // namespace omen::router
