// Weights, moments and what else a run goes on from leave the engine here, tensor by tensor in pieces; the core turns them into a Hugging Face folder.
import {
  CHUNK_BYTES,
  type CheckpointFile,
  type TrainState,
} from '../../../src-shared/contract/engine-contract.ts'
import type { TensorStore } from './tensor-store.ts'
import type { TrainContext } from './train-loop.ts'

/** @throws LabError what the core refused: no space, non-finite weights */
export async function writeCheckpoint(
  { core, spec, model }: TrainContext,
  store: TensorStore,
  state: TrainState,
  evalLoss: number | null,
): Promise<void> {
  const modelTensors = model.parameters.map(({ name, shape }) => ({ name, shape: [...shape] }))
  const optimizerTensors = store.tensors().map(({ name, shape }) => ({ name, shape: [...shape] }))
  const { staging } = await core.host('host.checkpointBegin', {
    run: spec.run,
    state,
    evalLoss,
    model: modelTensors,
    optimizer: optimizerTensors,
  })
  try {
    for (const { name } of modelTensors) await send('model', await model.readTensor(name))
    for (const { name } of optimizerTensors) await send('optimizer', await store.readTensor(name))
    await core.host('host.checkpointCommit', { staging })
  } catch (error) {
    await core.host('host.checkpointAbort', { staging })
    throw error
  }

  async function send(file: CheckpointFile, values: Float32Array): Promise<void> {
    const all = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    for (let offset = 0; offset < all.length; offset += CHUNK_BYTES)
      await core.host('host.checkpointWrite', {
        staging,
        file,
        bytes: all.slice(offset, offset + CHUNK_BYTES),
      })
  }
}
