"""Rude clients and an orderly end: slow, half-open, oversized, guessing, and SIGTERM under load.

usage: edge.py HUIYIN LOAD
"""
import http.client, random, socket, threading, time
from rig import Rig, arguments, check, finish, workplace

binary, load, full, _ = arguments()


def post(rig, path, body, source="127.0.0.1", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=60, source_address=(source, 0))
    fields = {"Origin": f"http://{rig.host}", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    connection.request("POST", path, body, fields)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text


def closed_after(rig, start, drip):
    """Seconds until the server ends a connection that sends `start` and then one byte a second, and what it said."""
    began, said = time.monotonic(), b""
    with socket.create_connection(("127.0.0.1", rig.port)) as slow:
        slow.sendall(start)
        slow.settimeout(1)
        while time.monotonic() < began + 120:
            try:
                if drip:
                    slow.sendall(drip)
                more = slow.recv(65536)
                said += more
                if not more:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - began, said


with workplace() as work:
    rig = Rig(binary, load, work)
    rig.open_round(20_000)
    rig.start()
    head = f"POST /s/2026Q3/enter HTTP/1.1\r\nHost: {rig.host}\r\nOrigin: http://{rig.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow = {}
    cases = {"header": (b"GET / HTTP/1.1\r\nHo", b"x"), "body": (head.encode() + b"Content-Length: 5000\r\n\r\ncode=", b"a"), "silence": (b"", b"")}
    threads = [threading.Thread(target=lambda name=name, case=case: slow.update({name: closed_after(rig, *case)})) for name, case in cases.items()]
    # Two hundred connections that say nothing do not keep anybody from the page.
    silent = [socket.create_connection(("127.0.0.1", rig.port)) for _ in range(200)]
    for thread in threads:
        thread.start()
    check(rig.get("/s/2026Q3")[0] == 200, "pages are given beside 200 half-open connections")

    status, text = post(rig, "/s/2026Q3/enter", "code=" + "A" * 400_000)
    check(status == 413 and "内容太长了" in text, f"an oversized form gets a page in plain words ({status})")
    for name, body in {"not a form": "\x00\xff{", "unknown fields": "x=1&y=2", "rare characters": "code=堃喆䶮😀".encode()}.items():
        status, text = post(rig, "/s/2026Q3/enter", body)
        check(status in (400, 422) and "<h1" in text, f"{name}: a page ({status})")

    # A village behind one address: one neighbour guesses, the others enter at once, and so does everybody elsewhere.
    guesses = []
    guessing = [threading.Thread(target=lambda: guesses.append(post(rig, "/s/2026Q3/enter", "code=" + "".join(random.choices("23456789", k=26)))[0])) for _ in range(60)]
    began = time.monotonic()
    for thread in guessing:
        thread.start()
    time.sleep(0.5)
    with open(rig.codes) as file:
        codes = file.read().split()
    right = post(rig, "/s/2026Q3/enter", f"code={codes[0]}")[0]
    entered = time.monotonic() - began
    mistyped = post(rig, "/s/2026Q3/enter", "code=2222222222", source="127.1.2.3")[0]
    elsewhere = time.monotonic() - began
    for thread in guessing:
        thread.join()
    check(right == 303 and not entered > 8, f"the right code is let in beside 60 guesses from the same address ({right})")
    check(mistyped == 422 and elsewhere < 8, f"a mistyped code elsewhere is answered while they wait ({mistyped})")
    check(set(guesses) <= {422, 429} and time.monotonic() - began > 5, f"guesses are slow: {len(guesses)} in {time.monotonic() - began:.0f} s")
    check(post(rig, "/s/2026Q3/enter", f"code={codes[1]}")[0] == 303, "nobody is locked out afterwards")

    for thread in threads:
        thread.join()
    for one in silent:
        one.close()
    check(slow["header"][0] < 20 and slow["silence"][0] < 20, f"slow headers and silence are ended after {slow['header'][0]:.0f} and {slow['silence'][0]:.0f} s")
    check(slow["body"][0] < 45 and "网络太慢".encode() in slow["body"][1], f"a slow form is ended after {slow['body'][0]:.0f} s with a page")

    crowd = rig.crowd("--connections", "64")
    time.sleep(1.5)
    took, code = rig.stop()
    rig.seen(crowd)
    rig.start()
    found = rig.compare()
    rig.stop()
    check(took <= 30 and code == 0, f"SIGTERM under load: the end took {took:.1f} s, exit code {code}")
    check(found["acknowledged"] > 0 and found["lost"] == 0 and found["duplicates"] == 0, f"SIGTERM under load: {found}")
finish()
