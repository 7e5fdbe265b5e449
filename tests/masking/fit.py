"""Fits the net by which a name is told from a word, and prints it for crates/rectification/src/redact/net.tsv.

    cargo build -p rectification --example name_features
    python3 tests/masking/fit.py target/debug/examples/name_features [LEFT_OUT.py ...] > net.tsv

What is left out can be measured afterwards as if never seen. Needs numpy. Comments of a seed no test uses; a name counts
three times as much as a word. One hidden layer of rectified units, logistic loss, Adam (Kingma and Ba 2015, algorithm 1).
"""
import pathlib, subprocess, sys
import numpy

COMMENTS = {"orders.py": 20000, "mailbox.py": 20000, "letters.py": 4000, "calls.py": 4000}
SEED, UNITS, ROUNDS, BATCH, NAME_COUNTS, DECAY = "11", 12, 20, 512, 3, 2e-5


def candidates(program, left_out):
    """What is wanted (1 for a name) and the features, one row a candidate; the first feature is always 1."""
    rows = []
    for generator, count in COMMENTS.items():
        if generator in left_out:
            continue
        made = [sys.executable, pathlib.Path(__file__).parent / generator, str(count), SEED]
        comments = subprocess.run(made, capture_output=True, check=True).stdout
        found = subprocess.run(program, input=comments, capture_output=True, check=True).stdout.decode()
        rows += [line.split() for line in found.splitlines() if line[0] != "?"]
    table = numpy.array([[float(cell) for cell in row] for row in rows])
    return table[:, 0], table[:, 1:]


def fit(wanted, features):
    """The hidden weights, one column a unit, and the last weights with their bias."""
    chance = numpy.random.default_rng(1)
    net = [chance.normal(0, features.shape[1] ** -0.5, (features.shape[1], UNITS)), numpy.append(chance.normal(0, UNITS ** -0.5, UNITS), 0)]
    moved, spread, step = [numpy.zeros_like(part) for part in net], [numpy.zeros_like(part) for part in net], 0
    for turn in range(ROUNDS):
        speed = 0.005 * (1 - turn / ROUNDS)
        for rows in numpy.array_split(chance.permutation(len(wanted)), len(wanted) // BATCH):
            given, step = features[rows], step + 1
            units = numpy.c_[numpy.maximum(given @ net[0], 0), numpy.ones(len(rows))]
            likely = 1 / (1 + numpy.exp(-numpy.clip(units @ net[1], -30, 30)))
            off = numpy.where(wanted[rows] > 0, NAME_COUNTS, 1) * (likely - wanted[rows]) / len(rows)
            slopes = [given.T @ (numpy.outer(off, net[1][:-1]) * (units[:, :-1] > 0)), units.T @ off]
            for part, slope in enumerate(slopes):
                slope = slope + DECAY * net[part]
                moved[part] = 0.9 * moved[part] + 0.1 * slope
                spread[part] = 0.999 * spread[part] + 0.001 * slope**2
                net[part] = net[part] - speed * moved[part] / (1 - 0.9**step) / (numpy.sqrt(spread[part] / (1 - 0.999**step)) + 1e-8)
    return net


wanted, features = candidates(sys.argv[1], sys.argv[2:])
hidden, last = fit(wanted, features)
print(f"{len(wanted)} candidates, {int(wanted.sum())} names", file=sys.stderr)
for row in [*hidden.T, last]:
    print("\t".join(f"{weight:.3f}" for weight in row))
