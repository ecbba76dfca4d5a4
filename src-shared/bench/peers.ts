// Whom the speeds of a report are told against, in words.
import { type BenchReport, type BenchResult, modeNames } from './report.ts'

type Peer = NonNullable<BenchResult['ratio']>['peer']

export const peerNames: Readonly<Record<Peer, string>> = {
  stock: 'the same model in stock TF.js',
  composed: 'our kernels composed of TF.js operations',
  uncached: 'composed kernels that read the whole text again for every token',
}

/** `Peers: training against the same model in stock TF.js; writing against ….`; empty where nothing had a peer. */
export function peersSentence({ results }: Pick<BenchReport, 'results'>): string {
  const parts = Object.entries(modeNames).flatMap(([mode, name]) => {
    const peers = new Set(results.flatMap(({ mode: of, ratio }) => (of === mode && ratio ? ratio.peer : [])))
    if (peers.size === 0) return []
    const names = [...peers].map(peer =>
      peer === 'composed' && mode === 'generate'
        ? `${peerNames.composed}, with a cache as well`
        : peerNames[peer],
    )
    return `${name} against ${names.join(' or ')}`
  })
  return parts.length > 0 ? `Peers: ${parts.join('; ')}.` : ''
}

/** Why some figures are missing. */
export const MISSING_NOTE =
  'Memory is known of kernels that have one of their own: all of TF.js shares one heap. Milliseconds in JavaScript are ' +
  'those outside of kernels, on a GPU until it is first waited for; TF.js on the CPU does not tell its kernels apart.'
