// subtract: y = a - b.
struct Subtract {
  static constexpr std::string_view op = "subtract";
  static constexpr Form form = Form::binary_number;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V a, V b) const {
    return a - b;
  }
};
