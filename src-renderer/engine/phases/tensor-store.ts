// What a run needs beside its model's weights to go on to the same bits, as named tensors: moments, and in phase 4 the value
// model too. They travel like weights and lie in optimizer.safetensors.
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { TensorHolder } from '../engine-core.ts'
import type { Transformer } from '../model/transformer.ts'

export interface TensorStore extends TensorHolder {
  /** In the order of the file, as laid out there. */
  tensors(): readonly { readonly name: string; readonly shape: readonly number[] }[]
  readTensor(name: string): Promise<Float32Array<ArrayBuffer>>
}

/** A model's weights. */
export const weightsOf = (
  model: Pick<Transformer, 'parameters' | 'readTensor' | 'loadTensor'>,
): TensorStore => ({
  tensors: () => model.parameters,
  readTensor: name => model.readTensor(name),
  loadTensor: (name, values) => model.loadTensor(name, values),
})

/** Several stores as one; the tensors of each go by its prefix. The longest prefix that fits a name is meant. */
export function joinedStores(stores: Readonly<Record<string, TensorStore>>): TensorStore {
  const prefixes = Object.keys(stores).toSorted((a, b) => b.length - a.length)
  const find = (name: string) => {
    const prefix = prefixes.find(each => name.startsWith(each))
    if (prefix !== undefined) return { store: stores[prefix]!, own: name.slice(prefix.length) }
    throw new LabError({
      code: 'damaged',
      what: `nothing here is called ${name}`,
      fix: 'resume from a checkpoint of the same run',
    })
  }
  return {
    tensors: () =>
      Object.entries(stores).flatMap(([prefix, store]) =>
        store.tensors().map(({ name, shape }) => ({ name: prefix + name, shape })),
      ),
    readTensor(name) {
      const { store, own } = find(name)
      return store.readTensor(own)
    },
    loadTensor(name, values) {
      const { store, own } = find(name)
      store.loadTensor(own, values)
    },
  }
}
