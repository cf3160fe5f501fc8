// How the codecs lay a type out, by its form.
#pragma once

#include <cstdint>

#include "types/type.h"

namespace omen::rowstore {

enum class Form : uint8_t { kInt, kDouble, kInterval, kUuid, kBytes, kNumeric, kArray };

inline constexpr Form kFormOf[kTypeForms] = {
    Form::kInt,    Form::kInt,     Form::kInt,   Form::kInt,   Form::kDouble,
    Form::kDouble, Form::kInt,     Form::kInt,   Form::kInt,   Form::kInterval,
    Form::kUuid,   Form::kNumeric, Form::kBytes, Form::kBytes, Form::kArray,
};

inline Form FormOf(Oid type) { return kFormOf[static_cast<size_t>(InfoOf(type).form)]; }

}  // namespace omen::rowstore
