// round: the nearest whole number, the even one at a tie.
struct Round {
  static constexpr std::string_view op = "round";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return round(x);
  }
};
