#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Check what a machine can check of core/STYLE.md and core/LAYERS.

usage: lint.py OUT [FILE...]     after a build into OUT; './build.sh lint'

A rule is a generator of (file, line, message). Rules that read one file at a
time take a Source; the others look at the whole tree or at the objects. The
two tables at the end say which there are.
"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

OUT = Path(sys.argv[1])

# Headers of libraries that one file alone may know. libbsd is vocabulary.
FOREIGN = re.compile(r"""yyjson\.h|seccomp\.h|curl/.*|archive(_entry)?\.h|
    zlib\.h|zstd.*\.h|isa-l/.*|libdeflate\.h|mbedtls/.*|psa/.*|microhttpd\.h|
    nettle/.*|(sha2|sha256|sha512|sha1|md5)\.h""", re.X)
TOOLBOXES = ("base", "sys", "cli")   # one header per tool
GENERATED = ("versions.h", "seccomp_baked.h", "applets.list")
EVERYWHERE = ("fail", "take_", "auto_")

# What a function may be, and a file.
MOST_LINES, MOST_PARAMETERS, MOST_DEPTH = 100, 5, 4
MOST_C, MOST_HEADER, MOST_APPLET = 600, 150, 250
COLUMNS, TABLE_COLUMNS = 80, 100

# Symbols by which code prints or exits, and who in core/ may.
FORBIDDEN = {"exit", "printf", "vprintf", "puts", "putchar", "perror",
             "stdout", "stderr", "err", "errx", "warn", "warnx"}
MAY_REMEMBER = ("core/base/log.c", "core/base/heap.c")
MAY_PRINT = ("core/cli/", "core/base/log.", "core/base/mem.")


class Source:
    """A C file: its lines, and the same lines without comments and strings."""

    token = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|"""
                       r"""'(?:\\.|[^'\\\n])*'""", re.S)

    def __init__(self, path):
        self.path = path
        self.text = Path(path).read_text()
        self.lines = self.text.split("\n")
        self.line_comments = []
        self.code = self.token.sub(self.blank, self.text).split("\n")

    def blank(self, match):
        text = match[0]
        if text.startswith("//"):
            self.line_comments.append(self.text.count("\n", 0, match.start()) + 1)
        if text[0] == "/":
            return re.sub(r"[^\n]", " ", text)
        return text[0] + "_" * (len(text) - 2) + text[0]

    @property
    def room(self):
        parts = self.path.split("/")
        return parts[1] if parts[0] == "core" else "applets"

    def functions(self):
        """(line, name, parameters, length, depth, is_static) of each."""
        for i, line in enumerate(self.code):
            if line != "{":
                continue
            start = i - 1
            while start > 0 and not re.match(r"\w+\s*\(", self.code[start]):
                if not self.code[start].strip() or self.code[start] == "}":
                    break
                start -= 1
            name = re.match(r"(\w+)\s*\(", self.code[start])
            if not name:
                continue
            end, depth, most = i, 0, 0
            for end in range(i, len(self.code)):
                for c in self.code[end]:
                    depth += (c == "{") - (c == "}")
                    most = max(most, depth)
                if depth == 0:
                    break
            yield (start + 1, name[1],
                   parameters(" ".join(self.code[start:i])), end - i - 1, most,
                   self.code[start - 1].startswith("static"))


def parameters(signature):
    inside, depth = "", 0
    for c in signature[signature.index("("):]:
        depth += (c == "(") - (c == ")")
        if depth == 0:
            break
        inside += c if depth == 1 else ""
    inside = inside[1:].strip()
    return 0 if inside in ("", "void") else inside.count(",") + 1


# ---- one file at a time ------------------------------------------------------

def first_lines(s):
    if s.lines[0] != "/* SPDX-License-Identifier: ISC */":
        yield 1, "line 1 is not '/* SPDX-License-Identifier: ISC */'"
    comment = "\n".join(s.lines[1:4])
    if not re.match(r"/\* \S[^*]*[.?!)] \*/", comment):
        yield 2, "line 2 is not a comment of one sentence"


def width(s):
    for n, line in enumerate(s.lines, 1):
        columns = len(line.expandtabs(8))
        row = re.match(r"\s*[{\[]|\t+[A-Z][A-Z_0-9]*\(.*\)[,;]?$|.*\},$", line)
        if columns > (TABLE_COLUMNS if row else COLUMNS):
            yield n, f"{columns} columns"
        if line != line.rstrip():
            yield n, "white space at the end of the line"


def sizes(s):
    most = (MOST_HEADER if s.path.endswith(".h") else
            MOST_APPLET if s.path.startswith("applets/") else MOST_C)
    if len(s.lines) - 1 > most:
        yield most, f"more than {most} lines"
    for line, name, arity, length, depth, _ in s.functions():
        if length > MOST_LINES:
            yield line, f"{name} has {length} lines"
        if arity > MOST_PARAMETERS:
            yield line, f"{name} has {arity} parameters"
        if depth > MOST_DEPTH:
            yield line, f"{name} has {depth} levels of braces"


def conditionals(s):
    if s.path == "core/sys/missing.h":
        return
    seen = 0
    for n, line in enumerate(s.code, 1):
        if not re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else)\b", line):
            continue
        guard = s.path[5 if s.path.startswith("core/") else 0:]
        guard = re.sub(r"\W", "_", guard).upper()
        seen += 1
        if s.path.endswith(".c") or seen > 1 or guard not in line:
            yield n, "conditional compilation; sys/missing.h is the place"


def comments(s):
    for n in s.line_comments:
        yield n, "a // comment"
    for n, line in enumerate(s.lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!.*#\d)", line):
            yield n, "TODO without the number of an issue"


def plain_c(s):
    for n, line in enumerate(s.code, 1):
        if re.match(r"\s*typedef\s+(struct|enum|union)\b", line):
            yield n, "a typedef for a struct, union or enum"
        label = re.search(r"\bgoto\s+(\w+)", line)
        if label and label[1] != "out":
            yield n, "goto to another label than out"
        if re.match(r"#\s*include <bsd/", line):
            yield n, "the overlay supplies <bsd/x.h> as <x.h>"
        if re.match(r"static [^={]*\);$", line) and s.path.endswith(".c"):
            yield n, "prototype of a static function; move it up"


def includes(s):
    own = re.sub(r"\.c$", ".h", s.path[5:])
    door = f"{s.room}/{s.room}.h"
    found = [(n, m[1]) for n, m in
             ((n, re.match(r'#\s*include\s+([<"][^>"]+)', line))
              for n, line in enumerate(s.lines, 1)) if m]
    found = [(n, name) for n, name in found if not name.endswith(".list")]
    quoted = [(n, name[1:]) for n, name in found if name[0] == '"']
    system = [(n, name[1:]) for n, name in found if name[0] == "<"]
    if quoted and system and system[0][0] < quoted[-1][0]:
        yield system[0][0], 'a <…> include above a "…" one'
    if quoted and s.path.endswith(".c") and quoted[0][1] in (own, door):
        quoted = quoted[1:]
    elif any(name in (own, door) for _, name in quoted[1:]) \
            and s.path.endswith(".c"):
        yield quoted[0][0], "the own door is not on top"
    for group in (quoted, system):
        for (_, before), (n, name) in zip(group, group[1:]):
            if name < before:
                yield n, f"include of {name} is not sorted"
            if name == before:
                yield n, f"{name} is included twice"


LAYERS = {}


def layers(s):
    if s.path.endswith("_main.c"):   # a tool of the build may see all
        return
    seen = LAYERS.get(s.room)
    if seen is None:
        yield 1, f"room '{s.room}' is not in core/LAYERS"
        return
    for n, line in enumerate(s.lines, 1):
        m = re.match(r'#\s*include\s+"([^"]+)"', line)
        if not m or m[1] in GENERATED:
            continue
        room, _, file = m[1].partition("/")
        if not file:
            yield n, f"'{m[1]}' is named without its room"
        elif room == s.room:
            continue
        elif room not in seen:
            yield n, f"core/LAYERS does not let {s.room} see {room}"
        elif room not in TOOLBOXES and file != room + ".h":
            yield n, f"the door of {room} is {room}/{room}.h"


def must(s):
    if not s.path.endswith(".h"):
        return
    text = "\n".join(s.code)
    for m in re.finditer(r"^(?!static|typedef|\s|#)[^;{}#]*?\bstruct err \*\w*"
                         r"\)[^;{}]*;", text, re.M):
        declaration = m[0].lstrip("\n")
        if declaration.startswith(("void", "extern")) or "(*" in declaration:
            continue
        if not re.search(r"\bMUST\b", declaration):
            line = text.count("\n", 0, m.end())
            yield line + 1, "can fail and is not declared MUST"


OPENS_TABLE = re.compile(r"=\s*\{|\(\w[\w ]*(\[\])?\)\{|^(typedef )?enum\b.*\{")


def statements(text):
    """Lines with what lies inside brackets joined: where those are broken,
    and how the rows of a table are padded, is left to the writer."""
    result, joined, depth, table, skip = [], "", 0, 0, False
    text = re.sub(r"/\*.*?\*/", lambda m: m[0].replace("\n", "\r"), text,
                  flags=re.S)
    lines = text.split("\n")
    for line, following in zip(lines, lines[1:] + [""]):
        if skip or line.startswith("#"):
            skip = line.endswith("\\")
            continue
        if not joined and line.lstrip().startswith("/*"):
            result.append(re.sub(r"\s+", " ", line))
            continue
        joined = joined + " " + line.lstrip() if joined else line
        code = Source.token.sub(
            lambda m: " " if m[0][0] == "/" else '""', line)
        depth += sum(code.count(c) for c in "([") - \
            sum(code.count(c) for c in ")]")
        opening = OPENS_TABLE.search(code)
        if table or opening:
            row = code if table else code[opening.start():]
            table += row.count("{") - row.count("}")
        last = code.rstrip()[-1:]
        if depth > 0 or table > 0 or \
                following.lstrip().startswith("__attribute__"):
            continue
        if last and last in ',="' or following.lstrip()[:2] in ("? ", ": "):
            continue
        if joined.startswith("\t") and last and last not in ";{}:)" and \
                not re.search(r"\b(else|do)$", code.rstrip()):
            continue
        indent = re.match(r"\s*", joined)[0]
        body = re.sub(r"\s+", " ", joined.strip())
        body = re.sub(r"(?<=[({\[]) | (?=[)}\],])", "", body)
        body = re.sub(r",(?=[}\]])", "", body)
        body = body.replace('" "', '""').replace(') "', ')"')
        result.append(indent + body)
        joined = ""
    return result


def formatting(s):
    # to clang-format, AUTO(kind) would be a statement of its own
    text = re.sub(r"^(\s+)AUTO\(\w+\) ", r"\1volatile ", s.text, flags=re.M)
    run = subprocess.run(["clang-format", "--style=file:core/clang-format"],
                         input=text, capture_output=True, text=True,
                         check=True)
    have, want = statements(text), statements(run.stdout)
    for a, b in zip(have, want):
        if a != b:
            if os.environ.get("VERBOSE"):
                print(repr(a), repr(b), sep="\n")
            words = a.split()[:3]
            line = next((n for n, t in enumerate(s.lines, 1)
                         if t.split()[:3] == words), 1)
            yield line, f"clang-format would write '{b.strip()[:60]}'"
            return


# ---- the tree, and what was built from it --------------------------------------

def tree(*patterns):
    return sorted(str(p) for pattern in patterns for p in Path(".").glob(pattern))


def acyclic():
    above = []
    for n, line in enumerate(open("core/LAYERS"), 1):
        room, _, seen = line.partition(":")
        LAYERS[room] = seen.split()
        for other in LAYERS[room]:
            if other not in above:
                yield "core/LAYERS", n, f"{other} does not stand above {room}"
        above.append(room)
        if room != "applets" and Path("core", room).exists() and \
                room not in TOOLBOXES and not Path("core", room, room + ".h").exists():
            yield "core/LAYERS", n, f"room {room} has no door core/{room}/{room}.h"


def one_owner():
    users = {}
    for path in tree("core/*/*.[ch]", "applets/*.c", "applets/*/*.c"):
        for name in re.findall(r"^#include <([^>]+)>", Path(path).read_text(), re.M):
            if FOREIGN.fullmatch(name):
                users.setdefault(name, []).append(path)
    for name, paths in users.items():
        for path in paths[1:]:
            yield path, 1, f"<{name}> is for {paths[0]} alone"


def headers_alone():
    command = json.loads((OUT / "compile_commands.json").read_text())[0]["command"]
    command = command.split(" -MMD")[0].split()

    def compile_alone(path):
        run = subprocess.run(command + ["-fsyntax-only", "-x", "c", path],
                             capture_output=True, text=True)
        return path, run

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, run in pool.map(compile_alone, tree("core/*/*.h")):
            if run.returncode:
                first = run.stderr.strip().split("\n")
                error = next((l for l in first if "error" in l), first[0])
                yield path, 1, "does not compile alone: " + error.strip()


def tested():
    for path in tree("applets/*/*.c"):
        test = "tests" + path[len("applets"):-1] + "bats"
        if not Path(test).exists():
            yield path, 1, f"has no {test}"


def symbols(path):
    """(binding, section, name) of each symbol of an object file."""
    table = subprocess.run(["objdump", "-t", path], capture_output=True,
                           text=True, check=True).stdout
    for line in table.split("\n"):
        m = re.match(r"[0-9a-f]+ (.{7}) (\S+)\t[0-9a-f]+ +(?:\.hidden )?(\S+)", line)
        if m:
            yield m[1][0], m[2], m[3]


def may_be_called(name, room):
    """A name in a room's door begins with the room; what the files of a room
    share among themselves may begin with the file; in a toolbox, where every
    header is a door, so may all, or with a struct that a header defines."""
    names = {room} | {Path(h).stem for h in tree(f"core/{room}/*.[ch]")}
    if room in TOOLBOXES:
        for path in tree(f"core/{room}/*.h"):
            names.update(re.findall(r"^struct (\w+) \{", Path(path).read_text(),
                                    re.M))
    elif re.search(rf"\b{name}\b", Path("core", room, room + ".h").read_text()):
        names = {room}
    return name.startswith(EVERYWHERE +
                           tuple(n.replace("-", "_") + "_" for n in names))


def objects():
    for source in tree("core/*/*.c", "applets/*/*.c"):
        path = OUT / "obj" / (source[:-1] + "o")
        if not path.exists():
            continue
        core, room = source.startswith("core/"), source.split("/")[1]
        for binding, section, name in symbols(path):
            variable = re.match(r"\.(data|bss)", section) and \
                not section.startswith(".data.rel.ro")
            if variable and binding in "gl" and name[0] != ".":
                if core and source not in MAY_REMEMBER:
                    yield source, 1, f"'{name}' is a writable variable"
                elif not core and name != "args":
                    yield source, 1, f"'{name}': an applet has one variable, args"
            if core and section == "*UND*" and name in FORBIDDEN and \
                    not source.startswith(MAY_PRINT) and \
                    not source.endswith("_main.c"):
                yield source, 1, f"prints or exits ({name})"
            if core and binding == "g" and section != "*UND*" and \
                    not source.endswith("_main.c") and \
                    source != "core/base/heap.c" and \
                    not may_be_called(name, room):
                yield source, 1, f"public name '{name}' does not start " \
                    "with its room, or (where it is not in the door) its file"


def committed():
    run = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"],
                         capture_output=True, text=True)
    return run.stdout.split("\n")[:-1]


def no_places():
    """Nothing of this very machine, such as the host its apt asks."""
    targets = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE)"],
                             capture_output=True, text=True)
    hosts = {re.sub(r"^\w+:/*|/.*$", "", site)
             for site in targets.stdout.split()} - {""}
    machine = re.compile("|".join([r"/wor[k]/(main|shared|\.library)"] +
                                  [re.escape(h) for h in sorted(hosts)]))
    for path in committed():
        try:
            text = Path(path).read_text()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for n, line in enumerate(text.split("\n"), 1):
            if machine.search(line):
                yield path, n, "names a place that only this machine has"


def tagged():
    for path in committed():
        if path.endswith((".sh", ".bash", ".bats", ".py")) and Path(path).exists():
            head = Path(path).read_text().split("\n")[:2]
            if not any("SPDX-License-Identifier: ISC" in line for line in head):
                yield path, 1, "no SPDX tag in the first two lines"


def shellcheck():
    files = [f for f in committed() if Path(f).exists() and (
        f.endswith((".sh", ".bash", ".bats")) or f == ".ci/run")]
    # bats runs each test in a shell of its own, with variables of its own
    run = subprocess.run(["shellcheck", "-f", "gcc", "-S", "warning", "-x",
                          "-e", "SC2030,SC2031,SC2034", *files],
                         capture_output=True, text=True)
    for line in run.stdout.split("\n"):
        m = re.match(r"(.*?):(\d+):\d+: (.*)", line)
        if m:
            yield m[1], int(m[2]), m[3]


def cppcheck():
    cache = OUT / "cppcheck"
    cache.mkdir(exist_ok=True)
    run = subprocess.run(
        ["cppcheck", "-q", "--enable=warning,performance,portability",
         "--std=c11", "--platform=unix64", f"--cppcheck-build-dir={cache}", f"-j{os.cpu_count()}",
         "--inline-suppr", "--suppress=missingInclude",
         "--suppress=unknownMacro", "--suppress=internalAstError", "--template={file}:{line}: {id}: {message}",
         "-Icore", f"-I{OUT}", "core", "applets"],
        capture_output=True, text=True)
    for line in run.stderr.split("\n"):
        m = re.match(r"([^:]+):(\d+): (.*)", line)
        if m:
            yield m[1], int(m[2]), m[3]


FILE_RULES = (first_lines, width, sizes, conditionals, comments, plain_c,
              includes, layers, must, formatting)
TREE_RULES = (acyclic, one_owner, headers_alone, tested, objects, no_places,
              tagged, shellcheck, cppcheck)


def figures(sources):
    lengths = sorted(f[3] for s in sources for f in s.functions())
    if lengths:
        print(f"{len(sources)} files, {len(lengths)} functions, "
              f"median {lengths[len(lengths) // 2]} lines, "
              f"95th percentile {lengths[len(lengths) * 95 // 100]}")


def main():
    sources = [Source(p) for p in tree("core/*/*.[ch]", "applets/*.c",
                                       "applets/*/*.c")]
    found = set()

    # cheap or slow, they do not depend on each other, once LAYERS is read
    found.update(acyclic())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for rows in pool.map(lambda rule: list(rule()), TREE_RULES[1:]):
            found.update(rows)
        for s, rows in pool.map(
                lambda s: (s, [r for rule in FILE_RULES for r in rule(s)]),
                sources):
            found.update((s.path, n, text) for n, text in rows)
    only = sys.argv[2:]
    found = sorted(f for f in found
                   if not only or any(f[0].startswith(o) for o in only))
    for path, n, text in found:
        print(f"{path}:{n}: {text}")
    figures(sources)
    print("lint is clean" if not found else f"{len(found)} findings")
    return 1 if found else 0


sys.exit(main())
