// What is no comparison, each with its line and the reason.
import { expect, it } from 'vitest'
import { jsonLines, reasons } from '../row-files/made-up-rows.ts'
import { hhTranscript } from './hh-transcripts.ts'
import { assistant, readComparisons, system, user } from './import-fixture.ts'

const ranking = (of: object) => ({
  prompt: [user('q')],
  responses: [{ text: 'a' }, { text: 'b' }],
  rankings: [{ labeler: 'Ann', ranks: [1, 2], ...of }],
})
const responses = (...given: unknown[]) => ({ ...ranking({}), responses: given, rankings: [] })
const pair = (chosen: unknown, rejected: unknown, prompt?: unknown) => ({ prompt, chosen, rejected })
const hh = (chosen: string[], rejected: string[]) => ({
  chosen: hhTranscript(chosen),
  rejected: hhTranscript(rejected),
})

/** A row, and the reason or how it begins. Rows of one format at a time: a file has one. */
const bad: Record<string, [row: unknown, reason: string | RegExp][]> = {
  trl: [
    ['{"chosen": [', /^not JSON: /],
    [pair('same', 'same', 'q'), '"chosen" and "rejected" are the same: there is nothing to choose between'],
    [
      pair([user('q'), assistant('a')], [user('q'), assistant('a')]),
      '"chosen" and "rejected" are the same: there is nothing to choose between',
    ],
    [pair('a', ' \n', 'q'), 'the answer in "rejected" is empty'],
    [pair('', 'b', 'q'), 'the answer in "chosen" is empty'],
    [pair('a\0', 'b', 'q'), 'the answer in "chosen" holds a NUL'],
    [pair('a', 'b', ''), "message 1, the user's, is empty"],
    [pair('a', 'b', []), 'there is no prompt before the answers'],
    [pair([assistant('a')], [assistant('b')]), 'there is no prompt before the answers'],
    [
      pair('a', 'b', [user('q'), assistant('x')]),
      "the prompt ends with a message of the role assistant, not with the user's",
    ],
    [
      pair('a', 'b', [user('q'), user('r')]),
      "message 2 is the user's again: user and assistant must take turns",
    ],
    [
      pair('a', 'b', [user('q'), system('s'), user('r')]),
      "message 2 is the system's, which may only come first",
    ],
    [pair('a', [assistant('b')], 'q'), /^"chosen" is a string and "rejected" is a list: both must be/],
    [pair(1, 'b', 'q'), /^"chosen" is a number and "rejected" is a string/],
    [pair('a', 'b', 7), '"prompt" is a number, not a list of messages'],
    [
      pair([user('q'), assistant('a')], [user('q'), assistant('b'), user('c')]),
      '"rejected" ends with a message of the role user: there is no answer',
    ],
    [pair([], [assistant('b')], 'q'), '"chosen" has no messages'],
    [
      pair([user('q'), assistant('a')], [user('r'), assistant('b')]),
      '"chosen", of 2 messages, and "rejected", of 2, differ from message 1 on: only their last answers may differ, what is before is one prompt',
    ],
    [
      pair([user('q'), assistant('a')], [user('q'), assistant('a'), user('r'), assistant('b')]),
      /^"chosen", of 2 messages, and "rejected", of 4, differ from message 3 on/,
    ],
    [
      pair([user('q'), { role: 'tool', content: 'a' }], [user('q'), assistant('b')]),
      'message 2 has the role "tool": only system, user and assistant can be learnt from',
    ],
    [['a'], 'this is a list, not an object'],
  ],
  'hh-rlhf': [
    [hh(['q', 'a'], ['r', 'b']), /^"chosen", of 2 messages, and "rejected", of 2, differ from message 1 on/],
    [hh(['q', 'a', 'r'], ['q', 'b', 'r']), /^"chosen" ends with a message of the role user/],
    [hh(['q', 'a'], ['q', 'a']), /the same: there is nothing to choose between$/],
    [hh(['q', ''], ['q', 'b']), 'the answer in "chosen" is empty'],
    [hh(['', 'a'], ['', 'b']), "message 1, the user's, is empty"],
    [
      {
        chosen: '\n\nHuman: q\n\nHuman: r\n\nAssistant: a',
        rejected: '\n\nHuman: q\n\nHuman: r\n\nAssistant: b',
      },
      "message 2 is the user's again: user and assistant must take turns",
    ],
    [{ chosen: '\n\nAssistant: a', rejected: '\n\nAssistant: b' }, 'there is no prompt before the answers'],
    [
      { chosen: 'Hi.\n\nHuman: q\n\nAssistant: a', rejected: '\n\nHuman: q\n\nAssistant: b' },
      '"chosen" begins with something else than "Human:" or "Assistant:"',
    ],
    [
      pair(hhTranscript(['q', 'a']), 'plain'),
      '"rejected" has no line that begins with "Human:" or "Assistant:"',
    ],
  ],
  rankings: [
    [responses(), 'there are no responses: there is nothing to choose between'],
    [responses({ text: 'a' }), 'there is one response: there is nothing to choose between'],
    [
      responses(...Array.from({ length: 10 }, (_, i) => ({ text: `${i}` }))),
      'there are 10 responses, more than 9',
    ],
    [
      responses({ text: 'a' }, { text: 'b' }, { text: 'a' }),
      'responses 1 and 3 are the same: there is nothing to choose between them',
    ],
    [responses({ text: 'a' }, { text: '' }), 'response 2 is empty'],
    [responses({ text: 'a' }, 'b'), 'response 2 is a string, not an object'],
    [{ ...ranking({}), prompt: 'q' }, '"prompt" is a string, not a list of messages'],
    [{ ...ranking({}), prompt: [] }, 'there is no prompt before the answers'],
    [ranking({ ranks: [1] }), 'ranking 1 has 1 ranks for 2 responses'],
    [ranking({ ranks: [0, 1] }), 'ranking 1 has the rank 0: ranks are 1 to 9, or null'],
    [ranking({ ranks: [1, 10] }), 'ranking 1 has the rank 10: ranks are 1 to 9, or null'],
    [ranking({ ranks: [1, 1.5] }), 'ranking 1: rank 2 is 1.5, not a whole number'],
    [ranking({ labeler: undefined }), 'ranking 1: "labeler" is missing'],
    [ranking({ ranks: [1, -1] }), 'ranking 1: rank 2 is -1, below 0'],
    [ranking({ pairs: [[0, 'b']] }), 'ranking 1: pair 1 is a string, not a number'],
    [{ ...ranking({}), prompt: [{ role: 'user' }] }, 'message 1: "content" is missing'],
    [ranking({ pass: 2 }), 'ranking 1 is of pass 2: a prompt comes back once, in pass 1'],
    [ranking({ labeler: ' ' }), /^ranking 1 is by " ": a labeler has a name of 1 to 120 characters$/],
    [ranking({ labeler: 'a\nb' }), /^ranking 1 is by/],
    [ranking({ labeler: 'Simulated: me' }), /^ranking 1 is by "Simulated: me": only simulated labelers/],
    [
      ranking({ outcome: 'liked' }),
      'ranking 1: "outcome" is "liked": it can be "ranked", "skipped" or "all-bad"',
    ],
    [
      ranking({ pairs: [[0, 2]] }),
      'ranking 1 has the pair [0, 2]: pairs are of two of the 2 responses, counted from 0',
    ],
    [ranking({ pairs: [[1, 1]] }), /^ranking 1 has the pair \[1, 1\]/],
    [
      ranking({
        pairs: [
          [0, 1],
          [1, 0],
        ],
      }),
      'ranking 1 judges the responses 1 and 0 twice',
    ],
    [ranking({ createdAt: 'yesterday' }), 'ranking 1: "createdAt" is no time'],
    [
      ranking({ simulation: { policy: 'likes-me', noise: 0, seed: 1 } }),
      /^ranking 1: "simulation": "policy" is "likes-me": it can be "/,
    ],
    [
      ranking({ simulation: { policy: 'longer-wins', noise: 0.6, seed: 1 } }),
      'ranking 1: "simulation": "noise" is 0.6, above 0.5',
    ],
    [
      {
        ...ranking({}),
        rankings: [
          { labeler: 'Ann', ranks: [1, 2] },
          { labeler: ' Ann', ranks: [2, 1] },
        ],
      },
      'ranking 2 is of a labeler who has ranked this already in the same pass',
    ],
    [ranking({ labeler: 'x'.repeat(1000) }), /^ranking 1 is by "x{40}…"/],
    [
      `{"prompt":"${'x'.repeat(5000)}","responses":[],"rankings":[]}`,
      '"prompt" is a string, not a list of messages',
    ],
    [`{"responses":[],"rankings":${'['.repeat(2000)}${']'.repeat(2000)}}`, '"prompt" is missing'],
  ],
}
const good: Record<string, unknown> = {
  trl: pair('a', 'b', 'q'),
  'hh-rlhf': hh(['q', 'a'], ['q', 'b']),
  rankings: ranking({}),
}

for (const [format, rows] of Object.entries(bad))
  it(`${format}: each bad row is rejected with its line and the reason; the rows around it are kept`, async () => {
    const lines = [...Array(rows.length).fill(good[format]), ...rows.map(([row]) => row), good[format]]
    const read = await readComparisons('a.jsonl', jsonLines(...lines))
    expect(read.rows).toHaveLength(rows.length + 1)
    const found = reasons(read)
    expect(found).toHaveLength(rows.length)
    for (const [i, [, reason]] of rows.entries()) {
      const prefix = `${rows.length + i + 1}: `
      expect(found[i]).toSatisfy((text: string) => text.startsWith(prefix))
      const said = found[i]!.slice(prefix.length)
      if (typeof reason === 'string') expect(said).toBe(reason)
      else expect(said).toMatch(reason)
    }
  })

it('a labeler is one: not a person and a simulation, nor two simulations', async () => {
  const simulated = (seed: number) => ranking({ simulation: { policy: 'longer-wins', noise: 0, seed } })
  const read = await readComparisons(
    'a.jsonl',
    jsonLines(simulated(1), simulated(2), ranking({}), simulated(1), ranking({ labeler: 'Bob' })),
  )
  expect(read.rows.map(({ line }) => line)).toEqual([1, 4, 5])
  expect(reasons(read)).toEqual([
    '2: "Ann" is simulated (longer-wins, noise 0, seed 2) here, and simulated (longer-wins, noise 0, seed 1) before: give one of them another name',
    '3: "Ann" is a person here, and simulated (longer-wins, noise 0, seed 1) before: give one of them another name',
  ])
})

it('a column that is no labeler does not make thousands of them', async () => {
  const rows = Array.from({ length: 1003 }, (_, i) => ranking({ labeler: `labeler ${i}` }))
  const read = await readComparisons('a.jsonl', jsonLines(...rows))
  expect(read.rows).toHaveLength(1000)
  expect(read.rejections[0]!.reason).toBe('there are more than 1,000 labelers')
})
