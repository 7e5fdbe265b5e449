"""The disk as it is after the power failed, made from the notes of disk.c.

Only what a flush confirmed is sure to be there. Of everything later, in mode `drop` nothing has reached the disk, in mode
`torn` each sector of 512 bytes has or has not, by chance. What a failed flush should have kept is lost, as on ext4.
A new file is there once it was flushed; a removed one is gone for sure only after its folder was flushed.
"""
import os, shutil, struct

HEAD = struct.Struct("<BBHIQ")
SECTOR = 512


def notes(log):
    """Operations in order; a note cut off by the death of the program is the last."""
    with open(log, "rb") as file:
        data = file.read()
    at = 0
    while at + HEAD.size <= len(data):
        op, _, path_bytes, data_bytes, offset = HEAD.unpack_from(data, at)
        at += HEAD.size
        end = at + path_bytes + data_bytes
        if end > len(data):
            return
        yield chr(op), data[at:at + path_bytes].decode(), offset, data[at + path_bytes:end]
        at = end


class Disk:
    """What the disk surely holds, and what waits to be flushed."""

    def __init__(self, base):
        self.base, self.waiting, self.begun, self.removed = base, {}, {}, set()

    def take(self, op, path, offset, data):
        waiting = self.waiting.setdefault(path, [])
        if op in "WT":
            self.removed.discard(path)
            waiting.append((op, offset, data))
        elif op == "B":
            self.begun[path] = len(waiting)
        elif op in "EF":
            sure = self.begun.pop(path, 0)
            if op == "E":
                self.keep(path, waiting[:sure])
            del waiting[:sure]
        elif op == "U":
            self.removed.add(path)
            waiting.clear()

    def file(self, path):
        return os.path.join(self.base, os.path.relpath(path, self.folder))

    def keep(self, path, operations):
        if os.path.isdir(path):
            for gone in [p for p in self.removed if os.path.dirname(p) == path]:
                self.remove(gone)
            return
        with open(self.file(path), "r+b" if os.path.exists(self.file(path)) else "w+b") as file:
            for op, offset, data in operations:
                if op == "T":
                    file.truncate(offset)
                else:
                    file.seek(offset)
                    file.write(data)

    def remove(self, path):
        self.removed.discard(path)
        if os.path.exists(self.file(path)):
            os.remove(self.file(path))

    def torn(self, random):
        """The part of what waited that reached the disk by chance."""
        for path, waiting in self.waiting.items():
            reached = []
            for op, offset, data in waiting:
                if op == "T":
                    reached += [(op, offset, data)] if random.random() < 0.5 else []
                    continue
                for start in range(0, len(data), SECTOR):
                    if random.random() < 0.5:
                        reached.append(("W", offset + start, data[start:start + SECTOR]))
            if reached:
                self.keep(path, reached)
        for path in [p for p in self.removed if random.random() < 0.5]:
            self.remove(path)


def copy(folder, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*-shm", "*.reserve"))


def fail(folder, before, log, mode, random):
    """Puts the folder into the state after the power failed; `before` is a copy from before the log began."""
    disk = Disk(before)
    disk.folder = folder
    for operation in notes(log):
        disk.take(*operation)
    if mode == "torn":
        disk.torn(random)
    os.remove(log)
    reserve = [name for name in os.listdir(folder) if name.endswith(".reserve")]
    for name in reserve:
        os.rename(os.path.join(folder, name), os.path.join(before, name))
    shutil.rmtree(folder)
    os.rename(before, folder)
