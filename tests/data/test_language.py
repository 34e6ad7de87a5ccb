"""English first: another language only when it is plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unpolished.data.language import LANGUAGES, UNDECIDED, detect_language


@pytest.mark.parametrize(
    "text",
    [
        "lol omg wtf no way he actually did that",
        "cant even rn im so tired gonna sleep 4ever",
        "he be trippin fr fr no cap on god",
        "Me go market yesterday, buy fish, very fresh",
        "kindly do the needful and revert back, saar",
        "Good morning!! 😀😀 https://example.com/a #blessed #monday @someone",
    ],
)
def test_informal_english_is_english(text):
    """Slang, non-native and Indian English, noise around it."""
    assert detect_language(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Heute früh hat mir jemand die Luft aus beiden Reifen gelassen.", "de"),
        ("Hoy he vuelto a casa muy cansada pero contenta con el partido", "es"),
        ("Je suis tellement fatiguée ce soir, le train était encore en retard", "fr"),
        ("Сегодня утром кто-то спустил мне колёса", "ru"),
        ("今日は疲れたから早く寝るよ", "ja"),
        ("오늘은 너무 피곤해서 일찍 잘 거예요", "ko"),
    ],
)
def test_other_languages_are_told(text, language):
    """A plain sentence is enough."""
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😀😀", "#love #life #blessed", "@someone", "ok lol", "123 456"]
)
def test_too_little_is_undecided(text):
    """Neither English nor anything else."""
    assert detect_language(text) == UNDECIDED


@given(st.text(st.characters(), max_size=80))
def test_any_text_has_an_answer(text):
    """Surrogates included."""
    assert detect_language(text) in {*LANGUAGES, UNDECIDED}
