import { expect, test } from 'vitest'
import { peersSentence } from '../../../src-shared/bench/peers.ts'
import { reportOf, resultOf } from './bench-report.ts'

const against = (peer: 'stock' | 'composed' | 'uncached') => ({
  ratio: { peer, peerTokensPerSecond: 500, low: 7, median: 8, high: 9 },
})

test('the peers of a report are those that it had', () => {
  const sentence = (writing: 'composed' | 'uncached') =>
    peersSentence(
      reportOf({
        results: [
          resultOf(against('stock')),
          resultOf({ mode: 'generate', kernels: 'simd', ...against(writing) }),
        ],
      }),
    )
  expect(sentence('uncached')).toBe(
    'Peers: training against the same model in stock TF.js; writing against composed kernels that read the whole text again for every token.',
  )
  expect(sentence('composed')).toBe(
    'Peers: training against the same model in stock TF.js; writing against our kernels composed of TF.js operations, with a cache as well.',
  )
  expect(peersSentence(reportOf({ results: [resultOf({ ratio: null })] }))).toBe('')
})
