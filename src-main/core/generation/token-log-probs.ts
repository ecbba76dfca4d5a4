// What a model thinks of tokens that are there already, in windows of its context.
import type { ModelParts } from './checkpoint-model.ts'
import type { ResidentModel } from './residency.ts'

/**
 * Log-probs in nats, at temperature 1 and unfiltered, of the tokens from place `from` on, each after all before it: of a
 * longer text after at least half a context of what went before.
 * @param tokens beginning with one that is not asked about
 * @param from at least 1
 * @param context as much as is read at once; at most the model's
 * @throws LabError `cancelled` when `signal` ends it; what loading the checkpoint throws
 */
export async function tokenLogProbs(
  { residency, supervisor }: Pick<ModelParts, 'residency' | 'supervisor'>,
  { checkpoint, model }: ResidentModel,
  tokens: Int32Array,
  from: number,
  { context = model.contextLength, signal }: { context?: number; signal?: AbortSignal } = {},
): Promise<Float64Array<ArrayBuffer>> {
  const all = new Float64Array(tokens.length - from)
  const stride = Math.max(1, Math.floor(context / 2))
  for (let start = 0, done = 1; done < tokens.length; start += stride) {
    const end = Math.min(tokens.length, start + context + 1)
    if (end > from) {
      const first = Math.max(done, from)
      const inputs = tokens.slice(start, end - 1)
      const targets = tokens.slice(start + 1, end).fill(-1, 0, first - start - 1)
      const batch = { batchSize: 1, length: inputs.length, tokens: inputs, targets }
      const { logProbs } = await residency.use(
        { checkpoint, model },
        () => supervisor.call('engine.logProbs', { checkpoint, model, batch }),
        signal ? { signal } : {},
      )
      all.set(logProbs.subarray(first - start - 1), first - from)
    }
    done = end
  }
  return all
}
