// A build in words: how long, from which seed, and where each phase stands.
import { expect, test } from 'vitest'
import {
  aboutMinutes,
  baseWords,
  buildTitle,
  finishedSentence,
  nextSeed,
  phaseSentence,
  seedProblem,
} from '../../../../src-renderer/ui/features/overview/build/build-words.ts'
import type { BuildPhase, BuildStatus } from '../../../../src-shared/contract/build-contract.ts'

test('minutes are told no finer than an estimate knows', () => {
  expect([0.2, 0.99, 1.2, 9.4, 19.6, 23, 61].map(aboutMinutes)).toEqual([
    'under a minute',
    'under a minute',
    'about a minute',
    'about 9 minutes',
    'about 20 minutes',
    'about 25 minutes',
    'about 60 minutes',
  ])
})

test('a seed is a whole number that a world can be made of', () => {
  for (const seed of [0, 1, 2 ** 48]) expect(seedProblem(seed)).toBeNull()
  for (const seed of [-1, 0.5, 2 ** 49, Number.NaN, '', '12a']) expect(seedProblem(seed)).not.toBeNull()
  expect(seedProblem(2 ** 48 + 1)).toContain('from 0 to 281,474,976,710,656')
  for (const seed of [0, 7, 2 ** 48]) {
    expect(nextSeed(seed)).not.toBe(seed)
    expect(seedProblem(nextSeed(seed))).toBeNull()
  }
})

const step = (title: string, state: 'waiting' | 'active' | 'done') => ({
  ...{ step: title, title, state },
  done: state === 'done' ? 1 : 0,
})

test('a phase says what is under way in it, what it took, how far it was cut off, or that it comes later', () => {
  const phase = (...states: ('waiting' | 'active' | 'done')[]) => ({
    ...{ phase: 'sft' as const, done: 0, seconds: 75, etaSeconds: null },
    steps: states.map((state, i) => step(`Step ${i}`, state)),
  })
  expect(phaseSentence(phase('done', 'active'))).toBe('Step 1')
  expect(phaseSentence(phase('done', 'done'))).toBe('done in 1 min 15 s')
  expect(phaseSentence(phase('done', 'waiting'))).toBe('1 of 2 steps done')
  expect(phaseSentence(phase('waiting', 'waiting'))).toBe('to come')
})

test('a build is called by how far it was to go, and promises a report only where all four are in it', () => {
  const to = (...phases: BuildPhase[]) => phases.map(phase => ({ phase }))
  const all = to('pretrain', 'sft', 'reward', 'ppo', 'evaluate')
  const title = (state: BuildStatus['state'], phases = all) => buildTitle({ state, seed: 7, phases })
  expect(title('paused')).toBe('Paused on the way through all four: starter world 7')
  expect(title('finished')).toBe('All four are built: starter world 7')
  expect(title('finished', to('pretrain'))).toBe('The first phase is built: starter world 7')
  expect(title('finished', to('pretrain', 'sft', 'evaluate'))).toBe(
    'The first two phases are built: starter world 7',
  )
  expect(title('running', all.slice(0, 3))).toBe('Building the first three phases: starter world 7')
  const done = (phases: readonly { phase: BuildPhase }[]) =>
    finishedSentence({ seconds: 75, phases: phases as BuildStatus['phases'] })
  expect(done(all)).toContain('evaluation in 1 min 15 s. The report says')
  expect(done(all.slice(0, 2))).toContain('a report needs all four')
})

test('beside the starter world alone stands how long its base takes, where that is known', () => {
  expect(baseWords(false, 3.2)).toBe(
    '; its recipe is then filled in, and its base model is trained in about 3 minutes.',
  )
  expect(baseWords(true, 0.4)).toBe(
    ', where its recipe is filled in; its base model is trained in under a minute.',
  )
  expect(baseWords(true, undefined)).toBe(', where its recipe is filled in.')
})
