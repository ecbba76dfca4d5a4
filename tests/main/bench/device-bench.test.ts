// Measuring as a job: progress, cancel, what it is refused for, and what the workspace keeps of it.
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DeviceBench } from '../../../src-main/core/bench/device-bench.ts'
import { openDatabase } from '../../../src-main/core/database/open.ts'
import {
  insertBenchReport,
  latestBenchReport,
  listBenchReports,
} from '../../../src-main/core/database/queries/bench-reports.ts'
import type { EngineSupervisor } from '../../../src-main/core/engine-supervisor/engine-supervisor.ts'
import { Jobs } from '../../../src-main/core/jobs/jobs.ts'
import type { BenchMeasurement } from '../../../src-shared/bench/report.ts'
import { LabError, type LabErrorFacts, sentence } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/lab-contract.ts'
import { reportOf } from '../../shared/bench/bench-report.ts'
import { temporaryFolder } from '../workspace/temporary-folder.ts'

function database() {
  const { db } = openDatabase(join(temporaryFolder(), 'andromeda.db'))
  onTestFinished(() => {
    db.close()
  })
  return db
}

/** A bench whose engine does what the test says. */
function benchWith({
  run,
  engineError = null,
}: {
  run?: RunSummary
  engineError?: LabErrorFacts | null
} = {}) {
  const db = database()
  const jobs = new Jobs(() => {})
  const { device } = reportOf()
  const asked: { name: string; input: { bench: string } }[] = []
  const engine = Promise.withResolvers<BenchMeasurement>()
  const published: unknown[] = []
  const supervisor = {
    current: () => ({ device, error: engineError }),
    async call(name: string, input: { bench: string }) {
      asked.push({ name, input })
      if (name === 'engine.bench') return engine.promise
      engine.reject(new LabError({ code: 'cancelled', what: 'cancelled', fix: 'again' }))
      return {}
    },
  } as unknown as EngineSupervisor
  const bench = new DeviceBench(
    { workspace: { db } as never, jobs, publish: (...topic) => published.push(topic) },
    supervisor,
    () => run,
  )
  return { db, jobs, bench, asked, engine, published }
}
const { device, ceiling, results, skipped, notes } = reportOf()
const measured: BenchMeasurement = { device, ceiling, results, skipped, notes }
const start = async (bench: DeviceBench) => (await bench.handlers['bench.run']({ effort: 'quick' })).job

test('a measurement is told as it goes and kept when it is done', async () => {
  const { jobs, bench, asked, engine, published } = benchWith()
  expect(await bench.handlers['bench.latest']({})).toBeNull()
  const job = await start(bench)
  await Promise.resolve()
  bench.hear({ bench: asked[0]!.input.bench, done: 3, total: 12, note: 'small, training, simd' })
  bench.hear({ bench: 'bench-other', done: 9, total: 12, note: 'not ours' })
  expect(jobs.list()).toMatchObject([
    { id: job, kind: 'bench', done: 3, total: 12, note: 'small, training, simd' },
  ])
  engine.resolve(measured)
  const record = await jobs.wait<{ id: number }>(job)
  expect(record).toMatchObject({ id: 1, report: { format: 1, ...measured } })
  expect(await bench.handlers['bench.latest']({})).toEqual(record)
  expect(await bench.handlers['bench.list']({})).toEqual([record])
  expect(published).toContainEqual(['changed', { what: 'bench' }])
})

test('it is cancelled in the engine, and can be started again', async () => {
  const { jobs, bench, asked } = benchWith()
  const job = await start(bench)
  await Promise.resolve()
  jobs.cancel(job)
  await expect(jobs.wait(job)).rejects.toMatchObject({ facts: { code: 'cancelled' } })
  expect(asked.map(({ name }) => name)).toEqual(['engine.bench', 'engine.stopBench'])
  expect(asked[1]!.input).toEqual({ bench: asked[0]!.input.bench })
  expect(await bench.handlers['bench.list']({})).toEqual([])
  await start(bench)
})

test('it says at once that it is being cancelled, whatever turn is under way', async () => {
  const { jobs, bench, asked } = benchWith()
  const job = await start(bench)
  await Promise.resolve()
  const heard = (done: number) =>
    bench.hear({ bench: asked[0]!.input.bench, done, total: 12, note: 'small, training, simd' })
  heard(3)
  jobs.cancel(job)
  heard(4)
  expect(jobs.list()).toMatchObject([{ state: 'running', done: 3, total: 12, note: 'cancelling' }])
})

test('an engine that goes away ends it, and it says so', async () => {
  const gone = new LabError({ code: 'engine-lost', what: 'the other side is gone', fix: 'wait' })
  const said = async (engineError: LabErrorFacts | null) => {
    const { jobs, bench, engine } = benchWith({ engineError })
    const job = await start(bench)
    engine.reject(gone)
    const error = await jobs.wait(job).catch((error: LabError) => error)
    await start(bench)
    return sentence((error as LabError).facts)
  }
  expect(await said(null)).toBe("Measuring ended: the engine's page was closed or reloaded. Measure again.")
  const lost = { ...gone.facts, what: 'the engine was lost: the CPU kernels failed' }
  expect(await said(lost)).toBe(
    'Measuring ended: the engine was lost: the CPU kernels failed. Measure again.',
  )
})

test('it is refused while another measures, and while a run trains', async () => {
  const { bench } = benchWith()
  await start(bench)
  await expect(start(bench)).rejects.toThrow('the speed of this device is being measured')
  const busy = benchWith({ run: { name: 'bard' } as RunSummary })
  await expect(start(busy.bench)).rejects.toThrow('"bard" is being trained, and would share the device')
})

test('twenty reports of every device are kept, and each device has its own newest', () => {
  const db = database()
  const on = (fingerprint: string, day: number) =>
    reportOf({
      device: { ...device, fingerprint },
      measuredAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`,
    })
  insertBenchReport(db, on('gpu', 1))
  for (let day = 1; day <= 25; day++) insertBenchReport(db, on('cpu', day))
  expect(listBenchReports(db)).toHaveLength(21)
  expect(latestBenchReport(db, 'cpu')!.report.measuredAt).toContain('2026-01-25')
  expect(latestBenchReport(db, 'gpu')!.report.measuredAt).toContain('2026-01-01')
  expect(latestBenchReport(db, 'none')).toBeNull()
})

test('a report of a later form is passed over, not lost', () => {
  const db = database()
  insertBenchReport(db, reportOf())
  db.prepare('INSERT INTO bench_reports (measured_at, fingerprint, report) VALUES (?, ?, ?)').run(
    '2027-01-01T00:00:00.000Z',
    device.fingerprint,
    '{"format": 2}',
  )
  expect(listBenchReports(db).map(({ id }) => id)).toEqual([1])
  expect(latestBenchReport(db, device.fingerprint)!.id).toBe(1)
})
