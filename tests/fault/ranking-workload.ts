// A process in which somebody ranks as fast as they can while answers are still sampled, and which says in a line of JSON
// what has been answered; the fault test kills it. Usage: ranking-workload.ts <workspace> <prompts>
import { writeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { listSets } from '../../src-main/core/database/queries/preference-sets.ts'
import { Demonstrations } from '../../src-main/core/demonstrations/demonstrations.ts'
import { FileGrants } from '../../src-main/core/files/file-grants.ts'
import { Preferences } from '../../src-main/core/rankings/preferences.ts'
import { rankingsHandlers } from '../../src-main/core/rankings/rankings-handlers.ts'
import { openWorkspace } from '../../src-main/core/workspace/workspace.ts'
import { randomStream } from '../../src-shared/random/counter.ts'
import { contextOf } from '../main/checkpoints/tiny-run.ts'
import { CHECKPOINT, insertWriter, writerTokenizers } from '../main/rankings/writer.ts'

/** Of a ranking, once it is promised; of one that is taken back, before and after. */
export type RankingPromise =
  | { ranked: string; ranks: (number | null)[] }
  | { undoing: string }
  | { undone: string }
  | { done: true }

// Not through a stream: a line is out before the next call begins.
const say = (promise: RankingPromise) => writeSync(1, `${JSON.stringify(promise)}\n`)

const [path, prompts] = process.argv.slice(2) as [string, string]
const workspace = openWorkspace(path, 'terminal')
const context = contextOf(workspace)
insertWriter(workspace.db)
const ask = async (_: string, questions: readonly { seed: number }[]) => {
  await wait(20)
  return questions.map(({ seed }) => ({
    text: `answer ${seed}`,
    stopped: seed % 2 === 0,
    logProbs: new Float32Array(),
  }))
}
const handlers = rankingsHandlers(
  { context, tokenizers: writerTokenizers, demonstrations: new Demonstrations(context) },
  new Preferences(context),
  new FileGrants(workspace),
  { ask },
)

const [known] = listSets(workspace.db)
const set = known?.id ?? (await created())
if (known) await handlers['ranking.sample']({ set })

async function created(): Promise<string> {
  const { set } = await handlers['ranking.create']({
    checkpoint: CHECKPOINT,
    prompts: {
      from: 'text',
      prompts: Array.from({ length: Number(prompts) }, (_, i) => `question ${i}?`),
    },
    responses: 4,
    sampling: { maxTokens: 9, temperature: 1, topK: 0, topP: 1, seed: 1 },
    repeatShare: 0.3,
  })
  return set
}

const me = { set, labeler: 'me' }
const random = randomStream(process.pid, 'ranking-workload')
for (let state = await handlers['ranking.state'](me); ; ) {
  const { card } = state
  if (card) {
    const { number, pass, responses } = card
    const ranks = random.shuffle(responses.map((_, i) => i + 1))
    state = await handlers['ranking.rank']({ ...me, number, pass, outcome: 'ranked', ranks, seconds: 1 })
    say({ ranked: `${number}/${pass}`, ranks })
    if (random.integer(6) === 0) {
      say({ undoing: `${number}/${pass}` })
      await handlers['ranking.undo'](me)
      say({ undone: `${number}/${pass}` })
      state = await handlers['ranking.state'](me)
    }
  } else if (state.sampling) {
    await wait(1)
    state = await handlers['ranking.state'](me)
  } else break
}
say({ done: true })
workspace.close()
