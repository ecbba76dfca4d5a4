// What others say of an answer, as it is drawn: figures, what is still being measured, and why there is none.
import { MantineProvider } from '@mantine/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { AnswerMeasures } from '../../../../src-renderer/ui/features/chat/answer-measures.tsx'
import { lackingMeasures } from '../../../../src-renderer/ui/features/chat/measure-words.ts'
import { checkpointsOfRun, standing } from '../../../../src-renderer/ui/features/chat/run-slider.tsx'
import { klSentence, tokenSentence } from '../../../../src-renderer/ui/features/chat/token-card.tsx'
import { klShade } from '../../../../src-renderer/ui/features/chat/token-colors.ts'
import { unitNats, unitsOf } from '../../../../src-renderer/ui/features/chat/token-units.ts'
import type { AnswerMeasure, ChatAnswer } from '../../../../src-shared/contract/chat-contract.ts'
import { answer, checkpoint, conversation, turn, written } from './chat-shapes.ts'

const said = (value: number | null, error: AnswerMeasure['error'] = null): AnswerMeasure => ({
  by: 'sft-5',
  name: '<b>helper</b>',
  ...{ value, error },
})
const markup = (over: Partial<ChatAnswer>): string =>
  renderToStaticMarkup(
    <MantineProvider withCssVariables={false} deduplicateCssVariables={false} withGlobalClasses={false}>
      <AnswerMeasures answer={answer(over)} conversation="conversation-1" models={new Map()} />
    </MantineProvider>,
  )
const drawn = (over: Partial<ChatAnswer>): string => markup(over).replace(/<[^>]*>/g, '')

describe('under an answer', () => {
  test('stand score and KL with their signs', () => {
    expect(drawn({ reward: said(1.239), kl: said(-0.301) })).toBe('reward +1.24KL −0.30 nats')
    expect(drawn({ kl: said(0) })).toBe('KL 0.00 nats')
  })

  test('stands that they are being measured, once it has ended', () => {
    expect(drawn({ reward: said(null), kl: said(2) })).toBe('reward … being measuredKL +2.00 nats')
    expect(drawn({ state: 'writing', reward: said(null), kl: said(null) })).toBe('')
    expect(drawn({ tokenCount: 0, reward: said(null) })).toBe('')
    expect(drawn({})).toBe('')
  })

  test('stands why one cannot be had, as text, and the other figure all the same', () => {
    const error = { code: 'unsupported', what: '<img src=x> cuts otherwise', fix: 'compare others' } as const
    const over = { reward: said(-2), kl: said(null, error) }
    expect(markup(over)).not.toContain('<img')
    expect(drawn(over)).toBe('reward −2.00No KL: &lt;img src=x&gt; cuts otherwise. Compare others. Try again')
  })
})

test('what is asked to be measured changes with what is lacking, and names nothing that cannot be had', () => {
  const error = { code: 'bad-input', what: 'w', fix: 'f' } as const
  const of = (...answers: Partial<ChatAnswer>[]) =>
    lackingMeasures(
      conversation([turn({ answers: answers.map((each, column) => answer({ ...each, column })) })]),
    )
  expect(of({ id: 1, reward: said(1), kl: said(0) }, { id: 2, reward: said(null, error) })).toBe('')
  expect(of({ id: 1, reward: said(null), kl: said(0) }, { id: 2, state: 'writing', kl: said(null) })).toBe(
    '1 sft-5',
  )
  expect(lackingMeasures(null)).toBe('')
})

describe('KL of a token', () => {
  test('is told in times, and shaded by them', () => {
    expect(klSentence(Math.log(3.04))).toBe('KL +1.11 nats: 3.0 times likelier than under SFT')
    expect(klSentence(-Math.log(40))).toBe('KL −3.69 nats: 40 times less likely than under SFT')
    expect(klSentence(0.01)).toBe('KL +0.01 nats: as likely as under SFT')
    expect(klSentence(12)).toContain('over 1,000 times')
    expect([-5, -0.7, -0.11, 0.05, 0.3, 1, 2.31].map(klShade)).toEqual([
      ...['less3', 'less2', 'less1', 'same', 'more1', 'more2', 'more3'],
    ])
    expect(tokenSentence(written('fox', -1), Math.log(2))).toMatch(/; KL \+0\.69 nats: 2\.0 times likelier/)
    expect(tokenSentence(written('fox', -1))).not.toContain('KL')
  })

  test('of tokens that only together make a character is their sum', () => {
    const half = (byte: number) => ({
      ...written('x'),
      piece: { id: byte, text: null, bytes: [byte], special: false },
    })
    const [a, both] = unitsOf([written('a'), half(0xc3), half(0xa9)])
    expect(both!.text).toBe('é')
    expect([unitNats(a!, [0.5, 1, -3]), unitNats(both!, [0.5, 1, -3])]).toEqual([0.5, -2])
  })
})

test('a slider has the checkpoints of one run in their order, and says what they are', () => {
  const all = [
    checkpoint('a', 30, { best: true }),
    checkpoint('a', 5),
    checkpoint('b', 9),
    checkpoint('a', 12),
  ]
  expect(checkpointsOfRun(all, 'a').map(({ step }) => step)).toEqual([5, 12, 30])
  const runs = [{ parentCheckpoint: 'a-30' }, { parentCheckpoint: null }]
  expect(standing(all[0]!, runs)).toBe('step 30 · best · parent')
  expect(standing(all[1]!, runs)).toBe('step 5')
})
