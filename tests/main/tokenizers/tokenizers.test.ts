import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentTexts } from '../../../src-main/core/corpora/document-store.ts'
import { SplitWriter } from '../../../src-main/core/corpora/document-writer.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import {
  Tokenizers,
  type TrainingCorpus,
  tokenizerHandlers,
} from '../../../src-main/core/tokenizers/tokenizers.ts'
import { openWorkspace, type Workspace } from '../../../src-main/core/workspace/workspace.ts'
import { type JobStatus, labMethods } from '../../../src-shared/contract/lab-contract.ts'
import { checked } from '../../../src-shared/contract/peer.ts'
import { defaultVocabularySize } from '../../../src-shared/tokenizer/default-vocabulary-size.ts'
import { readTokenizer } from '../../../src-shared/tokenizer/tokenizer-json.ts'

const texts = Array.from(
  { length: 40 },
  (_, i) =>
    `The ship ${i} came to the harbour of the island. "It's the ${i * 7}th ship," said the keeper — 你好 🌍.\n`,
)

let folder: string
let workspace: Workspace
let statuses: JobStatus[]
let changes: string[]
let jobs: Jobs

function open(): Tokenizers {
  workspace = openWorkspace(join(folder, 'workspace'), 'terminal')
  jobs = new Jobs(status => statuses.push(status))
  return new Tokenizers({
    workspace,
    jobs,
    publish: (topic, payload) => {
      if (topic === 'changed') changes.push((payload as { what: string }).what)
    },
  })
}

function writeCorpus(id: string, train: readonly string[]): TrainingCorpus {
  const corpus = { id, name: `Corpus ${id}`, folder: join(folder, id) }
  mkdirSync(corpus.folder)
  for (const [split, documents] of [
    ['train', train],
    ['validation', ['only held out: ÿÿÿÿ']],
  ] as const) {
    const writer = new SplitWriter(corpus.folder, split)
    for (const text of documents) writer.append({ file: 'a.txt', line: 1, continues: false, text })
    writer.finish()
  }
  return corpus
}

const job = () => ({ signal: new AbortController().signal, progress() {} })

/** Waits for a job's end, as a screen does. */
async function ended(id: string): Promise<JobStatus> {
  for (;;) {
    const status = statuses.findLast(status => status.id === id)
    if (status && status.state !== 'running') return status
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenizers-'))
  statuses = []
  changes = []
})
afterEach(() => {
  workspace.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('training a tokenizer', () => {
  it('trains BPE on the training split in a worker and keeps Hugging Face files', async () => {
    const tokenizers = open()
    const corpus = writeCorpus('c1', texts)
    const summary = await tokenizers.train({
      kind: 'bpe',
      corpora: [corpus],
      vocabularySize: 320,
      job: job(),
    })
    expect(summary).toMatchObject({
      name: 'Corpus c1 · 320 tokens',
      kind: 'bpe',
      vocabularySize: 320,
      trainedOn: ['c1'],
      removedAt: null,
    })
    expect(summary.id).toMatch(/^tok-[0-9a-f]{6}$/)
    expect(changes).toEqual(['tokenizers'])
    expect(readdirSync(workspace.folder('tokenizers'))).toEqual([summary.id])
    expect(readdirSync(tokenizers.folder(summary.id)).sort()).toEqual([
      'tokenizer.json',
      'tokenizer_config.json',
      'training.json',
    ])
    const tokenizer = await tokenizers.get(summary.id)
    expect(await tokenizers.get(summary.id)).toBe(tokenizer)
    const all = texts.join('')
    expect(tokenizer.decode(tokenizer.encode(all))).toBe(all)
    const tokens = texts.reduce((sum, text) => sum + tokenizer.encode(text).length, 0)
    expect(summary.bytesPerToken).toBeCloseTo(Buffer.byteLength(all) / tokens, 12)
    const files = tokenizers.files(summary.id)
    expect(readTokenizer(files['tokenizer.json'], files['tokenizer_config.json']).encode(all)).toEqual(
      tokenizer.encode(all),
    )
  })

  it('gives the same tokenizer for the same text, and reads corpora in the order given', async () => {
    const tokenizers = open()
    const [a, b] = [writeCorpus('c1', texts.slice(0, 20)), writeCorpus('c2', texts.slice(20))]
    const train = (corpora: TrainingCorpus[]) =>
      tokenizers.train({ kind: 'bpe', corpora, vocabularySize: 300, job: job() })
    const [first, second] = [await train([a, b]), await train([a, b])]
    expect(second.hash).toBe(first.hash)
    expect(second.id).not.toBe(first.id)
    expect(first.trainedOn).toEqual(['c1', 'c2'])
    expect(tokenizers.list().map(({ id }) => id)).toEqual([second.id, first.id, 'gpt2', 'gpt4'])
  })

  it('trains on characters, and chooses a size by the text where none is given', async () => {
    const tokenizers = open()
    const corpus = writeCorpus('c1', texts)
    const characters = await tokenizers.train({
      name: 'Letters',
      kind: 'character',
      corpora: [corpus],
      job: job(),
    })
    const alphabet = new Set([...documentTexts(corpus.folder, 'train')].join(''))
    expect(characters).toMatchObject({
      name: 'Letters',
      kind: 'character',
      vocabularySize: alphabet.size + 1 + 6,
    })
    const bpe = await tokenizers.train({ kind: 'bpe', corpora: [corpus], job: job() })
    expect(bpe.vocabularySize).toBeLessThanOrEqual(512)
    expect([1e5, 2e6, 5e6, 5e7, 1e9].map(defaultVocabularySize)).toEqual([512, 1024, 2048, 4096, 8192])
    await expect(
      tokenizers.train({ kind: 'character', corpora: [corpus], vocabularySize: 50, job: job() }),
    ).rejects.toThrow(/leave the size out/i)
  })

  it('says what is wrong with the request and leaves nothing behind', async () => {
    const tokenizers = open()
    const corpus = writeCorpus('c1', texts)
    const empty = writeCorpus('c2', [])
    const train = (corpora: TrainingCorpus[], vocabularySize: number) =>
      tokenizers.train({ kind: 'bpe', corpora, vocabularySize, job: job() })
    await expect(train([corpus], 100)).rejects.toThrow(/a vocabulary of 100 tokens is impossible/)
    await expect(train([empty], 300)).rejects.toThrow(/there is no text/)
    await expect(train([{ ...corpus, folder: join(folder, 'gone') }], 300)).rejects.toThrow(/does not exist/)
    writeFileSync(join(empty.folder, 'train.jsonl'), '{"text": 7}\n')
    await expect(train([empty], 300)).rejects.toThrow(/does not read back/)
    expect(readdirSync(workspace.folder('tokenizers'))).toEqual([])
    expect(tokenizers.list().map(({ id }) => id)).toEqual(['gpt2', 'gpt4'])
  })

  it('runs as a job with progress that can be cancelled', async () => {
    const tokenizers = open()
    const large = writeCorpus(
      'c1',
      Array.from({ length: 60 }, (_, i) => `${i} ${texts.join(' ')}`.repeat(60)),
    )
    const { train } = handlers(tokenizers, [large])
    const done = await ended((await train({ kind: 'bpe', corpora: ['c1'], vocabularySize: 300 })).job)
    expect(done).toMatchObject({
      kind: 'tokenizer',
      state: 'done',
      result: { kind: 'bpe', vocabularySize: 300 },
    })
    const reading = statuses.find(({ unit, done }) => unit === 'bytes' && done > 0)
    expect(reading?.total).toBeGreaterThan(reading!.done)

    const started = await train({ kind: 'bpe', corpora: ['c1'], vocabularySize: 300 })
    while (!statuses.some(({ id, unit }) => id === started.job && unit === 'bytes'))
      await new Promise(resolve => setTimeout(resolve, 1))
    jobs.cancel(started.job)
    expect(await ended(started.job)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } })
    expect(tokenizers.list().length).toBe(3)
  })
})

function handlers(tokenizers: Tokenizers, corpora: readonly TrainingCorpus[]) {
  const table = tokenizerHandlers(tokenizers, ids => ids.map(id => corpora.find(corpus => corpus.id === id)!))
  return { table, train: table['tokenizers.train'] }
}

describe('the tokenizers of a workspace', () => {
  it('are there again after a restart, removed ones hidden but usable', async () => {
    const tokenizers = open()
    const summary = await tokenizers.train({
      kind: 'bpe',
      corpora: [writeCorpus('c1', texts)],
      vocabularySize: 300,
      job: job(),
    })
    const ids = (await tokenizers.get(summary.id)).encode('the ship')
    tokenizers.remove(summary.id)
    workspace.close()
    const again = open()
    expect(again.summary(summary.id)).toEqual({ ...summary, removedAt: expect.any(String) })
    expect((await again.get(summary.id)).encode('the ship')).toEqual(ids)
    again.restore(summary.id)
    expect(again.summary(summary.id)).toEqual(summary)
    expect(() => again.remove('gpt2')).toThrow(/part of the app/)
    expect(() => again.summary('tok-none')).toThrow(/there is no tokenizer tok-none/)
    await expect(again.get('tok-none')).rejects.toThrow(/there is no tokenizer/)
  })

  it('are listed again when their row was lost, and unfinished ones are cleared away', async () => {
    const tokenizers = open()
    const summary = await tokenizers.train({
      kind: 'bpe',
      corpora: [writeCorpus('c1', texts)],
      vocabularySize: 300,
      job: job(),
    })
    workspace.db.exec('DELETE FROM tokenizers')
    mkdirSync(join(workspace.folder('tokenizers'), '.staging-tok-000000'))
    const broken = join(workspace.folder('tokenizers'), 'tok-bad000')
    mkdirSync(broken)
    writeFileSync(join(broken, 'training.json'), '{"summ')
    workspace.close()
    const again = open()
    expect(again.list()[0]).toEqual(summary)
    expect(readdirSync(workspace.folder('tokenizers')).sort()).toEqual(['tok-bad000', summary.id].sort())
    expect(workspace.notes.join()).toMatch(/is listed again/)
    expect(workspace.notes.join()).toMatch(/tok-bad000 holds a tokenizer that cannot be read/)
  })

  it('are refused when a file was changed or is missing, and work when it is put back', async () => {
    const tokenizers = open()
    const { id } = await tokenizers.train({
      kind: 'bpe',
      corpora: [writeCorpus('c1', texts)],
      vocabularySize: 300,
      job: job(),
    })
    const path = join(tokenizers.folder(id), 'tokenizer.json')
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.replace('"special": true', '"special": false'))
    await expect(tokenizers.get(id)).rejects.toThrow(/not the one that was trained.*tokenizer\.json/)
    renameSync(path, `${path}.away`)
    await expect(tokenizers.get(id)).rejects.toThrow(/is missing/)
    renameSync(`${path}.away`, path)
    writeFileSync(path, whole)
    expect((await tokenizers.get(id)).vocabularySize).toBe(300)
  })
})

describe('the token explorer', () => {
  it('shows each token with its bytes, halves of characters without a text', async () => {
    const tokenizers = open()
    const { table } = handlers(tokenizers, [])
    const { id } = await tokenizers.train({
      kind: 'bpe',
      corpora: [writeCorpus('c1', texts)],
      vocabularySize: 262,
      job: job(),
    })
    const shown = await table['tokenizers.encode']({ tokenizer: id, text: 'aé\uD800' })
    expect(checked(labMethods['tokenizers.encode'].output, shown, 'test')).toEqual({
      pieces: [
        { id: 97, text: 'a', bytes: [97], special: false },
        ...[0xc3, 0xa9, 0xef, 0xbf, 0xbd].map(byte => ({
          id: byte,
          text: null,
          bytes: [byte],
          special: false,
        })),
      ],
      count: 6,
      bytes: 6,
      characters: 3,
    })
    expect(await table['tokenizers.decode']({ tokenizer: id, ids: Int32Array.of(0xc3, 0xa9, 256) })).toEqual({
      text: 'é<|endoftext|>',
    })
  })

  it("searches and orders the vocabulary: the person's own with its uses", async () => {
    const tokenizers = open()
    const { id } = await tokenizers.train({
      kind: 'bpe',
      corpora: [writeCorpus('c1', texts)],
      vocabularySize: 320,
      job: job(),
    })
    const page = { offset: 0, limit: 1000 }
    const byId = await tokenizers.vocabulary({ tokenizer: id, order: 'id', ...page })
    expect(byId.total).toBe(320)
    expect(byId.rows.map(row => row.id)).toEqual(Array.from({ length: 320 }, (_, i) => i))
    expect(byId.rows.at(-1)).toEqual({
      id: 319,
      text: '<|assistant_end|>',
      bytes: [],
      special: true,
      uses: 0,
    })
    const longest = await tokenizers.vocabulary({ tokenizer: id, order: 'longest', offset: 0, limit: 10 })
    expect(longest.rows.length).toBe(10)
    expect(longest.rows[0]!.bytes.length).toBe(Math.max(...byId.rows.map(row => row.bytes.length)))
    const neverUsed = await tokenizers.vocabulary({ tokenizer: id, order: 'never-used', ...page })
    expect(neverUsed.rows.some(row => row.id === 0)).toBe(true)
    expect(neverUsed.rows.every(row => row.uses === 0 && !row.special)).toBe(true)
    const mostUsed = await tokenizers.vocabulary({ tokenizer: id, order: 'most-used', ...page })
    const uses = mostUsed.rows.map(row => row.uses!)
    expect(uses).toEqual(uses.toSorted((a, b) => b - a))
    const tokenizer = await tokenizers.get(id)
    const top = mostUsed.rows[0]!
    expect(texts.flatMap(text => tokenizer.encode(text)).filter(token => token === top.id).length).toBe(
      top.uses,
    )
    const found = await tokenizers.vocabulary({ tokenizer: id, search: 'SHIP', order: 'id', ...page })
    expect(found.rows.map(row => row.text)).toContain(' ship')
    expect(
      (await tokenizers.vocabulary({ tokenizer: id, search: '300', order: 'id', ...page })).rows.map(
        r => r.id,
      ),
    ).toContain(300)
  })
})
