r"""Damaged texts, one to a line: what came in, what a reader sees, the codes. All are invented."""

WRAPPED = [
    ('{"text":"Ad: my week"}', "Ad: my week", "wrapper"),
    ('{"takeoutSegments":[{"text":"late bus "},{"text":"again"}]}', "late bus again", "wrapper"),
    ('{"text":"Ad: "},{"text":"my week"}', "Ad: my week", "wrapper"),
    ('["late bus again"]', "late bus again", "wrapper"),
    ("{'text': \"it isn't an ad\"}", "it isn't an ad", "wrapper"),
    ("['Ad | ', {'type': 'hashtag', 'text': '#soup'}]", "Ad | #soup", "wrapper"),
    ('{"edges":[{"node":{"text":"Ad | soup"}}]}', "Ad | soup", "wrapper"),
    ('{"full_text":"whole of it","text":"whole…"}', "whole of it", "wrapper"),
    ('{"text":"{\\"text\\":\\"Ad\\"}"}', "Ad", "wrapper"),
    ('{"text":"{\\"text\\":\\"{\\\\\\"text\\\\\\":\\\\\\"Ad\\\\\\"}\\"}"}', "Ad", "wrapper"),
    ('{"text":"one\ntwo"}', "one\ntwo", "wrapper"),
    ('"Ad\\nmore"', "Ad\nmore", "wrapper"),
    ("b'Ad | soft \\xe2\\x80\\x99 hands'", "Ad | soft ’ hands", "wrapper escapes"),
    ('b"isn\'t an ad"', "isn't an ad", "wrapper"),
    (
        '1,204 likes, 56 comments - ana.rides on January 31, 2024: "Ad | my week". ',
        "Ad | my week",
        "wrapper",
    ),
    (
        "12K likes, 34 comments - ana (@ana) on Instagram: “Ad | “so” nice”",
        "Ad | “so” nice",
        "wrapper",
    ),
    (
        "1.204 „Gefällt mir“-Angaben, 56 Kommentare - ana am January 31, 2024: „Ad | x“",
        "Ad | x",
        "wrapper",
    ),
    ("1 204 J’aime, 56 commentaires - ana le January 3, 2024\xa0: «\xa0Ad\xa0»", "Ad", "wrapper"),
    ('Ana (@ana.rides) on Instagram: "late bus"', "late bus", "wrapper"),
    ('Ana Moss on Instagram: "late bus"', "late bus", "wrapper"),
    ('Ana on X: "Ad | soup https://t.co/a" / X', "Ad | soup https://t.co/a", "wrapper"),
    (
        '1.2M Likes, 345 Comments. TikTok video from Ana (@ana): "Ad | x". original sound - Ana.',
        "Ad | x",
        "wrapper",
    ),
    (
        "1.2K views, 34 likes, 1 shares, Facebook Watch Videos from Soup Co: Ad | x",
        "Ad | x",
        "wrapper",
    ),
    ("1.2K views · 34 reactions | Ad | x | Soup Co", "Ad | x | Soup Co", "wrapper"),
    ("r/soup on Reddit: my pot is a brick", "my pot is a brick", "wrapper"),
]
CELLS = [
    ("'@ana said hi", "@ana said hi", "spreadsheet"),
    ("'=3 buses\n'-two", "=3 buses\n-two", "spreadsheet"),
    ('="Ad | my ""week"""', 'Ad | my "week"', "spreadsheet"),
    ('=HYPERLINK("https://a.example/x","Ad | x")', "Ad | x", "spreadsheet"),
    ("Ad_x000D_\nthree meals", "Ad\nthree meals", "spreadsheet"),
]
ESCAPED = [
    ("Ad\\nthree meals", "Ad\nthree meals", "escapes"),
    ("Ad\\r\\nthree meals", "Ad\nthree meals", "escapes"),
    ("end . \\ n \\ nShe left", "end . \n \nShe left", "escapes"),
    ("it isn\\'t an ad", "it isn't an ad", "escapes"),
    ('say \\"hi\\" to https:\\/\\/t.co\\/x', 'say "hi" to https://t.co/x', "escapes"),
    ("soup \\ud83d\\ude02 lol", "soup 😂 lol", "escapes"),
    ("Publicit\\u00e9", "Publicité", "escapes"),
    ("Publicit\\u00c3\\u00a9", "Publicité", "escapes encoding"),
    ("isn\\xe2\\x80\\x99t", "isn’t", "escapes"),
    ("isn<U+2019>t <U+0001F602>", "isn’t 😂", "escapes"),
    ("<ed><a0><bd><ed><b8><82> clich<e9>", "😂 cliché", "escapes"),
    ("isn=E2=80=99t an ad", "isn’t an ad", "escapes"),
    ("Ad%20%7C%20my%20week", "Ad | my week", "escapes"),
]
BROKEN_LINES = [
    ("Ad |\rmy week", "Ad |\nmy week", "line_breaks"),
    ("one\r\r\ntwo\r\rthree", "one\ntwo\n\nthree", "line_breaks"),
    ("one\x0btwo\x0cthree\u2028four\u2029five", "one\ntwo\nthree\nfour\nfive", "line_breaks"),
    ("Ad\x85my week", "Ad\nmy week", "line_breaks"),
]
MISREAD = [
    ("isnâ\x80\x99t an #ad", "isn’t an #ad", "encoding"),
    ("isnâ€™t sponsored, itâ€™s soup ðŸ˜‚", "isn’t sponsored, it’s soup 😂", "encoding"),
    ("one cafÃ© in a post – with signs", "one café in a post – with signs", "encoding"),
    ("JosÃƒÂ© and Ã  la carte", "José and à la carte", "encoding"),
    ("soup\xc2\xa0and Â£5", "soup\xa0and £5", "encoding"),
    ("it\x92s \x93fine\x94\x85", "it’s “fine”…", "encoding"),
    ("isn‚Äôt and caf√© \uf8ffüòÇ", "isn’t and café 😂", "encoding"),
    ("isnΓÇÖt ≡ƒÿé", "isn’t 😂", "encoding"),
    ("isnвЂ™t рџ‚", "isn’t рџ‚", "encoding"),
    ("arrows â–¶ here", "arrows ▶ here", "encoding"),
    ("It\x89Ûªs \x89ÛÏfine\x89Û\x9d for å£5", "It’s “fine” for £5", "encoding"),
    ("It‰Ûªs soup‰Û_ _Ù÷â_ÙÔÎ_Ù\x8fÈ", "It’s soup… 😂👌🏻", "encoding"),
    ("todayâ\x80°Ã\x9bÂªs JosÃ\x8cÂ©", "today’s José", "encoding"),
    (
        "isn\ufffdt and isn\ufffd\ufffd\ufffdt and Ana\ufffds",
        "isn’t and isn’t and Ana’s",
        "encoding",
    ),
    (
        "isn?t and isnÕt and isnât and isn#39;t and isnu2019t",
        "isn’t and isn’t and isn’t and isn’t and isn’t",
        "encoding",
    ),
    ("isn\x19t \x1csoup\x1d", "isn’t “soup”", "encoding"),
    ("soup \ud83d\ude02 lol", "soup 😂 lol", "encoding"),
    ("a heart \ud83d is gone", "a heart \ufffd is gone", "encoding damaged"),
    ("face _Ù÷_ lost", "face \ufffd lost", "encoding damaged"),
    ("Publicit\ufffd : soup", "Publicit\ufffd : soup", "damaged"),
]
MARKED_UP = [
    ("<p>Ad | Fennwick</p><p>three meals</p>", "Ad | Fennwick\n\nthree meals", "markup"),
    (
        '<p>thanks <a href="https://s.example/tags/ad" class="hashtag">#<span>ad</span></a></p>',
        "thanks #ad",
        "markup",
    ),
    (
        '<p><a href="https://velmora.example/gloves/long"><span class="invisible">https://</span><span class="ellipsis">velmora.example/glo</span><span class="invisible">ves/long</span></a></p>',
        "https://velmora.example/gloves/long",
        "markup",
    ),
    ('<a href="https://t.co/x">velmora.example/glo…</a>', "https://t.co/x", "markup"),
    ('see <a href="https://velmora.example">these gloves</a>', "see these gloves", "markup"),
    ("I <b>really</b> mean it <3", "I really mean it <3", "markup"),
    ("one<br>two<br/><br />three", "one\ntwo\n\nthree", "markup"),
    ("<p>one<br>\ntwo</p>\n<p>three\nfour</p>", "one\ntwo\n\nthree four", "markup"),
    ("one\ntwo <em>three</em>", "one\ntwo three", "markup"),
    (
        "<ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>",
        "one\ntwo\n\na b",
        "markup",
    ),
    ("<style>p{color:red}</style><script>x<1</script><p>Ad</p>", "Ad", "markup"),
    ('<p>soup <span style="display:none">#ad</span> today</p>', "soup today", "markup"),
    ('<p>soup <img class="emoji" alt="😂"> <img src="x.jpg" alt="a pot"></p>', "soup 😂", "markup"),
    ('<img alt="a > b" src="x">soup', "soup", "markup"),
    ("<!-- wp:paragraph --><p>Ad | x</p><!-- /wp:paragraph -->", "Ad | x", "markup"),
    ("<![CDATA[Ad | x]]>", "Ad | x", "markup"),
    ('<p>cut off <a href="https://x', "cut off", "markup"),
    ("<p>grandma&#39;s &lt;3 &amp; &quot;me&quot;</p>", 'grandma\'s <3 & "me"', "markup entities"),
    ("&lt;p&gt;Ad | x&lt;/p&gt;", "Ad | x", "markup entities"),
    ('<a href=\\"https://t.co/x\\">#ad<\\/a>', "#ad", "escapes markup"),
    (
        "\\#ad and snake\\_case \\| no\\-kill \\(really\\)",
        "#ad and snake_case | no-kill (really)",
        "markup",
    ),
    ("soft hands {hashtag|\\#|ad}", "soft hands #ad", "markup"),
    (
        "@[Velmora](urn:li:organization:24) and @[10001:2048:Ana Moss]",
        "Velmora and Ana Moss",
        "markup",
    ),
    (
        "WEBVTT\nKind: captions\n\n1\n00:00:01.000 --> 00:00:02.000\nlate <c>bus</c>\n\n00:00:02.000 --> 00:00:03.000\nagain",
        "late bus again",
        "markup",
    ),
]
ENTITIES = [
    ("isn&#39;t, isn&#x27;t, isn&apos;t, isn&#039;t", "isn't, isn't, isn't, isn't", "entities"),
    ("isn&amp;#39;t, Q&amp;amp;A, R&AMP;D", "isn't, Q&A, R&D", "entities"),
    ("I &lt;3 you and I &lt3 you", "I <3 you and I <3 you", "entities"),
    ("rock &amp roll, isn&#8217t, &hellip;&nbsp;", "rock & roll, isn’t, …\xa0", "entities"),
    ("&#35;ad &num;ad", "#ad #ad", "entities"),
    ("&#xD83D;&#xDE02;", "😂", "encoding entities"),
    ("isn&acirc;&#128;&#153;t", "isn’t", "encoding entities"),
]
GLUED = [
    ("so good #adhttps://t.co/abc", "so good #ad https://t.co/abc", "glued"),
    ("so goodpic.twitter.com/AbC", "so good pic.twitter.com/AbC", "glued"),
    ("https://t.co/AbCdEfGhIj#ad", "https://t.co/AbCdEfGhIj #ad", "glued"),
    ("https://t.co/AbCdEfGhIjhttps://t.co/x", "https://t.co/AbCdEfGhIj https://t.co/x", "glued"),
]
CASES = [*WRAPPED, *CELLS, *ESCAPED, *BROKEN_LINES, *MISREAD, *MARKED_UP, *ENTITIES, *GLUED]

# What people write, and what only looks like damage.
UNTOUCHED = [
    "I <3 you", "a < b and c > d", "<url> and <code> here", "</rant> over", "<<MMMH>> <REASON>",
    "the <p> tag is old", "use `<div>` for it", "AT&T, R&D and fish & chips", "Tom &Jerry &notit;",
    "https://a.example/?a=1&copy=2&lt=3", "we're &#1", "¯\\_(ツ)_/¯", "\\o/ and \\m/ and :-\\",
    "\\(^o^)/", "lost\\gained", "C:\\new\\nails", 'write "\\n" for a line feed', "'tis the season",
    "'+1' is what he said", "'@ana' she said", '"so late again"', '["ad","gloves"]', '{"id":5}', "[1]",
    "[ad] soup", "b'day vibes", "Follow me on Twitter: \"ana\"", 'She said on Facebook: "ok"',
    'Me on Instagram: "so happy" Me at home: "tears"', "What I ate today | TikTok", "one\r\ntwo\n\nthree",
    "café, naïve, über, Ålesund, señor", "12 € and £5 – “fine” … it’s 20 °C", "Ζει και βασιλεύει",
    "снова опоздал автобус", "ÃO e Ç", "┌┬┐ ├┤ └┴┘", "(╯°□°)╯︵ ┻━┻", "┬─┬ ノ( ゜-゜ノ)", "√2 and ‚so‘",
    "is that so? tell me", "https://a.example/en?t=3&s=4", "100%27", "see https://a.example/x#ad",
    "https://web.archive.org/web/2020/https://a.example", "?u=https://a.example", "hhttp://a.example",
    "pic.twitter.com/AbC", "5'10\" tall", "EU2019 vote", "snake_case and _x_ and x_x000", "50% off =)",
    "e\u0301 and 👩\u200d🚀 ❤️", "#NAME and #ref", "...", "", " ", "\n",
]  # fmt: skip

REMOVED = [
    "[removed]", "[deleted]", "[ Removed by Reddit on account of violating the content policy. ]",
    "[ Removed by Reddit on account of violating the [content policy](/help/contentpolicy). ]",
    "[deleted by user]", "[removed by moderator]", "[unavailable]", "Comment removed by moderator",
    "Sorry, this post has been removed by the moderators of r/soup.",
    "Sorry, this post was deleted by the person who originally posted it.",
    "This Tweet is from a suspended account. Learn more", "This Tweet is no longer available",
    "This Post was deleted by the Post author. Learn more", "This Post is unavailable.",
    "This Post violated the X Rules. Learn more", "This post is no longer available",
    "This Post is from an account that no longer exists. Learn more",
    "You’re unable to view this Post because this account owner limits who can view their Posts. Learn more",
    "This post has been withheld in Germany in response to a legal demand.",
    "This content isn't available", "This content isn’t available right now", "Content unavailable",
    "This content isn't available at the moment. When this happens, it's usually because the owner only shared it with a small group of people.",
    "Sorry, this page isn't available.", "Video unavailable", "This video is private", "[Private video]",
    "[Deleted video]", "This video has been removed by the uploader", "Message deleted",
    "This video has been removed for violating YouTube's Terms of Service", "This message was deleted",
    "You deleted this message", "<Media omitted>", "\u200eimage omitted", "#NAME?", "#REF!", "########",
]  # fmt: skip
THERE = [
    "my post was deleted again", "I deleted this post", "this tweet was deleted lol", "removed my ex",
    "This post was removed by them and I am so angry, third time this week", "deleted scenes of my day",
    "This content creator life isn't available to everyone", "The post is private and so am I now",
    "unavailable for the weekend, call my mum", "#name", "Sorry, this is late",
    "This video has been removed from my life and I am glad about it",
]  # fmt: skip

CUT = [
    "who even am I… See more", "who even am I See more", "soup... more", "soup…more", "soup … mehr",
    "soupe… voir plus", "sopa… ver más", "minestra… altro", "sopa… ver mais", "スープ… もっと見る",
    "soup [...]", "soup […]", "soup (more)", "soup (cont)", "soup [Read more…]", "soup… Show more",
    "soup ...Read more »", "soup\nContinue reading", "soup Continue reading →", "soup\nSee more",
    "RT @ana: " + "bus " * 25 + "aga…", "RT @ana: " + "bus " * 25 + "aga… https://t.co/AbC",
    "b" * 139 + "…", "b" * 277 + "...", "b" * 279 + "… https://t.co/AbCdEfGhIj", "b" * 32_767,
]  # fmt: skip
WHOLE = [
    "and so on...", "I wonder…", "RT @ana: hm…", "Click to read more", "I love you more", "(more or less)",
    "soup... and much more", "no more…", "see more of my work in the link", "b" * 100 + "…", "[no more]",
    "so much more", "wait… https://t.co/AbCdEfGhIj", "the end (for now)",
]  # fmt: skip

# Pieces that steps look for, and halves of them, to make up damage that nobody thought of.
PIECES = [
    *(part for came, _, _ in CASES for part in (came, came[: len(came) // 2])),
    "&", "&amp;", "&#39;", "&lt;", ";", "<", ">", "<p>", "</p>", "<br>", "<b>", "</b>", "<3", "<!--",
    "-->", "\\", "\\\\", "\\n", "\\u2019", "\\ud83d", "'", "=", "@", '"', "{", "}", "[", "]", "(", ")",
    "b'", "Ã", "©", "â", "€", "™", "ð", "_Ù", "å", "£", "?", "39;", "http://", "…", "...", "more", "RT",
    "|", ":", "-", "_", "%20", "+", ",", ".", "\ufffd", "\ud83d", "\ude02", "\x19", "\x85", "\x89", "Û",
    "Γ", "Ç", "√", "‚", "é", "\x00", "\u2028", "–", "“", "”", "«", "»", " ", "\n", "\r", "\t", "a", "t",
    "X", "5",
]  # fmt: skip
