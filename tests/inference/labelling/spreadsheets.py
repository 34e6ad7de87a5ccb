"""What spreadsheets make of a CSV that is opened by a double click and saved again."""

import csv
import io
import re

from openpyxl import Workbook, load_workbook

_DATE = re.compile(r"(\d{1,2})[-/](\d{1,2})")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def typed(cell):
    """A cell as its type is guessed: whole numbers, decimals, dates, TRUE; the rest is text."""
    if found := _DATE.fullmatch(cell):
        day, month = map(int, found.groups())
        return f"{day:02d}-{_MONTHS[month - 1]}" if 1 <= month <= 12 else cell
    if cell.lower() in ("true", "false"):
        return cell.upper()
    try:
        return float(cell) if re.fullmatch(r"[+-]?[\d.]+([eE][+-]?\d+)?", cell) else cell
    except ValueError:
        return cell


def shown(value, point="."):
    """A cell as it is saved: what can be seen of it."""
    if not isinstance(value, float):
        return value
    text = f"{value:.0f}" if value.is_integer() and abs(value) < 1e11 else f"{value:.2E}"
    return text.replace(".", point)


def rows_of(data):
    """The cells of a sheet as it was written."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def saved(
    rows, *, separator=",", encoding="utf-8-sig", line_end="\r\n", point=".", short=False, lost="?"
):
    """Rows opened and saved; letters that the encoding lacks are lost."""
    found = [[shown(typed(cell[:32_767]), point) for cell in row] for row in rows]
    if short:
        for row in found[1:]:
            while row and not row[-1]:
                row.pop()
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator).writerows(found)
    text = stream.getvalue().replace("\r\n", line_end)
    return text.encode(encoding, "replace").replace(b"?", lost.encode())


def through_a_workbook(rows, path):
    """Rows with their types through a real workbook, and back to CSV."""
    book = Workbook()
    for row in rows:
        book.active.append([typed(cell) or None for cell in row])
    book.save(path)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in load_workbook(path).active.iter_rows(values_only=True):
        writer.writerow(["" if cell is None else cell for cell in row])
    return stream.getvalue().encode("utf-8")
