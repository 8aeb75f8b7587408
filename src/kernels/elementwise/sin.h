// sin: y = sin x.
struct Sin {
  static constexpr std::string_view op = "sin";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return sin(x);
  }
};
