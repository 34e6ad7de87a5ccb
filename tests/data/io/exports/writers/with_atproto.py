"""atproto checks and writes views of posts of Bluesky, one to a line."""

import json
import sys
from pathlib import Path

from atproto import models
from atproto_client.models.utils import get_model_as_json, get_or_create

posts, folder = json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])
CID = "bafyreib2rxk3rybkqzbmvh6ejrx7mnhgkgvhbh4bhsmcy3jv6k5p3cgmna"
DID = "did:plc:5cj6k42jknzb7iehczw5phlb"
with (folder / "posts.jsonl").open("w", encoding="utf-8") as file:
    for post in posts:
        when = post["posted_at"].replace("+00:00", "Z")
        handle = post["author"].replace("_", "-").replace(".", "-") + ".example"
        given = {
            "$type": "app.bsky.feed.defs#postView", "cid": CID, "indexedAt": when,
            "uri": f"at://{DID}/app.bsky.feed.post/{post['id']}",
            "author": {"did": DID, "handle": handle},
            "record": {"$type": "app.bsky.feed.post", "text": post["text"], "createdAt": when},
            "likeCount": post["likes"] or 0, "replyCount": post["comments"],
            "repostCount": post["shares"],
        }  # fmt: skip
        view = get_or_create(given, models.AppBskyFeedDefs.PostView)
        file.write(get_model_as_json(view) + "\n")
