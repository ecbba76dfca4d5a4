// A run's state in words: the reason and the way out for every state.
import { describe, expect, test } from 'vitest'
import { foremost, runState } from '../../src-renderer/ui/run-status.ts'
import type { RunSummary } from '../../src-shared/contract/lab-contract.ts'

const at = (status: RunSummary['status'], reason: string | null = null, step = 400) =>
  runState({ status, asked: null, reason, step, steps: 2000 })

describe('a run says', () => {
  test('where it stands while it trains, and can be paused or stopped', () => {
    expect(at('running').sentence).toBe('Training: step 400 of 2,000.')
    expect(at('running').actions).toEqual(['pause', 'stop'])
  })

  test('updates where phase 4 makes them', () => {
    const of = (status: RunSummary['status'], asked: RunSummary['asked'] = null) =>
      runState({ phase: 'ppo', status, asked, reason: null, step: 7, steps: 80 }).sentence
    expect(of('running')).toBe('Training: update 7 of 80.')
    expect(of('finished')).toContain('Finished: 80 updates.')
    expect(of('interrupted')).toContain('the updates since then are done again')
    expect(of('running', 'pause')).toBe('Pausing at the next update …')
  })

  test('why it paused by itself, and that resuming loses nothing', () => {
    const paused = at('paused', 'the loss became NaN at step 400')
    expect(paused.sentence).toBe(
      'Paused at step 400 of 2,000. The loss became NaN at step 400. Resume goes on from exactly here.',
    )
    expect(paused.tone).toBe('warning')
    expect(at('paused').tone).toBe('calm')
  })

  test('that an interruption costs only the steps since the last checkpoint', () => {
    expect(at('interrupted').sentence).toContain('from the last checkpoint')
    expect(at('interrupted').actions).toContain('resume')
  })

  test('why it failed, once, and what to do', () => {
    expect(at('failed', 'no memory.').sentence).toBe(
      'Failed at step 400 of 2,000. No memory. Resume tries again from the last checkpoint.',
    )
    expect(at('failed', 'bad data', 0).sentence).toBe(
      'Failed before the first step. Bad data. Correct what is wrong and start a new run.',
    )
    // Resuming would fail the same way.
    expect(at('failed', 'bad data', 0).actions).toEqual([])
    expect(at('failed').actions).toEqual(['resume', 'stop'])
    expect(at('failed').sentence).toContain('No reason was recorded')
  })

  test('that it can go on when it is finished or was stopped', () => {
    expect(at('finished').actions).toEqual(['continue'])
    expect(at('stopped').actions).toEqual(['resume', 'continue'])
    expect(at('stopped').sentence).toContain('can complete text')
    expect(at('stopped', null, 0).sentence).toContain('Nothing was learnt yet')
  })

  test('what its model is for, each phase its own', () => {
    const of = (phase: RunSummary['phase'], status: 'finished' | 'stopped') =>
      runState({ status, asked: null, reason: null, step: 9, steps: 9, phase }).sentence
    expect(of('reward', 'finished')).toContain('Read what it can judge')
    expect(of('reward', 'stopped')).toContain('can score')
    expect(of('sft', 'stopped')).toContain('can answer')
    expect(of('pretrain', 'finished')).toContain('Let it complete a text')
  })

  test('that a pause or a stop was heard and comes at the next step', () => {
    const asked = (request: 'pause' | 'stop') =>
      runState({ status: 'running', asked: request, reason: null, step: 4, steps: 2000 })
    expect(asked('pause')).toMatchObject({ word: 'Pausing', busy: 'Pausing at the next step …' })
    expect(asked('stop')).toMatchObject({ word: 'Stopping', busy: 'Stopping at the next step …' })
    expect(at('running').busy).toBeNull()
    expect(runState({ status: 'paused', asked: 'pause', reason: null, step: 4, steps: 9 }).word).toBe(
      'Paused',
    )
  })

  test('which run a waiting one waits for, and that it starts by itself', () => {
    const facts = { status: 'queued', asked: null, reason: null, step: 0, steps: 2000 } as const
    expect(runState(facts, { name: 'forest' }).sentence).toBe(
      'Waiting for “forest” to end. It starts by itself.',
    )
    expect(at('queued').sentence).toBe('Waiting for the engine. It starts by itself.')
  })
})

describe('the run shown first', () => {
  const run = (
    id: string,
    status: RunSummary['status'],
    updatedAt: string,
    removedAt: string | null = null,
  ) => ({ id, status, updatedAt, removedAt }) as RunSummary

  test('is the one at work, else the newest that was not removed', () => {
    const finished = run('b', 'finished', '2026-01-03')
    expect(foremost([run('a', 'running', '2026-01-01'), finished])?.id).toBe('a')
    expect(foremost([run('c', 'paused', '2026-01-02'), finished])?.id).toBe('b')
    expect(foremost([run('d', 'finished', '2026-01-09', '2026-01-10'), finished])?.id).toBe('b')
    expect(foremost([])).toBeUndefined()
    expect(foremost([run('e', 'queued', '2026-02-01'), run('a', 'running', '2026-01-01')])?.id).toBe('a')
  })
})
