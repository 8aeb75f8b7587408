// floor: the largest whole number that is not above x.
struct Floor {
  static constexpr std::string_view op = "floor";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 0;
  template <typename V>
  auto operator()(V x) const {
    return floor(x);
  }
};
