import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { deviceMeaning } from '../../../../src-renderer/ui/features/overview/device-line.tsx'
import { PretrainCard } from '../../../../src-renderer/ui/features/overview/phase-card.tsx'
import { PpoCard } from '../../../../src-renderer/ui/features/overview/ppo-card.tsx'
import { nextPpoStep, summarisePpo } from '../../../../src-renderer/ui/features/overview/ppo-standing.ts'
import {
  needsFirstSteps,
  nextStep,
  summarise,
} from '../../../../src-renderer/ui/features/overview/standing.ts'
import type { EngineStatus } from '../../../../src-shared/contract/lab-contract.ts'
import { corpusOf, runOf } from '../../run-shapes.ts'
import { checkpointOf } from '../../sft-shapes.ts'

const device = {
  backend: 'webgpu',
  kernels: 'composed',
  adapter: 'Apple M3',
  reason: 'found',
  software: false,
  features: [],
  limits: {},
  fingerprint: 'f',
  runtime: 'Chromium 156',
  threads: 1,
} as const
const ready: EngineStatus = {
  state: 'ready',
  device: { ...device, features: [], limits: {} },
  error: null,
  retryInSeconds: null,
  threads: null,
  cores: 2,
  choice: 'auto',
}

describe('where phase 1 stands', () => {
  test('each state has its one next step', () => {
    const corpora = [corpusOf('c')]
    const step = (...args: Parameters<typeof summarise>) => nextStep(summarise(...args))
    expect(step([], [], [])).toBe('add-text')
    expect(step([corpusOf('c', { removedAt: '2026-03-01' })], [], [])).toBe('add-text')
    expect(step(corpora, [], [])).toBe('start-run')
    expect(step(corpora, [], [runOf('a', { status: 'running' })])).toBe('watch-run')
    expect(step(corpora, [], [runOf('a', { status: 'interrupted' })])).toBe('resume-run')
    expect(step(corpora, [], [runOf('a', { bestEvalLoss: 2 })])).toBe('complete')
    expect(step(corpora, [], [runOf('a', { status: 'failed' })])).toBe('start-run')
  })

  test('the first steps stay in reach until a run is on its way to a model', () => {
    const needs = (...args: Parameters<typeof summarise>) => needsFirstSteps(summarise(...args))
    const world = [corpusOf('c', { kind: 'starter-world' })]
    expect(summarise(world, [], []).starterWorld).toBe(true)
    expect(needs(world, [], [])).toBe(true)
    expect(needs(world, [], [runOf('a', { status: 'failed' })])).toBe(true)
    expect(needs(world, [], [runOf('a', { status: 'running' })])).toBe(false)
    expect(needs(world, [], [runOf('a', { bestEvalLoss: 2 })])).toBe(false)
  })

  test('the best model is the best per byte, since tokens differ between tokenizers', () => {
    const characters = runOf('characters', { bestEvalLoss: 1.5, latest: { bits_per_byte: 2.2 } })
    const bpe = runOf('bpe', { bestEvalLoss: 3.9, latest: { bits_per_byte: 1.9 } })
    expect(summarise([], [], [characters, bpe]).best?.id).toBe('bpe')
  })

  test('tokens are estimated with the compression of the newest tokenizer of one’s own', () => {
    const tokenizer = (id: string, kind: 'bpe' | 'foreign', createdAt: string, bytesPerToken: number) => ({
      id,
      name: id,
      kind,
      vocabularySize: 576,
      createdAt,
      removedAt: null,
      hash: id,
      trainedOn: [],
      minutes: null,
      bytesPerToken,
    })
    const tokenizers = [
      tokenizer('gpt2', 'foreign', '2027-01-01', 10),
      tokenizer('old', 'bpe', '2026-01-01', 4),
      tokenizer('new', 'bpe', '2026-02-01', 2.5),
    ]
    expect(summarise([corpusOf('c')], tokenizers, []).estimatedTokens).toBe(360_000)
    // 900,000 training bytes get a vocabulary of 512, at 1.45 + 0.45 · log2(512 / 256) = 1.9 bytes per token.
    expect(summarise([corpusOf('c')], [], []).estimatedTokens).toBe(473_685)
  })
})

describe('the cards', () => {
  test('phase 1 shows what there is, its best figure and one button', () => {
    const standing = summarise([corpusOf('c')], [], [runOf('bard', { latest: { bits_per_byte: 2.31 } })])
    const html = renderToString(
      <MantineProvider>
        <PretrainCard standing={standing} />
      </MantineProvider>,
    ).replaceAll('<!-- -->', '')
    expect(html).toContain('1 corpus, 1 document, 1 MB')
    expect(html).toContain('2.310')
    expect(html.match(/<button/g)).toHaveLength(1)
  })

  test('phase 4 names what is missing first, then the model with what it bought at which distance', () => {
    const tuned = checkpointOf('tuned', 5, { phase: 'sft' })
    const scorer = checkpointOf('scorer', 5, { phase: 'reward' })
    const rlhf = runOf('rlhf', { phase: 'ppo', latest: { eval_win_rate: 0.62, 'objective/kl': 1.53 } })
    const made = checkpointOf('rlhf', 5, { phase: 'ppo' })
    expect(nextPpoStep(summarisePpo([], []))).toBe('fine-tune')
    expect(nextPpoStep(summarisePpo([tuned], []))).toBe('train-reward')
    expect(nextPpoStep(summarisePpo([tuned, scorer], []))).toBe('start-run')
    expect(nextPpoStep(summarisePpo([made], [rlhf]))).toBe('chat')
    expect(nextPpoStep(summarisePpo([made], [rlhf, runOf('next', { phase: 'ppo', status: 'paused' })]))).toBe(
      'resume-run',
    )
    expect(nextPpoStep(summarisePpo([made], [{ ...rlhf, removedAt: '2026-03-02T10:00:00Z' }]))).toBe(
      'fine-tune',
    )
    const html = renderToString(
      <MantineProvider>
        <PpoCard standing={summarisePpo([made], [rlhf])} />
      </MantineProvider>,
    )
    expect(html).toContain('62%')
    expect(html).toContain('1.530')
    expect(html.match(/<button/g)).toHaveLength(1)
  })
})

describe('the device check', () => {
  test('a software GPU is called by its name', () => {
    const software = {
      ...ready,
      device: { ...ready.device!, adapter: 'SwiftShader (software)', software: true },
    }
    expect(deviceMeaning(software)).toContain('emulated on the CPU')
    expect(deviceMeaning(ready)).toContain('Apple M3: the GPU trains')
  })

  test('an engine that does not run says why', () => {
    const error = { code: 'engine-lost', what: 'the GPU was reset', fix: 'start it again' } as const
    expect(deviceMeaning({ ...ready, state: 'needs-user', device: null, error })).toContain(
      'the GPU was reset',
    )
  })
})
