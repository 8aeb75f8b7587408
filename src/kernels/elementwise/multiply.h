// multiply: y = a b.
struct Multiply {
  static constexpr std::string_view op = "multiply";
  static constexpr Form form = Form::binary_number;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V a, V b) const {
    return a * b;
  }
};
