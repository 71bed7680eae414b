"""What a program finds beside Python itself: display, plot, and an input that says why it cannot."""

import builtins
import io
import json
import re
import sys

import _page
from pyodide.code import eval_code_async

_ROWS = 500
_IMAGE = re.compile(r"data:image/(?:svg\+xml|png|jpeg|gif|webp)[;,]")


def _rows(value):
    """The value as a table, or None where it is no list of rows."""
    if not isinstance(value, (list, tuple)) or not value:
        return None
    shown = value[:_ROWS]
    if all(isinstance(row, dict) for row in shown):
        columns = list(dict.fromkeys(key for row in shown for key in row))
        rows = [[str(row.get(key, "")) for key in columns] for row in shown]
    elif all(isinstance(row, (list, tuple)) for row in shown):
        if all(hasattr(row, "_fields") for row in shown):
            columns = list(shown[0]._fields)
        else:
            columns = [""] * max(len(row) for row in shown)
        rows = [[str(cell) for cell in row] for row in shown]
    else:
        return None
    if not columns:
        return None
    return {
        "type": "table",
        "columns": [str(column) for column in columns],
        "rows": rows,
        "more": len(value) - len(shown),
    }


def _image(value):
    """The value as the address of a picture, or None where it is none."""
    for name in ("_repr_svg_", "_repr_png_"):
        make = getattr(value, name, None)
        if callable(make):
            value = make()
            break
    if isinstance(value, (bytes, bytearray)) and bytes(value[:8]) == b"\x89PNG\r\n\x1a\n":
        from base64 import b64encode

        return "data:image/png;base64," + b64encode(value).decode()
    if isinstance(value, str):
        if re.match(r"\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]", value, re.I):
            from urllib.parse import quote

            return "data:image/svg+xml," + quote(value)
        if _IMAGE.match(value):
            return value
    return None


def _display(value):
    """Shows a picture (the text of an SVG, bytes of a PNG, a data: URL), a table of rows, or a value."""
    source = _image(value)
    item = {"type": "image", "source": source} if source else _rows(value)
    if item:
        _page.show(json.dumps(item))
    else:
        print(value)


def _plain(values):
    if isinstance(values, dict):
        return {str(name): list(ys) for name, ys in values.items()}
    return values if values is None else list(values)


def _plot(xs, ys=None, *, kind="line", title="", xlabel="", ylabel="", label=""):
    """Draws a chart: plot(ys), plot(xs, ys) or plot(xs, {name: ys}); kind is line, bar or scatter."""
    options = {"kind": kind, "title": title, "xlabel": xlabel, "ylabel": ylabel, "label": label}
    request = {"xs": _plain(xs), "ys": _plain(ys), "options": options}
    _page.plot(json.dumps(request, default=lambda value: _number(value)))


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


_NO_INPUT = "A program cannot ask for input here: write the values into it."


def _input(prompt=""):
    print(prompt, end="", flush=True)
    raise RuntimeError(_NO_INPUT)


class _NoInput(io.TextIOBase):
    """sys.stdin: whatever is asked of it says why there is nothing."""

    def readable(self):
        return True

    def read(self, size=-1):
        raise RuntimeError(_NO_INPUT)

    readline = readlines = __next__ = read


def _flush():
    """Writes out what has no line end yet; a program may have closed or replaced either stream."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def _show_value(value):
    if value is None:
        return
    if _image(value) or _rows(value):
        _display(value)
    else:
        _page.show(json.dumps({"type": "value", "text": repr(value)}))


async def _run(code, scope):
    """Runs a program and shows what its last expression comes to; gives what it says of a bad exit."""
    try:
        value = await eval_code_async(code, scope, filename="program.py")
        _flush()
        _show_value(value)
    except SystemExit as leaving:
        status = leaving.code
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
