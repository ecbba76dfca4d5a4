// The command demo: the whole way at its smallest size, killed in the middle of reinforcement learning, and gone on with.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DemoResult } from '../../../src-main/core/demo/demo-result.ts'
import { openSession } from '../terminal/open-session.ts'
import { openTerminal } from '../terminal/open-terminal.ts'

const smallest = ['demo', '--size', 'smallest', '--seed', '11', '--backend', 'wasm'] as const

/** What must be the same however often it was cut off. */
const bits = ({ pretrain, sft, reward, ppo, evaluate, goals }: DemoResult) => ({
  weights: [pretrain, sft, reward, ppo].map(phase => phase!.weightsSha256),
  winRates: evaluate!.winRates,
  arithmetic: evaluate!.arithmetic,
  goals,
})

const whole = openTerminal()
const cut = openTerminal()

test('a build that is killed goes on where it was, makes nothing twice, and ends with the same bits', {
  timeout: 240_000,
}, async () => {
  const uninterrupted: DemoResult = await whole.json(smallest)
  expect(Object.keys(uninterrupted.minutes).sort()).toEqual(
    ['evaluate', 'ppo', 'pretrain', 'reward', 'sft', 'total'].sort(),
  )
  expect(uninterrupted.ppo).toMatchObject({ klTarget: 0.8, steps: 6 })
  expect(Object.keys(uninterrupted.evaluate!.truthfulness)).toEqual(['base', 'sft', 'rlhf'])
  expect(uninterrupted.evaluate!.winRates.map(({ a, b, temperature }) => [a, b, temperature])).toEqual(
    expect.arrayContaining([
      ['rlhf', 'sft', 1],
      ['rlhf', 'sft', 0],
      ['sft', 'base', 1],
    ]),
  )
  expect(readFileSync(uninterrupted.report!, 'utf8')).toContain('starter world 11')

  const first = cut.start([...smallest])
  await first.says(/^Reinforcement learning$/m)
  first.child.kill('SIGKILL')
  await first.ended
  const resumed: DemoResult = await cut.json(['demo', '--resume'])
  expect(bits(resumed)).toEqual(bits(uninterrupted))
  expect(existsSync(resumed.report!)).toBe(true)
  const { runs } = await cut.json(['runs', 'list'])
  expect(runs.map(({ phase }: { phase: string }) => phase).sort()).toEqual([
    'ppo',
    'pretrain',
    'reward',
    'sft',
  ])

  const { builds } = await cut.json(['demo', '--list'])
  expect(builds).toEqual([expect.objectContaining({ build: resumed.build, seed: 11, state: 'finished' })])
  expect((await cut.run(['demo', '--list'])).out).toContain(resumed.report!)

  // One that is through is told again, and nothing is done.
  expect(await whole.json(['demo', '--resume'])).toEqual(uninterrupted)
  const { out } = await whole.run(['demo', '--resume', uninterrupted.build])
  expect(out, 'answers of all three').toMatch(/^asked .*\nBase .*\nSFT .*\nRLHF /m)
  expect((await cut.run(['demo', '--resume', 'nope'])).err).toContain('See andromeda demo --list.')
  const { code, err } = await cut.run(['demo', '--resume', '--seed', '3'])
  expect([code, err]).toEqual([2, expect.stringContaining('it takes no --phases, --seed or --size')])
})

test('what was deleted since makes no failed build of a finished one, and no other model stands in for it', async () => {
  const { session } = await openSession(cut.folder)
  const { build } = await session.call('build.show', {})
  const { models, evaluation } = build!
  expect(models.map(({ label }) => label)).toEqual(['base', 'sft', 'rlhf'])
  const labels = async () => (await session.call('build.show', {})).build!.models.map(({ label }) => label)
  await session.call('runs.remove', { run: models[2]!.run })
  expect(await labels()).toEqual(['base', 'sft'])
  await session.call('runs.restore', { run: models[2]!.run })
  expect(await labels()).toEqual(['base', 'sft', 'rlhf'])
  await session.call('evaluation.remove', { evaluation: evaluation! })
  await session.close()

  // The next start deletes it for good.
  const { session: next } = await openSession(cut.folder)
  const gone = {
    code: 'not-found',
    fix: `open the file that was written when it was there: ${build!.report}`,
  }
  await expect(next.call('build.report', { build: build!.build })).rejects.toMatchObject({ facts: gone })
  const { job } = await next.call('build.resume', {})
  await expect(next.lab.waitForJob(job)).rejects.toMatchObject({ facts: { code: 'not-found' } })
  expect((await next.call('build.show', {})).build).toMatchObject({ state: 'finished', error: null })
})

test('a phase without its predecessor is refused before anything is made', async () => {
  const { code, err } = await whole.run(['demo', '--phases', 'pretrain,reward'])
  expect([code, err]).toEqual([1, expect.stringContaining('Use --phases pretrain,sft,reward.')])
})
