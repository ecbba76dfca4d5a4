import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import { runWorker } from '../../../src-main/core/jobs/worker.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import type { JobStatus } from '../../../src-shared/contract/lab-contract.ts'

describe('a job', () => {
  function watched() {
    const statuses: JobStatus[] = []
    return { statuses, jobs: new Jobs(status => statuses.push(status)) }
  }
  const bad = new LabError({ code: 'bad-input', what: 'this is wrong', fix: 'change it' })

  it('tells how far it is, and its result', async () => {
    const { statuses, jobs } = watched()
    const { id, done } = jobs.start('import', 'Importing', async job => {
      job.progress({ done: 1, total: 4, unit: 'bytes', note: 'a.txt' })
      return { answer: 42 }
    })
    expect(jobs.list()).toMatchObject([{ id, kind: 'import', state: 'running' }])
    expect(await done).toEqual({ answer: 42 })
    expect(statuses.map(({ state, done }) => [state, done])).toEqual([
      ['running', 0],
      ['running', 1],
      ['done', 1],
    ])
    expect(jobs.list()[0]).toMatchObject({
      state: 'done',
      result: { answer: 42 },
      error: null,
      note: 'a.txt',
    })
  })

  it('ends as failed with what was wrong, as the caller hears too', async () => {
    const { jobs } = watched()
    const { done } = jobs.start('import', 'Importing', async () => {
      throw bad
    })
    await expect(done).rejects.toThrow(bad)
    expect(jobs.list()[0]).toMatchObject({ state: 'failed', error: bad.facts })
  })

  it('ends as cancelled when the person stops it, whatever it throws then', async () => {
    const { jobs } = watched()
    const { id, done } = jobs.start(
      'import',
      'Importing',
      job =>
        new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stopped')))),
    )
    await Promise.resolve()
    jobs.cancel(id)
    await expect(done).rejects.toThrow()
    expect(jobs.list()[0]).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } })
    expect(() => jobs.cancel('job-99')).toThrow(/there is no job job-99/)
  })
})

describe('a worker', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'worker-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  function worker(name: string, code: string): URL {
    const path = join(folder, `${name}.mjs`)
    writeFileSync(path, `import { parentPort, workerData } from 'node:worker_threads'\n${code}`)
    return pathToFileURL(path)
  }

  it('is given its input and gives progress, messages and its result', async () => {
    const url = worker(
      'good',
      `parentPort.postMessage({ progress: { done: 1, total: 2, unit: 'bytes' } })
       parentPort.postMessage({ message: 'hello' })
       parentPort.postMessage({ result: workerData.number * 2 })`,
    )
    const heard: unknown[] = []
    const result = await runWorker<number>(
      url,
      { number: 21 },
      { onProgress: one => heard.push(one.done), onMessage: one => heard.push(one) },
    )
    expect([result, heard]).toEqual([42, [1, 'hello']])
  })

  it('fails with its own error, or with what killed it', async () => {
    const reported = worker(
      'reported',
      `parentPort.postMessage({ error: { code: 'bad-input', what: 'wrong', fix: 'change it' } })`,
    )
    await expect(runWorker(reported, null)).rejects.toMatchObject({
      facts: { code: 'bad-input', what: 'wrong' },
    })
    await expect(runWorker(worker('thrown', `throw new Error('boom')`), null)).rejects.toThrow(/boom/)
    await expect(runWorker(worker('silent', ''), null)).rejects.toThrow(/ended with code 0 before its result/)
    await expect(runWorker(worker('exit', 'process.exit(3)'), null)).rejects.toThrow(/code 3/)
  })

  it('that needs more memory than it may have dies alone', async () => {
    const hungry = worker('hungry', 'const all = []; for (;;) all.push(new Array(1e5).fill(0).map(Math.sin))')
    await expect(runWorker(hungry, null, { memoryMb: 32 })).rejects.toThrow(/memory/)
  })

  it('stops at once when cancelled, before or while it runs', async () => {
    const endless = worker('endless', 'for (;;);')
    const abort = new AbortController()
    const running = runWorker(endless, null, { signal: abort.signal })
    setTimeout(() => abort.abort(), 50)
    await expect(running).rejects.toMatchObject({ facts: { code: 'cancelled' } })
    await expect(runWorker(endless, null, { signal: abort.signal })).rejects.toMatchObject({
      facts: { code: 'cancelled' },
    })
  })
})
