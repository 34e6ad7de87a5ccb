"""Bad CSV, and CSV that only looks bad."""

from .case import ALSO_GOOD_CSV, BESIDE, GOOD_CSV, Case, csv_line, refused

HEADER = b"id,text\n"
ROWS = GOOD_CSV + ALSO_GOOD_CSV
MANY = 10_000
FORMULA = "'=cmd|/c calc'!A1,late bus again so tired"

LINES = [
    csv_line("a field too many", "x,late bus,again", "columns"),
    csv_line("a field too few", "late bus", "columns"),
    csv_line("fifty fields too many", "x" + ",late" * 51, "columns"),
    csv_line("a text with an unquoted comma", "x,late bus, again", "columns"),
    csv_line("an empty text", "x,", "empty"),
    csv_line("a quoted empty text", 'x,""', "empty"),
    csv_line("a text of spaces", "x,   ", "empty"),
    csv_line("only commas", ",", "empty"),
    csv_line("only quotes", '"",""', "empty"),
    csv_line("Latin-1 in the text", "x,café bus".encode("latin-1"), "encoding"),
    csv_line("Latin-1 in the id", b"\xe9,late bus", "encoding"),
    csv_line("Windows quotes", b"x,\x93late bus\x94", "encoding"),
    csv_line("a surrogate in UTF-8", b"x,late \xed\xa0\xbd bus", "encoding"),
    csv_line("a NUL in the text", b"x,late\x00bus", "encoding"),
    csv_line("a NUL in the id", b"\x00,late bus", "encoding"),
    csv_line("a quote that is not doubled", 'x,"late "bus" again"', "csv"),
    csv_line("words behind a closing quote", 'x,"late bus" again', "csv"),
    csv_line("an id of 1 MB", "x" * 1_000_000 + ",late bus", "value"),
    csv_line("a quote in mid-field", 'x,late "bus" again so tired', None, "x"),
    csv_line("doubled quotes", 'x,"late ""bus"" again"', None, "x"),
    csv_line("a line end in the text", 'x,"late bus\nagain"', None, "x"),
    csv_line("CR LF in the text", 'x,"late bus\r\nagain"', None, "x"),
    csv_line("thirty blank lines in the text", 'x,"late bus' + "\n" * 30 + '#ad"', None, "x"),
    csv_line("a separator of lines in the text", "x,late\u2028bus\x85again\x0bso", None, "x"),
    csv_line("an empty id", ",late bus again", None),
    csv_line("an id of spaces", "  ,late bus again", None),
    csv_line("id 007", "007,late bus again", None, "007"),
    csv_line("id of 20 digits", "12345678901234567890,late bus", None, "12345678901234567890"),
    csv_line("id with an exponent", "1e5,late bus again", None, "1e5"),
    csv_line("text NA", "x,NA", None, "x"),
    csv_line("text NaN", "x,NaN", None, "x"),
    csv_line("text null", "x,null", None, "x"),
    csv_line("text #N/A", "x,#N/A", None, "x"),
    csv_line("text 7", "x,7", None, "x"),
    csv_line("a formula", FORMULA, None, "'=cmd|/c calc'!A1"),
    csv_line("escapes in every field", "\x1b[2J,\x1b]0;title\x07 late bus", None, "\x1b[2J"),
    csv_line("an escape in a row too long", "\x1b[2J,\x1b[2J,\x1b[2J", "columns"),
    csv_line("a text of 5 MB", "x," + "late bus again " * 333_000, None, "x"),
    csv_line("a quoted text of 1 MB in lines", 'x,"' + "late bus\n" * 110_000 + '"', None, "x"),
]

WHOLE_FILES = [
    Case("a header only", "in.csv", HEADER),
    Case("a header without a line end", "in.csv", b"id,text"),
    Case("blank lines between", "in.csv", HEADER + b"\n\n" + ROWS + b"\n", BESIDE),
    Case("a byte order mark", "in.csv", b"\xef\xbb\xbf" + HEADER + ROWS, BESIDE),
    Case("a mark before quotes", "in.csv", b'\xef\xbb\xbf"id","text"\n' + ROWS, BESIDE),
    Case("CR LF line ends", "in.csv", (HEADER + ROWS).replace(b"\n", b"\r\n"), BESIDE),
    Case("CR line ends", "in.csv", (HEADER + ROWS).replace(b"\n", b"\r"), BESIDE),
    Case("mixed line ends", "in.csv", HEADER.replace(b"\n", b"\r") + GOOD_CSV.replace(b"\n", b"\r\n")
         + ALSO_GOOD_CSV, BESIDE),
    Case("an extra field in the first row", "in.csv", HEADER + b"x,late bus,7\n" + ROWS, BESIDE,
         {2: "columns"}),
    Case("columns reordered", "in.csv", b"text,id\nlate bus again,1\nmade soup,2\n", ("1", "2")),
    Case("foreign columns", "in.csv", b"a,text,b,id\n1,late bus again,2,x\n", ("x",)),
    Case("10,000 columns", "in.csv",
         b"id,text," + b",".join(b"c%d" % i for i in range(MANY)) + b"\nx,late bus," + b"," * (MANY - 1)
         + b"\n", ("x",)),
    Case("counts that are none", "in.csv", b"text,likes\nlate bus,many\nlate bus,-1\nlate bus,\n",
         ("row-3",), {2: "value", 3: "value"}),
    Case("nothing but rejects", "in.csv", HEADER + b"a\nb\n", rejects={2: "columns", 3: "columns"}),
    Case("an empty row of one column", "in.csv", b'text\n""\nlate bus\n', ("row-2",), {2: "empty"}),
    refused("0 bytes", "in.csv", b"", "line 1: no column 'text' in the header (found: nothing)"),
    refused("only blank lines", "in.csv", b"\n\n", "no column 'text'"),
    refused("no header", "in.csv", GOOD_CSV, "no column 'text'"),
    refused("text renamed", "in.csv", b"id,caption\n1,late bus\n", "(found: id, caption)"),
    refused("text with a capital", "in.csv", b"id,Text\n1,late bus\n", "(found: id, Text)"),
    refused("semicolons", "in.csv", b"id;text\n1;late bus\n", "separate the columns with commas"),
    refused("tabs", "in.csv", b"id\ttext\n1\tlate bus\n", "separate the columns with commas"),
    refused("text twice", "in.csv", b"text,id,text\na,1,b\n", "'text' stands there twice"),
    refused("id twice", "in.csv", b"text,id,id\na,1,2\n", "'id' stands there twice"),
    refused("an open quote", "in.csv", HEADER + GOOD_CSV + b'x,"late bus\n' + ALSO_GOOD_CSV,
            "line 3: a quote is opened in the record that starts here"),
    refused("an open quote in the header", "in.csv", b'id,"text\n' + ROWS, "quotes in the header"),
    refused("an open quote before 40 MB", "in.csv", HEADER + b'x,"late' + b" bus\n" * 8_000_000,
            "line 2: the record that starts here is longer than 16 MB"),
    refused("40 MB without a line end", "in.csv", HEADER + b"x," + b"a" * 40_000_000,
            "line 2: the record that starts here is longer than 16 MB"),
    refused("escapes in the header", "in.csv", b"id,\x1b]0;title\x07caption\n1,x\n", "caption"),
    refused("UTF-16", "in.csv", (HEADER + ROWS).decode().encode("utf-16"), "UTF-16"),
    refused("UTF-16 without a mark", "in.csv", HEADER.decode().encode("utf-16-le"), "UTF-16"),
]  # fmt: skip

CASES = [*LINES, *WHOLE_FILES]
