// A run and checkpoints of a few kilobytes, equal for equal (run, step): the input of every storage test.

import type { CheckpointStore } from '../../../src-main/core/checkpoints/checkpoint-store.ts'
import type { CheckpointContent } from '../../../src-main/core/checkpoints/staging.ts'
import type { CoreContext } from '../../../src-main/core/context.ts'
import type { Db } from '../../../src-main/core/database/open.ts'
import { insertRun } from '../../../src-main/core/database/queries/runs.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import type { Workspace } from '../../../src-main/core/workspace/workspace.ts'
import { toGenerationConfig, toHuggingFaceConfig } from '../../../src-shared/config/huggingface.ts'
import { modelFields, parseModelShape, resolveModel } from '../../../src-shared/config/model-config.ts'
import type { TensorEntry } from '../../../src-shared/contract/engine-contract.ts'

export const contextOf = (workspace: Workspace): CoreContext => ({
  workspace,
  jobs: new Jobs(() => {}),
  publish: () => {},
})

export const tinyModel = resolveModel(
  parseModelShape({ nLayer: 1, nHead: 1, nEmbd: 4, contextLength: modelFields.contextLength.default }),
  7,
)

export function insertTinyRun(db: Db, id: string, createdAt?: string): void {
  insertRun(db, {
    id,
    name: `Run ${id}`,
    phase: 'pretrain',
    status: 'running',
    parentCheckpoint: null,
    tokenizer: 'tokenizer-1',
    model: tinyModel,
    config: { steps: 100, seed: 1 },
    data: { sources: [] },
    steps: 100,
    ...(createdAt !== undefined && { createdAt }),
  })
}

export const tinyTensors: TensorEntry[] = [
  { name: 'transformer.wte.weight', shape: [7, 4] },
  { name: 'transformer.ln_f.bias', shape: [4] },
  { name: 'transformer.h.0.attn.c_attn.weight', shape: [4, 12] },
]
export const tinyMoments: TensorEntry[] = tinyTensors.flatMap(({ name, shape }) => [
  { name: `m.${name}`, shape },
  { name: `v.${name}`, shape },
])

export const size = (entries: readonly TensorEntry[]): number =>
  entries.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)

/** Values that tell run step, file and place apart. */
export const valuesOf = (entries: readonly TensorEntry[], step: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: size(entries) }, (_, i) => step + i / 1024)

export const bytesOf = (values: Float32Array<ArrayBuffer>): Uint8Array => new Uint8Array(values.buffer)

export function tinyContent(
  run: string,
  step: number,
  change: Partial<CheckpointContent> = {},
): CheckpointContent {
  const ids = { endOfText: 0, pad: 1 }
  return {
    run,
    phase: 'pretrain',
    state: { step, tokens: step * 1024, bestEvalLoss: 1 / step, extra: {} },
    evalLoss: 1 / step,
    model: tinyTensors,
    optimizer: tinyMoments,
    files: {
      'config.json': JSON.stringify(toHuggingFaceConfig(tinyModel, ids), null, 2),
      'generation_config.json': JSON.stringify(toGenerationConfig(ids), null, 2),
      'tokenizer.json': '{"version":"1.0"}',
      'tokenizer_config.json': '{"clean_up_tokenization_spaces":false}',
    },
    stateFile: { seed: 1, data: 'hash-of-data', config: { steps: 100, learningRate: 0.001 } },
    fingerprint: 'test device',
    ...change,
  }
}

/** Begins, writes in pieces and commits a checkpoint. */
export async function commitTiny(
  store: CheckpointStore,
  run: string,
  step: number,
  change: Partial<CheckpointContent> = {},
): Promise<{ checkpoint: string; weightsSha256: string }> {
  const content = tinyContent(run, step, change)
  const staging = store.begin(content)
  for (const file of ['model', 'optimizer'] as const) {
    const bytes = bytesOf(valuesOf(content[file], step))
    for (let at = 0; at < bytes.byteLength; at += 64) store.write(staging, file, bytes.subarray(at, at + 64))
  }
  return store.commit(staging)
}
