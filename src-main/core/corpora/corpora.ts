// The corpora of a workspace: each a folder of plain files (document-store.ts), described in corpus.json, and a row.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  CorpusSummary,
  ImportResult,
  LabMethods,
  Rejection,
  SourceRow,
} from '../../../src-shared/contract/lab-contract.ts'
import type { OutputOf } from '../../../src-shared/contract/method.ts'
import type { CoreContext } from '../context.ts'
import {
  deleteCorpus,
  findCorpus,
  insertCorpus,
  listCorpora,
  listRejections,
  renameCorpus,
  runsOfCorpus,
  setCorpusRemoved,
} from '../database/queries/corpora.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { runWorker, workerUrl } from '../jobs/worker.ts'
import type { Tokenizers } from '../tokenizers/tokenizers.ts'
import { listFiles } from '../workspace/durable.ts'
import { onDisk, storageError } from '../workspace/storage-error.ts'
import { importedTexts, readRecord, writeRecord } from './corpus-record.ts'
import { CorpusWriter } from './corpus-writer.ts'
import { documentPage } from './document-page.ts'
import { readDocument } from './document-store.ts'
import { commitFolder } from './document-writer.ts'
import { type Imported, REJECTIONS_FILE } from './import-files.ts'
import type { WorkerTask } from './import-worker.ts'
import { sourceRows } from './sources.ts'
import {
  openTokens,
  type TokenizedCorpus,
  type TokensManifest,
  tokensManifest,
  tokensMatch,
  trustTokens,
} from './tokenized.ts'
import { VerifiedFiles } from './verified-files.ts'
import { type GivenPath, nameOf, walk } from './walk.ts'

const STAGING = '.staging-'
/** Rejections in an import's result; the corpus lists more, and rejections.jsonl has all. */
const REJECTIONS_IN_RESULT = 1000
/** Characters of a document that a screen is given, as text and as tokens. */
const SHOWN_CHARACTERS = 200_000
const SHOWN_CHARACTERS_AS_TOKENS = 20_000

/** What corpora need of the tokenizers. */
export type CorpusTokenizers = Pick<Tokenizers, 'files' | 'summary' | 'encodePieces'>

export class Corpora {
  private readonly context: CoreContext
  private readonly tokenizers: CorpusTokenizers
  /** Tokenizations under way, by corpus and tokenizer. */
  private readonly tokenizing = new Map<string, Promise<TokensManifest>>()
  private readonly verified = new VerifiedFiles()
  private search = new AbortController()

  /** Clears away what a crash left unfinished and what was removed, and takes in folders that no row knows. */
  constructor(context: CoreContext, tokenizers: CorpusTokenizers) {
    this.context = context
    this.tokenizers = tokenizers
    for (const path of listFiles(this.root)) {
      if (basename(path).startsWith(STAGING)) rmSync(path, { recursive: true, force: true })
      else this.adopt(path)
    }
    for (const corpus of listCorpora(this.db)) if (corpus.removedAt !== null) this.purge(corpus.id)
  }

  private get db() {
    return this.context.workspace.db
  }
  private get root(): string {
    return this.context.workspace.folder('corpora')
  }
  /** The folder of a corpus, whether it stands or not. */
  private folder(id: string): string {
    return join(this.root, id)
  }

  /** Newest first, removed ones included. */
  list(): CorpusSummary[] {
    return listCorpora(this.db)
  }

  /** Removed ones too. @throws LabError `not-found` */
  show(id: string): CorpusSummary {
    const found = findCorpus(this.db, id)
    if (found) return found
    throw new LabError({
      code: 'not-found',
      what: `there is no corpus ${id}`,
      fix: 'list the corpora to see their ids',
    })
  }

  /** Name and folder of corpora whose texts are to be read. @throws LabError `not-found`, `damaged` */
  folders(ids: readonly string[]): { id: string; name: string; folder: string }[] {
    return ids.map(id => {
      const { name, removedAt } = this.show(id)
      if (removedAt !== null)
        throw new LabError({
          code: 'not-found',
          what: `the corpus "${name}" is removed`,
          fix: 'restore it, or import its files again',
        })
      return { id, name, folder: this.presentFolder(id, name) }
    })
  }

  private presentFolder(id: string, name: string): string {
    const folder = this.folder(id)
    if (existsSync(folder)) return folder
    throw new LabError({
      code: 'damaged',
      what: `the files of the corpus "${name}" are gone`,
      where: folder,
      fix: 'import them again; what was trained on them stays',
    })
  }

  /**
   * Imports files and folders as one corpus, in a worker. A bad row or file is listed as rejected, the rest is kept.
   * @throws LabError `bad-input` when nothing could be used, `cancelled`, `no-space`; nothing is left behind then
   */
  async import({
    name,
    paths,
    job,
  }: {
    name?: string
    paths: readonly (string | GivenPath)[]
    job: JobControl
  }): Promise<ImportResult> {
    const given = paths.map(one => (typeof one === 'string' ? { path: one, name: basename(one) } : one))
    const { files, notes } = walk(given)
    if (files.length === 0)
      throw new LabError({
        code: 'bad-input',
        what: 'there is no file to import',
        ...(given[0] && { where: given[0].path }),
        ...(notes[0] && { got: notes[0] }),
        fix: 'choose text files, or a folder that holds some',
      })
    this.needSpace(files.reduce((sum, file) => sum + file.bytes, 0))
    return await this.create({ name: name ?? nameOf(given), kind: 'imported' }, async folder => {
      const imported = await this.worker<Imported>({ task: 'import', folder, files }, job)
      return { ...imported, notes: [...imported.notes, ...notes] }
    })
  }

  /**
   * Makes a corpus out of texts that this program writes.
   * @param documents read as they are written, with the event loop let in between
   */
  async createFrom({
    name,
    kind,
    documents,
    job,
  }: {
    name: string
    kind: CorpusSummary['kind']
    documents: Iterable<{ text: string; file?: string; line?: number }>
    job: JobControl
  }): Promise<ImportResult> {
    return await this.create({ name, kind }, async folder => {
      const writer = new CorpusWriter(folder)
      try {
        let accepted = 0
        let turn = performance.now()
        for (const { text, file, line } of documents) {
          writer.add(file ?? name, { text, line: line ?? null, continues: false })
          accepted++
          if (performance.now() - turn < 20) continue
          job.progress({ done: accepted, total: null, unit: 'documents' })
          await nextTurn()
          if (job.signal.aborted) throw cancelled(`writing "${name}"`)
          turn = performance.now()
        }
        const statistics = writer.finish()
        const { bytes, documents: kept } = statistics
        const files = [{ file: name, format: 'generated', encoding: 'UTF-8', bytes, documents: kept }]
        return { ...statistics, accepted, rejected: 0, rejections: [], files }
      } catch (error) {
        writer.abandon()
        throw error
      }
    })
  }

  /** Lets `fill` write into a staging folder, then makes it a corpus; on any failure nothing is left. */
  private async create(
    { name, kind }: Pick<CorpusSummary, 'name' | 'kind'>,
    fill: (folder: string) => Promise<Imported>,
  ): Promise<ImportResult> {
    const id = `corpus-${randomBytes(4).toString('hex')}`
    const staging = join(this.root, STAGING + id)
    try {
      mkdirSync(staging)
      const { accepted, rejections, textHashes, ...imported } = await fill(staging)
      const summary: CorpusSummary = {
        ...imported,
        id,
        name,
        kind,
        createdAt: new Date().toISOString(),
        removedAt: null,
      }
      if (summary.rejected > REJECTIONS_IN_RESULT)
        summary.notes.push(
          `all ${summary.rejected} rejected rows are in corpora/${id}/${REJECTIONS_FILE} of the workspace; only the first are listed`,
        )
      writeRecord(staging, { format: 1, summary, rejections, textHashes })
      commitFolder(staging, this.folder(id))
      insertCorpus(this.db, summary, rejections)
      this.changed()
      const { documents, bytes, duplicates, rejected } = summary
      return {
        corpus: id,
        accepted,
        rejected,
        duplicates,
        documents,
        bytes,
        rejections: rejections.slice(0, REJECTIONS_IN_RESULT),
      }
    } catch (error) {
      // On Windows the worker's files close a moment after it ended.
      rmSync(staging, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      throw storageError(error, staging)
    }
  }

  private worker<T>(task: WorkerTask, job: JobControl): Promise<T> {
    const url = workerUrl('import-worker', new URL('./import-worker.ts', import.meta.url))
    return runWorker<T>(url, task, {
      signal: job.signal,
      onProgress: progress => job.progress(progress),
      memoryMb: 256,
    })
  }

  private needSpace(bytes: number): void {
    const free = this.context.workspace.freeBytes()
    if (bytes < free) return
    throw new LabError({
      code: 'no-space',
      what: 'the disk has no room for a copy of these texts',
      where: this.root,
      expected: `more than ${bytes} bytes free`,
      got: `${free}`,
      fix: 'free some space, then try again',
    })
  }

  private changed(): void {
    this.context.publish('changed', { what: 'corpora' })
  }

  /** @throws LabError `not-found` */
  rename(id: string, name: string): void {
    this.show(id)
    renameCorpus(this.db, id, name)
    this.changed()
  }

  /**
   * Hides a corpus; `restore` brings it back until the next start, when its files are deleted unless a run that can
   * still go on needs them. The row stays while any run names it.
   * @throws LabError `not-found`; `conflict` while a run reads it
   */
  remove(id: string): void {
    const { name } = this.show(id)
    const active = runsOfCorpus(this.db, id).find(({ status }) => status === 'queued' || status === 'running')
    if (active)
      throw new LabError({
        code: 'conflict',
        what: `the run "${active.name}" is being trained on "${name}"`,
        fix: 'pause or stop that run first',
      })
    setCorpusRemoved(this.db, id, new Date().toISOString())
    this.changed()
  }

  /** @throws LabError `not-found`; `damaged` when its files are deleted already */
  restore(id: string): void {
    const { name } = this.show(id)
    this.presentFolder(id, name)
    setCorpusRemoved(this.db, id, null)
    this.changed()
  }

  private purge(id: string): void {
    const runs = runsOfCorpus(this.db, id)
    const canGoOn = ['queued', 'running', 'paused', 'interrupted']
    if (runs.some(({ status, removedAt }) => removedAt === null && canGoOn.includes(status))) return
    rmSync(this.folder(id), { recursive: true, force: true })
    if (runs.length === 0) deleteCorpus(this.db, id)
  }

  /** Takes in a folder that was finished but never listed, or whose row a restored backup does not have. */
  private adopt(folder: string): void {
    const id = basename(folder)
    if (findCorpus(this.db, id)) return
    const { notes } = this.context.workspace
    try {
      const record = readRecord(folder)
      if (!record) return
      insertCorpus(this.db, { ...record.summary, id }, record.rejections)
      notes.push(`found the corpus "${record.summary.name}" and took it in`)
    } catch (error) {
      notes.push(`the folder ${folder} is no readable corpus and was left alone: ${(error as Error).message}`)
    }
  }

  /** A page of stored documents (long ones in parts); a newer search ends an older one. */
  async documents(
    id: string,
    page: { offset: number; limit: number; search?: string },
  ): Promise<OutputOf<LabMethods['corpora.documents']>> {
    this.search.abort()
    this.search = new AbortController()
    const { signal } = this.search
    const { name } = this.show(id)
    return await documentPage(this.presentFolder(id, name), page, signal)
  }

  /** One stored document, cut where it is too long for a screen. */
  async document(
    id: string,
    number: number,
    tokenizer?: string,
  ): Promise<OutputOf<LabMethods['corpora.document']>> {
    const { name } = this.show(id)
    const { text } = readDocument(this.presentFolder(id, name), number)
    const shown = cutCharacters(text, tokenizer ? SHOWN_CHARACTERS_AS_TOKENS : SHOWN_CHARACTERS)
    const tokens = tokenizer ? await this.tokenizers.encodePieces(tokenizer, shown) : null
    return { text: shown, truncated: shown.length < text.length, tokens }
  }

  rejections(id: string, page: { offset: number; limit: number }): { total: number; rows: Rejection[] } {
    this.show(id)
    return listRejections(this.db, id, page)
  }

  /** The mixture as LLaMA's Table 1. @throws LabError `not-found` */
  sources({
    tokenizer,
    sources,
    plannedTokens,
  }: {
    tokenizer: string | null
    sources: readonly { corpus: string; weight: number }[]
    plannedTokens: number
  }): SourceRow[] {
    const summary = tokenizer === null ? null : this.tokenizers.summary(tokenizer)
    const entries = sources.map(({ corpus: id, weight }) => {
      const corpus = this.show(id)
      const of = summary && { corpusHash: corpus.hash, tokenizerHash: summary.hash }
      return { corpus, weight, tokens: of && tokensManifest(this.folder(id), summary.id, of) }
    })
    // GPT-2 and GPT-4 were not trained here: English text takes them about 4 bytes a token.
    const bytesPerToken = summary && (summary.bytesPerToken ?? 4)
    return sourceRows(entries, bytesPerToken, plannedTokens)
  }

  /**
   * The corpus as tokens, made once and made anew when a file of them was damaged since; removed corpora too, while their files stand: a run may go on with them.
   * @throws LabError `not-found`, `damaged`, `cancelled`; `unsupported` for GPT-2's and GPT-4's tokenizers
   */
  async tokenized(id: string, tokenizer: string, job?: JobControl): Promise<TokenizedCorpus> {
    const { name } = this.show(id)
    const folder = this.presentFolder(id, name)
    const key = `${id} ${tokenizer}`
    let making = this.tokenizing.get(key)
    if (!making) {
      making = this.manifest(id, tokenizer, job)
      this.tokenizing.set(key, making)
      const forget = () => this.tokenizing.delete(key)
      making.then(forget, forget)
    }
    const manifest = await making
    return onDisk(folder, () => openTokens(folder, tokenizer, manifest))
  }

  private async manifest(id: string, tokenizer: string, job?: JobControl): Promise<TokensManifest> {
    const corpus = this.show(id)
    const folder = this.folder(id)
    const { kind, hash, name } = this.tokenizers.summary(tokenizer)
    if (kind === 'foreign')
      throw new LabError({
        code: 'unsupported',
        what: `${name} cannot be trained with: it has no tokens for the turns of a chat`,
        fix: 'train a tokenizer of your own',
      })
    const of = { corpusHash: corpus.hash, tokenizerHash: hash }
    const standing = onDisk(folder, () => tokensManifest(folder, tokenizer, of))
    if (standing) {
      if (await this.tokensVerify(folder, tokenizer, standing, job)) return standing
      const text = `The tokens of "${corpus.name}" were damaged on the disk; they are made anew from its documents.`
      this.context.publish('notice', { kind: 'warning', text, run: null })
    }
    const tokenizerFiles = this.tokenizers.files(tokenizer)
    const textHashes = importedTexts(folder, corpus.hash)
    const { bytes } = corpus
    const work = async (control: JobControl) => {
      const task = { task: 'tokenize', folder, bytes, tokenizer, tokenizerFiles, of, textHashes } as const
      const manifest = await this.worker<TokensManifest>(task, control)
      trustTokens(folder, tokenizer, manifest, this.verified)
      return manifest
    }
    if (job) return await work(job)
    return await this.context.jobs.start('tokenize', `Tokenizing ${corpus.name}`, work).done
  }

  /** Whether tokens on the disk are the ones written; the first time, that takes as long as reading them. */
  private async tokensVerify(
    folder: string,
    tokenizer: string,
    manifest: TokensManifest,
    job?: JobControl,
  ): Promise<boolean> {
    const total = (manifest.train + manifest.validation) * manifest.width
    let done = 0
    try {
      return await tokensMatch(folder, tokenizer, manifest, this.verified, job?.signal, bytes => {
        done += bytes
        job?.progress({ done, total, unit: 'bytes', note: 'checking the tokens on the disk' })
      })
    } catch (error) {
      throw job?.signal.aborted ? cancelled('checking the tokens') : storageError(error, folder)
    }
  }
}

const cancelled = (what: string) =>
  new LabError({
    code: 'cancelled',
    what: `${what} was cancelled`,
    fix: 'start it again when you like',
  })

/** The first `limit` characters, never half of a pair. */
function cutCharacters(text: string, limit: number): string {
  const cut = text.slice(0, limit)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
