// exp: y = e^x.
struct Exp {
  static constexpr std::string_view op = "exp";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 2;
  template <typename V>
  auto operator()(V x) const {
    return exp(x);
  }
};
