// log: the natural logarithm.
struct Log {
  static constexpr std::string_view op = "log";
  static constexpr Form form = Form::unary_floating;
  static constexpr double max_ulp = 4;
  template <typename V>
  auto operator()(V x) const {
    return log(x);
  }
};
