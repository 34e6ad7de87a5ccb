#!/usr/bin/env bash
# zstandard 0.25.0: a stream that was cut short reads as one that has ended.
#
# Expected: reading a frame of zstd that lacks its last bytes raises, as gzip, bz2 and lzma of the standard
# library do. Seen: `ZstdDecompressor().stream_reader(...)` gives what it could unpack, here nothing at all,
# and then the end of the file; so a download that broke off is an empty file, or a shorter one, without
# a word. `decompressobj()` raises no error either; whether the frame was whole only its `eof` tells.
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet zstandard==0.25.0
cat > "$scratch/cut.py" <<'CUT'
import bz2
import gzip
import io
import lzma

import zstandard

content = b"".join(b"price of tea on day %d\n" % day for day in range(500))
cut = {name: module.compress(content)[:-6] for name, module in
       (("gzip", gzip), ("bz2", bz2), ("lzma", lzma))}
for name, module in (("gzip", gzip), ("bz2", bz2), ("lzma", lzma)):
    try:
        with module.open(io.BytesIO(cut[name])) as stream:
            stream.read()
        print(name, "ends")
    except EOFError:
        print(name, "raises EOFError")
packed = zstandard.ZstdCompressor().compress(content)[:-6]
for across in (False, True):
    reader = zstandard.ZstdDecompressor().stream_reader(
        io.BytesIO(packed), read_across_frames=across
    )
    print("zstandard ends after", len(reader.read()), "of", len(content))
unpacker = zstandard.ZstdDecompressor().decompressobj()
print("decompressobj", len(unpacker.decompress(packed)), unpacker.eof)
CUT
"$scratch/venv/bin/python" "$scratch/cut.py" | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
gzip raises EOFError
bz2 raises EOFError
lzma raises EOFError
zstandard ends after 0 of 11890
zstandard ends after 0 of 11890
decompressobj 0 False
SEEN
echo "as found"
