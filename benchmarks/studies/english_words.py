"""Write ``data/text/language/english_words.txt``, the words that English posts use.

Counted over the posts of the public sources that no label file names, so that labelled posts can
judge what is made of it. A word is kept if five authors use it, as in the vocabularies of models;
of one or two letters only those below; and no word that is one of the commonest of another
language, since a post full of them would pass for English.
"""

from __future__ import annotations

import re
from collections import defaultdict

from unpolished.data.labels.label_files import FURTHER, GOLD, TRAIN, read_labels
from unpolished.data.public.rows import source_rows
from unpolished.data.public.sources import sources
from unpolished.data.text.chunks import windows
from unpolished.data.text.language.batch import posteriors
from unpolished.data.text.language.detect import _NOISE, _WORD
from unpolished.data.text.language.detector import detector
from unpolished.data.text.language.english import ENGLISH_WORDS
from unpolished.data.text.masking import mask

MIN_AUTHORS = 5
MIN_ENGLISH = 0.5
# No letter that English borrows; sources read in a wrong encoding are full of them.
MOJIBAKE = re.compile("[^a-zé']")
SHORT = frozenset(
    "a i u am an as at be by do go ha he hi id if im in is it me my no of oh ok on or pm rt so to "  # noqa: SIM905
    "tv uk up ur us vs we yo lb oz dm fr gm gn rn tn".split()
)
# Of the years after those posts, and short for what they spell out.
_SLANG = (
    "ally asap bae bestie bet bff boujee boutta bruh brunch btw bussin cant couldnt cringe "
    "cuz cya deadass didnt dm dms doesnt dont dope fam fave fire fomo frens frfr ftw fyi "
    "fyp gg glam goat goals goodnight gotcha gotta grwm gtfo gtg gurl haul havent hbd hmu "
    "hype iconic idc idek idgaf idk ikr ily ilysm ima imho imo imy innit insta irl isnt "
    "iykyk jk kinda kk legit lemme lit lmao lmfao lmk lol lowkey highkey mate meme merch "
    "mfs mood morn mums musta nah nbd ngl noob np nsfw nvm obvs ofc oki okie omfg omg omw "
    "ootd oof outta periodt pfp pic pics pls plz pov ppl prob probs rizz rly rofl salty "
    "selfie sesh shoulda shouldnt shook sis slaps slay smh sos srsly stan sus swag tbf tbh "
    "tbt tea thats thirst thx tiktok tldr tmi tmrw tmw tryna tysm unfollow vibe vibes "
    "vibing vlog wagmi wanna wasnt whats whatcha wifey wont woulda wouldnt wtf wyd yaas "
    "yall yass yeet yolo youre youve yup zzz"
)
# Function words of European languages, Turkish, Malay, Tagalog and Swahili, and of Hindi, Greek,
# Japanese and Arabic in Latin letters; without those that English posts need.
_FOREIGN = (
    "ang ako apo ara ara ari ating att aur aux avec av ay aku ani bhi bin bir bu buenos "
    "bukas cai che chi como con czy dan das dat dei del dem den der des det di die din dla "
    "do dos du ein eine eiu einai ek el els em en er est et eu fur gia gli gracias har het "
    "hai ho hola ich ikke il ile ils ini itu jag jak je jeg jest kai kamu kar ki kya lang "
    "las le les los mais mai mar mas mga med mein mera mes mi min mit mon mou muy nahi "
    "naman nao nas nel net nicht niet non nos nous och ona oni ono ou over par pas pero "
    "plus por pou pour per que qui sam sans san saya ses sich sie sina siya ska som sono "
    "sont sou sur sau sua tha til tidak ton toh tis tou tu un una und une uno untuk van var "
    "ve vi voor vous von wir wala yan yang ya yung za zijn zu"
)
FOREIGN = frozenset(_FOREIGN.split()) - {"do", "over", "plus"}


def _labelled() -> set[tuple[str, str]]:
    files = ((TRAIN, 1), (GOLD, 3), (FURTHER, 1))
    return {(row.source, row.source_id) for path, n in files for row in read_labels(path, n)}


def _posts() -> list[tuple[str, str]]:
    """(author, words) of each different post without a label."""
    known, found = _labelled(), {}
    for source in sources():
        rows = source_rows(source)
        keys = zip(rows["source"], rows["source_id"], strict=True)
        for key, author, text in zip(keys, rows["author_key"], rows["text"], strict=True):
            words = " ".join(_NOISE.sub(" ", mask(text).text).split())
            if key not in known and words:
                found.setdefault(words, author)
    return [(author, words) for words, author in found.items()]


def english_words() -> list[str]:
    """The words, sorted."""
    posts = _posts()
    column = detector().classes.index("en")
    rows = iter(posts)
    authors = defaultdict(set)
    for some in windows([words for _, words in posts]):
        for probability in posteriors(detector(), some)[:, column]:
            author, words = next(rows)
            if probability > MIN_ENGLISH:
                for word in _WORD.findall(words.lower().replace("’", "'")):
                    authors[word].add(author)
    return sorted(
        set(_SLANG.split()).union(
            word
            for word, who in authors.items()
            if len(who) >= MIN_AUTHORS
            and word not in FOREIGN
            and (len(word) > 2 or word in SHORT)
            and MOJIBAKE.search(word) is None
        )
    )


if __name__ == "__main__":
    words = english_words()
    ENGLISH_WORDS.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words in {ENGLISH_WORDS.name}")
