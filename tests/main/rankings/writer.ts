// A model that writes, as a run and its checkpoint stand in the database, without weights: whoever asks it brings the
// answers along.
import { findCheckpoint, saveCheckpoint } from '../../../src-main/core/database/queries/checkpoints.ts'
import { insertRun } from '../../../src-main/core/database/queries/runs.ts'
import { parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import { CharacterTokenizer, UNKNOWN_CHARACTER } from '../../../src-shared/tokenizer/character.ts'

export const CHECKPOINT = 'run-writer-step-00000010'
/** Of the model, in characters: its tokenizer has one token for each. */
export const CONTEXT = 100

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))

/** Where it is not there yet. */
export function insertWriter(db: Parameters<typeof insertRun>[0]): void {
  if (findCheckpoint(db, CHECKPOINT)) return
  insertRun(db, {
    id: 'run-writer',
    name: 'Writer',
    phase: 'sft',
    status: 'finished',
    parentCheckpoint: null,
    tokenizer: 'tok-1',
    model: resolveModel(parseModelShape({ nLayer: 1, nHead: 2, nEmbd: 16, contextLength: CONTEXT }), 300),
    config: {},
    data: { sources: [] },
    steps: 10,
  } as never)
  saveCheckpoint(db, {
    id: CHECKPOINT,
    run: 'run-writer',
    step: 10,
    createdAt: '2026-01-01T00:00:00.000Z',
    folder: 'checkpoints/run-writer/step-00000010',
    bytes: 1,
    weightsSha256: '0'.repeat(64),
    manifestSha256: '0'.repeat(64),
    evalLoss: null,
    fingerprint: 'test',
    status: 'verified',
  })
}

export const writerTokenizers = { get: async () => new CharacterTokenizer([...printable, UNKNOWN_CHARACTER]) }
