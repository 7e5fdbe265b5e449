"""A gateway for short messages as a city would run it: checks signature and time, sends each id once.

usage: sms_gateway.py PORT LOG SECRET_FILE CLOCK_FILE

CLOCK_FILE holds the offset of the sender's clock (libfaketime's format, `+SECONDS`).
Numbers ending in 0 are busy (503) the first time, numbers ending in 9 take nothing (410).
"""
import hashlib, hmac, http.server, json, sys, time

port, log = int(sys.argv[1]), open(sys.argv[2], "a", buffering=1, encoding="utf-8")
secret = open(sys.argv[3], "rb").read().strip()
done, busy = set(), set()


def verdict(headers, body):
    stamp = headers.get("X-Huiyin-Timestamp", "")
    expected = "sha256=" + hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, headers.get("X-Huiyin-Signature", "")):
        return 401, None
    offset = int(open(sys.argv[4]).read().strip() or 0)
    if abs(time.time() + offset - int(stamp)) > 300:
        return 401, None
    wish = json.loads(body)
    if wish["to"].endswith("9"):
        return 410, wish
    if wish["to"].endswith("0") and wish["to"] not in busy:
        busy.add(wish["to"])
        return 503, wish
    return 200, wish


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        code, wish = verdict(self.headers, body)
        again = bool(wish) and wish["id"] in done
        log.write(json.dumps({"code": code, "again": again, **(wish or {})}) + "\n")
        if code == 200:
            done.add(wish["id"])
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


print("ready", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", port), Gateway).serve_forever()
