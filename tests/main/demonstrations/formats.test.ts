// Every shape of rows, with the conversation that a person expects written out.
import { describe, expect, it } from 'vitest'
import { formats } from '../../../src-main/core/demonstrations/formats.ts'
import { exampleOf } from '../../../src-shared/batches/sft-example.ts'
import { CharacterTokenizer } from '../../../src-shared/tokenizer/character.ts'
import { type Message, renderChat } from '../../../src-shared/tokenizer/chat-template.ts'
import { jsonLines, reasons } from '../row-files/made-up-rows.ts'
import { mapping, readContent } from './read-fixture.ts'

const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })
const system = (content: string) => ({ role: 'system', content })

interface Case {
  /** Rows of a JSON lines file. */
  rows: unknown[]
  chats: string[][]
  /** What the loss counts of each row, ⏎ for the end of an answer. */
  trained: string[]
  useCases?: (string | null)[]
}

const tokenizer = new CharacterTokenizer(
  Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).concat('\ufffd'),
)
/** Targets of the training example that a conversation becomes, as text. */
function trainedText(messages: readonly Message[]): string {
  const { targets } = exampleOf(renderChat(tokenizer, messages))
  return tokenizer.decode(targets.filter(target => target >= 0)).replaceAll('<|assistant_end|>', '⏎')
}

const cases: Record<string, Case> = {
  messages: {
    rows: [
      { messages: [user(' What?\r\n'), assistant('\tThat. ')] },
      { messages: [system('Be brief.'), user('a'), assistant('b'), user('c'), assistant('d')] },
      {
        messages: [system(' '), { ...user('e'), name: 'Ann' }, { ...assistant('f'), weight: 1 }],
        category: 'Open QA',
      },
      [user('a bare list'), assistant('is one too')],
      { messages: [user('1'), { ...assistant('2'), weight: 0 }, user('3'), assistant('4')] },
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'in ' },
              { type: 'text', text: 'parts' },
            ],
          },
          { role: 'assistant', content: [{ type: 'text', text: 'whole' }], weight: null },
        ],
      },
    ],
    chats: [
      ['user:  What?\r\n', 'assistant: \tThat. '],
      ['system: Be brief.', 'user: a', 'assistant: b', 'user: c', 'assistant: d'],
      ['user: e', 'assistant: f'],
      ['user: a bare list', 'assistant: is one too'],
      ['user: 1', 'assistant: 2', 'user: 3', 'assistant: 4'],
      ['user: in parts', 'assistant: whole'],
    ],
    trained: ['\tThat. ⏎', 'b⏎d⏎', 'f⏎', 'is one too⏎', '4⏎', 'whole⏎'],
    useCases: [null, null, 'open-qa', null, null, null],
  },
  sharegpt: {
    rows: [
      {
        id: 'x',
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: 'a' },
        ],
      },
      {
        system: 'Kindly.',
        conversations: [
          { from: 'user', value: '1' },
          { from: 'bing', value: '2' },
          { from: 'human', value: '3' },
          { from: 'chatgpt', value: '4' },
        ],
      },
      {
        conversations: [
          { from: 'system', value: 's' },
          { from: 'human', value: 'q' },
          { from: 'bard', value: 'a' },
        ],
      },
      { conversations: [user('roles'), assistant('of today')] },
    ],
    chats: [
      ['user: q', 'assistant: a'],
      ['system: Kindly.', 'user: 1', 'assistant: 2', 'user: 3', 'assistant: 4'],
      ['system: s', 'user: q', 'assistant: a'],
      ['user: roles', 'assistant: of today'],
    ],
    trained: ['a⏎', '2⏎4⏎', 'a⏎', 'of today⏎'],
  },
  'trl-prompt-completion': {
    rows: [
      { prompt: 'The sky is', completion: ' blue.\n' },
      { prompt: [system('s'), user('u')], completion: [assistant('a')] },
      { prompt: [user('1'), assistant('2'), user('3')], completion: [assistant('4')] },
      {
        prompt: [user('1'), assistant('2'), user('3')],
        completion: [
          assistant('4'),
          user('5'),
          { ...assistant('6'), weight: 0 },
          user('7'),
          { ...assistant('8'), weight: 1 },
        ],
      },
    ],
    chats: [
      ['user: The sky is', 'assistant:  blue.\n'],
      ['system: s', 'user: u', 'assistant: a'],
      ['user: 1', 'assistant: 2', 'user: 3', 'assistant: 4'],
      [
        'user: 1',
        'assistant: 2',
        'user: 3',
        'assistant: 4',
        'user: 5',
        'assistant: 6',
        'user: 7',
        'assistant: 8',
      ],
    ],
    trained: [' blue.\n⏎', 'a⏎', '4⏎', '4⏎8⏎'],
  },
  'self-instruct': {
    rows: [
      {
        instruction: 'Antonym?',
        instances: [
          { input: 'Night', output: 'Day' },
          { input: 'Right', output: 'Left' },
        ],
        is_classification: false,
      },
      { instruction: 'Friendly?', instances: [{ input: '', output: 'Yes' }], is_classification: true },
    ],
    chats: [
      ['user: Antonym?\n\nNight', 'assistant: Day'],
      ['user: Friendly?', 'assistant: Yes'],
    ],
    trained: ['Day⏎', 'Yes⏎'],
    useCases: [null, 'classification'],
  },
  alpaca: {
    rows: [
      { instruction: 'Sum up.', input: 'A long text.', output: 'Short.' },
      { instruction: 'Hello', input: '', output: 'Hi' },
      { instruction: 'Hello', output: 'Hello to you' },
      {
        instruction: 'And now?',
        input: null,
        output: 'Now.',
        system: 's',
        history: [
          ['1', '2'],
          ['3', '4'],
        ],
      },
    ],
    chats: [
      ['user: Sum up.\n\nA long text.', 'assistant: Short.'],
      ['user: Hello', 'assistant: Hi'],
      ['user: Hello', 'assistant: Hello to you'],
      [
        'system: s',
        'user: 1',
        'assistant: 2',
        'user: 3',
        'assistant: 4',
        'user: And now?',
        'assistant: Now.',
      ],
    ],
    trained: ['Short.⏎', 'Hi⏎', 'Hello to you⏎', '2⏎4⏎Now.⏎'],
  },
}

describe('every format of the table', () => {
  it('has a case here', () => {
    expect(Object.keys(cases).sort()).toEqual(formats.map(({ name }) => name).sort())
  })

  for (const format of formats) {
    const { rows, chats, trained, useCases } = cases[format.name]!
    it(`${format.name}: the loss counts what the assistant says and its end, and nothing else`, async () => {
      const { rows: read } = await readContent('a.jsonl', jsonLines(...rows))
      expect(read.map(({ messages }) => trainedText(messages))).toEqual(trained)
    })
    it(`${format.name}: rows become the conversations that they stand for`, async () => {
      const read = await readContent('a.jsonl', jsonLines(...rows))
      expect(reasons(read)).toEqual([])
      expect(read.chats).toEqual(chats)
      expect(read.files).toEqual([{ file: 'a.jsonl', format: format.title }])
      expect(read.rows.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 1))
      if (useCases) expect(read.rows.map(({ useCase }) => useCase)).toEqual(useCases)
    })

    it(`${format.name}: a list in a .json file is the same`, async () => {
      const read = await readContent('a.json', JSON.stringify(rows, null, 2))
      expect(read.chats).toEqual(chats)
    })
  }
})

describe('a weight', () => {
  it('stands in a row only where it says something', async () => {
    const rows = [
      {
        messages: [
          { ...user('1'), weight: 0 },
          { ...assistant('2'), weight: 0 },
          user('3'),
          { ...assistant('4'), weight: 1 },
        ],
      },
      { prompt: [system('s'), user('1'), assistant('2'), user('3')], completion: [assistant('4')] },
    ]
    const expected = [user('1'), { ...assistant('2'), weight: 0 }, user('3'), assistant('4')]
    const [first] = (await readContent('a.jsonl', jsonLines(rows[0]))).rows
    expect(first!.messages).toEqual(expected)
    const [second] = (await readContent('a.jsonl', jsonLines(rows[1]))).rows
    expect(second!.messages).toEqual([system('s'), ...expected])
  })
})

describe('what a row says of itself', () => {
  const chat = { messages: [user('q'), assistant('a')] }
  const labels = async (...given: object[]) =>
    (await readContent('a.jsonl', jsonLines(...given.map(of => ({ ...chat, ...of }))))).rows.map(
      ({ useCase, tags }) => ({ useCase, tags }),
    )

  it('becomes its use case and its tags; a use case that is none of the ten becomes a tag', async () => {
    expect(
      await labels(
        { use_case: 'open-qa', tags: ['b', ' a ', 'b'] },
        { use_case: 'Poetry', tags: ['kept'] },
        { category: 'poetry' },
        { use_case: null, tags: [] },
      ),
    ).toEqual([
      { useCase: 'open-qa', tags: ['b', 'a'] },
      { useCase: null, tags: ['kept', 'Poetry'] },
      { useCase: null, tags: [] },
      { useCase: null, tags: [] },
    ])
  })

  it('is left out where no person could have given it', async () => {
    const bad = [7, null, {}, '', ' ', 'two\nlines', 'x'.repeat(121)]
    expect(
      await labels(
        { use_case: ['open-qa'], tags: bad },
        { use_case: 'a\0b', tags: 'one' },
        { tags: ['good'] },
      ),
    ).toEqual([
      { useCase: null, tags: [] },
      { useCase: null, tags: [] },
      { useCase: null, tags: ['good'] },
    ])
    const many = Array.from({ length: 30 }, (_, i) => `tag ${i}`)
    expect((await labels({ tags: many }))[0]!.tags).toEqual(many.slice(0, 20))
  })

  it('is not one tag a row: of keywords without end, the first thousand are kept', async () => {
    const rows = Array.from({ length: 1100 }, (_, i) => ({ ...chat, tags: [`tag ${i}`, 'tag 0'] }))
    const read = await readContent('a.jsonl', jsonLines(...rows))
    expect(new Set(read.rows.flatMap(({ tags }) => tags)).size).toBe(1000)
    expect(read.rows.at(-1)!.tags).toEqual(['tag 0'])
    expect(read.notes).toEqual([
      'only the first 1,000 different tags were kept; others were left out 100 times',
    ])
  })
})

describe('a table of any shape', () => {
  it('finds question and answer by the names of the columns, and says so', async () => {
    const read = await readContent('gsm8k.jsonl', jsonLines({ question: '2+2?', answer: '#### 4' }))
    expect(read.chats).toEqual([['user: 2+2?', 'assistant: #### 4']])
    expect(read.files[0]!.format).toBe('Table: prompt from "question", response from "answer"')
    expect(read.notes).toEqual([
      'gsm8k.jsonl: the prompt is "question", the response is "answer": guessed from the names of the columns',
    ])
  })

  it("reads Dolly's columns: context after the instruction, its categories as use cases", async () => {
    const row = (category: string, context = '') => ({ instruction: 'i', context, response: 'r', category })
    const read = await readContent(
      'dolly.jsonl',
      jsonLines(row('closed_qa', 'c'), row('creative_writing'), row('information_extraction'), row('haiku')),
    )
    expect(read.chats[0]).toEqual(['user: i\n\nc', 'assistant: r'])
    expect(read.rows.map(({ useCase }) => useCase)).toEqual(['closed-qa', 'generation', 'extract', null])
  })

  it.each([
    ['a.csv', 'User Prompt;Antwort\nq;"a, ""b"""\n'],
    ['a.tsv', 'User Prompt\tAntwort\nq\ta, "b"\n'],
  ])('takes the columns that the person names, over any guess: %s', async (name, content) => {
    const of = mapping({ prompt: 'User Prompt', response: 'Antwort' })
    const read = await readContent(name, content, of)
    expect(read.chats).toEqual([['user: q', 'assistant: a, "b"']])
    expect(read.notes).toEqual([])
  })

  it("takes the person's columns over a format that is recognised", async () => {
    const row = { instruction: 'i', input: 'x', output: 'o', better: 'b', who: 's', kind: 'Chat' }
    const of = mapping({
      prompt: 'instruction',
      response: 'better',
      system: 'who',
      context: 'input',
      useCase: 'kind',
    })
    const read = await readContent('a.jsonl', jsonLines(row), of)
    expect(read.chats).toEqual([['system: s', 'user: i\n\nx', 'assistant: b']])
    expect(read.rows[0]!.useCase).toBe('chat')
  })

  it('refuses a mapping to a column that is not there, with those that are', async () => {
    await expect(readContent('a.csv', 'x,y\n1,2\n', mapping({}))).rejects.toThrow(
      'there is no column "prompt" for the prompt (a.csv): expected one of "x", "y"',
    )
  })

  it('rejects a file whose columns say nothing, and names them', async () => {
    const read = await readContent('a.csv', 'lat,long\n1,2\n3,4\n')
    expect(reasons(read)).toEqual([
      'file: which of its columns hold prompt and response is not known: they are "lat", "long"',
    ])
  })

  it('with very many columns is read without harm, and refused in few words', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `column ${i}`)
    const empty = ','.repeat(many.length + 1)
    const read = await readContent(
      'a.csv',
      `prompt,response,${many.join()}\np,r${empty.slice(1)}\n${empty}\n`,
    )
    expect(read.chats).toEqual([['user: p', 'assistant: r']])
    expect(reasons(read)).toEqual(["3: message 1, the user's, is empty"])
    const unknown = await readContent('a.csv', `${many.join()}\n${empty.slice(2)}\n`)
    expect(reasons(unknown)[0]).toMatch(/"column 11", 49988 more$/)
  })

  it('does not take numbers, and no cell of a row that has too few', async () => {
    const read = await readContent(
      'a.jsonl',
      jsonLines({ prompt: 'p', response: 'r' }, { prompt: '2', response: 4 }, { prompt: '3', response: 'r' }),
    )
    expect(reasons(read)).toEqual(['2: "response" is a number, not a string'])
    const table = await readContent('a.csv', 'prompt,response\np,r\nalone\n')
    expect(reasons(table)).toEqual(['3: 1 cell where the first row names 2 columns'])
  })

  it('is chosen where most rows have its columns, although one has messages', async () => {
    const rows = [{ messages: [user('u'), assistant('a')] }, ...Array(5).fill({ prompt: 'p', response: 'r' })]
    const read = await readContent('a.jsonl', jsonLines(...rows))
    expect([read.given, read.rejected]).toEqual([5, 1])
  })
})
