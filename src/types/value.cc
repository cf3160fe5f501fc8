#include "types/value.h"

#include <cstdlib>
#include <new>

#include "base/work.h"

namespace omen {

namespace {
constexpr size_t kManyElements = 1024;
}  // namespace

struct Value::SharedString {
  std::atomic<uint32_t> references{1};
  uint32_t size = 0;
  bool charged = false;  // by the block it lies in
  char data[];
};

struct Value::SharedArray {
  std::atomic<uint32_t> references{1};
  ArrayData array;
  MemoryCharge charge;  // for what its elements hold, where they are many
};

Value Value::Bytes(std::string_view bytes) {
  Value v;
  if (bytes.size() <= sizeof v.payload_.bytes) {
    v.tag_ = Tag::kInline;
    v.inline_size_ = static_cast<uint8_t>(bytes.size());
    if (!bytes.empty()) std::memcpy(v.payload_.bytes, bytes.data(), bytes.size());
    return v;
  }
  OMEN_CHECK(bytes.size() < UINT32_MAX);
  void* memory = ::operator new(sizeof(SharedString) + bytes.size());
  auto* shared = new (memory) SharedString;
  shared->size = static_cast<uint32_t>(bytes.size());
  shared->charged = Work::Charges(sizeof(SharedString) + bytes.size());
  std::memcpy(shared->data, bytes.data(), bytes.size());
  v.tag_ = Tag::kShared;
  v.payload_.shared = shared;
  return v;
}

Value Value::Array(ArrayData array) {
  Value v;
  v.payload_.array = new SharedArray{1, std::move(array), {}};
  v.tag_ = Tag::kArray;
  if (v.payload_.array->array.elements.size() >= kManyElements) {
    v.payload_.array->charge = Work::ChargeFor(static_cast<int64_t>(v.HeapBytes()));
  }
  return v;
}

const ArrayData& Value::AsArray() const {
  OMEN_CHECK(tag_ == Tag::kArray);
  return payload_.array->array;
}

std::string_view Value::SharedBytes() const {
  return {payload_.shared->data, payload_.shared->size};
}

void Value::Retain() noexcept {
  auto& references =
      tag_ == Tag::kShared ? payload_.shared->references : payload_.array->references;
  references.fetch_add(1, std::memory_order_relaxed);
}

void Value::Drop() noexcept {
  if (tag_ == Tag::kShared) {
    if (payload_.shared->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      payload_.shared->~SharedString();
      ::operator delete(payload_.shared);
    }
  } else if (payload_.array->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    delete payload_.array;
  }
  tag_ = Tag::kNull;
}

size_t Value::HeapBytes() const {
  if (tag_ == Tag::kShared) {
    return payload_.shared->charged ? 0 : sizeof(SharedString) + payload_.shared->size;
  }
  if (tag_ != Tag::kArray || payload_.array->charge.bytes() != 0) return 0;
  size_t bytes = sizeof(SharedArray);
  for (const Value& element : payload_.array->array.elements) {
    bytes += sizeof(Value) + element.HeapBytes();
  }
  return bytes;
}

}  // namespace omen
