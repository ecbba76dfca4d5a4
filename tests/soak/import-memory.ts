// How much memory the import of very large files takes; not part of `npm test`. Each case in a process of its own:
//   node tests/soak/import-memory.ts          needs 5 GB of disk in the folder for temporary files and some minutes
// Exit 1 when a case needs more than 400 MB, or loses a byte.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Corpora } from '../../src-main/core/corpora/corpora.ts'
import { Jobs } from '../../src-main/core/jobs/jobs.ts'
import { Tokenizers } from '../../src-main/core/tokenizers/tokenizers.ts'
import { openWorkspace } from '../../src-main/core/workspace/workspace.ts'

const LIMIT = 400e6

/** Name → [file, bytes of it, the block that it repeats with a running number]. */
const cases: Record<string, { file: string; bytes: number; block: (i: number) => string }> = {
  'a 2 GB text': {
    file: 'large.txt',
    bytes: 2e9,
    block: i => `${`Line of paragraph ${i}, as long as lines in books are. Café.\n`.repeat(200)}\n`,
  },
  'one line of 500 MB': {
    file: 'line.txt',
    bytes: 500e6,
    block: i => `words ${i} without a line end `.repeat(200),
  },
  '2 GB of JSON lines': {
    file: 'rows.jsonl',
    bytes: 2e9,
    block: i => `{"text": "${`Row ${i} of a large file. `.repeat(20)}"}\n`,
  },
  'JSON lines with a row of 500 MB': {
    file: 'row.jsonl',
    bytes: 500e6,
    block: i => `no json ${i} `.repeat(200),
  },
}

function write(path: string, bytes: number, block: (i: number) => string): void {
  const fd = openSync(path, 'w')
  let pending = ''
  for (let written = 0, i = 0; written < bytes; i++) {
    pending += block(i)
    if (pending.length < 1 << 20) continue
    written += writeSync(fd, pending)
    pending = ''
  }
  if (path.endsWith('row.jsonl')) writeSync(fd, '\n{"text": "the row after it"}\n')
  closeSync(fd)
}

async function importOne(root: string, path: string): Promise<void> {
  const workspace = openWorkspace(join(root, 'workspace'), 'terminal')
  const jobs = new Jobs(() => {})
  const context = { workspace, jobs, publish: () => {} }
  const corpora = new Corpora(context, new Tokenizers(context))
  const started = performance.now()
  const job = { signal: new AbortController().signal, progress: () => {} }
  const result = await corpora.import({ paths: [path], job })
  const seconds = (performance.now() - started) / 1000
  workspace.close()
  const { accepted, rejected, duplicates, documents, bytes } = result
  const maxRss = process.resourceUsage().maxRSS * 1024
  console.log(JSON.stringify({ maxRss, seconds, accepted, rejected, duplicates, documents, bytes }))
}

function main(): void {
  let failed = false
  for (const [name, { file, bytes, block }] of Object.entries(cases)) {
    const root = mkdtempSync(join(tmpdir(), 'import-memory-'))
    try {
      const path = join(root, file)
      write(path, bytes, block)
      const { size } = statSync(path)
      const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), root, path], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const found = JSON.parse(child.stdout || '{}') as { maxRss?: number; bytes?: number; seconds?: number }
      const isText = file.endsWith('.txt')
      const passed = (found.maxRss ?? Infinity) < LIMIT && (!isText || found.bytes === size)
      failed ||= !passed
      const peak = ((found.maxRss ?? Number.NaN) / 1e6).toFixed(0)
      const speed = (size / 1e6 / (found.seconds ?? Number.NaN)).toFixed(0)
      console.log(
        `${passed ? 'passed' : 'FAILED'}  ${name}: peak ${peak} MB, ${speed} MB/s  ${child.stdout.trim()}`,
      )
    } finally {
      rmSync(root, { recursive: true })
    }
  }
  process.exitCode = failed ? 1 : 0
}

const [root, path] = process.argv.slice(2)
if (root && path) await importOne(root, path)
else main()
