// The constants of one call of attention and of its backward op, and which inputs follow the arrays.
#pragma once

namespace retrograd::attributes {

struct Attention {
  bool causal = false;
  double scale = 1.0;        // of the scores
  bool has_lengths = false;  // i32 [N], the first input behind the arrays
  bool has_mask = false;     // bool [N, H, T, S], behind it
  template <class F>
  void fields(F& f) const {
    f("causal", causal);
    f("scale", scale);
    f("has_lengths", has_lengths);
    f("has_mask", has_mask);
  }
};

}  // namespace retrograd::attributes
