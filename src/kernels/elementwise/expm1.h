// expm1: y = e^x - 1.
struct Expm1 {
  static constexpr std::string_view op = "expm1";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return expm1(x);
  }
};
