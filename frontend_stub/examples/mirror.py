#!/usr/bin/env python3
"""Mirrors a channel into SQLite, with nothing but the standard library.

    python3 mirror.py --api http://localhost:8000/api/v1 --channel public
    CLINICAST_KEY=clinicast_... python3 mirror.py --api https://cms.example.org/api/v1

Table `documents` then has what the channel carries, no more and no less. It may be
killed at any moment: changes and their checkpoint are one. --once ends with all of it.
"""

import argparse
import gzip
import http.client
import json
import os
import random
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

WAIT_S, TIMEOUT_S, MOST_BACK_OFF_S = 30, 60, 60
TABLES = """
CREATE TABLE IF NOT EXISTS documents
    (id TEXT PRIMARY KEY, type TEXT, locale TEXT, slug TEXT, json TEXT, run INTEGER);
CREATE TABLE IF NOT EXISTS place
    (one INTEGER PRIMARY KEY, since TEXT, run INTEGER, is_whole INTEGER);
INSERT OR IGNORE INTO place VALUES (1, NULL, 1, 0);
"""


class Refused(Exception):
    """Asking again would not help."""


class Mirror:
    """The file, which knows where it is in the changes."""

    def __init__(self, file):
        # Transactions begin and end where this program says.
        self.file = sqlite3.connect(file, isolation_level=None, timeout=60)
        self.file.executescript(TABLES)

    def place(self):
        """The last checkpoint, the number of this run, and whether it is complete."""
        return self.file.execute("SELECT since, run, is_whole FROM place").fetchone()

    def start_again(self):
        """Read all of it anew; what does not come again goes when it is complete."""
        self.file.execute("UPDATE place SET since = NULL, run = run + 1, is_whole = 0")

    def apply(self, lines):
        """Apply one answer and keep its checkpoint, or nothing; whether there is more.

        Raises ConnectionError where it was cut off: its last line is the checkpoint.
        """
        _, run, is_whole = self.place()
        with self.file:
            self.file.execute("BEGIN IMMEDIATE")
            for line in lines:
                said = json.loads(line)
                if "checkpoint" in said:
                    break
                self.change(said, run)
            else:
                raise ConnectionError("the answer was cut off")
            if not said["more"] and not is_whole:
                self.file.execute("DELETE FROM documents WHERE run < ?", [run])
            place = [said["checkpoint"], is_whole or not said["more"]]
            self.file.execute("UPDATE place SET since = ?, is_whole = ?", place)
        return said["more"]

    def change(self, said, run):
        if said["op"] == "delete":
            self.file.execute("DELETE FROM documents WHERE id = ?", [said["id"]])
            return
        named = [said["id"], said["type"], said["locale"], said["document"]["slug"]]
        text = json.dumps(said["document"], ensure_ascii=False, separators=(",", ":"))
        insert = "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)"
        self.file.execute(insert, [*named, text, run])


def ask(options, since):
    """The answer of the API to `since`. Raises Refused, HTTPError and OSError."""
    query = {"format": "ndjson"}
    if since:
        query |= {"since": since, "wait": 0 if options.once else WAIT_S}
    headers = {"Accept-Encoding": "gzip"}
    if key := os.environ.get("CLINICAST_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    else:
        query["channel"] = options.channel
    url = f"{options.api.rstrip('/')}/sync/?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(url, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code < 500 and error.code not in (408, 410, 429):
            raise Refused(error.read().decode(errors="replace")) from None
        raise


def advance(options, mirror):
    """Get and apply one answer; whether there is more, and for how long to wait."""
    try:
        with ask(options, mirror.place()[0]) as answer:
            packed = answer.headers.get("Content-Encoding") == "gzip"
            more = mirror.apply(gzip.open(answer) if packed else answer)
            return more, 0 if more else int(answer.headers.get("Retry-After", 0))
    except urllib.error.HTTPError as error:
        if error.code != 410:
            raise
        mirror.start_again()
        return True, 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--api", default="http://localhost:8000/api/v1")
    parser.add_argument("--channel", default="public", help="an open one, without key")
    parser.add_argument("--file", default="mirror.sqlite3")
    parser.add_argument("--once", action="store_true", help="end when all is there")
    options = parser.parse_args()
    mirror, failures = Mirror(options.file), 0
    while True:
        before = mirror.place()[0]
        try:
            _, wait_s = advance(options, mirror)
        except Refused as refused:
            sys.exit(str(refused))
        except (OSError, http.client.HTTPException, EOFError, ValueError) as error:
            asked = getattr(error, "headers", None) or {}
            # Of many that were cut off at once, not all come back at once.
            wait_s = min(MOST_BACK_OFF_S, 2**failures) * random.uniform(0.5, 1)
            wait_s = max(wait_s, int(asked.get("Retry-After", 0)))
            print(f"{error}; again in {wait_s:.0f} s", file=sys.stderr)
            failures += 1
        else:
            failures = 0
            # Once more after the last change: so the clinic hears that it is here.
            if options.once and mirror.place()[0] == before:
                return
        time.sleep(wait_s)


if __name__ == "__main__":
    main()
