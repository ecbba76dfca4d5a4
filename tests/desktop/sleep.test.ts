// The computer stays awake while something trains, and runs survive its sleep.
import { expect, test } from 'vitest'
import type { Lab } from '../../src-main/core/lab.ts'
import { SleepPause, Wakefulness } from '../../src-main/desktop/sleep.ts'
import type { RunSummary } from '../../src-shared/contract/lab-contract.ts'

test('the system is kept awake once, however often a run reports, and let go afterwards', () => {
  const log: string[] = []
  const wakefulness = new Wakefulness({
    start: () => log.push('start'),
    stop: id => log.push(`stop ${id}`),
  })
  for (const awake of [false, true, true, true, false, false, true]) wakefulness.set(awake)
  expect(log).toEqual(['start', 'stop 1', 'start'])
})

/** The part of a lab that sleep touches: runs that pause and resume. */
function testLab(runs: Record<string, RunSummary['status']>) {
  const log: string[] = []
  const summary = (id: string) => ({ id, status: runs[id] }) as RunSummary
  const lab = {
    activeRuns: () =>
      Object.keys(runs)
        .filter(id => runs[id] === 'running' || runs[id] === 'queued')
        .map(summary),
    waitForRun: async (id: string) => summary(id),
    handlers: {
      'runs.pause': ({ run }: { run: string }) => {
        log.push(`pause ${run}`)
        runs[run] = 'paused'
        return {}
      },
      'runs.resume': ({ run }: { run: string }) => {
        log.push(`resume ${run}`)
        runs[run] = 'running'
        return {}
      },
    } as Lab['handlers'],
  }
  return { lab, log, runs }
}

test('sleep pauses what trains, and waking resumes exactly that', async () => {
  const { lab, log } = testLab({ a: 'running', b: 'paused', c: 'queued' })
  const sleep = new SleepPause(lab)
  await sleep.suspend()
  await sleep.resume()
  expect(log).toEqual(['pause a', 'pause c', 'resume a', 'resume c'])
  await sleep.resume()
  expect(log).toHaveLength(4)
})

test('a run that ended on the way to sleep stays ended', async () => {
  const { lab, log, runs } = testLab({ a: 'running' })
  const sleep = new SleepPause(lab)
  await sleep.suspend()
  runs.a = 'finished'
  await sleep.resume()
  expect(log).toEqual(['pause a'])
})
