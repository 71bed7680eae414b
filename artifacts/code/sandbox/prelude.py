"""Builtins for programs: display, plot, and an input() that raises a clear error."""

import builtins
import io
import json
import re
import sys

import _page
from pyodide.code import eval_code_async

_MAX_ROWS = 500
_IMAGE_URL = re.compile(r"data:image/(?:svg\+xml|png|jpeg|gif|webp)[;,]")
# The same pattern as in artifacts/code/is-svg.ts.
_SVG_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]",
    re.I,
)


def _to_table(value):
    """Returns the value as a table item, or None if it is not a list of rows."""
    if not isinstance(value, (list, tuple)) or not value:
        return None
    visible = value[:_MAX_ROWS]
    if all(isinstance(row, dict) for row in visible):
        columns = list(dict.fromkeys(key for row in visible for key in row))
        rows = [[str(row.get(key, "")) for key in columns] for row in visible]
    elif all(isinstance(row, (list, tuple)) for row in visible):
        if all(hasattr(row, "_fields") for row in visible):
            columns = list(visible[0]._fields)
        else:
            columns = [""] * max(len(row) for row in visible)
        rows = [[str(cell) for cell in row] for row in visible]
    else:
        return None
    if not columns:
        return None
    return {
        "type": "table",
        "columns": [str(column) for column in columns],
        "rows": rows,
        "omittedRowCount": len(value) - len(visible),
    }


def _to_image_url(value):
    """Returns the value as the data: URL of an image, or None if it is not an image."""
    for name in ("_repr_svg_", "_repr_png_"):
        make = getattr(value, name, None)
        if callable(make):
            value = make()
            break
    if isinstance(value, (bytes, bytearray)) and bytes(value[:8]) == b"\x89PNG\r\n\x1a\n":
        from base64 import b64encode

        return "data:image/png;base64," + b64encode(value).decode()
    if isinstance(value, str):
        if _SVG_START.match(value):
            from urllib.parse import quote

            return "data:image/svg+xml," + quote(value)
        if _IMAGE_URL.match(value):
            return value
    return None


def _display(value):
    """Outputs an image (SVG text, PNG bytes or a data: URL), a table of rows, or a value."""
    source = _to_image_url(value)
    item = {"type": "image", "source": source} if source else _to_table(value)
    if item:
        _page.show(json.dumps(item))
    else:
        print(value)


def _to_lists(values):
    if isinstance(values, dict):
        return {str(name): list(ys) for name, ys in values.items()}
    return values if values is None else list(values)


def _plot(xs, ys=None, *, kind="line", title="", xlabel="", ylabel="", label=""):
    """Outputs a chart: plot(ys), plot(xs, ys) or plot(xs, {name: ys}); kind: line, bar, scatter."""
    options = {"kind": kind, "title": title, "xlabel": xlabel, "ylabel": ylabel, "label": label}
    request = {"xs": _to_lists(xs), "ys": _to_lists(ys), "options": options}
    _page.plot(json.dumps(request, default=lambda value: _to_number(value)))


def _to_number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


_NO_INPUT = "Programs cannot read input here: write the values into the program."


def _input(prompt=""):
    print(prompt, end="", flush=True)
    raise RuntimeError(_NO_INPUT)


class _NoInput(io.TextIOBase):
    """Replaces sys.stdin: reading raises a clear error."""

    def readable(self):
        return True

    def read(self, size=-1):
        raise RuntimeError(_NO_INPUT)

    readline = readlines = __next__ = read


def _flush():
    """Flushes incomplete lines. The program may have closed or replaced either stream."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def _show_value(value):
    if value is None:
        return
    if _to_image_url(value) or _to_table(value):
        _display(value)
    else:
        _page.show(json.dumps({"type": "value", "text": repr(value)}))


async def _run(code, scope):
    """Runs a program and outputs its last value. Returns a message if it exits with an error."""
    try:
        value = await eval_code_async(code, scope, filename="program.py")
        _flush()
        _show_value(value)
    except SystemExit as exit_request:
        status = exit_request.code
        if status is None or status == 0:
            return None
        return f"The program ended with exit code {status}." if isinstance(status, int) else str(status)
    finally:
        _flush()
    return None


builtins.display = _display
builtins.plot = _plot
builtins.input = _input
sys.stdin = _NoInput()
_scope = {"__name__": "__main__"}
lambda code: _run(code, _scope)
