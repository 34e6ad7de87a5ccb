"""twarc-csv makes a table of pages as X's API answers them, which twarc writes one to a line."""

import json
import sys
from pathlib import Path

import twarc_csv

posts, folder = json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2])
escaped = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
authors = sorted({post["author"] for post in posts})
ids = {author: str(900 + number) for number, author in enumerate(authors)}
users = [
    {"id": ids[author], "username": author, "name": author,
     "created_at": "2020-01-01T00:00:00.000Z",
     "public_metrics": {"followers_count": 10, "following_count": 1, "tweet_count": 1,
                        "listed_count": 0}}
    for author in authors
]  # fmt: skip
tweets = [
    {"id": post["id"], "text": post["text"].translate(escaped), "author_id": ids[post["author"]],
     "created_at": post["posted_at"].replace("+00:00", ".000Z"), "lang": "en",
     "conversation_id": post["id"], "edit_history_tweet_ids": [post["id"]],
     "public_metrics": {"retweet_count": post["shares"], "reply_count": post["comments"],
                        "like_count": post["likes"] or 0, "quote_count": 0}}
    for post in posts
]  # fmt: skip
page = {"data": tweets, "includes": {"users": users}, "meta": {"result_count": len(tweets)},
        "__twarc": {"url": "https://api.x.example", "version": "2.14.0",
                    "retrieved_at": "2026-01-01T00:00:00+00:00"}}  # fmt: skip
(folder / "pages.jsonl").write_text(json.dumps(page) + "\n", "utf-8")
table = [str(folder / "pages.jsonl"), str(folder / "tweets.csv"), "--hide-progress"]
twarc_csv.csv(table, standalone_mode=False)
