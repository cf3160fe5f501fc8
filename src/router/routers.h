// The routers that a server can be started with, by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "router/router.h"

namespace omen::router {

/// Of "name" or "name:argument", as the setting `router` has it; 22023 for what names none.
Result<std::unique_ptr<Router>> MakeRouter(std::string_view wanted);

/// What MakeRouter takes, for people: "learned or rules or random:SEED".
std::string RouterForms();

}  // namespace omen::router
