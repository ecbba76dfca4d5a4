// The preferences of a run as they are measured: from its snapshot, split as the run splits them.
import { responseTokens } from '../../../src-shared/batches/preference-example.ts'
import { parseRewardConfig } from '../../../src-shared/config/reward-config.ts'
import type { Agreement } from '../../../src-shared/contract/preferences-contract.ts'
import {
  addAgreement,
  agreementCounts,
  agreementOf,
  CountedElsewhere,
  noAgreement,
} from '../../../src-shared/preferences/agreement.ts'
import {
  judgementsOfRow,
  type PreferenceRow,
  preferenceRow,
} from '../../../src-shared/preferences/preference-row.ts'
import { comparedResponses } from '../../../src-shared/preferences/ranked-pairs.ts'
import { readTask } from '../../../src-shared/preferences/stored-task.ts'
import {
  type LabeledPair,
  labeledPairs,
  type MeasuredPrompt,
} from '../../../src-shared/reward/measured-prompt.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
import { readSnapshot } from '../datasets/snapshot.ts'
import { takeTurns } from '../jobs/turns.ts'
import { isValidationPrompt, promptKey } from '../rankings/prompt-key.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** A file may name any. */
const MOST_WORLDS = 3
/** Of training, where only a look beside validation is wanted; validation is scored whole. */
const MOST_TRAIN_PROMPTS = 500

export interface ComparedResponse {
  readonly text: string
  readonly stopped: boolean
}

/** A prompt with the responses that some pair compares. */
export interface ComparedPrompt extends Omit<MeasuredPrompt, 'responses'> {
  readonly responses: readonly ComparedResponse[]
}

export interface Comparisons {
  /** At most 500, evenly spread. */
  readonly train: readonly ComparedPrompt[]
  readonly validation: readonly ComparedPrompt[]
  /** Different ones of all that were trained on; the same may stand in several sets. */
  readonly distinctTrain: number
  readonly agreement: Agreement
  /** Seeds of the starter worlds that prompts are about, at most three, the commonest first. */
  readonly worlds: readonly number[]
}

/**
 * What the run was trained on and measured with; prompts that it refused are left out.
 * @throws LabError `damaged` when the rows are gone or changed; `cancelled`
 */
export async function readComparisons(
  workspace: Workspace,
  run: Run,
  tokenizer: Tokenizer,
  signal: AbortSignal,
): Promise<Comparisons> {
  const { validationShare } = parseRewardConfig(run.config, run.id)
  const { hash, prompts, sets } = run.data.preferences!
  const train: ComparedPrompt[] = []
  const validation: ComparedPrompt[] = []
  const labels = new LabelCounts(sets.length)
  const worlds = new Map<number, number>()
  const othersTurn = takeTurns()
  let trained = 0
  const distinct = new Set<string>()
  for await (const row of readSnapshot(workspace, hash, preferenceRow, 'preferences')) {
    signal.throwIfAborted()
    const pairs = labeledPairs(row)
    labels.add(row, pairs)
    const world = readTask(row.task)?.world
    if (world !== undefined) worlds.set(world, (worlds.get(world) ?? 0) + 1)
    const prompt = pairs.length === 0 ? null : comparedPrompt(row, pairs, tokenizer, run.model.contextLength)
    if (prompt && isValidationPrompt(prompt.key, validationShare)) validation.push(prompt)
    else if (prompt) {
      distinct.add(prompt.key)
      if (isChosen(trained++, prompts.train)) train.push(prompt)
    }
    await othersTurn()
  }
  const commonest = [...worlds].sort(([, a], [, b]) => b - a).map(([world]) => world)
  return {
    train,
    validation,
    distinctTrain: distinct.size,
    agreement: labels.agreement(),
    worlds: commonest.slice(0, MOST_WORLDS),
  }
}

/** Whether one of `total` is among those that are spread evenly over them. */
const isChosen = (n: number, total: number): boolean => {
  const share = Math.min(1, MOST_TRAIN_PROMPTS / total)
  return Math.floor((n + 1) * share) > Math.floor(n * share)
}

/** null where it does not fit the context. */
function comparedPrompt(
  { prompt: messages, responses, set = '', number = 0 }: PreferenceRow,
  pairs: readonly LabeledPair[],
  tokenizer: Tokenizer,
  contextLength: number,
): ComparedPrompt | null {
  const { compared, placeOf } = comparedResponses(pairs.map(({ winner, loser }) => [winner, loser]))
  const measured: ComparedResponse[] = []
  for (const i of compared) {
    const { text, stopped = true } = responses[i]!
    const { length } = responseTokens(tokenizer, messages, { text, stopped })
    if (length > contextLength) return null
    measured.push({ text, stopped })
  }
  return {
    key: promptKey(messages),
    set,
    number,
    messages,
    responses: measured,
    pairs: pairs.map(pair => ({ ...pair, winner: placeOf(pair.winner), loser: placeOf(pair.loser) })),
  }
}

/** What all labels of a run say of each other. */
class LabelCounts {
  private readonly counts = noAgreement()
  private readonly simulated = new Map<string, { noise: number; pairs: number }>()
  private people = 0
  private readonly elsewhere = new CountedElsewhere()

  private readonly sets: number

  /** @param sets that the rows are of */
  constructor(sets: number) {
    this.sets = sets
  }

  add(row: PreferenceRow, pairs: readonly LabeledPair[]): void {
    const counts = agreementCounts(judgementsOfRow(row))
    addAgreement(this.counts, counts)
    if (this.sets > 1) {
      const prompt = { key: promptKey(row.prompt), responses: row.responses }
      addAgreement(this.counts, this.elsewhere.of(row.set ?? '', prompt, counts), -1)
    }
    for (const { labeler, simulated } of pairs) {
      if (!simulated) {
        this.people++
        continue
      }
      const { noise } = simulated
      const known = this.simulated.get(labeler)
      this.simulated.set(labeler, { noise, pairs: (known?.pairs ?? 0) + 1 })
    }
  }

  agreement(): Agreement {
    const simulated = [...this.simulated].map(([labeler, said]) => ({ labeler, ...said }))
    return agreementOf(this.counts, { simulated, people: this.people })
  }
}
