// The verbs of the tool. Each adds its flags to the command line and runs after the line is parsed.
#pragma once

#include "cli/common.h"

namespace cli {

struct Verb {
  const char* name;
  // Adds the flags; the callback of `app` sets the function that main calls.
  void (*add)(CLI::App& app, Common& common);
};

void add_train(CLI::App& app, Common& common);
void add_eval(CLI::App& app, Common& common);
void add_predict(CLI::App& app, Common& common);
void add_summary(CLI::App& app, Common& common);
void add_gradcheck(CLI::App& app, Common& common);
void add_explain(CLI::App& app, Common& common);
void add_data(CLI::App& app, Common& common);
void add_bench(CLI::App& app, Common& common);
void add_reproduce(CLI::App& app, Common& common);
void add_sample(CLI::App& app, Common& common);
void add_compare(CLI::App& app, Common& common);
void add_export_config(CLI::App& app, Common& common);
void add_doctor(CLI::App& app, Common& common);
void add_completion(CLI::App& app, Common& common);
void add_man(CLI::App& app, Common& common);
void add_lr_find(CLI::App& app, Common& common);
void add_tune(CLI::App& app, Common& common);

}  // namespace cli
