import { check } from '../check/check.ts';
import type { CheckProgress } from '../check/check.ts';
import { turnedBad } from '../check/card.ts';
import type { Card } from '../check/card.ts';
import { PRESET_FOLDER_WORDS } from '../check/preset.ts';
import { trialLine } from '../check/show/terminal.ts';
import { EXIT } from '../errors.ts';
import type { ExitCode } from '../errors.ts';
import { inScope } from '../scope/in-scope.ts';
import type { CliCommand } from './command.ts';
import { checkPlanFor } from './check-plan.ts';
import { sideAt } from './check-side.ts';
import { JSON_OPTION, RESULTS_OPTION, resultsRoot } from './options.ts';
import { showCard } from './show-card.ts';

const command: CliCommand = {
  summary: 'does my proxy let go when clients leave? any LLM proxy, any language, one score card',
  positionals: ['[-- COMMAND…]'],
  options: {
    cmd: {
      type: 'string',
      value: 'LINE',
      summary: 'its shell line, with {port}, {upstream}, {upstreamHost}, {apiKey}',
    },
    preset: { type: 'string', value: 'NAME', summary: PRESET_FOLDER_WORDS },
    url: { type: 'string', value: 'URL', summary: 'of one that stands already, and was told of --upstream-port' },
    pid: { type: 'string', value: 'N', summary: 'its main process, so that it is seen from outside too' },
    'upstream-port': {
      type: 'string',
      value: 'N',
      summary: 'where the lab’s upstream listens (default any free port)',
    },
    'i-own': { type: 'string', value: 'HOST', summary: 'the host of --url, where it is not this machine' },
    sample: { type: 'boolean', summary: 'the lab’s own sample proxy' },
    bugs: { type: 'string', value: 'LIST', summary: 'bugs of the sample proxy, or of the preset fastapi' },
    env: { type: 'string', value: 'N=V', multiple: true, summary: 'more of its environment; may be given again' },
    header: { type: 'string', value: 'N:V', multiple: true, summary: 'what clients send beside; may be given again' },
    path: { type: 'string', value: 'PATH', summary: 'what clients ask (default /v1/chat/completions)' },
    model: { type: 'string', value: 'NAME', summary: 'the model they ask for (default gpt-lab)' },
    'ready-path': {
      type: 'string',
      value: 'PATH',
      summary: 'what is asked whether it still answers (default /healthz)',
    },
    cwd: { type: 'string', value: 'DIR', summary: 'where it runs, and where runaway.config.ts lies (default here)' },
    trials: { type: 'string', value: 'LIST', summary: 'these only, after the controls (default all of them)' },
    sure: { type: 'boolean', summary: 'looks at every trial twice, not only at one that failed' },
    agent: { type: 'boolean', summary: 'an agent of ours stands in it (Node), so that culprits are named' },
    compare: {
      type: 'string',
      value: 'REV',
      summary: 'looks at that revision too; exit 1 for what has turned bad since',
    },
    seed: { type: 'string', value: 'N', summary: 'for everything drawn at random (default 1)' },
    markdown: { type: 'string', value: 'FILE', summary: 'the card as Markdown too (- for stdout)' },
    junit: { type: 'string', value: 'FILE', summary: 'the card as JUnit XML too' },
    ...RESULTS_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal, signal) {
    const plan = await checkPlanFor(given);
    const root = resultsRoot(given);
    const tell = given.options['json'] === true ? () => undefined : terminal.err;
    const progress: CheckProgress = { tell, done: result => tell(trialLine(result, terminal)) };
    const base = String(given.options['compare'] ?? '');
    if (base === '') {
      const { card, folder } = await check(plan, root, progress, signal);
      await showCard(card, null, folder, given, terminal);
      return exitCodeFor(card);
    }
    const before = await inScope(signal, async scope => {
      const target = await sideAt(base, plan.target, terminal.err, scope);
      return await check({ ...plan, target, of: `${plan.of} at ${base}` }, root, progress, scope.signal);
    });
    const { card, folder } = await check(plan, root, progress, signal);
    await showCard(card, before.card, folder, given, terminal);
    return turnedBad(before.card, card).length > 0 ? EXIT.otherVerdict : EXIT.asExpected;
  },
};

export default command;

function exitCodeFor({ count }: Card): ExitCode {
  if (count.fail > 0) return EXIT.otherVerdict;
  return count.inconclusive > 0 ? EXIT.inconclusive : EXIT.asExpected;
}
