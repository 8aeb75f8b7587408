// explain: one step of backpropagation of a fully connected network, written out with its numbers: for every
// unit z_j = sum_i w_ij x_i + b_j and y_j = f(z_j), the error E, then backward
// dE/dw_ij = dE/dy_j * dy_j/dz_j * dz_j/dw_ij with the three factors, the update w <- w - eta dE/dw, and
// beside every gradient its central difference. All of it is computed in float64 by the network's own graph
// and gradients(): nothing here knows how to differentiate.
//
//   rg::explain::Record record = rg::explain::explain_step(net, x, t, "half_squared_error");
//   std::string page = rg::explain::to_text(record);
//
// Not here: other layers than linear, flatten, dropout and activations (Error(argument) names the layer).
#pragma once

#include <retrograd/array.h>
#include <retrograd/gradient_check.h>
#include <retrograd/nn.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retrograd::explain {

struct Options {
  double learning_rate = 0.5;
  // How much is written out; 0: everything. Of a layer the units with the largest |dE/dz| are taken, of a
  // unit the inputs with the largest |x|, of a batch the first samples. The record counts what is left out.
  std::int64_t max_units = 8;
  std::int64_t max_inputs = 8;
  std::int64_t max_samples = 2;
  // Names for people, one for each input and output of the network, or none.
  std::vector<std::string> input_names = {};
  std::vector<std::string> output_names = {};
  // Where the samples come from, one number for each; none: 1, 2, ...
  std::vector<std::int64_t> rows = {};
};

// Numbers of units, inputs, outputs and samples start at 1, as in w_12: from input 1 to unit 2.

struct Equation {
  std::string name;  // "sigmoid"
  std::string plain;
  std::string latex;
  std::string source;  // may be empty
};

// w_ij x_i, a part of z_j.
struct Term {
  std::int64_t input;
  double weight;
  double x;
  double product;
};

// Where every output depends on every z (softmax): dE/dz_j = sum_k dE/dy_k * dy_k/dz_j.
struct Path {
  std::int64_t output;  // k
  double dE_dy;
  double dy_dz;
};

// dE/dz_k w_jk, a part of dE/dy_j: what unit k of the next layer hands back.
struct BackTerm {
  std::int64_t unit;  // k
  double dE_dz;
  double weight;
  double product;
};

// One unit of a layer for one sample.
struct Unit {
  std::int64_t unit = 0;
  std::vector<Term> terms;
  std::int64_t omitted_terms = 0;
  double omitted_sum = 0;
  std::optional<double> bias;
  double z = 0;
  double y = 0;
  // Of this sample's error E_n. Without dE/dy and dy/dz where the activation is within the loss, or every
  // output depends on every z.
  std::optional<double> dE_dy, dy_dz;
  // The parts of dE/dy_j; none in the last layer, whose dE/dy_j is the loss's derivative.
  std::vector<BackTerm> back_terms;
  std::int64_t omitted_back_terms = 0;
  double omitted_back_sum = 0;
  std::vector<Path> paths;
  std::int64_t omitted_paths = 0;
  double dE_dz = 0;
};

// One sample's contribution dE_n/dw = dE_n/dz * dz/dw, and dE_n/dz = dE_n/dy * dy/dz where these are known.
struct Factors {
  std::int64_t sample;  // place in Record::samples
  std::optional<double> dE_dy, dy_dz;
  double dE_dz;
  double dz_dw;  // x_i; 1 for a bias
  double product;
};

// A weight w_ij or a bias b_j.
struct Parameter {
  std::string name;        // "w_12", with numbers above 9 "w_1,12"; "b_2"
  std::int64_t input = 0;  // 0 for a bias
  std::int64_t unit = 0;
  double value = 0;
  std::vector<Factors> factors;
  std::int64_t omitted_samples = 0;
  double gradient = 0;            // dE/dw from the graph: the mean of all samples' products
  double difference = 0;          // central difference
  bool agrees = false;            // within Record::tolerance
  bool kink = false;              // the slopes on both sides differ and the gradient lies between them
  std::optional<double> updated;  // empty where the parameter is frozen
};

// A linear layer with the activation that follows.
struct Layer {
  std::string name;                     // "linear_1"
  std::vector<std::string> activation;  // "sigmoid_1"; empty: y = z
  bool activation_in_loss = false;
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  Equation sum;                            // z_j
  std::vector<Equation> function;          // y_j, as the ops define it
  Equation delta;                          // dE/dz_j
  std::string derivative;                  // dy_j/dz_j in terms of y_j or z_j; empty where no text is known
  std::vector<std::vector<Unit>> samples;  // [samples written out][units written out]
  std::int64_t omitted_units = 0;
  std::vector<Parameter> weights;
  std::vector<Parameter> biases;
  std::int64_t omitted_weights = 0;
  std::int64_t omitted_biases = 0;
  double gradient_norm = 0;  // of all weights and biases, also those left out
};

struct Input {
  std::int64_t input;
  std::string name;  // may be empty
  double x;
  double gradient;  // dE_n/dx
  double difference = 0;
  bool agrees = false;
  bool kink = false;
};

struct ErrorTerm {
  std::int64_t output;
  std::string name;  // may be empty
  double y;
  double t;
  double value;  // its part of E_n
};

struct Sample {
  std::int64_t row = 0;
  std::vector<Input> inputs;
  std::int64_t omitted_inputs = 0;
  std::vector<ErrorTerm> terms;
  std::int64_t omitted_terms = 0;
  double omitted_sum = 0;
  double error = 0;  // E_n
};

struct Record {
  std::string model;  // as text
  std::string loss;
  Equation error_equation;    // of one sample
  Equation error_derivative;  // by the network's outputs
  double learning_rate = 0;
  std::int64_t parameters = 0;
  std::int64_t batch = 0;  // the number of samples; E is the mean of their errors
  std::vector<Sample> samples;
  std::int64_t omitted_samples = 0;
  std::vector<Layer> layers;  // in the order of the forward pass
  double error = 0;
  double error_after = 0;    // E after the update
  std::int64_t checked = 0;  // gradients with a central difference
  double max_relative_error = 0;
  double tolerance = 0;
  std::int64_t kinks = 0;          // of them at a kink (relu at 0), where they need not agree
  bool agrees = true;              // all others
  std::vector<std::string> notes;  // whole sentences
};

// x [N, inputs] or [N, ...] where flatten comes first, t as the loss takes it; `loss` is one of nn::losses().
// The network is not changed: all is done on a float64 copy. Throws Error(argument) for a layer that is not
// of the kind or an option out of range, Error(shape) where x or t does not fit, Error(internal) should the
// product of the factors not be the gradient of the graph.
Record explain_step(const nn::Sequential& model, const Array& x, const Array& t, std::string_view loss,
                    const Options& options = {});

// Mazur, "A step by step backpropagation example", 2015: 2-2-2 sigmoid units, half squared error, biases held
// fixed, learning rate 0.5.
Record mazur_example();

// The record as JSON; docs/schemas/explain.schema.json describes it.
std::string to_json(const Record& record);
// The record as a page of at most 80 columns, plain ASCII but for names.
std::string to_text(const Record& record);

// The gradients of a model's loss with respect to its parameters, frozen ones too, checked on a float64 copy.
// Layers may be of any kind that a model text can name.
GradientCheck check_model(const nn::Sequential& model, const Array& x, const Array& t, std::string_view loss,
                          const GradientCheckOptions& options = {});

}  // namespace retrograd::explain
