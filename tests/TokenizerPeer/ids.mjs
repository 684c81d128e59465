// The ids that Hugging Face's JavaScript tokenizers give: node ids.mjs TOKENIZER_FOLDER, texts on standard input.
// A line in is JSON: a text, or a list of two. A line out is the list of its ids: of a text without special tokens, of a pair with them.
// node ids.mjs TOKENIZER_FOLDER time: a line in is one text; a line out, after the last, is how many UTF-8 bytes and ids there were and the seconds it took to tokenise them, once to warm up and then timed.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Tokenizer } from "@huggingface/tokenizers";

const [folder, mode] = process.argv.slice(2);
const json = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
const ids = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;
const texts = [];

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const text = JSON.parse(line);
  if (mode === "time") texts.push(text);
  else console.log(JSON.stringify(Array.isArray(text) ? tokenizer.encode(text[0], { text_pair: text[1] }).ids : ids(text)));
}

if (mode === "time") {
  for (const text of texts) ids(text);
  const start = process.hrtime.bigint();
  let count = 0;
  for (const text of texts) count += ids(text).length;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0), ids: count, seconds }));
}
