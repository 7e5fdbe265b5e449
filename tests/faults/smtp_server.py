"""A mail server that fails in the ways real ones do, and writes down what it took.

usage: smtp_server.py PORT LOG [CERT KEY]

What happens to an address is written in its first letters:
  ok    taken                               grey  451 once, then taken
  dead  550 5.1.1 at RCPT, always           full  452 4.2.2 at RCPT, always
  rule  550 5.7.1 at RCPT, always           slow  silent for 40 s after the content, then taken
  drop  taken, and the line cut before the answer, the first time
  gone  taken, and the line cut before the answer, always
  hold  taken, and the answer 5 s later, the first time
With CERT and KEY the server talks TLS from the first byte.

Each line of LOG is one event as JSON: {"event": "taken" | "refused", "to": …, "id": Message-ID, …}.
"taken" is written before the answer is sent, as a server does that has the letter on its disk.
"""
import asyncio, email, email.policy, json, ssl, sys

port, log = int(sys.argv[1]), open(sys.argv[2], "a", buffering=1, encoding="utf-8")
seen: dict[str, int] = {}


def note(event, to, **more):
    log.write(json.dumps({"event": event, "to": to, **more}) + "\n")


def times(key):
    seen[key] = seen.get(key, 0) + 1
    return seen[key]


def at_rcpt(to):
    """The refusal an address gets, or None."""
    if to.startswith("dead"):
        return "550 5.1.1 <%s> user unknown" % to
    if to.startswith("rule"):
        return "550 5.7.1 <%s> refused by policy" % to
    if to.startswith("full"):
        return "452 4.2.2 <%s> mailbox full" % to
    if to.startswith("grey") and times("rcpt " + to) == 1:
        return "451 4.7.1 <%s> greylisted, try again later" % to
    return None


async def serve(reader, writer):
    async def say(text):
        writer.write(text.encode() + b"\r\n")
        await writer.drain()

    to = sender = None
    try:
        await say("220 faults ESMTP")
        while line := await reader.readline():
            verb = line.decode("utf-8", "replace").strip()
            word = verb.upper()
            if word.startswith(("EHLO", "HELO")):
                await say("250-faults\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")
            elif word.startswith("MAIL FROM:"):
                sender = verb[10:].strip().split(">")[0].strip("<>")
                await say("250 2.1.0 ok")
            elif word.startswith("RCPT TO:"):
                to = verb[8:].strip().split(">")[0].strip("<>")
                refusal = at_rcpt(to)
                if refusal:
                    note("refused", to, said=refusal[:9])
                await say(refusal or "250 2.1.5 ok")
            elif word == "DATA":
                await say("354 go on")
                lines = []
                while (piece := await reader.readline()) not in (b".\r\n", b""):
                    lines.append(piece[1:] if piece.startswith(b"..") else piece)
                await content(b"".join(lines), sender, to, say, writer)
            elif word == "QUIT":
                await say("221 bye")
                break
            elif word in ("RSET", "NOOP"):
                await say("250 ok")
            else:
                await say("502 5.5.1 unknown")
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def content(raw, sender, to, say, writer):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    if to.startswith("slow"):
        await asyncio.sleep(40)
    headers = {name: mail.get(name, "") for name in ("Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post")}
    note("taken", to, id=mail["Message-ID"], sender=sender, headers=headers, body=mail.get_content())
    if to.startswith("gone") or (to.startswith("drop") and times("data " + to) == 1):
        writer.transport.abort()
        return
    if to.startswith("hold") and times("data " + to) == 1:
        await asyncio.sleep(5)
    await say("250 2.0.0 taken")


async def main():
    context = None
    if len(sys.argv) > 4:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
    server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=context)
    async with server:
        print("ready", flush=True)
        await server.serve_forever()


asyncio.run(main())
