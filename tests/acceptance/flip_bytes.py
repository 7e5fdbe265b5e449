"""Changes one byte of a bundle at a time; the program must refuse each.

usage: flip_bytes.py HUIYIN BUNDLE FLIPS

The 1,000 flips of the promise run inside the program's own tests; here the shipped command is tried on a real bundle.
"""
import os, random, subprocess, sys

binary, bundle, flips = sys.argv[1], sys.argv[2], int(sys.argv[3])
random.seed(11)
files = [(os.path.join(bundle, name), os.path.getsize(os.path.join(bundle, name))) for name in sorted(os.listdir(bundle))]
total = sum(size for _, size in files)
refused = 0
for n in range(flips):
    # Every file is met; the rest of the flips fall where the bytes are.
    if n < len(files):
        path, size = files[n]
        at = random.randrange(size)
    else:
        at = random.randrange(total)
        for path, size in files:
            if at < size:
                break
            at -= size
    with open(path, "r+b") as file:
        file.seek(at)
        old = file.read(1)
        file.seek(at)
        file.write(bytes([old[0] ^ (1 << random.randrange(8))]))
    code = subprocess.run([binary, "verify", bundle], capture_output=True).returncode
    refused += code == 17
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(old)
print(f"flips: {flips}, refused: {refused}")
if refused != flips or subprocess.run([binary, "verify", bundle], capture_output=True).returncode != 0:
    sys.exit("a changed byte got through, or the restored bundle does not verify")
