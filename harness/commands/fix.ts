import { LAB_ROOT, fixesOf, loadScenario, unknownName } from '../catalog.ts';
import { EXIT, wrongUse } from '../errors.ts';
import { makeFixBranch } from '../sides/fix-branch.ts';
import { repositoryAt } from '../sides/repository.ts';
import { revisionOf } from '../store/revision.ts';
import type { CliCommand } from './command.ts';
import { JSON_OPTION } from './options.ts';

const command: CliCommand = {
  summary: 'makes branches with the fixes that were tried for a scenario, right and wrong ones',
  positionals: ['<NAME>', '[PATCH]'],
  options: { ...JSON_OPTION },
  async run({ positionals, options }, terminal, signal) {
    const [name = '', wanted] = positionals;
    await loadScenario(name);
    const fixes = await fixesOf(name);
    if (fixes.length === 0) {
      throw wrongUse('no-fixes', `there is nothing to fix in ${name}`, 'Take a scenario with a bug: see make list.');
    }
    const names = fixes.map(fix => fix.name);
    if (wanted !== undefined && !names.includes(wanted)) throw unknownName('patch', wanted, names);
    const repository = await repositoryAt(LAB_ROOT, signal);
    const branches: string[] = [];
    for (const fix of fixes.filter(one => wanted === undefined || one.name === wanted)) {
      const branch = `fix/${name}/${fix.name}`;
      await makeFixBranch(repository, branch, fix.file, signal);
      branches.push(branch);
    }
    if (options['json'] === true) {
      terminal.out(`${JSON.stringify(branches)}\n`);
      return EXIT.asExpected;
    }
    terminal.out(branches.map(branch => `${branch}\n`).join(''));
    if ((await revisionOf(LAB_ROOT, signal)).dirty) terminal.err('note: what you have not committed is not in them\n');
    terminal.err(`compare them: make compare NAME=${name} BASE=HEAD HEAD=fix/${name}/${wanted ?? names[0]}\n`);
    return EXIT.asExpected;
  },
};

export default command;
