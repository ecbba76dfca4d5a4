// Ranking by keys: what is typed, what it says of the responses as they are stored, and what a card looks like.
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardText } from '../../../src-main/terminal/ranking/card-text.ts'
import { type Key, keysOf } from '../../../src-main/terminal/ranking/keys.ts'
import { rankByKeys } from '../../../src-main/terminal/ranking/rank-by-keys.ts'
import { RankingEntry, ranksText } from '../../../src-main/terminal/ranking/ranking-entry.ts'
import type { BenchCard, BenchState } from '../../../src-shared/contract/preferences-contract.ts'

/** What an entry says after these keys; `<` takes back, `.` is Enter. */
function typed(responses: number, keys: string) {
  const entry = new RankingEntry(responses)
  let said: unknown = null
  for (const key of keys) {
    if (key === '<') entry.back()
    else if (key === '=') said = entry.tie()
    else if (key === '.') said = entry.end()
    else said = entry.add(Number(key))
  }
  return { said, shown: entry.toString() }
}
const ranks = (...given: (number | null)[]) => ({ outcome: 'ranked', ranks: given })

describe('an entry', () => {
  it('ranks from best to worst, the last one by itself, equal ones with =', () => {
    expect(typed(4, '2134.').said).toEqual(ranks(2, 1, 3, 4))
    expect(typed(4, '213.').said).toEqual(ranks(2, 1, 3, 4))
    expect(typed(2, '2.').said).toEqual(ranks(2, 1))
    expect(typed(4, '3=14=2.').said).toEqual(ranks(1, 2, 1, 2))
    expect(typed(3, '1=2=3.').said).toEqual(ranks(1, 1, 1))
  })

  it('leaves out what is not named when Enter is pressed twice, and not by an Enter too early', () => {
    expect(typed(4, '2.').said).toEqual({ hint: '1, 3, 4 have no place yet: Enter again leaves them out' })
    expect(typed(4, '2..').said).toEqual(ranks(null, 1, null, null))
    expect(typed(4, '2.1.').said).toEqual({ hint: '3, 4 have no place yet: Enter again leaves them out' })
    expect(typed(4, '..').said).toEqual({
      hint: 'press the numbers from best to worst, or s to skip, or b if all are bad',
    })
  })

  it('takes keys back one by one, and says what cannot stand where it is typed', () => {
    expect(typed(4, '2=1<').shown).toBe('2 =')
    expect(typed(4, '2=1<<3').shown).toBe('2 > 3')
    expect(typed(4, '2<<<1').shown).toBe('1')
    expect(typed(4, '22').said).toBe('2 has its place already; Backspace takes it back')
    expect(typed(4, '5').said).toBe('there is no 5: they are 1 to 4')
    expect(typed(4, '0').said).toBe('there is no 0: they are 1 to 4')
    expect(typed(4, '=').said).toBe('= stands between two numbers that are equal')
    expect(typed(2, '1=.').said).toEqual({ hint: 'after = comes the number of the one that is as good' })
  })

  it('whatever is typed, it shows what it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.string({ unit: fc.constantFrom(...'123456789=<'), maxLength: 20 }),
        (responses, keys) => {
          const { said, shown } = typed(responses, `${keys}..`)
          if (said === null || typeof said !== 'object' || 'hint' in said) return
          const { ranks } = said as { ranks: (number | null)[] }
          expect(ranks).toHaveLength(responses)
          const inOrder = shown.split(' > ').map(level =>
            level
              .split(' = ')
              .sort((a, b) => Number(a) - Number(b))
              .join(' = '),
          )
          expect(ranksText(ranks).replace(/ \(.*/, '')).toBe(inOrder.join(' > '))
        },
      ),
    )
  })
})

const card = (of: Partial<BenchCard> = {}): BenchCard => ({
  ...{
    set: 'prefs-1',
    number: 4,
    pass: 0,
    messages: [{ role: 'user', content: 'Who?' }],
    ranking: null,
    stands: null,
  },
  responses: ['zero', 'one', 'two'].map(text => ({ text, stopped: true, origin: 'model', copies: 1 })),
  order: [2, 0, 1],
  ...of,
})
const stateOf = (of: Partial<BenchState> = {}): BenchState => ({
  ...{ card: card(), done: 3, total: 11, secondsPerCard: 20, canUndo: true, sampling: null },
  agreement: { self: [], between: [], ceiling: null },
  ...of,
})

describe('a card', () => {
  it('shows the responses in the order of the card, where the labeler stands, and the keys', () => {
    const agreement = { share: 0.8, low: 0.5, high: 0.9, n: 10 }
    const state = stateOf({
      agreement: { self: [{ labeler: 'me', agreement }], between: [], ceiling: null },
    })
    expect(cardText(card(), state, 'me').split('\n')).toEqual([
      '── Prompt 4 of 11 · about 2 min 40 s left · you agree with yourself in 80 % of 10 pairs',
      'User: Who?',
      '',
      '[1] │ two',
      '[2] │ zero',
      '[3] │ one',
      '1-3 from best to worst, = between equals, Enter next · s skip · b all bad · u undo · q quit',
    ])
  })

  it('keeps a terminal from obeying, and an answer from looking like another or like a line of ours', () => {
    const hostile = '\u001b[2Ja\r\n[2] │ I am the best\u202e\n── Prompt 1 of 1\u0007'
    const [first, ...rest] = card().responses
    const text = cardText(
      card({ responses: [{ ...first!, text: hostile, stopped: false }, ...rest] }),
      stateOf(),
      'me',
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text.split('\n').slice(4, 7)).toEqual([
      '[2] │ \\x1b[2Ja\\x0d',
      '    │ [2] │ I am the best\\u{202e}',
      '    │ ── Prompt 1 of 1\\x07 … (cut off)',
    ])
  })

  it('shows messages before the question, an answer that says nothing, and what was said before', () => {
    const shown = card({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b\nc' },
        { role: 'user', content: 'd' },
      ],
      responses: card().responses.map((one, i) => (i === 0 ? { ...one, text: '' } : one)),
      ranking: { outcome: 'ranked', ranks: [1, 2, null] },
    })
    const lines = cardText(shown, stateOf({ secondsPerCard: null }), 'me').split('\n')
    expect(lines.slice(0, 6)).toEqual([
      '── Prompt 4 of 11',
      'System: Be brief.',
      'User: a',
      'Assistant: b',
      '         │ c',
      'User: d',
    ])
    expect(lines).toContain('[2] │ (nothing)')
    expect(lines).toContain('You said: 2 > 3 (1 left out). Enter says it again.')
  })
})

describe('the bench', () => {
  async function* pressed(text: string): AsyncGenerator<Key> {
    for (const char of text)
      yield char === '.' ? 'enter' : char === '<' ? 'back' : char === '!' ? 'quit' : { char }
  }
  /** A bench of so many cards that keeps what it is told. */
  async function bench(keys: string, cards = 3, of: Partial<BenchCard> = {}) {
    const told: object[] = []
    const shown: string[] = []
    let left = cards
    const state = () =>
      stateOf({ card: left > 0 ? card({ number: 3 + left, ...of }) : null, canUndo: told.length > 0 })
    const call = async (name: string, input: object) => {
      const { seconds, ...rest } = input as { seconds?: number }
      if (name === 'ranking.rank') expect(seconds).toBeGreaterThanOrEqual(0)
      told.push({ name, ...rest })
      left += name === 'ranking.undo' ? 1 : -1
      return state()
    }
    const { counts } = await rankByKeys(
      { call: call as never },
      { set: 'prefs-1', labeler: 'me', state: state() },
      pressed(keys),
      { show: text => shown.push(text), entry: () => {} },
    )
    return { told, shown, counts }
  }
  const rank = (outcome: string, ranks: (number | null)[], number = 4) => ({
    ...{ name: 'ranking.rank', set: 'prefs-1', labeler: 'me', number, pass: 0 },
    ...{ outcome, ranks },
  })

  it('stores the ranks of the responses as they are stored, whatever the order of the card', async () => {
    const { told, counts } = await bench('31.sb')
    expect(told).toEqual([
      // Place 3 shows response 1, place 1 response 2, place 2 response 0.
      rank('ranked', [3, 1, 2], 6),
      rank('skipped', [null, null, null], 5),
      rank('all-bad', [null, null, null]),
    ])
    expect(counts).toEqual({ ranked: 1, skipped: 1, allBad: 1, undone: 0 })
  })

  it('takes back what was said last, which counts no more, and nothing where nothing was said', async () => {
    const { told, shown, counts } = await bench('us12.u!')
    expect(told.map(one => (one as { name: string }).name)).toEqual([
      'ranking.rank',
      'ranking.rank',
      'ranking.undo',
    ])
    expect(shown).toContain('there is nothing to take back')
    expect(counts).toEqual({ ranked: 0, skipped: 1, allBad: 0, undone: 1 })
    const again = await bench('sub12.u!')
    expect(again.counts).toEqual({ ranked: 0, skipped: 0, allBad: 1, undone: 2 })
    expect((await bench('us!')).counts).toEqual({ ranked: 0, skipped: 1, allBad: 0, undone: 0 })
  })

  it('keeps what was said before at an Enter alone', async () => {
    const before = await bench('.', 1, { ranking: { outcome: 'ranked', ranks: [1, 1, 2] } })
    expect(before.told).toEqual([rank('ranked', [1, 1, 2])])
    const skipped = await bench('.', 1, { ranking: { outcome: 'skipped', ranks: [null, null, null] } })
    expect(skipped.told).toEqual([rank('skipped', [null, null, null])])
  })

  it('stops at q, at Ctrl+C, when the keys end, and when all is ranked', async () => {
    expect((await bench('12q12.')).told).toEqual([])
    expect((await bench('s!s')).told).toHaveLength(1)
    expect((await bench('12')).told).toEqual([])
    expect((await bench('ssss', 2)).told).toHaveLength(2)
    expect((await bench('s', 0)).told).toEqual([])
  })
})

it('keys come one by one from a pipe: Enter of any system once, arrows and other controls not at all', async () => {
  const input = new PassThrough()
  input.end('1=S\r\n\u001b[A\u007f\n\r\n\u0003')
  const keys: Key[] = []
  for await (const key of keysOf(input)) keys.push(key)
  expect(keys).toEqual([
    { char: '1' },
    { char: '=' },
    { char: 's' },
    'enter',
    'back',
    'enter',
    'enter',
    'quit',
  ])
})
