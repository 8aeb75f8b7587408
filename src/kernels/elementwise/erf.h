// erf: y = 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.
struct Erf {
  static constexpr std::string_view op = "erf";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 2;
  template <typename V>
  auto operator()(V x) const {
    return erf(x);
  }
};
