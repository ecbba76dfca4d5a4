// Phase 2's data: which examples stand in batch (step, micro), packed into rows.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { PackedRows, packedEpoch } from '../../../src-shared/batches/packing.ts'
import { packedBatch } from '../../../src-shared/batches/sft-batch.ts'
import type { SftExample } from '../../../src-shared/batches/sft-example.ts'
import { parseSftConfig } from '../../../src-shared/config/sft-config.ts'
import type { TokenBatch } from '../../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { specialId } from '../../../src-shared/tokenizer/special-id.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import type { Run } from '../database/queries/runs.ts'
import { readSnapshot } from '../datasets/snapshot.ts'
import {
  demonstrationSnapshotRow,
  type EncodedDemonstrations,
  encodeDemonstrations,
  lengthsOf,
  rowsInFirstEpoch,
} from '../demonstrations/encoded.ts'
import type { TokenRunData } from './run-data.ts'
import type { RunParts } from './training-session.ts'

/** Validation rows are packed the same way in every run. */
const EVALUATION_SEED = 0
/** Packed in one turn on the way to a late epoch. */
const ROWS_AT_ONCE = 1000

export interface SftShape {
  readonly batchSize: number
  readonly gradientAccumulationSteps: number
  readonly contextLength: number
  readonly seed: number
  readonly padToken: number
}

export class SftData implements TokenRunData {
  readonly stepsPerEpoch: number
  private readonly examples: EncodedDemonstrations
  private readonly shape: SftShape
  private readonly trainRows: PackedRows
  private readonly validationRows: readonly (readonly number[])[]
  /** Settles when the rows asked for last are at hand. */
  private reading: Promise<unknown> = Promise.resolve()

  /**
   * @param rowsPerEpoch of the first epoch, for the metric `epoch`
   * @throws LabError `bad-input` when nothing can be trained on
   */
  constructor(examples: EncodedDemonstrations, shape: SftShape, rowsPerEpoch: number) {
    const { train, validation, refused } = examples
    if (train.length === 0) throw nothingToTrainOn(refused.length)
    const { contextLength, seed } = shape
    this.examples = examples
    this.shape = shape
    this.trainRows = new PackedRows(lengthsOf(train), contextLength, seed)
    this.validationRows = [...packedEpoch(lengthsOf(validation), contextLength, EVALUATION_SEED)]
    this.stepsPerEpoch = rowsPerEpoch / (shape.batchSize * shape.gradientAccumulationSteps)
  }

  /** Rows (step · accumulation + micro) · batchSize … of the epochs one after another. */
  async batch(step: number, micro: number): Promise<TokenBatch> {
    const { batchSize, gradientAccumulationSteps } = this.shape
    const first = (step * gradientAccumulationSteps + micro) * batchSize
    // One after another: of two on the way to different epochs, each would undo what the other has packed.
    const reading = this.reading.then(() => this.rows(first, batchSize))
    this.reading = reading
    return this.assemble(await reading, this.examples.train)
  }

  private async rows(first: number, count: number): Promise<(readonly number[])[]> {
    const rows: (readonly number[])[] = []
    for (let n = first; n < first + count; n++) {
      while (!this.trainRows.reach(n, ROWS_AT_ONCE)) await nextTurn()
      rows.push(this.trainRows.row(n))
    }
    return rows
  }

  evalBatch(index: number): TokenBatch | null {
    const { batchSize } = this.shape
    const rows = this.validationRows.slice(index * batchSize, (index + 1) * batchSize)
    return rows.length === 0 ? null : this.assemble(rows, this.examples.validation)
  }

  /** As it was counted when the run was started, on the same rows. */
  describe(data: Run['data']): Run['data'] {
    return data
  }

  close(): void {}

  private assemble(rows: readonly (readonly number[])[], examples: readonly SftExample[]): TokenBatch {
    const { contextLength, padToken } = this.shape
    return packedBatch(
      rows.map(row => row.map(example => examples[example]!)),
      contextLength,
      padToken,
    )
  }
}

export const nothingToTrainOn = (refused: number): LabError =>
  new LabError({
    code: 'bad-input',
    what:
      refused === 0
        ? 'there is no demonstration to train on'
        : refused === 1
          ? 'the only demonstration is refused'
          : `all ${refused.toLocaleString('en-US')} demonstrations are refused`,
    fix:
      refused === 0
        ? 'import or write demonstrations'
        : 'shorten them, or start from a model with a longer context; the list of refused rows says why',
  })

/** @throws LabError `damaged` when the rows that the run was started with are gone or changed */
export async function openSftData({ context }: RunParts, run: Run, tokenizer: Tokenizer): Promise<SftData> {
  const { batchSize, gradientAccumulationSteps, seed, validationShare } = parseSftConfig(run.config, run.id)
  const { contextLength } = run.model
  const rows = readSnapshot(
    context.workspace,
    run.data.demonstrations!.hash,
    demonstrationSnapshotRow,
    'demonstrations',
  )
  const shape: SftShape = {
    batchSize,
    gradientAccumulationSteps,
    contextLength,
    seed,
    padToken: specialId(tokenizer, '<|pad|>'),
  }
  let data: SftData | undefined
  // Examples do not travel to a screen: the job has no result.
  const job = context.jobs.start('tokenize', 'Reading the demonstrations', async () => {
    const examples = await encodeDemonstrations(rows, tokenizer, { contextLength, validationShare })
    data = new SftData(examples, shape, await rowsInFirstEpoch(examples.train, contextLength, seed))
  })
  await job.done
  return data!
}
