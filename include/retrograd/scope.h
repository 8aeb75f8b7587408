// Scope: an object that modules find without being handed it, for as long as the scope lives.
#pragma once

namespace retrograd {

// Puts an object in force on this thread for its lifetime. Scopes of one type nest: the innermost counts.
template <typename T>
class Scope {
 public:
  explicit Scope(T& object) : before_(in_force_) { in_force_ = &object; }
  ~Scope() { in_force_ = before_; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // The object in force on this thread; null where there is none.
  static T* current() { return in_force_; }

 private:
  static inline thread_local T* in_force_ = nullptr;
  T* before_;
};

}  // namespace retrograd
