// Frames messages on a transport: an input buffer that grows, and is charged for, only as bytes
// arrive, and an output buffer that is sent when it is full or asked to be.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/cancel.h"
#include "base/memory_account.h"
#include "base/result.h"
#include "pgwire/transport.h"

namespace omen::pgwire {

/// One thread.
class MessageStream {
 public:
  /// Messages are charged to `memory`, which may be null.
  MessageStream(Transport* transport, MemoryAccountPtr memory);

  struct Message {
    char type = 0;  // 0: the client has gone
    std::string_view body;
    /// 53200: there was no room for its body, which was passed by; the stream is in step.
    Status room;
  };

  /// A startup packet's body (no type byte). An empty result: the client has gone.
  /// 08P01 for a length outside [8, 10000].
  Result<std::string_view> ReadStartup();
  /// From now on messages may be long; before, none is (PostgreSQL's own limit is near).
  void Trust() { length_max_ = UINT32_MAX; }
  enum class Arrival { kNone, kSome, kGone };
  /// Receives what has arrived, without waiting for it. kGone: the client has, or is stopped.
  Arrival Poll();
  /// The next message, waited for; its body lives until the next Read or Hold. 08P01 for an
  /// unknown type or a length beyond the type's limit: nothing was allocated for it, and the
  /// stream is out of step.
  /// With a token: its reason when it ends the wait; what has arrived of the message is kept.
  Result<Message> Read(const CancelToken* cancel = nullptr);
  /// Keeps the last message's body valid over further Reads, until Release.
  void Hold();
  void Release();
  /// True when no byte of another message has been received.
  bool input_empty() const { return begin_ == end_; }

  /// Append messages here, then call Written().
  std::string& out() { return out_; }
  /// Sends what gathered if it is much. 08006 when the client has gone.
  Status Written(const CancelToken* cancel = nullptr) {
    return out_.size() < kFlushBytes ? Status::Ok() : Flush(cancel);
  }
  /// With a token: its reason when it ends the wait for a slow client; what was not sent is kept.
  Status Flush(const CancelToken* cancel = nullptr);

 private:
  static constexpr size_t kInputBytes = 8 << 10;
  static constexpr size_t kFlushBytes = 64 << 10;
  static constexpr size_t kKeepBytes = 1 << 20;  // larger buffers are given back when empty

  /// Makes `size` bytes available from begin_. False when the client has gone, or cancelled, or
  /// there is no room, see passing_.
  bool Fill(size_t size, const CancelToken* cancel = nullptr);
  bool MakeRoom(size_t size);
  /// Replaces the buffer, whose content moves to its begin. 53200 leaves all as it was.
  Status Replace(size_t capacity);
  /// Receives the rest of a message that there is no room for.
  Result<Message> PassBy(const CancelToken* cancel);
  static Result<Message> Gone(const CancelToken* cancel);

  Transport* const transport_;
  std::unique_ptr<char[]> input_, held_;
  MemoryCharge input_charge_, held_charge_;  // for what is beyond kInputBytes
  struct Passing {
    char type = 0;  // 0: none
    size_t left = 0;
    Status room;
  } passing_;
  uint32_t length_max_;
  size_t capacity_ = kInputBytes, begin_ = 0, end_ = 0;
  std::string out_;
};

}  // namespace omen::pgwire
