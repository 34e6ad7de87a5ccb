#!/usr/bin/env bash
# py3langid 0.4.0: posts in scripts that none of its languages is written in get a language all the
# same, with a normalised probability near 1.
#
# Expected: a low probability, spread over many languages, since no feature of the model was seen in
# such a text. Seen: Ol Chiki and Inuktitut text is called Amharic at .8 and more, so no
# threshold on the probability tells "unknown" from "known".
#
# Needs Python 3.11 and a package index; runs without this project. Fails when that changes.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet py3langid==0.4.0 numpy==2.2.6
cat > "$scratch/try.py" <<'PYTHON'
from py3langid.langid import MODEL_FILE, LanguageIdentifier

detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
TEXTS = {
    "Ol Chiki": "ᱟᱢ ᱪᱮᱫ ᱞᱮᱠᱟ ᱢᱮᱱᱟᱢᱟ ᱟᱡ ᱫᱚ ᱵᱮᱥ ᱜᱮ ᱢᱮᱱᱟᱭᱟ",
    "Inuktitut": "ᐅᓪᓛᒃᑯᑦ ᐊᐅᓪᓚᕈᓐᓇᙱᑦᑐᖓ ᐊᓯᔾᔨᖅᓯᒪᔪᖅ ᓯᓚ",
    "English": "missed the bus again and the coffee went cold",
}
for script, text in TEXTS.items():
    language, probability = detector.classify(text)
    print(script, language, "sure" if probability > 0.8 else f"{probability:.2f}")
PYTHON
"$scratch/venv/bin/python" "$scratch/try.py" 2>/dev/null | tee "$scratch/seen"
diff - "$scratch/seen" <<'SEEN'
Ol Chiki am sure
Inuktitut am sure
English en sure
SEEN
echo "as found"
