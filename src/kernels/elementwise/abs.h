// abs: y = |x|.
struct Abs {
  static constexpr std::string_view op = "abs";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return abs(x);
  }
};
