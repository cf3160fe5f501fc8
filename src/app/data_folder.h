// The folder of a database: whose it is, and that one process uses it at a time.
#pragma once

#include <string>

#include "base/result.h"

namespace omen::app {

/// Holds the folder for this process until destruction. One thread.
class DataFolder {
 public:
  enum class Use : uint8_t {
    kServe,  // makes the folder where there is none; an empty one is taken
    kCheck,  // only what a server has filled
  };

  /// Changes nothing where it fails: 58P01 for a folder that is not there or holds no database,
  /// 55000 for one that holds something else, 55006 when another process has it.
  static Result<DataFolder> Take(const std::string& path, Use use);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

 private:
  explicit DataFolder(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace omen::app
