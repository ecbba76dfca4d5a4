// Phase 1's batches: a pure function of (sources, seed, sample number). Nothing to save, nothing to lose on resume.
import { permutedIndex, randomStream } from '../random/counter.ts'

/** One corpus as a run sees it: its share of the mixture and its length. */
export interface TokenSource {
  readonly weight: number
  /** Tokens in the split that is read (document starts included). */
  readonly tokens: number
}

/** Samples per mixture block: inside each block of this many, every source has its exact share. */
export const MIXTURE_BLOCK = 1000

/** Largest-remainder shares of `MIXTURE_BLOCK` samples; a source with any weight gets at least one. */
export function blockShares(sources: readonly TokenSource[]): number[] {
  const total = sources.reduce((sum, s) => sum + s.weight, 0)
  if (total === 0) return sources.map(() => 0)
  const exact = sources.map(s => (s.weight / total) * MIXTURE_BLOCK)
  const shares = exact.map((x, i) => (sources[i]!.weight > 0 ? Math.max(1, Math.floor(x)) : 0))
  let rest = MIXTURE_BLOCK - shares.reduce((a, b) => a + b, 0)
  const order = exact
    .map((x, i) => ({ i, remainder: x - Math.floor(x) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  for (let k = 0; rest > 0; k = (k + 1) % order.length) {
    if (sources[order[k]!.i]!.weight > 0) {
      shares[order[k]!.i]!++
      rest--
    }
  }
  while (rest < 0) {
    const largest = shares.indexOf(Math.max(...shares))
    shares[largest]!--
    rest++
  }
  return shares
}

/** Windows of contextLength + 1 tokens that one epoch cuts out of `tokens` tokens. */
export const windowsPerEpoch = (tokens: number, contextLength: number): number =>
  Math.max(1, Math.floor((tokens - 1) / contextLength) - 1)

/** One training window: `contextLength` + 1 tokens of `source` from `start`, in that source's epoch number `epoch`. */
export interface Window {
  readonly source: number
  readonly start: number
  readonly epoch: number
}

/**
 * The mixture of a run: sample number n → window, a pure function of what is given here. Each source is walked epoch by
 * epoch, every window once per epoch in shuffled order, the cutting points shifted anew each epoch
 * (concatenate-and-chunk; algorithms page §2.2).
 */
export function mixture(
  sources: readonly TokenSource[],
  contextLength: number,
  seed: number,
  stream = 'pretrain',
): (n: number) => Window {
  const shares = blockShares(sources)
  /** The newest block's deck: which source each sample takes, and how many of that source came before it. */
  let deck = { block: -1, source: new Uint32Array(MIXTURE_BLOCK), before: new Uint32Array(MIXTURE_BLOCK) }

  function deal(block: number): typeof deck {
    const source = new Uint32Array(MIXTURE_BLOCK)
    const before = new Uint32Array(MIXTURE_BLOCK)
    const dealt = shares.map(() => 0)
    for (let i = 0; i < MIXTURE_BLOCK; i++) {
      let card = permutedIndex(i, MIXTURE_BLOCK, seed, `${stream}/deck`, block)
      let s = 0
      while (card >= shares[s]!) card -= shares[s++]!
      source[i] = s
      before[i] = dealt[s]!++
    }
    return { block, source, before }
  }

  return n => {
    const block = Math.floor(n / MIXTURE_BLOCK)
    if (deck.block !== block) deck = deal(block)
    const source = deck.source[n % MIXTURE_BLOCK]!
    const k = block * shares[source]! + deck.before[n % MIXTURE_BLOCK]!

    const { tokens } = sources[source]!
    const windows = windowsPerEpoch(tokens, contextLength)
    const epoch = Math.floor(k / windows)
    const spare = Math.max(0, tokens - 1 - windows * contextLength) // 0 for a source shorter than one window
    const offset = randomStream(seed, `${stream}/offset/${source}`, epoch).integer(
      Math.min(spare, contextLength) + 1,
    )
    const window = permutedIndex(k % windows, windows, seed, `${stream}/order/${source}`, epoch)
    return { source, start: offset + window * contextLength, epoch }
  }
}

/** How many times the run reads each source: tokens sampled / tokens available, as LLaMA's Table 1. */
export function epochsPerSource(sources: readonly TokenSource[], plannedTokens: number): number[] {
  const total = sources.reduce((sum, s) => sum + s.weight, 0)
  return sources.map(s => (s.tokens > 0 && total > 0 ? (plannedTokens * s.weight) / total / s.tokens : 0))
}
