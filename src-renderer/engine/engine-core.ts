// The engine's view of the core: typed calls and topics, and weights streamed in pieces.
import {
  CHUNK_BYTES,
  type CheckpointFile,
  type engineHostMethods,
  type engineTopics,
} from '../../src-shared/contract/engine-contract.ts'
import { LabError } from '../../src-shared/contract/errors.ts'
import type { Caller, Publish } from '../../src-shared/contract/method.ts'

/** Anything whose tensors a checkpoint holds: a model, an optimizer. */
export interface TensorHolder {
  loadTensor(name: string, values: Float32Array): void
}

export interface EngineCore {
  readonly host: Caller<typeof engineHostMethods>
  readonly publish: Publish<typeof engineTopics>
  /** Loads the tensors `expected` of a checkpoint's file. @throws LabError `damaged` when it does not hold them so */
  loadTensors(
    checkpoint: string,
    file: CheckpointFile,
    expected: readonly { name: string; shape: readonly number[] }[],
    into: TensorHolder,
  ): Promise<void>
}

export function createEngineCore(
  host: Caller<typeof engineHostMethods>,
  publish: Publish<typeof engineTopics>,
): EngineCore {
  return {
    host,
    publish,
    async loadTensors(checkpoint, file, expected, into) {
      const present = new Map(
        (await host('host.tensors', { checkpoint, file })).map(entry => [entry.name, entry]),
      )
      for (const { name, shape } of expected) {
        const found = present.get(name)
        if (!found || found.shape.join() !== shape.join())
          throw new LabError({
            code: 'damaged',
            what: `${file}.safetensors does not hold ${name} as the model needs it`,
            where: checkpoint,
            expected: `shape (${shape.join(', ')})`,
            got: found ? `shape (${found.shape.join(', ')})` : 'nothing of that name',
            fix: 'use a checkpoint of this model',
          })
      }
      for (const { name, shape } of expected) {
        const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
        const chunk = CHUNK_BYTES / 4
        for (let offset = 0; offset < values.length; offset += chunk)
          values.set(
            await host('host.readTensor', {
              checkpoint,
              file,
              name,
              offset,
              length: Math.min(chunk, values.length - offset),
            }),
            offset,
          )
        into.loadTensor(name, values)
      }
    },
  }
}
