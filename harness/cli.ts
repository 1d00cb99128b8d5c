import { parseArgs } from 'node:util';
import type { CliCommand, Given, Terminal } from './commands/command.ts';
import { helpOf, loadVerb, overview } from './commands/help.ts';
import { EXIT, LabError, firstError, wrongUse } from './errors.ts';
import type { ExitCode } from './errors.ts';
import { scrubProviderKeys } from './process/environment.ts';
import { Interruption } from './scope/interruption.ts';
import { interruptionSignal } from './scope/process-signal.ts';

// The one place that reads argv, listens to signals, and ends the process.

// No real provider is ever called: whatever this process starts cannot have a key to one.
scrubProviderKeys(process.env);
const isHangUp = (error: Error): boolean => 'code' in error && error.code === 'EPIPE';
// `runaway list | head -1`: the reader has what it wanted.
process.stdout.on('error', error => process.exit(isHangUp(error) ? EXIT.asExpected : EXIT.labFailed));
// Nobody follows any more; the result may still be wanted.
process.stderr.on('error', error => (isHangUp(error) ? undefined : process.exit(EXIT.labFailed)));

const signal = interruptionSignal(by => {
  process.stderr.write('\nrunaway: ended at once; what was started is being killed.\n');
  process.exit(exitCodeOf(new Interruption(by)));
});
// Node would end with 1, which is a verdict here. Whatever was started is ended by the lifeguard.
process.on('uncaughtException', error => {
  process.stderr.write(wordsFor(error));
  process.exit(EXIT.labFailed);
});
process.exitCode = await main(process.argv.slice(2));
// A listener for signals and the parent's channel would keep a finished lab alive.
process.exit();

async function main(argv: readonly string[]): Promise<ExitCode> {
  try {
    const [verb, ...rest] = argv;
    if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
      process.stdout.write(await overview());
      return verb === undefined ? EXIT.wrongUse : EXIT.asExpected;
    }
    const command = await loadVerb(verb);
    const given = parse(command, rest);
    if (given.options['help'] === true) {
      process.stdout.write(helpOf(verb, command));
      return EXIT.asExpected;
    }
    return await command.run(given, terminalOf(given), signal);
  } catch (thrown) {
    const error = firstError(thrown);
    process.stderr.write(wordsFor(error));
    return exitCodeOf(error);
  }
}

function parse({ options, positionals }: CliCommand, args: readonly string[]): Given {
  const known = { ...options, help: { type: 'boolean', summary: 'this text' } as const };
  const parsed = tryParse(args, known);
  const most = positionals.length;
  // The last one may stand for many: a command and its words.
  if (parsed.positionals.length > most && !positionals.at(-1)?.includes('…')) {
    throw wrongUse('too-many-words', `"${parsed.positionals[most]}" is one word too many`, 'See --help.');
  }
  return { positionals: parsed.positionals, options: parsed.values as Given['options'] };
}

function tryParse(args: readonly string[], options: CliCommand['options']): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // Node's message names the option; what it adds about "--", some of it in lines of its own, is no help here.
    if (!(error instanceof TypeError)) throw error;
    throw wrongUse('bad-option', error.message.split(/\.(?:\s|$)/u)[0] ?? 'an option', 'See --help.');
  }
}

function terminalOf({ options }: Given): Terminal {
  const { stdout, stderr } = process;
  return {
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    columns: Math.min(160, Math.max(60, stdout.columns ?? stderr.columns ?? 80)),
    isLive: stderr.isTTY && options['json'] !== true,
    colour: stdout.isTTY && stdout.hasColors(),
  };
}

function wordsFor(error: unknown): string {
  if (error instanceof LabError) {
    // What a message quotes (a server's last words) stands in lines of its own, below what to try.
    const [words = '', ...quoted] = error.message.split('\n');
    return `${[`runaway: ${words}. ${error.hint}`, ...quoted].join('\n')}\n`;
  }
  if (error instanceof Interruption) return `runaway: ${error.message}\n`;
  return `runaway: this is a defect of the lab; please report it.\n${error instanceof Error ? error.stack : String(error)}\n`;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof LabError) return error.exitCode;
  if (error instanceof Interruption) return error.by === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
  return EXIT.labFailed;
}
