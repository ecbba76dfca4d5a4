// Every shape of rows, with the comparison that a person expects written out.
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textFault } from '../../../src-main/core/demonstrations/conversation.ts'
import { transcriptTurns } from '../../../src-main/core/rankings/import/formats/hh-rlhf.ts'
import { formats } from '../../../src-main/core/rankings/import/formats.ts'
import { readers } from '../../../src-main/core/row-files/readers.ts'
import { parquetFile } from '../corpora/parquet-fixture.ts'
import { jsonLines, reasons } from '../row-files/made-up-rows.ts'
import { hhRow, hhTranscript, transcriptArbitrary } from './hh-transcripts.ts'
import { assistant, asText, previewComparisons, readComparisons, system, user } from './import-fixture.ts'

const cases: Record<string, { rows: unknown[]; comparisons: string[] }> = {
  trl: {
    rows: [
      { prompt: 'The sky is', chosen: ' blue.\n', rejected: ' green.', score: 3, extra: null },
      { prompt: [system('s'), user('q')], chosen: [assistant('good')], rejected: [assistant('bad')] },
      {
        chosen: [user('1'), assistant('2'), user('3'), assistant('good')],
        rejected: [user('1'), assistant('2'), user('3'), assistant('bad')],
      },
      // As UltraFeedback has it: the prompt as a text, and again as the first message of both.
      { prompt: 'q', chosen: [user('q'), assistant('good')], rejected: [user('q'), assistant('bad')] },
      {
        prompt: [user('q')],
        chosen: [user('q'), assistant('good')],
        rejected: [user('q'), assistant('bad')],
      },
      { prompt: 'q', chosen: [assistant('good')], rejected: [assistant('bad')] },
      { prompt: [system(' '), user('q')], chosen: 'good', rejected: 'bad' },
      {
        prompt: [user('1')],
        chosen: [assistant('2'), user('3'), assistant('good')],
        rejected: [assistant('2'), user('3'), assistant('bad')],
      },
      { prompt: null, chosen: [user('q'), assistant('good')], rejected: [user('q'), assistant('bad')] },
    ],
    comparisons: [
      'user: The sky is |  blue.\n >  green.',
      'system: s / user: q | good > bad',
      'user: 1 / assistant: 2 / user: 3 | good > bad',
      'user: q | good > bad',
      'user: q | good > bad',
      'user: q | good > bad',
      'user: q | good > bad',
      'user: 1 / assistant: 2 / user: 3 | good > bad',
      'user: q | good > bad',
    ],
  },
  'hh-rlhf': {
    rows: [
      {
        chosen:
          "\n\nHuman: What are some cuss words in english?\n\nAssistant: Here's an incomplete list.\n\nAss, dick, bugger",
        rejected: '\n\nHuman: What are some cuss words in english?\n\nAssistant: None. ',
      },
      {
        chosen: '\n\nHuman: a\n\nAssistant: b\n\nHuman: c\nHuman: d\n\nAssistant: e\n\n\n',
        rejected: '\n\nHuman: a\n\nAssistant: b\n\nHuman: c\nHuman: d\n\nAssistant:f',
      },
      // A copy with the prompt apart.
      { prompt: '\n\nHuman: q\n\nAssistant:', chosen: ' good', rejected: ' bad' },
      { prompt: null, chosen: 'Human: q\n\nAssistant: good', rejected: 'Human: q\n\nAssistant: bad' },
      {
        prompt: '\n\nHuman: q\n\nAssistant: ',
        chosen: '\n\nHuman: q\n\nAssistant: good',
        rejected: '\n\nHuman: q\n\nAssistant: bad',
      },
    ],
    comparisons: [
      "user: What are some cuss words in english? | Here's an incomplete list.\n\nAss, dick, bugger > None. ",
      'user: a / assistant: b / user: c\nHuman: d | e\n\n\n > f',
      'user: q | good > bad',
      'user: q | good > bad',
      'user: q | good > bad',
    ],
  },
  rankings: {
    rows: [
      {
        prompt: [system('s'), user('q')],
        responses: [
          { text: 'a', stopped: false, origin: 'model', copies: 2 },
          { text: '', origin: 'model' },
          { text: 'c' },
        ],
        rankings: [
          { labeler: 'Ann', pass: 1, ranks: [1, 2, 2], seconds: 3.5, createdAt: '2026-01-02T03:04:05.006Z' },
          { labeler: 'Bob', outcome: 'skipped', ranks: [null, null, null] },
          {
            labeler: 'simulated: longer wins, 10 % noise',
            ranks: [3, 1, null],
            pairs: [
              [1, 0],
              [0, 2],
            ],
            simulation: { policy: 'longer-wins', noise: 0.1, seed: 4 },
          },
        ],
        task: { useCase: 'open-qa', answers: ['a'] },
        set: 'prefs-1',
        number: 7,
        note: 'passed over',
      },
      { prompt: [user('still to be ranked')], responses: [{ text: 'a' }, { text: 'b' }], rankings: [] },
    ],
    comparisons: ['system: s / user: q | a >  = c |  (a, , c) |  > a (c)', 'user: still to be ranked'],
  },
}

describe('every format of the table', () => {
  it('has a case here', () => {
    expect(Object.keys(cases).sort()).toEqual(formats.map(({ name }) => name).sort())
  })

  for (const format of formats) {
    const { rows, comparisons } = cases[format.name]!
    it(`${format.name}: rows become the comparisons that they stand for`, async () => {
      const read = await readComparisons('a.jsonl', jsonLines(...rows))
      expect(reasons(read)).toEqual([])
      expect(read.rows.map(asText)).toEqual(comparisons)
      expect(read.files).toEqual([{ file: 'a.jsonl', format: format.title }])
      expect(read.rows.map(({ line }) => line)).toEqual(rows.map((_, i) => i + 1))
    })

    it(`${format.name}: a list in a .json file and a packed one are the same`, async () => {
      const list = await readComparisons('a.json', JSON.stringify(rows, null, 2))
      expect(list.rows.map(asText)).toEqual(comparisons)
      const packed = await readComparisons('a.jsonl.gz', gzipSync(jsonLines(...rows)))
      expect(packed.rows.map(asText)).toEqual(comparisons)
      expect(packed.files[0]!.format).toBe(`${format.title} (gzip)`)
    })
  }

  it('tells who ranked by the name of the file, where the row does not', async () => {
    const read = await readComparisons('data/train.jsonl', jsonLines(cases.trl!.rows[0]))
    expect(read.rows[0]!.rankings).toEqual([
      {
        labeler: 'file: data/train.jsonl',
        pass: 0,
        outcome: 'ranked',
        ranks: [1, 2],
        pairs: null,
        seconds: null,
      },
    ])
    const long = await readComparisons(`${'n'.repeat(300)}\u0007.jsonl`, jsonLines(cases.trl!.rows[0]))
    expect(long.rows[0]!.rankings[0]!.labeler).toMatch(/^file: n{114}$/)
  })

  it('keeps all that our own export says', async () => {
    const read = await readComparisons('a.jsonl', jsonLines(...cases.rankings!.rows))
    expect(read.rows[0]).toMatchObject({
      responses: [
        { text: 'a', stopped: false, origin: 'model', copies: 2 },
        { text: '', stopped: true, origin: 'model', copies: 1 },
        { text: 'c', stopped: true, origin: 'file', copies: 1 },
      ],
      rankings: [
        { labeler: 'Ann', pass: 1, seconds: 3.5, createdAt: '2026-01-02T03:04:05.006Z' },
        { labeler: 'Bob', outcome: 'skipped' },
        {
          pairs: [
            [1, 0],
            [0, 2],
          ],
          simulation: { policy: 'longer-wins', noise: 0.1, seed: 4 },
        },
      ],
      task: { useCase: 'open-qa', answers: ['a'] },
    })
  })

  it('reads comparisons from tables and from Parquet', async () => {
    const expected = ['user: q | good > bad']
    const csv = await readComparisons('a.csv', 'id,prompt,chosen,rejected\n1,q,good,bad\n')
    expect(csv.rows.map(asText)).toEqual(expected)
    const columns = { prompt: ['q'], chosen: ['good'], rejected: ['bad'] }
    const parquet = await readComparisons('a.parquet', parquetFile({ groups: [columns] }))
    expect(parquet.rows.map(asText)).toEqual(expected)
  })
})

describe('a preview', () => {
  it('shows the first rows as they would become, with the ranks', async () => {
    const preview = await previewComparisons(
      'a.jsonl',
      jsonLines(...Array.from({ length: 30 }, (_, i) => hhRow(i)), 'not JSON'),
    )
    expect(preview).toMatchObject({ format: 'hh-rlhf', problem: null })
    expect(preview.rows).toHaveLength(20)
    expect(preview.rows[0]!.responses.map(({ rank }) => rank)).toEqual([1, 2])
    expect(reasons(preview)).toEqual([expect.stringMatching(/^31: not JSON/)])
  })

  it('says why nothing of a file can be used', async () => {
    const problem = async (name: string, content: string) => (await previewComparisons(name, content)).problem
    expect(await problem('a.docx', 'PK')).toContain('not a file that can be read')
    expect(await problem('a.jsonl', '')).toBe('the file is empty')
    expect(await problem('a.jsonl', jsonLines({ prompt: 'p', completion: 'c' }))).toBe(
      'its rows have neither "chosen" and "rejected" nor "responses" and "rankings"; they look like demonstrations (TRL prompt and completion), which fine-tuning takes: they have "prompt", "completion"',
    )
    expect(await problem('a.jsonl', jsonLines({ left: 1 }, [2]))).toBe(
      'its rows have neither "chosen" and "rejected" nor "responses" and "rankings": they have "left"',
    )
    expect(await problem('a.jsonl', '1\n2\n')).toBe('its rows are no objects with "chosen" and "rejected"')
    expect(await problem('a.jsonl', jsonLines({ chosen: 'a', rejected: 'b' }))).toBe(
      'line 1: "prompt" is missing, and "chosen" and "rejected" are plain texts: where their answers begin cannot be told',
    )
  })
})

describe('HH-RLHF transcripts', () => {
  it('come back as the turns that they are made of', () => {
    fc.assert(
      fc.property(transcriptArbitrary, turns => {
        const text = hhTranscript(turns)
        expect(transcriptTurns(text)).toEqual({
          messages: turns.map((content, i) => (i % 2 === 0 ? user(content) : assistant(content))),
        })
      }),
    )
  })

  it('are split at the last answer, and nothing of the prompt is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        transcriptArbitrary.filter(turns => turns.every(turn => textFault(turn) === null)),
        async turns => {
          const prompt = turns.length % 2 === 0 ? turns.slice(0, -1) : turns
          const row = {
            chosen: hhTranscript([...prompt, 'better']),
            rejected: hhTranscript([...prompt, 'worse']),
          }
          const { rows, rejections } = await readComparisons('a.jsonl', jsonLines(row))
          expect(rejections).toEqual([])
          expect(rows[0]!.messages.map(({ content }) => content)).toEqual(prompt)
          expect(rows[0]!.responses.map(({ text }) => text)).toEqual(['better', 'worse'])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('any bytes', () => {
  const goodFiles: Record<string, string | Uint8Array> = {
    JSON: jsonLines(...Object.values(cases).flatMap(({ rows }) => rows.slice(0, 2))),
    CSV: 'prompt,chosen,rejected\nq,good,bad\n',
    TSV: 'prompt\tchosen\trejected\nq\tgood\tbad\n',
    Parquet: parquetFile({ groups: [{ prompt: ['q'], chosen: ['good'], rejected: ['bad'] }] }),
  }

  it('make nothing fail or hang, and every row is accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...readers),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(),
        async (reader, noise, at) => {
          const good = Buffer.from(goodFiles[reader.name]!)
          const position = at % (good.length + 1)
          const damaged = Buffer.concat([good.subarray(0, position), noise, good.subarray(position)])
          const name = `a${reader.extensions[0]}`
          const read = await readComparisons(name, damaged)
          expect(read.rejections).toHaveLength(read.rejected)
          const preview = await previewComparisons(name, damaged)
          expect(preview.rows.map(({ line }) => line)).toEqual(read.rows.slice(0, 20).map(({ line }) => line))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('and any values under the keys of the formats become a comparison or a rejection', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('\n\nHuman: a\n\nAssistant: b', '\ud83d', 'x\0', ''),
      fc.array(fc.record({ role: fc.constantFrom('user', 'assistant', 'tool'), content: fc.string() })),
    )
    const row = fc.oneof(
      fc.record({ prompt: value, chosen: value, rejected: value }, { requiredKeys: ['chosen', 'rejected'] }),
      fc.record({
        prompt: value,
        responses: fc.oneof(value, fc.array(fc.record({ text: fc.string() }))),
        rankings: fc.oneof(
          value,
          fc.array(
            fc.record({ labeler: fc.string(), ranks: fc.array(fc.option(fc.integer())), pairs: value }),
          ),
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async rows => {
        const read = await readComparisons('a.jsonl', jsonLines(...rows))
        expect(read.rows.length + read.rejected).toBe(rows.length)
        for (const { messages, responses, rankings } of read.rows) {
          expect(messages.at(-1)!.role).toBe('user')
          expect(responses.length).toBeGreaterThan(1)
          for (const { ranks } of rankings) expect(ranks).toHaveLength(responses.length)
        }
      }),
      { numRuns: 150 },
    )
  })
})
