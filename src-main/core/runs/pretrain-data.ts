// Phase 1's data: which tokens stand in batch (step, micro), of corpora in a mixture.
import { mixture, type Window } from '../../../src-shared/batches/pretrain-batch.ts'
import { shorterThanContext, windowTokens } from '../../../src-shared/batches/shorter-than-context.ts'
import { parsePretrainConfig } from '../../../src-shared/config/pretrain-config.ts'
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { TokenReader } from '../corpora/tokenized.ts'
import type { Run } from '../database/queries/runs.ts'
import type { TokenRunData } from './run-data.ts'
import type { RunParts } from './training-session.ts'

/** A corpus of a run, tokenized and open. */
export interface OpenSource {
  readonly name: string
  readonly weight: number
  readonly train: TokenReader
  readonly validation: TokenReader
}

export interface RunShape {
  readonly batchSize: number
  readonly gradientAccumulationSteps: number
  readonly contextLength: number
  readonly seed: number
}

/** Evaluation always reads the same windows, whatever the run's seed. */
const EVALUATION_SEED = 0

export class PretrainData implements TokenRunData {
  private readonly sources: readonly OpenSource[]
  private readonly shape: RunShape
  private readonly validation: readonly OpenSource[]
  private readonly trainWindow: (n: number) => Window
  private readonly validationWindow: (n: number) => Window

  /** @throws LabError `bad-input` when a source is shorter than one window, or all weights are 0 */
  constructor(sources: readonly OpenSource[], shape: RunShape) {
    this.sources = sources.filter(source => source.weight > 0)
    this.shape = shape
    if (this.sources.length === 0)
      throw new LabError({
        code: 'bad-input',
        what: 'no source has any weight',
        where: 'sources',
        fix: 'give at least one corpus a share',
      })
    for (const { name, train } of this.sources)
      if (train.length < windowTokens(shape.contextLength))
        throw shorterThanContext(name, train.length, shape.contextLength)
    // A corpus too small to have a validation part is trained on, not measured on.
    this.validation = this.sources.filter(({ validation }) => validation.length >= 2)
    const { contextLength, seed } = shape
    this.trainWindow = mixture(
      this.sources.map(({ weight, train }) => ({ weight, tokens: train.length })),
      contextLength,
      seed,
    )
    this.validationWindow = mixture(
      this.validation.map(({ weight, validation }) => ({ weight, tokens: validation.length })),
      contextLength,
      EVALUATION_SEED,
      'validation',
    )
  }

  /** Micro-batch `micro` of step `step`: samples (step · accumulation + micro) · batchSize … of the mixture. */
  batch(step: number, micro: number): TokenBatch {
    const { batchSize, gradientAccumulationSteps, contextLength } = this.shape
    const first = (step * gradientAccumulationSteps + micro) * batchSize
    return this.assemble(i => {
      const { source, start } = this.trainWindow(first + i)
      return this.sources[source]!.train.read(start, contextLength + 1)
    })
  }

  /** Evaluation batch `index`, or null without validation text. Windows shorter than the context are padded with uncounted targets. */
  evalBatch(index: number): TokenBatch | null {
    if (this.validation.length === 0) return null
    const { batchSize, contextLength } = this.shape
    return this.assemble(i => {
      const { source, start } = this.validationWindow(index * batchSize + i)
      const { validation } = this.validation[source]!
      return validation.read(start, Math.min(contextLength + 1, validation.length - start))
    })
  }

  /** With the tokens of each source. */
  describe(data: Run['data']): Run['data'] {
    return {
      ...data,
      sources: data.sources.map((source, i) => ({
        ...source,
        tokens: this.sources[i]!.train.length,
        validationTokens: this.sources[i]!.validation.length,
      })),
    }
  }

  close(): void {
    for (const { train, validation } of this.sources) {
      train.close()
      validation.close()
    }
  }

  /** Windows of ≤ contextLength + 1 tokens become inputs and their next-token targets. */
  private assemble(window: (i: number) => Int32Array): TokenBatch {
    const { batchSize, contextLength } = this.shape
    const tokens = new Int32Array(batchSize * contextLength)
    const targets = new Int32Array(batchSize * contextLength).fill(-1)
    for (let i = 0; i < batchSize; i++) {
      const text = window(i)
      tokens.set(text.subarray(0, Math.min(contextLength, text.length)), i * contextLength)
      targets.set(text.subarray(1, contextLength + 1), i * contextLength)
    }
    return { batchSize, length: contextLength, tokens, targets }
  }
}

/**
 * Opens a run's corpora as tokens, tokenizing what is not yet; each as a job, so that its progress shows.
 * @throws LabError `conflict` when a corpus is no longer the one the run was started with, and as PretrainData
 */
export async function openPretrainData({ context, corpora }: RunParts, run: Run): Promise<PretrainData> {
  const config = parsePretrainConfig(run.config, run.id)
  const sources: OpenSource[] = []
  try {
    for (const { corpus, name, weight, hash } of run.data.sources) {
      const present = corpora.show(corpus)
      if (present.hash !== hash)
        throw new LabError({
          code: 'conflict',
          what: `the corpus "${name}" is not the one this run was started with`,
          where: run.id,
          expected: `hash ${hash.slice(0, 12)}`,
          got: present.hash.slice(0, 12),
          fix: 'start a new run on it',
        })
      const job = context.jobs.start('tokenize', `Tokenizing ${name}`, async control => {
        // Open files do not travel to a screen: the job has no result.
        sources.push({ name, weight, ...(await corpora.tokenized(corpus, run.tokenizer!, control)) })
      })
      await job.done
    }
    const { batchSize, gradientAccumulationSteps, seed } = config
    return new PretrainData(sources, {
      batchSize,
      gradientAccumulationSteps,
      contextLength: run.model.contextLength,
      seed,
    })
  } catch (error) {
    for (const { train, validation } of sources) {
      train.close()
      validation.close()
    }
    throw error
  }
}
