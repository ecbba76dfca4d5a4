// The kill storm: a run is killed at random moments, of training and of checkpoint writing, and started again, until it
// is through. After every kill the database is whole and every listed checkpoint verifies; at the end the weights are
// those of a run that was never touched. Every other start is on one thread: threads change no bit.
// `npm run proof:kills -- [kills] [seed] [pretrain|sft|reward|ppo]`
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { randomStream } from '../../src-shared/random/counter.ts'
import {
  andromeda,
  checkpointFolders,
  database,
  type KilledPhase,
  killAndWait,
  losses,
  phases,
  resume,
  startedOn,
  type TrainingResult,
  trainingWorkspace,
  wait,
} from './training-process.ts'

const kills = Number(process.argv[2] ?? 30)
const seed = Number(process.argv[3] ?? 1)
const phase = (process.argv[4] ?? 'pretrain') as KilledPhase
const random = randomStream(seed, 'kill-storm')
// A checkpoint every few steps, so that about half of the kills fall into one being written.
const settings = {
  // More than the kills leave time for; an update of phase 4 is several steps of the others.
  steps: phase === 'ppo' ? 900 : 3600,
  checkpointInterval: 3,
  evalInterval: 100,
  warmupSteps: 20,
  keepCheckpoints: 2,
}

const workspace = await trainingWorkspace()
const start = await phases[phase](workspace)
const before = new Set(checkpointFolders(workspace).map(({ run }) => run))
const startedAt = performance.now()
const untouched = start(settings)
while (
  untouched.process.exitCode === null &&
  checkpointFolders(workspace).every(({ run }) => before.has(run))
)
  await wait(5)
/** Until the first checkpoint, on a machine as busy as this one. */
const startUpMs = performance.now() - startedAt
const straight = (await untouched.json) as unknown as TrainingResult
const others = new Set(checkpointFolders(workspace).map(({ run }) => run))

let run: string | undefined
let killed = 0
let inCheckpoint = 0
for (let kill = 1; kill <= kills; kill++) {
  const attempt = run
    ? resume(workspace, phase, run, kill % 2 === 0 ? ['--threads', '1'] : [])
    : start(settings)
  let hasEnded = false
  attempt.process.once('close', () => (hasEnded = true))
  while (!run && !hasEnded) {
    await wait(5)
    run = checkpointFolders(workspace).find(folder => !others.has(folder.run))?.run
  }
  // The kill falls anywhere from the end of start-up to some way into training.
  await wait(0.6 * startUpMs + random.integer(Math.round(1500 + 0.6 * startUpMs)))
  if (hasEnded) {
    console.error(`the run was through before kill ${kill}`)
    break
  }
  await killAndWait(attempt.process)
  killed++

  // What the next start will clear away: a checkpoint that was being written or taken out.
  if (readdirSync(join(workspace.path, 'checkpoints')).some(name => name.startsWith('.'))) inCheckpoint++
  const integrity = database(workspace, db => db.pragma('integrity_check', { simple: true }))
  const foreignKeys = database(workspace, db => db.pragma('foreign_key_check')) as unknown[]
  if (integrity !== 'ok' || foreignKeys.length > 0)
    throw new Error(`kill ${kill}: the database is ${integrity}`)
  const step = database(workspace, db =>
    db.prepare('SELECT step FROM runs WHERE id = ?').pluck().get(run),
  ) as number
  const { checkpoints } = (await andromeda(['checkpoint', 'list', '--workspace', workspace.path]).json) as {
    checkpoints: { id: string }[]
  }
  for (const { id } of checkpoints) {
    const verified = await andromeda(['checkpoint', 'verify', id, '--workspace', workspace.path]).json
    if (verified.verified !== true)
      throw new Error(`kill ${kill}: ${id} does not verify: ${JSON.stringify(verified)}`)
  }
  const status = database(workspace, db =>
    db.prepare('SELECT status FROM runs WHERE id = ?').pluck().get(run),
  )
  if (status === 'finished') {
    console.error(`kill ${kill} came after the last checkpoint: the run is finished`)
    break
  }
  console.error(
    `kill ${kill} of ${kills}: step ${step}, ${checkpoints.length} checkpoints verify, database ok`,
  )
}

const weights = () =>
  database(workspace, db =>
    db
      .prepare('SELECT weights_sha256 FROM checkpoints WHERE run = ? AND step = ?')
      .pluck()
      .get(run, settings.steps),
  ) as string | undefined
if (weights() === undefined) await resume(workspace, phase, run!).json
const [expected, got] = [losses(workspace, straight.run), losses(workspace, run!)]
const differing = [...expected].filter(([step, loss]) => !Object.is(got.get(step), loss))
const same = weights() === straight.weightsSha256 && differing.length === 0 && got.size === expected.size
console.log(
  JSON.stringify({
    kills: killed,
    seed,
    phase,
    device: startedOn(workspace, straight.run),
    inCheckpoint,
    sameWeights: weights() === straight.weightsSha256,
    differingLosses: differing.length,
    same,
  }),
)
workspace.remove()
process.exitCode = same ? 0 : 1
