// A run has the same bits wherever the engine is: under Node, in a page that is isolated from other sites (several
// threads), and in one that is not (one thread).
import { type Browser, type BrowserContext, expect, test } from '@playwright/test'
import {
  database,
  losses,
  pretrain,
  type TrainingResult,
  type TrainingWorkspace,
  tiny,
  trainingWorkspace,
} from '../fault/training-process.ts'
import { connectAsPage } from '../main/browser/page-connection.ts'
import { startLab } from './lab-process.ts'
import { ENGINE_TIMEOUT } from './lab-test.ts'

const families = ['gpt2', 'llama']
const settings = { steps: 40, checkpointInterval: 20, evalInterval: 10, warmupSteps: 5, sampleTokens: 30 }

/** Takes away the headers that isolate our pages, as an older browser or a proxy would. */
async function withoutIsolation(context: BrowserContext): Promise<void> {
  await context.route('**/*', async route => {
    const response = await route.fetch()
    const headers = response.headers()
    delete headers['cross-origin-opener-policy']
    delete headers['cross-origin-embedder-policy']
    await route.fulfill({ response, headers })
  })
  // Chromium does not know where an answer that Playwright gives is from, and asks before such a page opens our socket.
  await context.grantPermissions(['local-network-access'])
}

/** Trains both families in a fresh page, on as many threads as it may have. @returns the runs */
async function trainInPage(
  browser: Browser,
  lab: { url: string },
  { corpus, tokenizer }: TrainingWorkspace,
  isolated: boolean,
): Promise<string[]> {
  const context = await browser.newContext()
  if (!isolated) await withoutIsolation(context)
  const page = await context.newPage()
  await page.goto(lab.url)
  // After the page, which is then the one that is told to hold the engine.
  await expect(page.getByRole('contentinfo')).toContainText('WASM', { timeout: ENGINE_TIMEOUT })
  const frame = page.frames().find(frame => frame.url().includes('engine.html'))!
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(isolated)
  const cores = await frame.evaluate(() => navigator.hardwareConcurrency)

  const peer = connectAsPage(lab.url)
  const { device } = await peer.call('engine.status', {})
  expect(device).toMatchObject({ backend: 'wasm', kernels: 'simd', threads: isolated ? cores : 1 })
  expect(device!.runtime).toMatch(/^Chromium/)
  const runs = []
  for (const family of families) {
    const { run } = await peer.call('pretrain.start', {
      tokenizer,
      sources: [{ corpus, weight: 1 }],
      model: { ...tiny.model, family },
      config: { ...tiny.config, ...settings },
    })
    await expect
      .poll(async () => (await peer.call('runs.show', { run })).status, { timeout: ENGINE_TIMEOUT })
      .toBe('finished')
    runs.push(run)
  }
  peer.close()
  await context.close()
  return runs
}

/** All that a run computed. */
const traceOf = (workspace: TrainingWorkspace, run: string) => ({
  weights: database(workspace, db =>
    db.prepare('SELECT step, weights_sha256 FROM checkpoints WHERE run = ? ORDER BY step').all(run),
  ),
  losses: [...losses(workspace, run)],
  samples: database(workspace, db =>
    db.prepare('SELECT step, prompt, text FROM samples WHERE run = ? ORDER BY step, prompt').all(run),
  ),
})

test('a run has the same weights, losses and texts under Node, in an isolated page and in one that is not', async ({
  browser,
}) => {
  const workspace = await trainingWorkspace()
  try {
    const underNode: string[] = []
    for (const family of families) {
      const { run } = (await pretrain(workspace, { ...settings, family }).json) as unknown as TrainingResult
      underNode.push(run)
    }
    const inPages = new Map<string, string[]>()
    const lab = await startLab('wasm', workspace.path)
    try {
      for (const isolated of [true, false])
        inPages.set(
          isolated ? 'isolated page' : 'page that is not isolated',
          await trainInPage(browser, lab, workspace, isolated),
        )
    } finally {
      await lab.stop()
    }

    // So a run may move between them without a warning.
    const fingerprints = database(workspace, db => db.prepare('SELECT DISTINCT fingerprint FROM runs').all())
    expect(fingerprints).toHaveLength(1)
    for (const [i, family] of families.entries()) {
      const trace = traceOf(workspace, underNode[i]!)
      expect(trace).toMatchObject({ losses: { length: 40 }, weights: { length: 2 } })
      expect(trace.samples.length).toBeGreaterThan(0)
      for (const [where, runs] of inPages)
        expect(traceOf(workspace, runs[i]!), `${family}, ${where}`).toEqual(trace)
    }
  } finally {
    workspace.remove()
  }
})
