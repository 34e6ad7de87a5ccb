"""instaloader writes each post into a file of its own, as it does beside a picture."""

import json
import sys
from datetime import datetime
from pathlib import Path

import instaloader
from instaloader.structures import save_structure_to_file

posts, folder = json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])
context = instaloader.Instaloader(quiet=True).context
for number, post in enumerate(posts):
    owner = {"id": "7", "username": post["author"], "full_name": "", "is_private": False,
             "edge_followed_by": {"count": post["followers"]}}  # fmt: skip
    node = {
        "__typename": "GraphImage", "id": post["id"], "is_video": False,
        "shortcode": instaloader.Post.mediaid_to_shortcode(int(post["id"])), "display_url": "x",
        "taken_at_timestamp": int(datetime.fromisoformat(post["posted_at"]).timestamp()),
        "edge_media_to_caption": {"edges": [{"node": {"text": post["text"]}}]},
        "edge_media_to_comment": {"count": post["comments"]}, "owner": owner,
        "edge_media_preview_like": {"count": -1 if post["likes"] is None else post["likes"]},
    }  # fmt: skip
    if post["paid_partnership"] is not None:
        node["is_paid_partnership"] = post["paid_partnership"]
    one = instaloader.Post(context, node)
    # The last ones unpacked, as with --no-compress-json.
    save_structure_to_file(one, str(folder / f"{number:02}.json{'.xz' if number < 7 else ''}"))
