#!/usr/bin/python3 -IS
# SPDX-License-Identifier: ISC
"""A stand-in for criu(8) in tests: takes one request, and notes what it says.

	criu swrk FD

It appends a line for each field of the request to $CRIU_NOTES: "type 1",
"28 1", and for a message in it "27 pipe:[7] 4". Then it answers that it has
failed, with $CRIU_SAYS as the reason; where that is empty, it goes without.
"""
import os
import socket
import sys


def varint(data, at):
    n = shift = 0
    while True:
        byte = data[at]
        at += 1
        n |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return n, at


def fields(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            n, at = varint(data, at)
            value, at = data[at:at + n], at + n
        yield tag >> 3, value


def number(n):
    out = b""
    while n > 0x7F:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def shown(field, value):
    if isinstance(value, int):
        return str(value)
    if field in (11, 23, 25, 27, 39):
        return " ".join(shown(0, v) for _, v in fields(value))
    return value.decode()


# environ is not ours with -I alone
link = socket.socket(fileno=int(sys.argv[2]))
request = dict(fields(link.recv(1 << 16)))
with open(os.environ["CRIU_NOTES"], "a") as notes:
    print("type", request[1], file=notes)
    for field, value in fields(request[2]):
        print(field, shown(field, value), file=notes)
says = os.environ["CRIU_SAYS"].encode()
if says:
    link.send(b"\x08" + number(request[1]) + b"\x10\x00" +
              b"\x4a" + number(len(says)) + says)
