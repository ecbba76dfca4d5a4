// A turn as it is drawn: blind turns give nothing away, and what a model wrote is text.
import { MantineProvider } from '@mantine/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeEach, describe, expect, test } from 'vitest'
import { useChat } from '../../../../src-renderer/ui/features/chat/chat-store.ts'
import { TurnView } from '../../../../src-renderer/ui/features/chat/turn-view.tsx'
import type { ChatTurn } from '../../../../src-shared/contract/chat-contract.ts'
import { answer, checkpoint, column, turn } from './chat-shapes.ts'

const base = checkpoint('base', 9)
const sft = checkpoint('sft', 5, { phase: 'sft' })
const models = new Map([base, sft].map(each => [each.id, each]))
const columns = [column('base-9', { mode: 'raw' }), column('sft-5')]

const drawn = (shown: ChatTurn, blind = true): string =>
  renderToStaticMarkup(
    <MantineProvider>
      <TurnView
        turn={shown}
        conversation="conversation-1"
        columns={columns}
        blind={blind}
        coloring={null}
        models={models}
        onBranch={async () => true}
      />
    </MantineProvider>,
  )

const fromBase = answer({ id: 1, column: 0, text: 'Who else?', tokensPerSecond: 431 })
const fromSft = answer({
  id: 2,
  column: 1,
  checkpoint: 'sft-5',
  checkpointName: 'assistant',
  mode: 'template',
  text: 'The hare.',
  tokensPerSecond: 22,
})
const both = turn({ answers: [fromBase, fromSft] })

beforeEach(() => useChat.setState({ seen: new Set() }))

describe('a blind turn', () => {
  test('shows no answer before all are there', () => {
    const half = drawn({ ...both, answers: [fromBase, { ...fromSft, state: 'writing', stopped: null }] })
    for (const hint of ['Who else?', 'The hare.', 'base', 'assistant', 'raw', '431', 'Regenerate'])
      expect(half).not.toContain(hint)
    expect(half.match(/all answers are shown together/g)).toHaveLength(2)
  })

  test('shows the texts without names, colours and speeds, until the vote', () => {
    const html = drawn(both)
    for (const shown of ['Who else?', 'The hare.', 'Answer 1', 'Answer 2']) expect(html).toContain(shown)
    for (const hint of ['base', 'assistant', 'raw', '431', '--lab-phase']) expect(html).not.toContain(hint)
    const told = drawn({ ...both, vote: { outcome: 1, blind: true } })
    for (const shown of ['base, step 9', 'assistant, step 5', '431 tokens/s', '--lab-phase-sft'])
      expect(told).toContain(shown)
    expect(told).toMatch(/You voted blind for .*assistant, step 5/)
  })

  test('shows no space before a text, which only a continued one begins with', () => {
    const html = drawn({ ...both, answers: [{ ...fromBase, text: ' \n Who else?' }, fromSft] })
    expect(html).toContain('>Who else?<')
    expect(drawn({ ...both, answers: [{ ...fromBase, text: '  Who else?' }, fromSft] }, false)).toContain(
      '>  Who else?<',
    )
  })

  test('does not say why one failed in words that name it', () => {
    const error = { code: 'not-found', what: 'checkpoint base-9 is gone', fix: 'choose another' } as const
    const html = drawn({ ...both, answers: [{ ...fromBase, state: 'failed', text: '', error }, fromSft] })
    expect(html).toContain('This answer failed.')
    expect(html).not.toContain('base-9 is gone')
    expect(drawn({ ...both, answers: [{ ...fromBase, state: 'failed', text: '', error }] }, false)).toContain(
      'base-9 is gone',
    )
  })
})

test('markup, links and control characters of a model are text', () => {
  const text = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) \u001b[31m \u202e'
  const html = drawn({ ...both, prompt: text, answers: [{ ...fromBase, text, checkpointName: text }] }, false)
  for (const never of ['<img', '<a ', '\u001b', '\u202e']) expect(html).not.toContain(never)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; [a](javascript:alert(1)) ␛[31m ⟨U+202E⟩')
})
