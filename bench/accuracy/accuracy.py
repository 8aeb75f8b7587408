#!/usr/bin/env python3
"""Writes docs/accuracy.md: what `retrograd train` reaches with its defaults, beside scikit-learn's MLPs with theirs.

Usage: accuracy.py TOOL [--page FILE] [--results FILE] [--data NAME,...]     (./dev accuracy calls it)

Both see the same rows: a stratified fifth is the test part; of the rest retrograd keeps a tenth for validation, while
scikit-learn, which wants none by default, learns from all of it. The two run in turn, each with one thread. Outcomes go to
--results as they come, and those that are there are not measured again, so an interrupted measurement goes on; those
of another build of the tool are thrown away.
"""
import argparse
import csv
import hashlib
import json
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # before NumPy is loaded

import numpy as np
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

import page

SEEDS = {"chosen": range(1, 21), "fresh": range(2001, 2101)}
LOADERS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
    "digits": datasets.load_digits,
}


class Table:
    """One of scikit-learn's bundled data sets, as arrays and as a CSV file."""

    def __init__(self, name, folder):
        data = LOADERS[name]()
        self.name = name
        self.inputs = data.data
        self.is_regression = name == "diabetes"
        self.targets = data.target if self.is_regression else np.array([f"class {k}" for k in data.target])
        self.path = folder / f"{name.replace(' ', '_')}.csv"
        with open(self.path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([f"x{j}" for j in range(self.inputs.shape[1])] + ["target"])
            writer.writerows([*map(repr, map(float, row)), target] for row, target in zip(self.inputs, self.targets))

    def split(self, seed):
        """Rows of the training, validation and test parts."""
        strata = None if self.is_regression else self.targets
        rows = np.arange(len(self.targets))
        rest, test = train_test_split(rows, test_size=0.2, random_state=seed, stratify=strata)
        strata = None if self.is_regression else self.targets[rest]
        train, validation = train_test_split(rest, test_size=0.1, random_state=seed, stratify=strata)
        return train, validation, test


def run_retrograd(tool, table, seed, parts, folder):
    words = np.full(len(table.targets), "train", dtype=object)
    words[parts[1]], words[parts[2]] = "validation", "test"
    split = folder / "split.txt"
    split.write_text("\n".join(words) + "\n")
    with tempfile.TemporaryDirectory(dir=folder) as run:
        command = [tool, "train", table.path, "--split-file", split, "--seed", str(seed), "--threads", "1",
                   "--out", Path(run) / "run", "--json", "-q"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{table.name}, seed {seed}: {done.stdout}{done.stderr}")
    result = json.loads(done.stdout)
    score = result["test"]["r2" if table.is_regression else "accuracy"]
    return {"score": score, "seconds": result["seconds"]["training"], "total": result["seconds"]["total"],
            "epochs": result["epochs"]}


def run_sklearn(table, seed, parts):
    rows = np.concatenate(parts[:2])
    scaler = StandardScaler().fit(table.inputs[rows])
    network = (MLPRegressor if table.is_regression else MLPClassifier)(random_state=seed)
    inputs = scaler.transform(table.inputs[rows])
    start = time.process_time()
    network.fit(inputs, table.targets[rows])
    seconds = time.process_time() - start
    score = network.score(scaler.transform(table.inputs[parts[2]]), table.targets[parts[2]])
    return {"score": float(score), "seconds": seconds}


def read_results(path, tool):
    """What this build of the tool has reached until now."""
    build = hashlib.sha256(Path(tool).read_bytes()).hexdigest()
    if path.exists():
        results = json.loads(path.read_text())
        if results["tool"] == build:
            return results
    return {"tool": build, "data": {}}


def measure(arguments, results, folder):
    for name in arguments.data.split(","):
        table = Table(name, folder)
        known = results["data"].setdefault(
            name, {"rows": len(table.targets), "inputs": table.inputs.shape[1], "seeds": {}})
        for seed in (*SEEDS["chosen"], *SEEDS["fresh"]):
            if str(seed) in known["seeds"]:
                continue
            parts = table.split(seed)
            ours = run_retrograd(arguments.tool, table, seed, parts, folder)
            theirs = run_sklearn(table, seed, parts)
            known["seeds"][str(seed)] = {"retrograd": ours, "sklearn": theirs}
            arguments.results.write_text(json.dumps(results, indent=1) + "\n")
            print(f"{name}, seed {seed}: {ours['score']:.4f} in {ours['seconds']:.4f} s; scikit-learn "
                  f"{theirs['score']:.4f} in {theirs['seconds']:.4f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--page", type=Path, default=Path("docs/accuracy.md"))
    parser.add_argument("--results", type=Path, default=Path("build/accuracy.json"))
    parser.add_argument("--data", default=",".join(LOADERS))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)  # 200 epochs are its default
    results = read_results(arguments.results, arguments.tool)
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments, results, Path(folder))
    arguments.page.write_text(page.text_of(results["data"], SEEDS, arguments.tool))


if __name__ == "__main__":
    main()
