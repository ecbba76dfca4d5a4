// A build as the core keeps it, as far as it comes without an engine: cut off, gone on with, shown, refused.
import { expect, test } from 'vitest'
import { buildStatus } from '../../../src-main/core/demo/build-status.ts'
import { wholePhases } from '../../../src-main/core/demo/demo-steps.ts'
import { demoRecipes } from '../../../src-main/core/demo/recipes.ts'
import { runSteps } from '../../../src-main/core/demo/run-steps.ts'
import type { DemoMade } from '../../../src-main/core/demo/step.ts'
import type { BuildStatus } from '../../../src-shared/contract/build-contract.ts'
import type { LabErrorFacts } from '../../../src-shared/contract/errors.ts'
import { openSession } from '../terminal/open-session.ts'

async function openBuilds() {
  const { session } = await openSession()
  const { lab } = session
  const call = session.call.bind(session)
  /** The next word on a topic for which `is` holds. */
  const heard = <T>(topic: string, is: (payload: T) => boolean) =>
    new Promise<T>(resolve => {
      const stop = lab.subscribe((of, payload) => {
        if (of !== topic || !is(payload as T)) return
        stop()
        resolve(payload as T)
      })
    })
  const refused = (work: Promise<unknown>): Promise<Pick<LabErrorFacts, 'code' | 'what'>> =>
    work.then(
      () => expect.unreachable('it was not refused'),
      ({ facts: { code, what } }) => ({ code, what }),
    )
  const shown = async () => (await call('build.show', {})).build!
  const stepsOf = ({ phases }: BuildStatus, is: 'done' | 'active') =>
    phases.flatMap(({ steps }) => steps.filter(({ state }) => state === is).map(({ step }) => step))
  /** Begins, or goes on with, a build; settles when it waits for an engine to train the base. */
  async function untilTraining(begin: Promise<{ build: string; job: string }>) {
    const training = heard<BuildStatus>('build', status => stepsOf(status, 'active').includes('pretrain'))
    const begun = await begin
    await training
    return begun
  }
  async function cut(job: string) {
    await call('build.cancel', {})
    expect(await refused(lab.waitForJob(job))).toMatchObject({ code: 'cancelled' })
  }
  return { lab, call, heard, refused, shown, stepsOf, untilTraining, cut }
}

test('before the first build there is none, and it is said how long one would take', async () => {
  const { call, refused } = await openBuilds()
  const { build, expectedMinutes } = await call('build.show', {})
  expect(build).toBeNull()
  expect(expectedMinutes.standard).toBeGreaterThan(10 * expectedMinutes.smallest)
  expect(await refused(call('build.resume', {}))).toMatchObject({ code: 'not-found' })
  expect(await refused(call('build.report', { build: 'build-0' }))).toMatchObject({ code: 'not-found' })
  expect(await call('build.cancel', {}), 'nothing to cut off').toEqual({})
})

test('a build that is cut off keeps what it made, makes nothing twice, and one is under way at a time', async () => {
  const { call, refused, shown, stepsOf, untilTraining, cut } = await openBuilds()
  const { build, job } = await untilTraining(call('build.start', { seed: 4, size: 'smallest' }))
  const running = await shown()
  expect(running).toMatchObject({ build, state: 'running', seed: 4, report: null, models: [] })
  expect(running.etaSeconds).toBeGreaterThan(0)
  expect(await refused(call('build.start', { seed: 5 }))).toMatchObject({ code: 'conflict' })
  expect(await refused(call('build.resume', {}))).toMatchObject({ code: 'conflict' })
  expect(await refused(call('build.report', { build }))).toMatchObject({ code: 'conflict' })

  await cut(job)
  const paused = await shown()
  expect(paused).toMatchObject({ state: 'paused', error: null, etaSeconds: null })
  expect(stepsOf(paused, 'done')).toEqual(['world', 'tokenizer'])
  const made = async () => ({
    corpora: (await call('corpora.list', {})).map(({ id }) => id),
    tokenizers: (await call('tokenizers.list', {})).map(({ id }) => id),
    runs: (await call('runs.list', {})).map(({ id }) => id),
  })
  const before = await made()
  expect([before.corpora.length, before.runs]).toEqual([8, [paused.run]])

  const resumed = await untilTraining(call('build.resume', {}))
  expect(resumed.build).toBe(build)
  await cut(resumed.job)
  expect(await made()).toEqual(before)
  expect((await shown()).seconds).toBeGreaterThan(paused.seconds)
})

test('an earlier build is still there, can be gone on with, and is then the one that is shown', async () => {
  const { call, shown, untilTraining, cut } = await openBuilds()
  expect(await call('build.list', {})).toEqual([])
  const first = await untilTraining(call('build.start', { seed: 4, size: 'smallest', phases: ['pretrain'] }))
  await cut(first.job)
  const second = await untilTraining(call('build.start', { seed: 5, size: 'smallest' }))
  const states = async () =>
    (await call('build.list', {})).map(({ build, seed, state, report }) => [build, seed, state, report])
  expect(await states()).toEqual([
    [second.build, 5, 'running', null],
    [first.build, 4, 'paused', null],
  ])
  await cut(second.job)
  const again = await untilTraining(call('build.resume', { build: first.build }))
  expect(await shown()).toMatchObject({ build: first.build, state: 'running' })
  await cut(again.job)
  expect((await call('build.list', {}))[1]).toMatchObject({ phases: ['pretrain'], size: 'smallest' })
})

test('a world that was cut off while it was written is written again, whole, and stands there once', async () => {
  const { call, heard, untilTraining, cut } = await openBuilds()
  const first = heard<{ what: string }>('changed', ({ what }) => what === 'corpora')
  const { job } = await call('build.start', { seed: 6, size: 'smallest' })
  await first
  await cut(job)
  await cut((await untilTraining(call('build.resume', {}))).job)
  const kept = (await call('corpora.list', {})).filter(({ removedAt }) => removedAt === null)
  const names = kept.map(({ name }) => name)
  expect(names).toHaveLength(8)
  expect(new Set(names).size).toBe(8)
})

test('a build whose models were removed since is shown without them', async () => {
  const { lab } = await openBuilds()
  const made: DemoMade = {
    done: ['world', 'tokenizer', 'pretrain', 'demonstrations', 'sft'],
    pretrainRun: 'run-gone',
    sftRun: 'run-gone-too',
  }
  const phases = wholePhases(['pretrain', 'sft'])
  const build = { id: 'build-1', createdAt: '', seed: 1, size: 'standard', state: 'paused' } as const
  const status = await buildStatus(lab, { ...build, phases, made, seconds: {}, error: null }, null, 1)
  expect(status.models).toEqual([])
  expect(status.gone).toEqual({
    error: {
      code: 'not-found',
      what: 'the base model and the fine-tuned model of this build are gone, and the rest needs them',
      where: 'run-gone, run-gone-too',
      fix: 'start a new build',
    },
    restorable: [],
  })
  expect(status.phases.map(({ done }) => done)).toEqual([1, 1, 0])
})

test('a model that is gone and still needed is said before the next step begins, not where it is missed', async () => {
  const { lab } = await openBuilds()
  const begun: string[] = []
  const goOn = (made: DemoMade) =>
    runSteps({
      steps: [
        {
          ...{ name: 'answers', phase: 'reward', title: 'Sampling' },
          async work() {
            begun.push('answers')
          },
        },
      ],
      ...{ build: 'build-1', lab, seed: 1, createdAt: '', recipe: demoRecipes.smallest, made },
      signal: new AbortController().signal,
      save: () => {},
      onProgress: () => {},
      onSeconds: () => {},
    })
  await expect(goOn({ done: ['pretrain'], pretrainRun: 'run-gone' })).rejects.toThrow(
    'the base model of this build is gone, and the rest needs it (run-gone). Start a new build.',
  )
  expect(begun).toEqual([])
  // What is not made yet is not missed.
  await goOn({ done: [], pretrainRun: 'run-to-come' })
  expect(begun).toEqual(['answers'])
})

test('the run that a build waits for can be paused by itself: then the build is paused too, and says why', async () => {
  const { lab, call, refused, shown, untilTraining } = await openBuilds()
  const { job } = await untilTraining(call('build.start', { seed: 4, size: 'smallest' }))
  const { run } = await shown()
  await call('runs.pause', { run: run! })
  expect(await refused(lab.waitForJob(job))).toEqual({
    code: 'cancelled',
    what: '"Starter world 4" is paused',
  })
  expect(await shown()).toMatchObject({ state: 'paused', error: { where: run } })
})
