// Formulas of losses and of backpropagation, as text.
#include "explain/formulas.h"

#include <fmt/format.h>

namespace retrograd::explain {
namespace {

struct Derivative {
  std::string_view op;
  std::string_view text;
};

constexpr Derivative derivatives[] = {
    {"sigmoid", "y_j (1 - y_j)"},        {"tanh", "1 - y_j^2"},
    {"relu", "1 where z_j > 0, else 0"}, {"softplus", "1 / (1 + exp(-z_j))"},
    {"softsign", "1 / (1 + |z_j|)^2"},
};

struct LossFormulas {
  std::string_view name;
  const char* plain;
  const char* latex;
  const char* source;
  const char* derivative;
  const char* derivative_latex;
};

constexpr LossFormulas losses[] = {
    {"half_squared_error", "E = 1/2 sum_j (y_j - t_j)^2", R"(E = \frac{1}{2} \sum_j (y_j - t_j)^2)",
     "Nielsen 2015, eq. 6; Bishop 2006, eq. 5.14", "dE/dy_j = y_j - t_j",
     R"(\frac{\partial E}{\partial y_j} = y_j - t_j)"},
    {"mse", "E = 1/K sum_j (y_j - t_j)^2", R"(E = \frac{1}{K} \sum_j (y_j - t_j)^2)",
     "Goodfellow, Bengio, Courville 2016, 5.1.4", "dE/dy_j = 2/K (y_j - t_j)",
     R"(\frac{\partial E}{\partial y_j} = \frac{2}{K} (y_j - t_j))"},
    {"mae", "E = 1/K sum_j |y_j - t_j|", R"(E = \frac{1}{K} \sum_j |y_j - t_j|)", "",
     "dE/dy_j = 1/K sign(y_j - t_j)",
     R"(\frac{\partial E}{\partial y_j} = \frac{1}{K} \operatorname{sign}(y_j - t_j))"},
    {"cross_entropy", "E = -sum_j t_j ln y_j, y = softmax(z)",
     R"(E = -\sum_j t_j \ln y_j, \quad y = \operatorname{softmax}(z))",
     "Goodfellow, Bengio, Courville 2016, 6.2.2.3", "dE/dz_j = y_j - t_j",
     R"(\frac{\partial E}{\partial z_j} = y_j - t_j)"},
    {"binary_cross_entropy", "E = -sum_j [t_j ln y_j + (1 - t_j) ln(1 - y_j)], y = sigmoid(z)",
     R"(E = -\sum_j [t_j \ln y_j + (1 - t_j) \ln (1 - y_j)], \quad y = \sigma(z))", "Nielsen 2015, eq. 63",
     "dE/dz_j = y_j - t_j", R"(\frac{\partial E}{\partial z_j} = y_j - t_j)"},
};

const LossFormulas* find(std::string_view loss) {
  for (const LossFormulas& entry : losses) {
    if (entry.name == loss) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string derivative_text(std::string_view op) {
  for (const Derivative& entry : derivatives) {
    if (entry.op == op) return std::string(entry.text);
  }
  return "";
}

Equation error_equation(std::string_view loss, std::string_view summary) {
  if (const LossFormulas* entry = find(loss)) {
    return {std::string(loss), entry->plain, entry->latex, entry->source};
  }
  return {std::string(loss), std::string(summary), "", ""};
}

Equation error_derivative(std::string_view loss) {
  const LossFormulas* entry = find(loss);
  if (entry == nullptr) return {std::string(loss), "", "", ""};
  return {std::string(loss), entry->derivative, entry->derivative_latex, entry->source};
}

bool takes_one_hot(std::string_view loss) { return find(loss) != nullptr; }

Equation sum_equation(bool bias) {
  return {"linear", bias ? "z_j = sum_i w_ij x_i + b_j" : "z_j = sum_i w_ij x_i",
          bias ? R"(z_j = \sum_i w_{ij} x_i + b_j)" : R"(z_j = \sum_i w_{ij} x_i)",
          "Goodfellow, Bengio, Courville 2016, 6.1"};
}

Equation delta_equation(bool coupled, std::string_view loss) {
  if (loss == "cross_entropy" || loss == "kl_divergence") {
    return {
        "softmax with cross-entropy",
        "dE/dz_j = sum_k dE/dy_k * dy_k/dz_j, dE/dy_k = -t_k / y_k, dy_k/dz_j = y_k ((1 if k = j) - y_j): "
        "what is left is y_j sum_k t_k - t_j = y_j - t_j",
        R"(\frac{\partial E}{\partial z_j} = \sum_k -\frac{t_k}{y_k} y_k (\delta_{kj} - y_j) = y_j - t_j)",
        "Goodfellow, Bengio, Courville 2016, 6.2.2.3"};
  }
  if (loss == "binary_cross_entropy") {
    return {
        "sigmoid with cross-entropy",
        "dE/dz_j = dE/dy_j * dy_j/dz_j, dE/dy_j = (y_j - t_j) / (y_j (1 - y_j)), dy_j/dz_j = y_j (1 - y_j): "
        "what is left is y_j - t_j",
        R"(\frac{\partial E}{\partial z_j} = \frac{y_j - t_j}{y_j (1 - y_j)} y_j (1 - y_j) = y_j - t_j)",
        "Nielsen 2015, eq. 68"};
  }
  if (!loss.empty()) {
    return {std::string(loss), "dE/dz_j is the derivative of the loss, which has the activation within it",
            R"(\frac{\partial E}{\partial z_j})", ""};
  }
  if (coupled) {
    return {
        "chain rule", "dE/dz_j = sum_k dE/dy_k * dy_k/dz_j",
        R"(\frac{\partial E}{\partial z_j} = \sum_k \frac{\partial E}{\partial y_k} \frac{\partial y_k}{\partial z_j})",
        "Goodfellow, Bengio, Courville 2016, 6.5.2"};
  }
  return {
      "chain rule", "dE/dz_j = dE/dy_j * dy_j/dz_j",
      R"(\frac{\partial E}{\partial z_j} = \frac{\partial E}{\partial y_j} \frac{\partial y_j}{\partial z_j})",
      "Rumelhart, Hinton, Williams 1986, eq. 5"};
}

std::string parameter_name(std::int64_t input, std::int64_t unit) {
  if (input == 0) return fmt::format("b_{}", unit);
  return input > 9 || unit > 9 ? fmt::format("w_{},{}", input, unit) : fmt::format("w_{}{}", input, unit);
}

}  // namespace retrograd::explain
