// The ids that Hugging Face's JavaScript tokenizers give: node ids.mjs TOKENIZER_FOLDER, texts on standard input.
// A line in is JSON: a text, or a list of two. A line out is the list of its ids: of a text without special tokens, of a pair with them.
// node ids.mjs TOKENIZER_FOLDER TEXTS times instead: TEXTS is a file with a text a line, which is tokenised twice to warm up and once by the clock.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Tokenizer } from "@huggingface/tokenizers";

const [folder, timed] = process.argv.slice(2);
const json = (name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const tokenizer = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
const ids = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;

if (timed) {
  const texts = readFileSync(timed, "utf8").split("\n");
  for (let warmUp = 0; warmUp < 2; ++warmUp) for (const text of texts) ids(text);
  const [clock, processor] = [process.hrtime.bigint(), process.cpuUsage()];
  let count = 0;
  for (const text of texts) count += ids(text).length;
  const { user, system } = process.cpuUsage(processor);
  console.log(JSON.stringify({ ids: count, clock_seconds: Number(process.hrtime.bigint() - clock) / 1e9, processor_seconds: (user + system) / 1e6 }));
} else {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const text = JSON.parse(line);
    console.log(JSON.stringify(Array.isArray(text) ? tokenizer.encode(text[0], { text_pair: text[1] }).ids : ids(text)));
  }
}
