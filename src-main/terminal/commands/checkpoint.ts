// checkpoint list | verify
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { CheckpointSummary } from '../../../src-shared/contract/lab-contract.ts'
import type { TerminalCommand } from '../command.ts'
import { findNamed } from '../find.ts'
import type { Session } from '../session.ts'
import { byteSize, table } from '../text.ts'

export const checkpointList: TerminalCommand<{ run?: string }> = {
  name: 'checkpoint list',
  summary: 'the checkpoints of the workspace, or of one run',
  engine: () => 'none',
  declare: command => void command.option('--run <run>', 'id or name'),
  async run(session, _, { run: given }) {
    const run =
      given === undefined
        ? undefined
        : findNamed(given, await session.call('runs.list', {}), 'run', 'runs list').id
    const checkpoints = await session.call('checkpoints.list', run === undefined ? {} : { run })
    return {
      json: { checkpoints },
      text: table(
        ['checkpoint', 'run', 'step', 'val loss', 'best', 'size', 'status'],
        checkpoints.map(c => [
          c.id,
          c.runName,
          c.step,
          c.evalLoss?.toFixed(4),
          c.best ? 'best' : '',
          byteSize(c.bytes),
          c.status,
        ]),
        'No checkpoint yet. Train one with: andromeda pretrain',
      ),
    }
  },
}

export const checkpointVerify: TerminalCommand = {
  name: 'checkpoint verify',
  summary: 'read checkpoints whole and compare every hash; by default all',
  engine: () => 'none',
  declare: command => void command.argument('[checkpoints...]', 'ids'),
  async run(session, given) {
    const all = await session.call('checkpoints.list', {})
    const chosen = given.length === 0 ? all : given.map(id => checkpointWithId(all, id))
    const checkpoints: { checkpoint: string; path: string; verified: boolean; problems: string[] }[] = []
    for (const { id, path } of chosen) {
      session.progress.update(`Verifying ${id}`)
      checkpoints.push({
        checkpoint: id,
        path,
        ...(await session.call('checkpoints.verify', { checkpoint: id })),
      })
    }
    session.progress.clear()
    const bad = checkpoints.filter(({ verified }) => !verified)
    return {
      json: { verified: bad.length === 0, checkpoints },
      text: table(
        ['checkpoint', 'verified', 'problems'],
        checkpoints.map(c => [c.checkpoint, c.verified ? 'yes' : 'NO', c.problems.join('; ')]),
        'No checkpoints.',
      ),
      ...(bad.length === 0
        ? {}
        : { failure: `${bad.length} of ${checkpoints.length} checkpoints do not verify.` }),
    }
  },
}

function checkpointWithId(all: readonly CheckpointSummary[], id: string): CheckpointSummary {
  const found = all.find(checkpoint => checkpoint.id === id)
  if (found) return found
  throw new LabError({
    code: 'not-found',
    what: `there is no checkpoint "${id}"`,
    fix: 'see andromeda checkpoint list',
  })
}

/**
 * The one named, else the newest whose files are there.
 * @param of where none is named: models that write, or reward models, which score
 */
export async function findCheckpoint(
  session: Session,
  given?: string,
  of: 'writing' | 'scoring' = 'writing',
): Promise<CheckpointSummary> {
  const all = await session.call('checkpoints.list', {})
  if (given !== undefined) return checkpointWithId(all, given)
  const scoring = of === 'scoring'
  const newest = all
    .filter(({ status, phase }) => status === 'verified' && (phase === 'reward') === scoring)
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.step - a.step)[0]
  if (newest) return newest
  throw new LabError({
    code: 'not-found',
    what: scoring ? 'there is no reward model yet' : 'there is no checkpoint yet',
    fix: scoring ? 'train one with andromeda reward' : 'train a model with andromeda pretrain',
  })
}

/**
 * What a phase starts from: the one named, or the newest of the phase before it that is whole.
 * @throws LabError `not-found`
 */
export async function findParent(
  session: Session,
  given: string | undefined,
  phase: 'pretrain' | 'sft',
): Promise<string> {
  const all = await session.call('checkpoints.list', {})
  if (given !== undefined) return checkpointWithId(all, given).id
  const newest = all.find(of => of.phase === phase && of.status === 'verified')
  if (newest) return newest.id
  throw new LabError({
    code: 'not-found',
    what: `there is no ${phase === 'pretrain' ? 'base' : 'fine-tuned'} model to start from`,
    fix: `make one with andromeda ${phase}, or name a checkpoint`,
  })
}
