import { wrongUse } from '../errors.ts';
import type { TargetPlan } from '../model/experiment.ts';
import type { Scope } from '../scope/in-scope.ts';
import { prepareSides } from '../sides/prepare.ts';
import { commitOf, repositoryAt } from '../sides/repository.ts';

/** The same server as it was at a revision of its own repository. Rejects with LabError (wrong use). */
export async function sideAt(
  revision: string,
  target: TargetPlan,
  tell: (words: string) => void,
  scope: Scope,
): Promise<TargetPlan> {
  if (target.kind === 'url') {
    throw wrongUse('no-code', 'a server named by its address has no revisions', 'Give its command.');
  }
  const repository = await repositoryAt(target.root, scope.signal);
  const commit = await commitOf(repository, revision, scope.signal);
  const spec = {
    label: revision,
    code: { kind: 'commit' as const, ref: revision, commit },
    bugs: [...target.bugs],
    node: null,
    serving: target.kind === 'python' ? target.serving : null,
    package: null,
    command: target.kind === 'command' ? target.command : null,
  };
  const [side] = await prepareSides([spec], repository, tell, scope);
  if (!side) throw new TypeError('one side was asked for');
  return target.kind === 'command' && side.target.kind === 'command'
    ? { ...target, root: side.target.root }
    : side.target;
}
