"""For schemathesis: every request with the key of its address, another one each time."""
import itertools, json, os, schemathesis

with open(os.environ["HUIYIN_KEYS"], encoding="utf-8") as file:
    KEYS = {path: itertools.cycle(keys) for path, keys in json.load(file)["keys"].items()}


@schemathesis.auth(refresh_interval=None)
class Key:
    def get(self, case, ctx):
        return next(KEYS[case.operation.path]) if case.operation.path in KEYS else ""

    def set(self, case, data, ctx):
        if data:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
