// Token and position embeddings and rotary positions.
import type { DeviceArray, Kernels } from '../kernels.ts'
import { EMBEDDED_ROWS, TABLE_COLUMNS } from './chunk-sizes.ts'
import { ADD_POSITIONS, ADD_POSITIONS_BACKWARD, EMBED, EMBED_BACKWARD, ROPE } from './kernel-table.ts'
import { simd } from './simd-arrays.ts'
import { chunksOf, type SimdContext } from './simd-context.ts'

export function embeddingKernels(
  context: SimdContext,
): Pick<Kernels, 'embed' | 'embedBackward' | 'addPositions' | 'addPositionsBackward' | 'rope'> {
  const { arrays, run } = context
  const angles = new Map<string, { address: number; positions: number }>()

  function embed(tokens: DeviceArray, table: DeviceArray) {
    const [ids, rows] = [simd(tokens), context.whole(table)]
    const out = arrays.make([ids.size, rows.width])
    run(EMBED, chunksOf(ids.size, EMBEDDED_ROWS), [
      ...[out.address, ids.address, rows.address, ids.size, rows.width, rows.rows],
    ])
    return out
  }

  const embedBackward: Kernels['embedBackward'] = (dOut, tokens, vocabularySize, before) => {
    const [ids, d] = [simd(tokens), context.whole(dOut)]
    const dTable = before ? simd(before) : arrays.make([vocabularySize, d.width])
    run(EMBED_BACKWARD, chunksOf(d.width, TABLE_COLUMNS), [
      ...[dTable.address, ids.address, d.address, ids.size, d.width, vocabularySize, before ? 1 : 0],
    ])
    return dTable
  }

  function addPositions(x: DeviceArray, positions: DeviceArray, length: number) {
    const [xs, table] = [context.whole(x), context.whole(positions)]
    const out = arrays.make(xs.shape)
    run(ADD_POSITIONS, chunksOf(xs.rows, EMBEDDED_ROWS), [
      ...[out.address, xs.address, table.address, xs.rows, xs.width, length],
    ])
    return out
  }

  const addPositionsBackward: Kernels['addPositionsBackward'] = (dOut, length, contextLength, before) => {
    const d = context.whole(dOut)
    const dPositions = before ? simd(before) : arrays.make([contextLength, d.width])
    run(ADD_POSITIONS_BACKWARD, chunksOf(contextLength, EMBEDDED_ROWS), [
      ...[dPositions.address, d.address, d.rows, d.width, length, contextLength, before ? 1 : 0],
    ])
    return dPositions
  }

  /** (positions, D) of cosines and sines of position · θ^(−2i/D); kept, and made anew when a later position is asked for. */
  function anglesFor(headDim: number, theta: number, wanted: number): number {
    const key = `${headDim}/${theta}`
    const known = angles.get(key)
    if (known && known.positions >= wanted) return known.address
    const positions = 2 ** Math.ceil(Math.log2(wanted))
    const half = headDim / 2
    const address = context.arena.allocate(4 * positions * headDim)
    if (known) context.arena.free(known.address)
    const table = arrays.floats(address, positions * headDim)
    for (let t = 0; t < positions; t++)
      for (let i = 0; i < half; i++) {
        const angle = t * theta ** ((-2 * i) / headDim)
        table[t * headDim + i] = Math.cos(angle)
        table[t * headDim + half + i] = Math.sin(angle)
      }
    angles.set(key, { address, positions })
    return address
  }

  const rope: Kernels['rope'] = (x, length, headDim, theta, options = {}) => {
    const { inverse = false, positions } = options
    const xs = context.whole(x)
    const out = arrays.make(xs.shape)
    const wanted = positions ? positions.reduce((most, position) => Math.max(most, position), 0) + 1 : length
    const table = anglesFor(headDim, theta, wanted)
    context.borrowIntegers(positions ?? [], positionsAt =>
      run(ROPE, chunksOf(xs.rows, EMBEDDED_ROWS), [
        ...[out.address, xs.address, table, positions ? positionsAt : 0, xs.rows, xs.width / headDim],
        ...[headDim, length, inverse ? 1 : 0],
      ]),
    )
    return out
  }

  return { embed, embedBackward, addPositions, addPositionsBackward, rope }
}
