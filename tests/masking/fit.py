"""Fits the weights by which a name is told from a word: fit.py NAME_FEATURES [LEFT_OUT ...]

NAME_FEATURES is `cargo build --release -p rectification --example name_features`; what is left out can be measured afterwards
as if never seen. Needs numpy. Comments of a seed no test uses; a name counts three times as much as a word.
"""
import pathlib, subprocess, sys
import numpy

here = pathlib.Path(__file__).parent
rows = []
generators = {"orders.py": 5000, "mailbox.py": 5000, "letters.py": 3000, "calls.py": 3000}
for generator, count in generators.items():
    if generator in sys.argv[2:]:
        continue
    comments = subprocess.run([sys.executable, here / generator, str(count), "11"], capture_output=True, check=True).stdout
    features = subprocess.run(sys.argv[1], input=comments, capture_output=True, check=True).stdout.decode()
    rows += [line.split() for line in features.splitlines() if line[0] != "?"]
wanted = numpy.array([float(row[0]) for row in rows])
given = numpy.array([[float(cell) for cell in row[1:]] for row in rows])
weights, speed, change = numpy.zeros((3, given.shape[1]))
for step in range(1, 2001):
    expected = 1 / (1 + numpy.exp(-numpy.clip(given @ weights, -30, 30)))
    slope = given.T @ (numpy.where(wanted, 3, 1) * (expected - wanted)) / len(wanted) + 0.0005 * weights
    speed, change = 0.9 * speed + 0.1 * slope, 0.999 * change + 0.001 * slope**2
    weights -= 0.1 * speed / (1 - 0.9**step) / (numpy.sqrt(change / (1 - 0.999**step)) + 1e-8)
print(f"{len(rows)} candidates, {int(wanted.sum())} names")
print(", ".join(f"{weight:.2f}" for weight in weights))
