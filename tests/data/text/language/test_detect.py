"""English first: another language only when it is plain, and never unsaid."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unpolished.data.dataset.fairness_pairs import read_pairs
from unpolished.data.text.language.detect import UNDECIDED, detect_language, detect_languages
from unpolished.data.text.language.english import ENGLISH_WORDS
from unpolished.data.text.masking import mask

POSTS = Path(__file__).resolve().parents[4] / "benchmarks" / "studies" / "language_posts.tsv"


def _posts():
    lines = POSTS.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "lol omg wtf no way he actually did that",
        "cant even rn im so tired gonna sleep 4ever",
        "he be trippin fr fr no cap on god",
        "Me go market yesterday, buy fish, very fresh",
        "kindly do the needful and revert back, saar",
        "Good morning!! 😀😀 https://example.com/a #blessed #monday @someone",
        "yesssss omggggg soooo goooood",
        "tysm bestie ily",
        "THE BUS WAS LATE AGAIN AND I AM DONE",
        "Osteoporosis treatment bisphosphonates randomized trial",
    ],
)
def test_informal_english_is_english(text):
    """Slang, stretches, capitals, terms of art, non-native and Indian English, noise around it."""
    assert detect_language(text) == ("en", True)


def test_registers_are_english():
    """Every pair of the corpus, in the register and in plain English."""
    texts = [text for pair in read_pairs() for text in (pair.text, pair.plain)]
    told = detect_languages(texts)
    assert [t for t, language in zip(texts, told, strict=True) if not language.as_english] == []


@pytest.mark.parametrize(
    "text",
    [
        "my abuela told everybody about it, gracias for nothing",
        "we had crème brûlée with Zoë and Anaïs in the Rue Saint-Honoré",
        "Happy birthday Grandma! ❤️ #доброеутро #утро #любовь #сднёмрождения",
        "good night from Tokyo おやすみ",
        "our beautiful summer collection Ανακαλύψτε τα νέα χρώματα",
        "lol ¯\\_(ツ)_/¯ idk what happened",
        "she looked at me like (ಠ_ಠ) and left",
        "ɢᴏᴏᴅ ᴍᴏʀɴɪɴɢ ᴇᴠᴇʀʏᴏɴᴇ",
        "𝓰𝓸𝓸𝓭 𝓶𝓸𝓻𝓷𝓲𝓷𝓰 𝓮𝓿𝓮𝓻𝔂𝓸𝓷𝓮",
        "ｇｏｏｄ ｍｏｒｎｉｎｇ ｅｖｅｒｙｏｎｅ",
        "gооd mоrning еveryоne frоm me",
    ],
)
def test_english_with_foreign_words_or_letters_is_english(text):
    """Words, names and hashtags of others, faces drawn with their letters, letters in disguise."""
    assert detect_language(mask(text).text) == ("en", True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Heute früh hat mir jemand die Luft aus beiden Reifen gelassen.", "de"),
        ("Hoy he vuelto a casa muy cansada pero contenta con el partido", "es"),
        ("Je suis tellement fatiguée ce soir, le train était encore en retard", "fr"),
        ("leo nimechelewa basi tena, kahawa imepoa", "sw"),
        ("avui he perdut el bus i el cafè s'ha refredat", "ca"),
        ("Сегодня утром кто-то спустил мне колёса", "ru"),
        ("今日は疲れたから早く寝るよ", "ja"),
        ("오늘은 너무 피곤해서 일찍 잘 거예요", "ko"),
        ("ამ დილით ისევ დავაგვიანე ავტობუსზე", "ka"),
        ("ಇಂದು ಬೆಳಿಗ್ಗೆ ಬಸ್ ತಪ್ಪಿತು", "kn"),
        ("ဒီမနက် ဘတ်စ်ကား မမီလို့", "my"),
    ],
)
def test_other_languages_are_named(text, language):
    """A plain sentence is enough."""
    assert detect_language(text) == (language, False)


@pytest.mark.parametrize(
    "text",
    [
        "ߒ ߓߘߊ߫ ߓߎߛ ߓߌ߬ߟߊ߬ ߕߎ߲߯",
        "ᎣᏏᏲ ᏙᎯᏧ ᎦᏓᏅᏖᏍᎬ ᎤᎵᎮᎵᏍᏗ",
        "ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ ⵎⴰⵏⵣⴰⴽⵉⵏ",
        "ܫܠܡܐ ܥܠܝܟܘܢ ܐܝܟܢܐ ܐܝܬܝܟܘܢ",
        "އައްސަލާމު އަލައިކުމް ކިހިނެއްތޯ",
        "ᱡᱚᱦᱟᱨ ᱟᱢ ᱪᱮᱫ ᱞᱮᱠᱟ ᱢᱮᱱᱟᱢᱟ",
        "ᐊᐃᓐᖓᐃ ᖃᓄᐃᑉᐱᑦ ᐅᓪᓗᒥ",
        "བཀྲ་ཤིས་བདེ་ལེགས། དེ་རིང་ང་བསད་སོང་",
        "ꯈꯨꯔꯨꯝꯖꯔꯤ ꯅꯪ ꯀꯔꯝ ꯇꯧꯔꯤ",
        "ᠰᠠᠶᠢᠨ ᠪᠠᠶᠢᠨ ᠤᠤ",
        "aaj phir bus chhoot gayi aur chai bhi thandi ho gayi yaar",
        "3andi mochkil f tobis lyoum w l9ahwa bardat",
        "pali exasa to leoforeio kai o kafes krywse",
        # Most of it is no French, and what is said in few words of it is no name for the rest.
        "㐀㐁㐂㐃㐄㐅㐆 je suis très fatiguée",
    ],
)
def test_what_cannot_be_named_is_undecided_but_not_english(text):
    """A script that no known language uses, and languages in letters that are not theirs."""
    assert detect_language(text) == (UNDECIDED, False)


@pytest.mark.parametrize(
    "text",
    [
        "Привет всем",
        "სად ხარ",
        "سلام",
        "ты тут",
        "#გამარჯობა #დილა",
        "Привет всем #goodmorning #instagood #love",
        "ok 今日は休み",
        "👋 नमस्ते दोस्तों",
    ],
)
def test_another_script_is_not_english_however_short(text):
    """Also where it stands in hashtags alone."""
    assert not detect_language(text).as_english


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀😀", "#love #life #blessed", "@someone", "ok lol", "123 456", "<url>"]
)
def test_too_little_counts_as_english(text):
    """Neither English nor anything else: labels stay what they are."""
    assert detect_language(text) == (UNDECIDED, True)


def test_hardly_a_post_in_another_language_is_english():
    """At most one in a hundred of a hundred languages; docs/languages.md has the figures."""
    posts = [(name, text) for name, _, text in _posts() if not name.startswith("mixed-")]
    told = detect_languages([mask(text).text for _, text in posts])
    wrong = [name for (name, _), language in zip(posts, told, strict=True) if language.as_english]
    assert len({name for name, _ in posts}) >= 60
    assert len(wrong) <= len(posts) / 100


def test_english_mixed_with_another_language_is_english():
    """Invented posts with words of eight languages."""
    texts = [text for name, _, text in _posts() if name.startswith("mixed-")]
    told = detect_languages([mask(text).text for text in texts])
    assert [t for t, language in zip(texts, told, strict=True) if not language.as_english] == []


@given(st.text(st.characters(), max_size=80))
def test_any_text_has_an_answer(text):
    """Surrogates included: English, a code of two or three letters, or none."""
    code, as_english = detect_language(text)
    assert code == "en" or code == UNDECIDED or not as_english
    assert code.isascii()
    assert code.islower()
    assert len(code) in (2, 3)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([text for _, _, text in _posts()]), max_size=30))
def test_company_changes_nothing(texts):
    """Alone or among others, whatever they are."""
    assert detect_languages(texts) == [detect_language(text) for text in texts]


def test_english_words_are_sorted_words():
    """No word twice, none with a letter that only damaged text has."""
    words = ENGLISH_WORDS.read_text("utf-8").splitlines()
    assert words == sorted(set(words))
    assert all(unicodedata.is_normalized("NFKC", word) and word == word.lower() for word in words)
