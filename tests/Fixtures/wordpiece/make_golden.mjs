// Writes golden.json, the ids that Hugging Face's JavaScript tokenizer gives for the texts below under vocab.txt.
//   cd /tmp/golden && npm install @huggingface/tokenizers@0.2.0
//   node make_golden.mjs /tmp/golden/node_modules/@huggingface/tokenizers/dist/tokenizers.mjs > golden.json
// Left out on purpose, because that library departs there from the Python original: CJK ideographs beyond the basic plane, unassigned characters.
import { readFileSync } from "node:fs";

const { Tokenizer } = await import(process.argv[2]);
const vocabulary = readFileSync(new URL("vocab.txt", import.meta.url), "utf8").trimEnd().split("\n");
const vocab = Object.fromEntries(vocabulary.map((token, id) => [token, id]));

function tokenizer(lowercase) {
  return new Tokenizer({
    version: "1.0", added_tokens: [],
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase },
    pre_tokenizer: { type: "BertPreTokenizer" },
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }],
      pair: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } },
        { Sequence: { id: "B", type_id: 1 } }, { SpecialToken: { id: "[SEP]", type_id: 1 } }],
      special_tokens: {},
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  }, {});
}

const texts = [
  "", " ", "\t\n\r ", "The lawyer saw the doctor.", "THE LAWYERS' bank", "unaffable", "unwantedness", "believably playing",
  "caf\u00e9", "cafe\u0301", "CAF\u00c9 NA\u00cfVE R\u00c9SUM\u00c9", "Z\u00fcrich Stra\u00dfe stra\u1e9ee", "\u00c6on \u00d8re \u0142 \u0131 \u0130stanbul",
  "\u039f\u0394\u039f\u03a3 \u039f\u03b4\u03bf\u03c3", "\u03a3 \u03a3\u03a3 \u0391\u03a3\u0391 \u0391\u03a3' \u0391\u03a3'\u0391 \u0391\u03a3.", "\u1f88\u03a3\u0345", "\u041f\u0440\u0438\u0432\u0435\u0442 \u043f\u0440\u0438\u0439",
  "\u6771\u4eac\u5927\u5b66", "the\u6771\u4eac42", "\u304b\u304d \u304c\u304d", "\uf907\ufa0a", "\u3001\u3002\u300c\u6771\u300d", "\ud55c \ud55c\ud55c \ud558", "\u1112\u1161\u11ab",
  "\ud83d\ude00", "\ud83d\ude00\ud83d\ude00 \ud83d\udc4d\ud83c\udffd", "\ud83d\udc69\u200d\ud83d\ude80", "a\ud83d\ude00b", "\ud801\udc00\ud801\udc29 \ud801\udc28\ud801\udc01",
  "a\u0000b\u0001c\u007fd\u0085e", "near\u200bbank\ufeff \u00adplay", "run\u000bsleep\u000crun", "the\u00a0bank\u3000saw\u2003a\u2028an\u2029un\u202fa\u1680b", "\ufffdthe\ufffd", "\ue000play\uf8ff",
  "a".repeat(100), "a".repeat(101), "\u00e9".repeat(100), "e\u0301".repeat(100), "\ud83d\ude00".repeat(100), "\ud83d\ude00".repeat(101), "the " + "b".repeat(250) + " bank", "a".repeat(60) + "-" + "b".repeat(60),
  "[SEP] [CLS] [MASK]", "don't, won't; can't!", "3.14 $42 50% #1 a@b.c", "<a>=b^c`d|e~f\\g", "\u201cthe\u201d \u2014 bank\u2026", "\u00bfplay? \u00abrun\u00bb \u00b7", "\u20ac42 \u00a3 \u00b2",
  "\u2260 \u226e \u037e \u0387 \u1fef", "o\u0308\u0323\u0301 \u1ed9 \u01d6", "\u212b \u212a \u2126elvin \u212aelvin", "\u0bca \u0b95\u0bca", "qq\u0488q \u20dda", "##ing ##", "o2O2", "the.the..the...", "\u0301\u0302 \u0300", "xyz\u00f1\u00d1",
  "\u01c4 \u01c5 \u01f1", "\u3131 \uff21\uff22 \uff01", "Lawyer The \u00c9\u00c9", "\u2019the\u2019s", "\u0e01\u0e33 \u0915\u093f", "\ud834\udd5e \ud834\udd65",
];
const pairs = [["The lawyer saw the doctor.", "The doctor saw the lawyer."], ["caf\u00e9", "!"], ["un", "\u6771\u4eac!"]];
const ids = (t, text) => t.encode(text, { add_special_tokens: false }).ids;
const [uncased, cased] = [tokenizer(true), tokenizer(false)];
console.log(JSON.stringify({
  provenance: { library: "@huggingface/tokenizers 0.2.0", node: process.version, unicode: process.versions.unicode, script: "make_golden.mjs" },
  texts: texts.map((text) => ({ text, uncased: ids(uncased, text), cased: ids(cased, text) })),
  pairs: pairs.map(([first, second]) => ({ first, second, ids: uncased.encode(first, { text_pair: second }).ids })),
}).replaceAll('{"text"', '\n{"text"').replaceAll('{"first"', '\n{"first"').replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")));
