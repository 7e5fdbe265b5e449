"""Counts the orders of a workbook from before 2007 by its bytes alone: count_old_workbook.py FILE SHEET -> JSON.

The container (MS-CFB) and the records (MS-XLS, BIFF8) are read here from their published layouts; no library is used.
A row is an order when its first cell holds a text that is not one of the first two (title, header) nor the last (total).
"""
import json, pathlib, struct, sys

SECTOR, END = 512, 0xFFFFFFFA
LABEL_SST, BOUND_SHEET, BEGIN_OF_FILE, END_OF_FILE = 0xFD, 0x85, 0x809, 0x0A


def stream(data: bytes, names: tuple) -> bytes:
    """The bytes of a stream of the container, followed from sector to sector."""
    at = lambda sector: data[(sector + 1) * SECTOR:(sector + 2) * SECTOR]
    table = [next_one for sector in struct.unpack_from("<109I", data, 76) if sector < END for next_one in struct.unpack("<128I", at(sector))]

    def chain(sector: int) -> bytes:
        whole = b""
        while sector < END:
            whole, sector = whole + at(sector), table[sector]
        return whole

    directory = chain(struct.unpack_from("<I", data, 48)[0])
    for entry in (directory[start:start + 128] for start in range(0, len(directory), 128)):
        name = entry[:max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        start, size = struct.unpack_from("<II", entry, 116)
        if name in names:
            assert size >= 4096, "a small stream lies elsewhere"
            return chain(start)[:size]
    raise SystemExit("no workbook in the file")


def records(book: bytes, start: int):
    while start + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4:start + 4 + size]
        start += 4 + size


def first_cells(book: bytes, sheet: str) -> list:
    """Which shared text stands in the first cell of each row of a sheet, from above."""
    for kind, body in records(book, 0):
        if kind == BOUND_SHEET and body[8:].decode("utf-16-le" if body[7] else "latin-1") == sheet:
            start = struct.unpack_from("<I", body)[0]
            break
    else:
        raise SystemExit(f"no sheet {sheet}")
    found, depth = {}, 0
    for kind, body in records(book, start):
        depth += (kind == BEGIN_OF_FILE) - (kind == END_OF_FILE)
        if kind == LABEL_SST and struct.unpack_from("<H", body, 2)[0] == 0:
            found[struct.unpack_from("<H", body)[0]] = struct.unpack_from("<I", body, 6)[0]
        if depth == 0:
            break
    return [text for _, text in sorted(found.items())]


if __name__ == "__main__":
    orders = first_cells(stream(pathlib.Path(sys.argv[1]).read_bytes(), ("Workbook", "Book")), sys.argv[2])[2:-1]
    print(json.dumps({"orders": len(orders), "numbers": len(set(orders))}))
