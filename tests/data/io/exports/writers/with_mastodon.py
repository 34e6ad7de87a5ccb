"""Mastodon.py writes statuses as its own JSON, and people write them as a list."""

import html
import json
import sys
from pathlib import Path

from mastodon.return_types import Status
from mastodon.types_base import try_cast_recurse

posts, folder = json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])
statuses = []
for post in posts:
    paragraphs = html.escape(post["text"]).split("\n\n")
    content = "".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in paragraphs)
    given = {
        "id": post["id"], "created_at": post["posted_at"].replace("+00:00", ".000Z"),
        "content": content, "spoiler_text": "", "visibility": "public", "sensitive": False,
        "uri": f"https://m.example/s/{post['id']}", "url": f"https://m.example/s/{post['id']}",
        "replies_count": post["comments"], "reblogs_count": post["shares"],
        "favourites_count": post["likes"] or 0, "reblog": None, "media_attachments": [],
        "account": {"id": "7", "username": post["author"], "acct": post["author"],
                    "followers_count": post["followers"]},
    }  # fmt: skip
    statuses.append(try_cast_recurse(Status, given))
(folder / "list.json").write_text(json.dumps(statuses, default=str), "utf-8")
with (folder / "own.jsonl").open("w", encoding="utf-8") as file:
    for status in statuses:
        file.write(json.dumps(json.loads(status.to_json())) + "\n")
