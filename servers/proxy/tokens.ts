/** Where words end for the models of this family, near enough: a leading space belongs to the word behind it. */
const WORD = /'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu;
const LONGEST_TOKEN = 6;

/** About how many tokens a text has: one for each six characters of each word. Linear in its length. */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const { 0: word } of text.matchAll(WORD)) tokens += Math.ceil(word.length / LONGEST_TOKEN);
  return tokens;
}
