// Attributes: the constants of one call of an op (an axis, a permutation), type-erased. The structs
// themselves stand in src/core/attributes/<op>.h, or beside the op that a user defines.
#pragma once

#include <retrograd/shape.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace retrograd {

// Feeds fields to a text "axis=1, keep=true" and to a hash. An attribute struct has
//   template <class F> void fields(F& f) const { f("axis", axis); }
// for fields of integer, bool, enum, double, Shape, std::string and std::vector<std::int64_t> type.
class AttributeFields {
 public:
  template <typename T>
  void operator()(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, Shape>) {
      add(name, value.to_string());
    } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>> || std::is_same_v<T, std::string>) {
      add(name, value);
    } else if constexpr (std::is_same_v<T, bool>) {
      add(name, value ? "true" : "false");
    } else if constexpr (std::is_floating_point_v<T>) {
      add(name, static_cast<double>(value));
    } else {
      add(name, std::to_string(static_cast<long long>(value)));
    }
  }
  const std::string& text() const { return text_; }

 private:
  void add(const char* name, const std::string& value);
  void add(const char* name, const std::vector<std::int64_t>& values);  // "[1, -2]"
  void add(const char* name, double value);  // shortest text that reads back as the same double
  std::string text_;
};

class Attributes {
 public:
  Attributes() = default;
  template <typename T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Attributes>) Attributes(const T& value)
      : held_(std::make_shared<Held<T>>(value)) {}  // NOLINT: meant to be implicit

  bool empty() const { return held_ == nullptr; }

  // Throws Error(internal) where another struct is held.
  template <typename T>
  const T& as() const {
    check(&tag<T>);
    return static_cast<const Held<T>&>(*held_).value;
  }

  // Equal struct type and equal fields.
  bool operator==(const Attributes& other) const;
  // "axis=1"; also the source of the hash.
  std::string to_string() const { return held_ ? held_->text : std::string(); }
  std::size_t hash() const { return held_ ? held_->hash : 0; }

 private:
  template <typename T>
  static constexpr char tag = 0;

  struct HeldBase {
    const void* type = nullptr;
    std::string text;
    std::size_t hash = 0;
    virtual ~HeldBase() = default;
    void describe(const AttributeFields& fields);
  };
  template <typename T>
  struct Held final : HeldBase {
    explicit Held(const T& v) : value(v) {
      type = &tag<T>;
      AttributeFields fields;
      value.fields(fields);
      describe(fields);
    }
    T value;
  };
  void check(const void* type) const;

  std::shared_ptr<const HeldBase> held_;
};

}  // namespace retrograd
