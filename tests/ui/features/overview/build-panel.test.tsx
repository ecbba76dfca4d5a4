// The panel of a build: what can be done with it in each state.
import { MantineProvider } from '@mantine/core'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { BuildPanel } from '../../../../src-renderer/ui/features/overview/build/build-panel.tsx'
import type { BuildStatus } from '../../../../src-shared/contract/build-contract.ts'

const paused: BuildStatus = {
  ...{ build: 'build-1', seed: 7, size: 'standard', createdAt: '2026-01-02T03:04:05Z', state: 'paused' },
  ...{ done: 0.4, seconds: 100, etaSeconds: null, run: null, models: [], evaluation: null, report: null },
  phases: (['pretrain', 'ppo'] as const).map(phase => ({
    ...{ phase, done: 0, seconds: 0, etaSeconds: null, steps: [] },
  })),
  ...{ gone: null, error: null },
}
const expected = { standard: 9, smallest: 1, base: 3 }
const panel = (change: Partial<BuildStatus>) =>
  renderToString(
    <MantineProvider>
      <BuildPanel build={{ ...paused, ...change }} expected={expected} lastRead={null} onRead={() => {}} />
    </MantineProvider>,
  )

test('what was cut off is gone on with, or another is begun from the seed after it', () => {
  for (const state of ['paused', 'failed'] as const) {
    const html = panel({ state })
    expect(html).toContain('>Resume<')
    expect(html).toContain('Build again from another seed')
    expect(html).toContain('value="8"')
    expect(html).toContain('among the earlier builds')
  }
  expect(panel({ state: 'running' })).not.toContain('Build again')
})

test('where a model is gone nothing offers what would fail at once', () => {
  const error = {
    code: 'not-found',
    what: 'the <b>base</b> model is gone',
    fix: 'start a new build',
  } as const
  const lost = panel({ gone: { error, restorable: [] }, error: { ...error, what: 'an older error' } })
  expect(lost).toContain('The &lt;b&gt;base&lt;/b&gt; model is gone')
  expect(lost).not.toMatch(/>Resume<|>Restore<|an older error/)
  expect(lost, 'the way out lies open').toMatch(/<details[^>]* open/)
  const removed = panel({ gone: { error, restorable: ['run-1'] } })
  expect(removed).toContain('>Restore<')
  expect(removed).not.toContain('>Resume<')
})
