// The contract's methods that look at a run of phase 4: how it stands against the fine-tuned model, blind A/B breaks, and the
// answers that it learnt from.
import * as v from 'valibot'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { LabMethods } from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers } from '../../../src-shared/contract/method.ts'
import { shownBlind } from '../../../src-shared/evaluation/vote-order.ts'
import { hash32, randomStream } from '../../../src-shared/random/counter.ts'
import type { CoreContext } from '../context.ts'
import {
  deleteLatestVote,
  findRollout,
  type HeldOutAnswer,
  heldOutAnswers,
  listVotes,
  rolloutCounts,
  saveVote,
} from '../database/queries/ppo.ts'
import { getRun } from '../database/queries/runs.ts'
import { readSnapshot } from '../datasets/snapshot.ts'
import { pieceOf } from '../tokenizers/pieces.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { differ, evaluations, oracleVerdict } from './held-out.ts'
import { type PpoPromptRow, ppoPromptRow } from './ppo-prompts.ts'
import { rolloutRow } from './stored-rollout.ts'

type PpoMethods = Omit<
  Pick<LabMethods, Extract<keyof LabMethods, `ppo.${string}`>>,
  'ppo.estimate' | 'ppo.start'
>

export function ppoHandlers(context: CoreContext, tokenizers: Pick<Tokenizers, 'get'>): Handlers<PpoMethods> {
  const { db } = context.workspace

  /** Held-out prompts with what was said at step 0 and at `step`. */
  async function compared(id: string, step: number) {
    const run = getRun(db, id)
    const [reference, policy] = [heldOutAnswers(db, id, 0), heldOutAnswers(db, id, step)]
    if (!run.data.ppo || !reference || !policy || step === 0) throw noAnswers(id, step)
    const rows: PpoPromptRow[] = []
    const hash = run.data.ppo.prompts.validationHash
    for await (const row of readSnapshot(context.workspace, hash, ppoPromptRow, 'prompts')) rows.push(row)
    return { rows, reference, policy }
  }

  const changed = () => {
    context.publish('changed', { what: 'ppo-evaluations' })
    return {}
  }

  return {
    'ppo.evaluations': ({ run }) => evaluations(db, getRun(db, run).id),
    async 'ppo.answers'({ run, step, offset, limit }) {
      const { rows, reference, policy } = await compared(run, step)
      return {
        total: rows.length,
        rows: rows.slice(offset, offset + limit).map((row, i) => {
          const [said, before] = [policy[offset + i]!, reference[offset + i]!]
          return {
            prompt: offset + i,
            messages: row.messages,
            reference: { text: before.text, score: before.score },
            policy: { text: said.text, score: said.score, kl: said.kl },
            oracle: oracleVerdict(row, said, before),
          }
        }),
      }
    },
    async 'ppo.breakPair'({ run, step }) {
      const { rows, reference, policy } = await compared(run, step)
      const order = differing(run, step, reference, policy)
      const voted = new Set(listVotes(db, run).flatMap(vote => (vote.step === step ? [vote.prompt] : [])))
      const next = order.find(prompt => !voted.has(prompt))
      if (next === undefined) return null
      const [a, b] = policySide(run, step, next) === 'a' ? [policy, reference] : [reference, policy]
      return {
        step,
        prompt: next,
        messages: rows[next]!.messages,
        a: shownBlind(a[next]!.text),
        b: shownBlind(b[next]!.text),
        voted: voted.size,
        pairs: order.length,
      }
    },
    async 'ppo.vote'({ run, step, prompt, choice }) {
      const { rows } = await compared(run, step)
      if (prompt >= rows.length) throw noAnswers(run, step)
      const side = policySide(run, step, prompt)
      saveVote(db, run, {
        step,
        prompt,
        choice: choice === 'tie' ? 'tie' : choice === side ? 'policy' : 'reference',
      })
      changed()
      return { policy: side }
    },
    'ppo.undoVote'({ run, step }) {
      if (deleteLatestVote(db, getRun(db, run).id, step)) return changed()
      throw new LabError({
        code: 'conflict',
        what: 'there is no vote to take back',
        where: `${run}, update ${step}`,
        fix: 'vote first',
      })
    },
    'ppo.rollouts': ({ run }) => rolloutCounts(db, getRun(db, run).id),
    async 'ppo.rollout'({ run, step, index }) {
      const { tokenizer: id } = getRun(db, run)
      const found = findRollout(db, run, step, index)
      if (!found)
        throw new LabError({
          code: 'not-found',
          what: `no answer ${index + 1} is kept of update ${step}`,
          where: run,
          fix: 'choose another update',
        })
      const { prompt, response, clipped, ...row } = v.parse(rolloutRow, found)
      const tokenizer = await tokenizers.get(id!)
      const pieces = (ids: readonly number[]) => ids.map(token => pieceOf(tokenizer, token))
      return {
        step,
        index,
        prompt: pieces(prompt),
        response: pieces(response),
        clipped: clipped.map(one => one === 1),
        ...row,
      }
    },
  }
}

/** Prompts to which both said something different, in an order of this evaluation's own. */
function differing(
  run: string,
  step: number,
  reference: readonly HeldOutAnswer[],
  policy: readonly HeldOutAnswer[],
): number[] {
  const prompts = policy.flatMap((answer, i) => (differ(answer, reference[i]!) ? [i] : []))
  return randomStream(hash32(run), 'ppo/break', step).shuffle(prompts)
}

/** Where the policy's answer stands. */
const policySide = (run: string, step: number, prompt: number): 'a' | 'b' =>
  randomStream(hash32(run), `ppo/break/${step}`, prompt).uniform() < 0.5 ? 'a' : 'b'

const noAnswers = (run: string, step: number): LabError =>
  new LabError({
    code: 'not-found',
    what: `there are no answers to compare after update ${step}`,
    where: run,
    expected: 'an update at which held-out prompts were answered',
    fix: 'choose another update',
  })
