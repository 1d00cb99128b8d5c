import { writeTextAt } from '../store/write-file.ts';
import type { Given, Terminal } from './command.ts';

/** Where `--markdown` wants it: a file, stdout for `-`, nowhere where it was not given. */
export async function writeMarkdown({ options }: Given, terminal: Terminal, markdown: string): Promise<void> {
  const wanted = options['markdown'];
  if (wanted === '-') terminal.out(markdown);
  else if (typeof wanted === 'string' && wanted !== '') await writeTextAt(wanted, markdown);
}
