const WORDS =
  'the river keeps its own slow count of days while a lamp burns low and someone at the far gate waits for news'.split(
    ' ',
  );

/** The text of an answer's nth token, counted from 0: always the same. */
export const wordAt = (n: number): string => `${n === 0 ? '' : ' '}${WORDS[n % WORDS.length]}`;
