// negative: y = -x.
struct Negative {
  static constexpr std::string_view op = "negative";
  static constexpr Form form = Form::unary_number;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return -x;
  }
};
