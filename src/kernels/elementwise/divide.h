// divide: y = a / b.
struct Divide {
  static constexpr std::string_view op = "divide";
  static constexpr Form form = Form::binary_floating;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V a, V b) const {
    return a / b;
  }
};
