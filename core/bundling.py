"""Many small source files as one stylesheet and one script, made in memory: there is no build step.

Understood is what our own sources use, no more; whatever else a file says raises CannotBundle, and a server that meets
one does not start.
"""

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Read = Callable[[str], str]

_COMMENT = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
_INDENT = re.compile(r"\n\s+")
_STYLE_IMPORT = re.compile(r'^@import url\("([^"]+)"\) layer\(([\w-]+)\);\n', re.MULTILINE)
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from |(\w+) from )?"(\.[^"]+)";$', re.MULTILINE)
_LAZY = re.compile(r'\bimport\("(\.[^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function|const|class) (\w+))", re.MULTILINE)
_EXPORT_DEFAULT = re.compile(r"export\{(\w+) as default\};?\s*\Z")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b|\bimport(?:\.meta|\s*\()|;(?:import|export)\s*[\w{*]", re.MULTILINE)
# A module runs when it is first imported, once; the others get what it exports.
_ONCE = "const $once = (make) => { let made; return () => (made ??= make()); };\n"


class CannotBundle(Exception):
    """A source says something that is not understood here; the text names the file."""


def bundle_styles(entry: str, read: Read) -> str:
    """`entry` with its imports in their places, each in its layer. `read` gives the text of a path."""

    def put(found: re.Match[str]) -> str:
        path = _beside(entry, found[1])
        text = read(path)
        if "@import" in text or "url(" in text:
            raise CannotBundle(f"{path}: only {entry} imports, and addresses would no longer be right")
        return f"@layer {found[2]} {{\n{shorten(text)}}}\n"

    bundled = _STYLE_IMPORT.sub(put, _COMMENT.sub("", read(entry)))
    if "@import" in bundled:
        raise CannotBundle(f"{entry}: write @import url(…) layer(…);")
    return bundled


def bundle_scripts(plain: Sequence[str], entry: str, read: Read) -> str:
    """A plain script: those of `plain` as they are, then the module `entry` with all it imports, now or later."""
    graph = _Graph(read)
    graph.add(entry, ())
    before = "".join(f"/*! {path} */\n{read(path).rstrip()}\n;" for path in plain)
    return f'{before}(() => {{\n"use strict";\n{_ONCE}{"".join(graph.modules)}{graph.name_of(entry)}();\n}})();\n'


def shorten(text: str) -> str:
    """Without the comments that begin a line, and without indentation, which only texts over several lines need."""
    if any(line.count("`") % 2 for line in text.splitlines()):
        return text
    return _INDENT.sub("\n", _COMMENT.sub("", text)).lstrip()


@dataclass
class _Graph:
    """The modules reached so far, each a function that runs it."""

    read: Read
    modules: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    exports: dict[str, set[str]] = field(default_factory=dict)

    def name_of(self, path: str) -> str:
        return self.names.setdefault(path, f"$m{len(self.names)}")

    def add(self, path: str, above: tuple[str, ...]) -> None:
        """Add the module at `path`, asked for by those `above`, after what it imports."""
        if path in above:
            raise CannotBundle(f"{path}: imports itself by way of {', '.join(above)}")
        if path in self.exports:
            return
        text = _SOURCE_MAP.sub("", self.read(path))
        is_ours = path.endswith(".js")
        above = (*above, path)
        text = _IMPORT.sub(lambda found: self._import(path, found, above), shorten(text) if is_ours else text.strip())
        later: list[str] = []
        text = _LAZY.sub(lambda found: self._import_later(path, found[1], later), text)
        exported = {name: name for name in _EXPORT.findall(text)}
        text = _EXPORT.sub("", text)
        if default := _EXPORT_DEFAULT.search(text):
            exported["default"] = default[1]
            text = _EXPORT_DEFAULT.sub("", text)
        if left := _LEFT.search(text):
            raise CannotBundle(f"{path}: {left[0].strip()} is not understood")
        self.exports[path] = set(exported)
        answer = ", ".join(f"{name}: {value}" for name, value in exported.items())
        head = f"{'' if is_ours else f'/*! {path} */'}\nconst {self.name_of(path)} = $once(() => {{"
        self.modules.append(f"{head}\n{text}\nreturn {{ {answer} }};\n}});\n")
        for one in later:
            self.add(one, ())

    def _import(self, path: str, found: re.Match[str], above: tuple[str, ...]) -> str:
        several, default, source = found.groups()
        target = _beside(path, source)
        self.add(target, above)
        pairs = [name.strip().split(" as ") for name in (several or "").split(",") if name.strip()]
        pairs += [["default", default]] if default else []
        for name, *_ in pairs:
            if name not in self.exports[target]:
                raise CannotBundle(f"{path}: {target} does not export {name}")
        wanted = ", ".join(": ".join(pair) for pair in pairs)
        return f"const {{ {wanted} }} = {self.name_of(target)}();" if wanted else f"{self.name_of(target)}();"

    def _import_later(self, path: str, source: str, later: list[str]) -> str:
        target = _beside(path, source)
        later.append(target)
        return f"Promise.resolve().then({self.name_of(target)})"


def _beside(path: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), source))
