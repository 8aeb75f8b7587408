// square: y = x^2.
struct Square {
  static constexpr std::string_view op = "square";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0.5;
  template <typename V>
  auto operator()(V x) const {
    return x * x;
  }
};
