// One step of a recurrent layer for one sequence, unit by unit, for the best instruction set that the
// processor has. The products with the weights are multiply_panels.
#pragma once

#include <cstdint>

namespace retrograd::kernels::cpu {

// Pointers to the row of one sequence at one step; outputs may be null. H units; blocks of H one after the
// other.
struct RnnStep {
  const float* z;  // [H]
  const float* a;  // [H] = h w
  float* state;    // [H], in and out
  float* h;        // [H]
};

struct LstmStep {
  const float* z;  // [4 H]
  const float* a;  // [4 H] = h w
  float* state;    // [H], out
  float* cell;     // [H], in and out
  float* h;        // [H]
  float* c;        // [H]
  float* gates;    // [4 H]
};

struct GruStep {
  const float* z;  // [3 H]
  const float* a;  // [3 H] = h w
  const float* b;  // [H]
  float* state;    // [H], in and out
  float* h;        // [H]
  float* gates;    // [4 H]
};

// dh is the cotangent of the state that comes from the step's output, `carried` that from the step after;
// carried becomes what does not pass through the weights. d is the cotangent of z, not null.
struct RnnSlopes {
  const float* h;   // [H]
  const float* dh;  // [H]
  float* carried;   // [H]
  float* d;         // [H]
};

struct LstmSlopes {
  const float* c;         // [H]
  const float* c_before;  // [H]
  const float* gates;     // [4 H]
  const float* dh;        // [H]
  const float* dc;        // [H] or null
  const float* dgates;    // [4 H] or null
  float* carried;         // [H]
  float* carried_cell;    // [H]
  float* d;               // [4 H]
};

struct GruSlopes {
  const float* h_before;  // [H]
  const float* gates;     // [4 H]
  const float* dh;        // [H]
  const float* dgates;    // [4 H] or null
  float* carried;         // [H]
  float* d;               // [3 H]
  float* da;              // [3 H], the cotangent of h w
};

void rnn_step(const RnnStep& step, std::int64_t H, bool relu);
void lstm_step(const LstmStep& step, std::int64_t H);
void gru_step(const GruStep& step, std::int64_t H);
void rnn_slopes(const RnnSlopes& step, std::int64_t H, bool relu);
void lstm_slopes(const LstmSlopes& step, std::int64_t H);
void gru_slopes(const GruSlopes& step, std::int64_t H);

}  // namespace retrograd::kernels::cpu
