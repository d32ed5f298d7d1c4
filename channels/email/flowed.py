"""Puts the paragraphs of format=flowed text (RFC 3676) back together."""

import re

_QUOTE = re.compile(r">*")
_DEEPEST = 20


def unflow(text: str, *, delete_space: bool) -> str:
    """Return `text` with soft line ends removed; quotations keep one "> " for each level.

    `delete_space` is the parameter DelSp: the space that marks a soft line end is not part of the text.
    """
    lines: list[list[str]] = []
    open_depth = -1
    for raw_line in text.split("\n"):
        match = _QUOTE.match(raw_line)
        depth = match.end() if match else 0
        line = raw_line[depth:]
        line = line.removeprefix(" ")
        is_signature = line == "-- "
        is_soft = line.endswith(" ") and not is_signature
        content = line[:-1] if is_soft and delete_space else line
        if open_depth == depth and not is_signature:
            lines[-1].append(content)
        else:
            mark = "> " * min(depth, _DEEPEST)
            lines.append([mark if content else mark.rstrip(), content])
        open_depth = depth if is_soft else -1
    return "\n".join("".join(pieces) for pieces in lines)
