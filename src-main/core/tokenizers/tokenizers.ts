// The tokenizers of a workspace: the person's own, each a folder with Hugging Face's two files and training.json, and
// GPT-2's and GPT-4's, which are always there.
import { randomBytes } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type {
  LabMethods,
  TokenizerSummary,
  VocabularyRow,
} from '../../../src-shared/contract/lab-contract.ts'
import type { Handlers, OutputOf } from '../../../src-shared/contract/method.ts'
import { defaultVocabularySize } from '../../../src-shared/tokenizer/default-vocabulary-size.ts'
import type { Tokenizer } from '../../../src-shared/tokenizer/tokenizer.ts'
import {
  readTokenizer,
  type TokenizerFiles,
  writeTokenizer,
} from '../../../src-shared/tokenizer/tokenizer-json.ts'
import type { CoreContext } from '../context.ts'
import { documentsPath } from '../corpora/document-store.ts'
import {
  findTokenizer,
  insertTokenizer,
  listTokenizers,
  setTokenizerRemoved,
} from '../database/queries/tokenizers.ts'
import type { JobControl } from '../jobs/jobs.ts'
import { runWorker, workerUrl } from '../jobs/worker.ts'
import { listFiles } from '../workspace/durable.ts'
import { onDisk, storageError } from '../workspace/storage-error.ts'
import { foreignSummary, foreignTokenizers, loadForeign } from './foreign-tokenizers.ts'
import { pieceOf } from './pieces.ts'
import {
  hashOf,
  isStaging,
  isTokenizerFolder,
  readFiles,
  readRecord,
  writeFolder,
} from './tokenizer-folder.ts'
import type { TokenizerWorkerInput, TokenizerWorkerResult } from './tokenizer-worker.ts'
import { selectRows, type VocabularyOrder, vocabularyRows } from './vocabulary.ts'

/** A corpus to train on. */
export interface TrainingCorpus {
  id: string
  name: string
  folder: string
}

export interface TrainingRequest {
  name?: string
  kind: 'bpe' | 'character'
  corpora: readonly TrainingCorpus[]
  /** Of bpe, by default by the size of the text; a character tokenizer takes none. */
  vocabularySize?: number
}

export class Tokenizers {
  private readonly context: CoreContext
  private readonly loaded = new Map<string, Promise<Tokenizer>>()
  private readonly foreign = new Map<string, Tokenizer>()
  private readonly rows = new Map<string, Promise<VocabularyRow[]>>()

  /** Clears away what a crash left unfinished and takes in what it left finished but unlisted. */
  constructor(context: CoreContext) {
    this.context = context
    for (const path of listFiles(context.workspace.folder('tokenizers'))) {
      if (isStaging(path)) rmSync(path, { recursive: true, force: true })
      else if (isTokenizerFolder(path)) this.adopt(path)
    }
  }

  /** Newest first, removed ones included, then GPT-2's and GPT-4's. */
  list(): TokenizerSummary[] {
    return [
      ...listTokenizers(this.context.workspace.db),
      ...Object.keys(foreignTokenizers).map(id => foreignSummary(id)!),
    ]
  }

  /** @throws LabError `not-found` */
  summary(id: string): TokenizerSummary {
    const found = foreignSummary(id) ?? findTokenizer(this.context.workspace.db, id)
    if (found) return found
    throw new LabError({
      code: 'not-found',
      what: `there is no tokenizer ${id}`,
      fix: 'list the tokenizers to see their ids',
    })
  }

  /** The folder of one of the person's own. */
  folder(id: string): string {
    return join(this.context.workspace.folder('tokenizers'), id)
  }

  /** Loaded once. @throws LabError `not-found`, `damaged` */
  get(id: string): Promise<Tokenizer> {
    const known = this.loaded.get(id)
    if (known) return known
    const loading = this.load(id)
    this.loaded.set(id, loading)
    // A failure is not kept: the person may put the file back.
    loading.catch(() => this.loaded.delete(id))
    return loading
  }

  private async load(id: string): Promise<Tokenizer> {
    if (this.summary(id).kind === 'foreign') {
      const tokenizer = await loadForeign(id)
      this.foreign.set(id, tokenizer)
      return tokenizer
    }
    const files = this.files(id)
    return readTokenizer(files['tokenizer.json'], files['tokenizer_config.json'])
  }

  /**
   * Hugging Face's files, as they go into a checkpoint. Those of GPT-2 and GPT-4 are made from the loaded tokenizer.
   * @throws LabError `not-found`, `damaged`; `conflict` for GPT-2's and GPT-4's before `get`
   */
  files(id: string): TokenizerFiles {
    const { hash, kind } = this.summary(id)
    if (kind === 'foreign') return this.foreignFiles(id)
    return readFiles(this.folder(id), hash)
  }

  private foreignFiles(id: string): TokenizerFiles {
    const tokenizer = this.foreign.get(id)
    if (tokenizer) return writeTokenizer(tokenizer)
    throw new LabError({
      code: 'conflict',
      what: `the tokenizer ${id} is not loaded yet`,
      fix: 'load it first',
    })
  }

  /** Trains as a job; its result is the new tokenizer's summary. */
  startTraining(request: TrainingRequest): { job: string } {
    const names = request.corpora.map(({ name }) => name).join(', ')
    const { id } = this.context.jobs.start('tokenizer', `Training a tokenizer on ${names}`, job =>
      this.train({ ...request, job }),
    )
    return { job: id }
  }

  /**
   * Trains a tokenizer on the training split of the corpora, in their order.
   * @throws LabError; nothing is left behind then
   */
  async train({
    name,
    kind,
    corpora,
    vocabularySize,
    job,
  }: TrainingRequest & { job: JobControl }): Promise<TokenizerSummary> {
    if (kind === 'character' && vocabularySize !== undefined)
      throw new LabError({
        code: 'bad-input',
        what: "a character tokenizer's vocabulary is the alphabet of its text",
        where: 'vocabularySize',
        got: String(vocabularySize),
        fix: 'leave the size out, or train byte-pair encoding',
      })
    const started = performance.now()
    const bytes = corpora.reduce((sum, { folder }) => sum + trainingBytes(folder), 0)
    const result = await runWorker<TokenizerWorkerResult>(
      workerUrl('tokenizer-worker', new URL('./tokenizer-worker.ts', import.meta.url)),
      {
        kind,
        bytes,
        folders: corpora.map(({ folder }) => folder),
        vocabularySize: vocabularySize ?? defaultVocabularySize(bytes),
      } satisfies TokenizerWorkerInput,
      { signal: job.signal, onProgress: progress => job.progress(progress) },
    )
    const summary: TokenizerSummary = {
      id: `tok-${randomBytes(3).toString('hex')}`,
      name: name ?? defaultName(kind, corpora, result.vocabularySize),
      kind,
      vocabularySize: result.vocabularySize,
      createdAt: new Date().toISOString(),
      removedAt: null,
      hash: hashOf(result.files),
      trainedOn: corpora.map(corpus => corpus.id),
      minutes: (performance.now() - started) / 60_000,
      bytesPerToken: result.bytes / result.tokens,
    }
    const folder = this.folder(summary.id)
    writeFolder(folder, result.files, {
      summary,
      corpora: corpora.map(corpus => ({ id: corpus.id, name: corpus.name })),
      bytes: result.bytes,
      tokens: result.tokens,
      droppedChunks: result.droppedChunks,
      uses: [...result.uses],
    })
    try {
      insertTokenizer(this.context.workspace.db, summary)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw storageError(error, folder)
    }
    this.context.publish('changed', { what: 'tokenizers' })
    return summary
  }

  /** A folder without a row: the app ended between the two, or the database is an older copy. */
  private adopt(path: string): void {
    const { db, notes } = this.context.workspace
    const id = basename(path)
    if (findTokenizer(db, id)) return
    try {
      const { summary } = readRecord(path)
      const files = readFiles(path, summary.hash)
      readTokenizer(files['tokenizer.json'], files['tokenizer_config.json'])
      insertTokenizer(db, { ...summary, id })
      notes.push(`The tokenizer "${summary.name}" was found in the workspace and is listed again.`)
    } catch (error) {
      notes.push(`The folder ${path} holds a tokenizer that cannot be read: ${(error as Error).message}`)
    }
  }

  /** Hides it; its files stay, and what uses it goes on working. @throws LabError for GPT-2's and GPT-4's */
  remove(id: string): void {
    this.setRemoved(id, new Date().toISOString())
  }

  restore(id: string): void {
    this.setRemoved(id, null)
  }

  private setRemoved(id: string, removedAt: string | null): void {
    const { kind, name } = this.summary(id)
    if (kind === 'foreign')
      throw new LabError({
        code: 'conflict',
        what: `${name}'s tokenizer is part of the app`,
        fix: 'leave it, it takes no space in your workspace',
      })
    setTokenizerRemoved(this.context.workspace.db, id, removedAt)
    this.context.publish('changed', { what: 'tokenizers' })
  }

  /** The text as coloured tokens: `characters` are code points, `bytes` UTF-8. */
  async encodePieces(id: string, text: string): Promise<OutputOf<LabMethods['tokenizers.encode']>> {
    const tokenizer = await this.get(id)
    const wellFormed = text.toWellFormed()
    const pieces = tokenizer.encode(wellFormed).map(token => pieceOf(tokenizer, token))
    let characters = 0
    for (const _ of wellFormed) characters++
    return { pieces, count: pieces.length, bytes: Buffer.byteLength(wellFormed), characters }
  }

  /** @throws LabError when an id is out of range */
  async decode(id: string, ids: ArrayLike<number>): Promise<string> {
    return (await this.get(id)).decode(ids)
  }

  async vocabulary({
    tokenizer: id,
    search = '',
    order,
    offset,
    limit,
  }: {
    tokenizer: string
    search?: string
    order: VocabularyOrder
    offset: number
    limit: number
  }): Promise<{ total: number; rows: VocabularyRow[] }> {
    let rows = this.rows.get(id)
    if (!rows) {
      rows = this.get(id).then(tokenizer => vocabularyRows(tokenizer, this.uses(id)))
      this.rows.set(id, rows)
      rows.catch(() => this.rows.delete(id))
    }
    const found = selectRows(await rows, search, order)
    return { total: found.length, rows: found.slice(offset, offset + limit) }
  }

  private uses(id: string): number[] | null {
    return this.summary(id).kind === 'foreign' ? null : readRecord(this.folder(id)).uses
  }
}

/**
 * The contract's 'tokenizers.*'.
 * @param corpusFolders finds corpora by id, or throws LabError `not-found`
 */
export function tokenizerHandlers(
  tokenizers: Tokenizers,
  corpusFolders: (ids: string[]) => TrainingCorpus[],
): Pick<Handlers<LabMethods>, Extract<keyof LabMethods, `tokenizers.${string}`>> {
  return {
    'tokenizers.list': () => tokenizers.list(),
    'tokenizers.train': ({ name, kind, corpora, vocabularySize }) =>
      tokenizers.startTraining({ name, kind, corpora: corpusFolders(corpora), vocabularySize }),
    'tokenizers.remove': ({ tokenizer }) => {
      tokenizers.remove(tokenizer)
      return {}
    },
    'tokenizers.restore': ({ tokenizer }) => {
      tokenizers.restore(tokenizer)
      return {}
    },
    'tokenizers.encode': ({ tokenizer, text }) => tokenizers.encodePieces(tokenizer, text),
    'tokenizers.decode': async ({ tokenizer, ids }) => ({ text: await tokenizers.decode(tokenizer, ids) }),
    'tokenizers.vocabulary': request => tokenizers.vocabulary(request),
  }
}

/** Bytes of the training split's file, close above those of its text. */
function trainingBytes(folder: string): number {
  const path = documentsPath(folder, 'train')
  return onDisk(path, () => statSync(path).size)
}

function defaultName(kind: 'bpe' | 'character', corpora: readonly TrainingCorpus[], size: number): string {
  const detail = kind === 'bpe' ? ` · ${size} tokens` : ' · characters'
  const names = corpora.map(({ name }) => name).join(' + ')
  return (names.length + detail.length > 120 ? `${corpora.length} corpora` : names) + detail
}
