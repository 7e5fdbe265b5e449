#!/usr/bin/env python3
"""Check a receipt with the Python standard library alone, with no code of the project.
A receipt is the line behind the square code: round.code.digest. Checks, in this order:
  1. every published root carries a valid Ed25519 signature of the log (C2SP checkpoint; RFC 8032);
  2. each day's log is the beginning of the next day's (RFC 6962, 2.1.2);
  3. the receipt's leaf, SHA-256(0x00 || round || code || digest), leads to the newest root (RFC 6962, 2.1.1).
Nothing in a receipt shows what was answered. Exit 0 all agrees, 1 something differs, 2 receipt or site cannot be read."""
import argparse, base64, hashlib, json, os, sys, urllib.request

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

class Differs(Exception):
    """Something does not agree."""

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

# Ed25519, RFC 8032 section 5.1, on affine points.
def point(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Differs("a key or signature is no point of the curve")
    return (P - x if x % 2 != sign else x, y)

def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, P) % P
    return (x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P)

def times(number, base):
    total = (0, 1)
    while number:
        if number & 1:
            total = add(total, base)
        base, number = add(base, base), number >> 1
    return total

def is_signed(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    base_y = 4 * pow(5, -1, P) % P
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left = times(s, point(base_y.to_bytes(32, "little")))
    return s < ORDER and left == add(point(signature[:32]), times(k, point(public)))

def node(left, right):
    return sha256(b"\1", left, right)

def top(proof):
    if not proof:
        raise Differs("a proof is too short")
    return proof.pop()

def climb(index, size, leaf, proof):
    """The root to which a leaf and its path lead: PATH of RFC 6962, 2.1.1, read from the top."""
    if size == 1:
        return leaf
    half, beside = 1 << (size - 1).bit_length() - 1, top(proof)
    if index < half:
        return node(climb(index, half, leaf, proof), beside)
    return node(beside, climb(index - half, size - half, leaf, proof))

def ends(older, newer, proof, known):
    """The roots of the first `older` and of all `newer` leaves: SUBPROOF of RFC 6962, 2.1.2, read from the top."""
    if older == newer:
        whole = known or top(proof)
        return whole, whole
    half, beside = 1 << (newer - 1).bit_length() - 1, top(proof)
    if older <= half:
        low, high = ends(older, half, proof, known)
        return low, node(high, beside)
    low, high = ends(older - half, newer - half, proof, None)
    return node(beside, low), node(beside, high)

def check_root(verifier, root):
    name, key_id, key = verifier.split("+", 2)
    key = base64.b64decode(key)
    text, signature = root["checkpoint"].split("\n\n", 1)
    text = (text + "\n").encode()
    signature = base64.b64decode(signature.rstrip("\n").rsplit(" ", 1)[1])
    if text.decode() != f"{name}\n{root['size']}\n{base64.b64encode(bytes.fromhex(root['root'])).decode()}\n":
        raise Differs(f"root of {root['size']}: the signed text says something else")
    if sha256(name.encode(), b"\n", key)[:4].hex() != key_id or signature[:4].hex() != key_id:
        raise Differs("the key id is wrong")
    if key[0] != 1 or not is_signed(key[1:], text, signature[4:]):
        raise Differs(f"root of {root['size']}: the signature does not hold")

def leaf_of(receipt):
    round_id, code, digest = receipt.strip().rsplit("#", 1)[-1].rsplit(".", 2)
    number = 0
    for letter in code.upper().replace("-", "").translate(str.maketrans("OIL", "011")):
        number = number << 5 | LETTERS.index(letter)
    return round_id, sha256(b"\0", round_id.encode(), number.to_bytes(16, "big"), bytes.fromhex(digest))

def check(given):
    text = sys.stdin.read() if given.receipt == "-" else given.receipt
    round_id, leaf = leaf_of(text) if text else (given.round, None)

    def fetch(path):
        return json.load(urllib.request.urlopen(f"{given.site.rstrip('/')}/verify/log/{round_id}/{path}", timeout=30))

    seen = fetch("roots.json")
    roots = seen["roots"]
    if given.keep and os.path.exists(given.keep):
        before = json.load(open(given.keep, encoding="utf-8"))
        lost = [root for root in before["roots"] if root["root"] not in [now["root"] for now in roots]]
        if lost or before["verifier"] != seen["verifier"]:
            raise Differs("a root or key seen before is gone")
    for root in roots:
        check_root(seen["verifier"], root)
    for old, new in zip(roots, roots[1:]):
        proof = [bytes.fromhex(text) for text in fetch(f"growth/{old['size']}/{new['size']}")["proof"]]
        both = bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
        if old["size"] >= new["size"] or ends(old["size"], new["size"], proof, both[0]) != both or proof:
            raise Differs(f"the log of {new['size']} does not continue the log of {old['size']}")
    print(f"{len(roots)} roots signed by {seen['origin']}, each continuing the one before")
    if leaf:
        found = fetch(f"leaf/{leaf.hex()}")
        proof = [bytes.fromhex(text) for text in found["proof"]]
        whole = climb(found["index"], found["size"], leaf, proof).hex()
        if proof or (whole, found["size"]) != (roots[-1]["root"], roots[-1]["size"]):
            raise Differs("the receipt does not lead to the newest root")
        print(f"the receipt is number {found['index'] + 1} of {found['size']}")
    if given.keep:
        json.dump(seen, open(given.keep, "w", encoding="utf-8"))

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt", nargs="?", help="or - to read it from standard input")
    parser.add_argument("--site", required=True, help="address of the site")
    parser.add_argument("--round", help="check the log of this round without a receipt")
    parser.add_argument("--keep", help="file of what was seen before")
    try:
        check(parser.parse_args())
    except Differs as fault:
        print(f"DIFFERS: {fault}", file=sys.stderr)
        return 1
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        print(f"cannot be read: {fault}", file=sys.stderr)
        return 2

if __name__ == "__main__":
    sys.exit(main())
