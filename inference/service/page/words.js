// What axes, labels and codes mean, in words; tests see that none is missing.

export const AXES = [
  { name: "style", title: "Style", probability: "p_polished",
    question: "raw and personal, or polished and promotional?" },
  { name: "paid", title: "Paid", probability: "p_paid",
    question: "made in return for something from a third party?" },
  { name: "promotion", title: "Promotion", probability: "p_self",
    question: "does the post promote, and whose product?" },
  { name: "performative", title: "Performative", probability: "p_performative",
    question: "is a cause supported with nothing in the text that costs or helps?" },
  { name: "cause", title: "Cause", probability: "p_committed",
    question: "how much commitment to a cause does the text show?" },
];

export const PROBABILITIES = {
  p_polished: "polished", p_paid: "paid", p_self: "promotes its own", p_performative: "performative",
  p_committed: "high commitment",
};

export const LABELS = {
  style: { raw: "reads as raw and personal", polished: "reads as polished and promotional",
    unsure: "between the two, or not to be judged" },
  paid: { disclosed: "it says so, or the platform's label does", likely: "reads as paid for",
    unlikely: "does not read as paid for", unsure: "between the two, or not to be judged" },
  promotion: { none: "promotes nothing", self: "promotes something of its own",
    third_party: "promotes what somebody else sells", unsure: "not to be told" },
  performative: { likely: "supports a cause with words alone", unlikely: "no cause is supported with words alone",
    unsure: "between the two, or not to be judged" },
  cause: { none: "no cause is supported", low: "little commitment to a cause",
    high: "much commitment to a cause", unsure: "not to be told" },
};

export const DISCLOSURE = {
  none: "no words that disclose", weak: "words that are not enough",
  ambiguous: "words that may not be enough", clear: "clear words",
  unknown: "words were found, but the rules of this place are not known",
};

export const LACKS = {
  brand: "the name of the brand beside it", own_language: "words in a language of the place",
  beside: "a clear word beside it", first_words: "a place among the first words",
  start: "a place at the start of the post",
  before_fold: "a place before the fold, where the post is cut until somebody taps on it",
  fewer_tags_before: "fewer tags before it", source: "a source that was read for this rule",
  sense: "one meaning: the words around it leave open what is meant",
};

export const PLACES = {
  first_words: "among the first words", among_tags: "among tags", after_fold: "after the fold",
  at_end: "at the end",
};

export const KINDS = {
  paid: "paid", gifted: "gifted", affiliate: "affiliate", event: "invited", own_brand: "own brand",
  employment: "employment", political: "political", ai: "made with AI",
};

export const CLAIMS = { unpaid: "says that it is not paid for" };

export const CONFLICTS = {
  flag_without_words: "The platform's label says that it is paid for, and no words do.",
  flag_against_words: "The platform's label says that it is paid for, and words say that it is not.",
  words_without_flag: "Words say that it is paid for, and the platform's label is not there.",
};

export const SIGNALS = {
  code: "discount code", amount_off: "amount off", affiliate_link: "link that pays who posts it, or hides where it goes",
  call_to_buy: "call to buy", sponsor: "who may be behind it",
};

export const WHY = {
  word: "called a code", loose: "looks like a code", names_author: "named after the author",
  percent: "a percentage", money: "a sum of money", tenths: "tenths of a price",
  thanked: "thanked", tagged_beside_code: "tagged beside a code",
  named_in_disclosure: "named where the post discloses",
};

export const REASON_CODES = {
  language: "Not judged: it is in another language than English, which the model reads.",
  too_short: "Not judged: it has too few words.",
  removed: "Not judged: it is a notice of the platform in the place of a post.",
  disclosure_doubted: "Whether it is paid is left open: words disclose it, and nothing else reads as paid.",
};

export const REPAIRS = {
  wrapper: "what an export had put around the text", spreadsheet: "what a spreadsheet had put into the cell",
  escapes: "characters written as code", line_breaks: "line breaks and control characters",
  encoding: "letters in a wrong encoding", markup: "HTML or Markdown", entities: "HTML entities",
  glued: "links and tags that were glued to a word", full_text: "the whole of a text that was cut off",
  joined: "a title and the text below it", export: "signs of an export",
  damaged: "letters are lost for good; what could be repaired was",
};

export const STATES = { queued: "waiting", running: "working", done: "done", failed: "failed" };

// A code without words is better shown than left out.
export const word = (table, code) => (Object.hasOwn(table, code) ? table[code] : String(code).replaceAll("_", " "));
