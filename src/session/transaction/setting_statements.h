// SHOW, SET and RESET over the session's settings and the two that are its transaction's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "session/setting/settings.h"
#include "session/transaction/notices.h"
#include "session/transaction/transaction_block.h"

namespace omen::session {

/// As SET and SHOW spell a level.
std::string_view IsolationName(sql::Isolation isolation);

/// What it is given outlives it. One thread.
class SettingStatements {
 public:
  SettingStatements(Settings* settings, TransactionBlock* block, Notices* notices)
      : settings_(settings), block_(block), notices_(notices) {}

  /// SHOW, current_setting(). 42704 for an unknown name.
  Result<std::string> Show(std::string_view name) const;
  /// SET name = values, SET LOCAL; none means DEFAULT.
  Status Set(std::string_view name, const std::vector<std::string>& values, bool local);
  /// set_config().
  Status SetText(std::string_view name, std::string_view value, bool local);

  const Settings& settings() const { return *settings_; }

 private:
  Status SetOfTransaction(const std::string& name, const std::vector<std::string>& values);

  Settings* const settings_;
  TransactionBlock* const block_;
  Notices* const notices_;
};

}  // namespace omen::session
