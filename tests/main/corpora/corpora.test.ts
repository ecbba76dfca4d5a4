import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoreContext } from '../../../src-main/core/context.ts'
import { Corpora } from '../../../src-main/core/corpora/corpora.ts'
import { corporaHandlers } from '../../../src-main/core/corpora/corpora-handlers.ts'
import { openTokens, tokensManifest, writeTokens } from '../../../src-main/core/corpora/tokenized.ts'
import { insertRun, updateRun } from '../../../src-main/core/database/queries/runs.ts'
import { FileGrants } from '../../../src-main/core/files/file-grants.ts'
import type { JobControl } from '../../../src-main/core/jobs/jobs.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import { Tokenizers } from '../../../src-main/core/tokenizers/tokenizers.ts'
import { openWorkspace, type Workspace } from '../../../src-main/core/workspace/workspace.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'

let root: string
let workspace: Workspace
let jobs: Jobs
let statuses: JobStatus[]
let notices: string[]
let tokenizers: Tokenizers
let corpora: Corpora

const hearNotice: CoreContext['publish'] = (topic, payload) => {
  if (topic === 'notice') notices.push((payload as { text: string }).text)
}
function open(): void {
  workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  statuses = []
  notices = []
  jobs = new Jobs(status => statuses.push(status))
  const context: CoreContext = { workspace, jobs, publish: hearNotice }
  tokenizers = new Tokenizers(context)
  corpora = new Corpora(context, tokenizers)
}
function reopen(): void {
  workspace.close()
  open()
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'corpora-'))
  open()
})
afterEach(() => {
  workspace.close()
  rmSync(root, { recursive: true })
})

const job: JobControl = { signal: new AbortController().signal, progress: () => {} }
function file(name: string, content: string | Uint8Array): string {
  const path = join(root, 'files', name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}
const sentences = (count: number) =>
  Array.from({ length: count }, (_, i) => `Sentence number ${i} of this text.`)
const jsonl = (texts: string[]) => texts.map(text => JSON.stringify({ text })).join('\n')
const folders = () => readdirSync(workspace.folder('corpora'))
const startRun = (id: string, corpus: string, status: 'running' | 'paused' | 'finished') =>
  insertRun(workspace.db, {
    id,
    name: 'a run',
    phase: 'pretrain',
    status,
    parentCheckpoint: null,
    tokenizer: null,
    model: {} as never,
    config: {},
    data: {
      sources: [{ corpus, name: 'c', hash: 'h', weight: 1, tokens: 1, validationTokens: 1, bytes: 1 }],
    },
    steps: 10,
  })

describe('importing', () => {
  it('makes one corpus of files and folders in a worker, and reports what it did', async () => {
    file('books/a.txt', 'A first book.')
    file('books/deep/b.md', '# Second\nbook')
    file('books/cover.png', 'PNG')
    file('books/.hidden.txt', 'no')
    const rows = file('rows.jsonl', `${jsonl(['three', 'three'])}\nbad row\n`)
    const progress: number[] = []
    const result = await corpora.import({
      paths: [join(root, 'files', 'books'), rows],
      job: { ...job, progress: ({ done }) => progress.push(done) },
    })
    expect(result).toEqual({
      corpus: expect.stringMatching(/^corpus-[0-9a-f]{8}$/),
      accepted: 4,
      rejected: 1,
      duplicates: 1,
      documents: 3,
      bytes: 31,
      rejections: [
        { file: 'rows.jsonl', line: 3, reason: expect.stringMatching(/^not JSON/), preview: 'bad row' },
      ],
    })
    const summary = corpora.show(result.corpus)
    expect(summary).toMatchObject({ name: 'books and 1 more', kind: 'imported', documents: 3, duplicates: 1 })
    expect(summary.files.map(one => one.file)).toEqual(['books/a.txt', 'books/deep/b.md', 'rows.jsonl'])
    expect(summary.notes.join()).toMatch(/left out in folders: 1 hidden, 1 .png/)
    expect(corpora.rejections(result.corpus, { offset: 0, limit: 10 })).toEqual({
      total: 1,
      rows: result.rejections,
    })
    expect(corpora.list()).toEqual([summary])
    expect(progress.at(-1)).toBe(13 + 13 + jsonl(['three', 'three']).length + 9)
  })

  it('keeps every rejection in a file, however many, and names it', async () => {
    const path = file('a.jsonl', `{"text":"good"}\n${'bad\n'.repeat(25_000)}`)
    const { corpus, rejected, rejections } = await corpora.import({ paths: [path], job })
    expect([rejected, rejections.length]).toEqual([25_000, 1000])
    const lines = readFileSync(join(workspace.folder('corpora'), corpus, 'rejections.jsonl'), 'utf8')
    const rows = lines.trimEnd().split('\n')
    expect(rows).toHaveLength(25_000)
    expect(JSON.parse(rows.at(-1)!)).toMatchObject({ file: 'a.jsonl', line: 25_001, preview: 'bad' })
    expect(corpora.show(corpus).notes.join()).toContain(`corpora/${corpus}/rejections.jsonl`)
    const clean = await corpora.import({ paths: [file('b.txt', 'all good')], job })
    expect(existsSync(join(workspace.folder('corpora'), clean.corpus, 'rejections.jsonl'))).toBe(false)
  })

  it('says what is wrong with a path, and leaves nothing behind', async () => {
    await expect(corpora.import({ paths: [join(root, 'nowhere.txt')], job })).rejects.toThrow(
      /does not exist/,
    )
    await expect(corpora.import({ paths: [file('empty.txt', '')], job })).rejects.toThrow(/the file is empty/)
    mkdirSync(join(root, 'files', 'none'))
    await expect(corpora.import({ paths: [join(root, 'files', 'none')], job })).rejects.toThrow(
      /no file to import/,
    )
    expect(folders()).toEqual([])
    expect(corpora.list()).toEqual([])
  })

  it('lists paths that cannot be read as rejected, beside those that can', async () => {
    const link = join(root, 'dangling.txt')
    // Windows lets few people make links; there the path is missing just as well.
    if (process.platform !== 'win32') symlinkSync(join(root, 'gone.txt'), link)
    const paths = [link, file('a.txt', 'some text'), join(root, 'nowhere')]
    const result = await corpora.import({ paths, job })
    expect(result).toMatchObject({ accepted: 1, rejected: 2, documents: 1 })
    expect(result.rejections.map(({ file, line, reason }) => [file, line, reason])).toEqual([
      ['dangling.txt', null, 'this path does not exist'],
      ['nowhere', null, 'this path does not exist'],
    ])
    await expect(corpora.import({ paths: [link, paths[2]!], job })).rejects.toMatchObject({
      facts: { code: 'not-found', where: link },
    })
  })

  it('can be cancelled at any time and leaves nothing behind', async () => {
    const path = file('large.jsonl.gz', gzipSync(jsonl(sentences(400_000)), { level: 1 }))
    for (const wait of [0, 20, 100, 300]) {
      const abort = new AbortController()
      setTimeout(() => abort.abort(), wait)
      await expect(
        corpora.import({ paths: [path], job: { ...job, signal: abort.signal } }),
      ).rejects.toMatchObject({
        facts: { code: 'cancelled' },
      })
      expect(folders()).toEqual([])
    }
    expect(corpora.list()).toEqual([])
  })

  it('leaves nothing behind when the app dies in the middle, once it is open again', () => {
    const staging = join(workspace.folder('corpora'), '.staging-corpus-1234abcd')
    mkdirSync(staging)
    writeFileSync(join(staging, 'train.jsonl'), '{"file":"a')
    reopen()
    expect(folders()).toEqual([])
  })

  it('takes in a finished corpus that the database does not know, with its rejections', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.jsonl', '{"text":"one"}\nbad')], job })
    const before = corpora.show(corpus)
    workspace.db.exec('DELETE FROM corpora')
    reopen()
    expect(corpora.show(corpus)).toEqual(before)
    expect(corpora.rejections(corpus, { offset: 0, limit: 5 }).total).toBe(1)
    expect(workspace.notes.join()).toMatch(/found the corpus "a" and took it in/)
    mkdirSync(join(workspace.folder('corpora'), 'corpus-0000'))
    writeFileSync(join(workspace.folder('corpora'), 'corpus-0000', 'corpus.json'), '{"format":1')
    reopen()
    expect(workspace.notes.join()).toMatch(/no readable corpus and was left alone/)
    expect(folders()).toContain('corpus-0000')
  })
})

describe('making a corpus of texts', () => {
  it('keeps files, lines and kind, and can be cancelled', async () => {
    const documents = sentences(100).map((text, i) => ({ text, file: 'letters', line: i + 1 }))
    const result = await corpora.createFrom({ name: 'World', kind: 'starter-world', documents, job })
    expect(result).toMatchObject({ accepted: 100, documents: 100, rejected: 0 })
    expect(corpora.show(result.corpus)).toMatchObject({ name: 'World', kind: 'starter-world' })
    const { rows } = await corpora.documents(result.corpus, { offset: 0, limit: 1 })
    expect(rows[0]).toMatchObject({ file: 'letters', line: 1, excerpt: 'Sentence number 0 of this text.' })
    const abort = new AbortController()
    function* endless() {
      for (let i = 0; ; i++) {
        if (i === 1000) abort.abort()
        yield { text: `text ${i}` }
      }
    }
    const cancelled = corpora.createFrom({
      name: 'x',
      kind: 'starter-world',
      documents: endless(),
      job: { ...job, signal: abort.signal },
    })
    await expect(cancelled).rejects.toMatchObject({ facts: { code: 'cancelled' } })
    expect(folders()).toEqual([result.corpus])
  })
})

describe('looking at documents', () => {
  it('pages through all, and finds those that hold a text in any letter case', async () => {
    const texts = [...sentences(60), 'Der Fluß. (MOBY dick)']
    const { corpus } = await corpora.import({ paths: [file('a.jsonl', jsonl(texts))], job })
    const first = await corpora.documents(corpus, { offset: 0, limit: 40 })
    const second = await corpora.documents(corpus, { offset: 40, limit: 40 })
    expect([first.total, first.rows.length, second.rows.length]).toEqual([61, 40, 21])
    expect([...first.rows, ...second.rows].map(row => row.number)).toEqual(texts.map((_, i) => i))
    expect([...first.rows, ...second.rows].map(row => row.excerpt).sort()).toEqual(texts.sort())
    const found = await corpora.documents(corpus, { offset: 0, limit: 5, search: '(moby D' })
    expect([found.total, found.rows[0]!.excerpt]).toEqual([1, 'Der Fluß. (MOBY dick)'])
    const shown = await corpora.document(corpus, found.rows[0]!.number)
    expect(shown).toEqual({ text: 'Der Fluß. (MOBY dick)', truncated: false, tokens: null })
    expect(
      (await corpora.documents(corpus, { offset: 2, limit: 5, search: 'number 1' })).rows[0]!.excerpt,
    ).toMatch(/number 1\d/)
  })

  it('cuts what is too long for a screen, and says so', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.txt', '🦊'.repeat(200_000))], job })
    const { text, truncated } = await corpora.document(corpus, 0)
    expect([text.length, truncated, text.isWellFormed()]).toEqual([200_000, true, true])
    await expect(corpora.document(corpus, 99)).rejects.toThrow(/there is no document 99/)
  })
})

describe('removing', () => {
  it('can be undone until the next start, which deletes the files', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.txt', 'some text')], job })
    corpora.remove(corpus)
    expect(corpora.show(corpus).removedAt).not.toBeNull()
    expect(() => corpora.folders([corpus])).toThrow(/is removed/)
    corpora.restore(corpus)
    expect(corpora.folders([corpus])).toEqual([{ id: corpus, name: 'a', folder: expect.any(String) }])
    corpora.remove(corpus)
    reopen()
    expect(folders()).toEqual([])
    expect(() => corpora.show(corpus)).toThrow(/there is no corpus/)
  })

  it('keeps the row that a run names, and the files while that run can go on', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.txt', 'some text')], job })
    startRun('run-1', corpus, 'running')
    expect(() => corpora.remove(corpus)).toThrow(/the run "a run" is being trained on "a"/)
    updateRun(workspace.db, 'run-1', { status: 'paused' })
    corpora.remove(corpus)
    reopen()
    expect(folders()).toEqual([corpus])
    updateRun(workspace.db, 'run-1', { status: 'finished' })
    reopen()
    expect(folders()).toEqual([])
    expect(corpora.show(corpus)).toMatchObject({ name: 'a', removedAt: expect.any(String) })
    expect(() => corpora.restore(corpus)).toThrow(/the files of the corpus "a" are gone/)
  })

  it('renames, and says when there is no such corpus', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.txt', 'some text')], job })
    corpora.rename(corpus, 'Another name')
    expect(corpora.show(corpus).name).toBe('Another name')
    for (const act of [corpora.show, corpora.remove, corpora.restore] as ((id: string) => void)[])
      expect(() => act.call(corpora, 'corpus-none')).toThrow(/there is no corpus corpus-none/)
  })
})

describe('tokens', () => {
  async function corpusAndTokenizer() {
    const { corpus } = await corpora.import({ paths: [file('a.jsonl', jsonl(sentences(300)))], job })
    const { id } = await tokenizers.train({
      kind: 'bpe',
      vocabularySize: 300,
      corpora: corpora.folders([corpus]),
      job,
    })
    return { corpus, tokenizer: id }
  }

  it('are made once, with a start before every document, and read anywhere', async () => {
    const { corpus, tokenizer } = await corpusAndTokenizer()
    const [a, b] = await Promise.all([
      corpora.tokenized(corpus, tokenizer),
      corpora.tokenized(corpus, tokenizer),
    ])
    expect(statuses.filter(({ kind, state }) => kind === 'tokenize' && state === 'done')).toHaveLength(1)
    const loaded = await tokenizers.get(tokenizer)
    const all = a.train.read(0, a.train.length)
    const text = loaded.decode(all)
    const { validationDocuments } = corpora.show(corpus)
    expect(text.split('<|endoftext|>')).toHaveLength(300 - validationDocuments + 1)
    expect(text.startsWith('<|endoftext|>Sentence number')).toBe(true)
    expect(b.train.read(5, 7)).toEqual(all.slice(5, 12))
    expect(a.train.read(a.train.length - 1, 1)).toEqual(all.slice(-1))
    expect(a.train.read(3, 0)).toEqual(new Int32Array(0))
    expect(() => a.train.read(a.train.length, 1)).toThrow(RangeError)
    expect(loaded.decode(a.validation.read(0, a.validation.length)).split('<|endoftext|>')).toHaveLength(
      validationDocuments + 1,
    )
    for (const tokens of [a, b]) {
      tokens.train.close()
      tokens.validation.close()
    }
  })

  it('are made anew when a file is torn', async () => {
    const { corpus, tokenizer } = await corpusAndTokenizer()
    const first = await corpora.tokenized(corpus, tokenizer, job)
    const expected = first.train.read(0, first.train.length)
    first.train.close()
    first.validation.close()
    const folder = join(workspace.folder('corpora'), corpus, 'tokens')
    const tear = [
      () => truncateSync(join(folder, `${tokenizer}.train.u16`), 100),
      () => rmSync(join(folder, `${tokenizer}.validation.u16`)),
      () => writeFileSync(join(folder, `${tokenizer}.json`), '{"format":1'),
      () => writeFileSync(join(folder, `${tokenizer}.json`), '{"format":2}'),
    ]
    for (const act of tear) {
      act()
      const again = await corpora.tokenized(corpus, tokenizer, job)
      expect(again.train.read(0, again.train.length)).toEqual(expected)
      again.train.close()
      again.validation.close()
    }
  })

  const overwrite = (path: string, change: (bytes: Buffer) => void) => {
    const bytes = readFileSync(path)
    change(bytes)
    writeFileSync(path, bytes)
  }

  it('are made anew, and that is said, when other ids of the same size were written over them', async () => {
    const { corpus, tokenizer } = await corpusAndTokenizer()
    const read = async () => {
      const { train, validation } = await corpora.tokenized(corpus, tokenizer, job)
      const ids = [train.read(0, train.length), validation.read(0, validation.length)]
      train.close()
      validation.close()
      return ids
    }
    const expected = await read()
    for (const [split, isFresh] of [
      ['train', false],
      ['validation', true],
    ] as const) {
      const path = join(workspace.folder('corpora'), corpus, 'tokens', `${tokenizer}.${split}.u16`)
      overwrite(path, bytes => bytes.fill(65))
      if (isFresh) reopen()
      notices = []
      expect(await read()).toEqual(expected)
      expect(notices).toEqual([expect.stringMatching(/tokens of "a" were damaged.*made anew/)])
      notices = []
      expect(await read()).toEqual(expected)
      expect(notices).toEqual([])
    }
  })

  for (const [split, content] of [
    ['document-hash', jsonl(sentences(300))],
    ['tail', `${'A long line of text, many times over.\n'.repeat(60_000)}The end.`],
  ] as const)
    it(`are not made of texts that were changed since the import (split: ${split})`, async () => {
      const name = split === 'tail' ? 'a.txt' : 'a.jsonl'
      const { corpus } = await corpora.import({ paths: [file(name, content)], job })
      expect(corpora.show(corpus).split).toBe(split)
      const trained = await tokenizers.train({ kind: 'character', corpora: corpora.folders([corpus]), job })
      const folder = join(workspace.folder('corpora'), corpus)
      for (const part of ['train', 'validation']) {
        const path = join(folder, `${part}.jsonl`)
        const whole = readFileSync(path)
        const refused = expect.objectContaining({
          facts: expect.objectContaining({ code: 'damaged', where: expect.stringContaining(path) }),
        })
        overwrite(path, bytes => bytes.write('X', bytes.indexOf(split === 'tail' ? 'line of' : 'Sentence')))
        await expect(corpora.tokenized(corpus, trained.id, job)).rejects.toEqual(refused)
        overwrite(path, bytes => bytes.fill('garbage '))
        await expect(corpora.tokenized(corpus, trained.id, job)).rejects.toEqual(refused)
        writeFileSync(path, whole)
      }
      const record = join(folder, 'corpus.json')
      const kept = readFileSync(record)
      writeFileSync(record, '{}')
      await expect(corpora.tokenized(corpus, trained.id, job)).rejects.toThrow(/corpus\.json/)
      writeFileSync(record, kept)
      const { train, validation } = await corpora.tokenized(corpus, trained.id, job)
      expect(train.length + validation.length).toBeGreaterThan(1000)
      train.close()
      validation.close()
    })

  it('take four bytes each where ids need them', async () => {
    const { corpus } = await corpora.import({ paths: [file('a.txt', 'Hello world, hello again.')], job })
    const folder = join(workspace.folder('corpora'), corpus)
    const gpt4 = await tokenizers.get('gpt4')
    const of = { corpusHash: 'c', tokenizerHash: 't' }
    const { train, validation } = openTokens(
      folder,
      'wide',
      writeTokens(folder, 'wide', gpt4, of, null, () => {}),
    )
    expect(existsSync(join(folder, 'tokens', 'wide.train.u32'))).toBe(true)
    const texts = [train, validation].map(split => gpt4.decode(split.read(0, split.length)))
    expect(texts).toEqual(['<|endoftext|>Hello world, hello agai', '<|endoftext|>n.'])
    train.close()
    validation.close()
    expect(tokensManifest(folder, 'wide', of)).not.toBeNull()
    expect(tokensManifest(folder, 'wide', { ...of, corpusHash: 'another' })).toBeNull()
    await expect(corpora.tokenized(corpus, 'gpt4', job)).rejects.toThrow(/cannot be trained with/)
  })

  it('are counted in the table of sources once made, and estimated before', async () => {
    const { corpus, tokenizer } = await corpusAndTokenizer()
    const other = await corpora.import({ paths: [file('b.txt', sentences(50).join('\n'))], job })
    const request = {
      tokenizer,
      sources: [
        { corpus, weight: 3 },
        { corpus: other.corpus, weight: 1 },
      ],
      plannedTokens: 1000,
    }
    const before = corpora.sources(request)
    expect(before.map(({ share, estimated }) => [share, estimated])).toEqual([
      [0.75, true],
      [0.25, true],
    ])
    const { train, validation } = await corpora.tokenized(corpus, tokenizer, job)
    const [counted, estimated] = corpora.sources(request)
    expect(counted).toMatchObject({
      tokens: train.length,
      validationTokens: validation.length,
      estimated: false,
    })
    expect(counted!.epochs).toBeCloseTo(750 / train.length, 12)
    expect(Math.abs(before[0]!.tokens! / train.length - 1)).toBeLessThan(0.15)
    expect(estimated!.estimated).toBe(true)
    expect(corpora.sources({ ...request, tokenizer: null })[0]).toMatchObject({
      tokens: null,
      epochs: null,
      estimated: false,
    })
    train.close()
    validation.close()
  })

  it('show a document as a tokenizer sees it', async () => {
    const { corpus, tokenizer } = await corpusAndTokenizer()
    const { text, tokens } = await corpora.document(corpus, 0, tokenizer)
    expect(tokens!.pieces.map(piece => piece.text).join('')).toBe(text)
  })
})

describe('the contract', () => {
  it('imports what was uploaded in pieces, and deletes the upload', async () => {
    const handlers = corporaHandlers(corpora, new FileGrants(workspace), jobs)
    const content = Buffer.from('{"text": "uploaded"}\n')
    const { file: id } = await handlers['files.begin']({ name: 'drop/rows.jsonl', bytes: content.length })
    await handlers['files.write']({ file: id, bytes: content.subarray(0, 7) })
    expect(() => handlers['corpora.import']({ files: [id] })).toThrow(/still being uploaded/)
    await handlers['files.write']({ file: id, bytes: content.subarray(7) })
    await handlers['files.end']({ file: id })
    const started = await handlers['corpora.import']({ files: [id] })
    while (jobs.list().find(status => status.id === started.job)?.state === 'running')
      await new Promise(resolve => setTimeout(resolve, 20))
    const [corpus] = await handlers['corpora.list']({})
    expect(corpus).toMatchObject({ name: 'rows', documents: 1, files: [{ file: 'drop/rows.jsonl' }] })
    expect(readdirSync(workspace.folder('uploads'))).toEqual([])
  })
})
