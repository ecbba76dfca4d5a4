// The built command line, spawned as a person runs it: exit codes, what is on stdout and stderr, Ctrl+C.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectAsPage } from '../browser/page-connection.ts'
import { type Ended, openTerminal } from './open-terminal.ts'

const windows = process.platform === 'win32'

const { folder, workspace, start, run: runWith, json: jsonOf, file } = openTerminal()
const run = (...args: string[]) => runWith(args)
const json = (...args: string[]) => jsonOf(args)

beforeAll(() => {
  const words = ['the tide', 'a heron', 'the lamp', 'my sister', 'the old boat']
  const verbs = ['waits for', 'sings to', 'leaves', 'finds', 'remembers']
  const line = (i: number) => `${words[i % 5]} ${verbs[(i * 3) % 5]} ${words[(i * 7 + 2) % 5]}.`
  file('tales.txt', Array.from({ length: 400 }, (_, i) => line(i)).join('\n'))
})

/** The line that a refusal ends with. */
const lastLine = ({ err }: Ended) => err.trimEnd().split('\n').at(-1)!

const tiny = [
  ...[
    'nLayer=1',
    'nHead=2',
    'nEmbd=16',
    'contextLength=16',
    'batchSize=2',
    'evalInterval=20',
    'evalBatches=2',
  ],
  ...['checkpointInterval=20', 'sampleTokens=4', 'warmupSteps=2', 'samplePrompts=["the "]'],
].flatMap(pair => ['--set', pair])
const pretrain = ['pretrain', '--backend', 'cpu', '--preset', 'shakespeare-char-cpu', ...tiny]

describe('andromeda', () => {
  it('ends with 2 on wrong usage, 0 on --help, and opens no workspace for either', async () => {
    const wrong = await run('pretrain', '--stepz', '5')
    expect(wrong).toMatchObject({ code: 2, out: '' })
    expect(wrong.err).toMatch(/unknown option '--stepz'/)
    expect(await run('--help')).toMatchObject({ code: 0, err: '' })
    expect(existsSync(workspace)).toBe(false)
    expect(await run('tokenizer', 'encode')).toMatchObject({
      code: 2,
      out: '',
      err: 'error: give either --text or --file\n',
    })
  })

  it('imports a corpus and says so in the agreed keys', async () => {
    const added = await json('corpus', 'add', 'tales.txt', '--name', 'Tales')
    expect(added).toMatchObject({ accepted: 1, rejected: 0, duplicates: 0, documents: 1, rejections: [] })
    expect(added.bytes).toBeGreaterThan(5000)
    expect((await json('corpus', 'show', 'Tales')).id).toBe(added.corpus)
    const { out } = await run('corpus', 'list')
    expect(out).toMatch(/Tales/)
  })

  it('refuses with one clear line and exit code 1', async () => {
    file('run.json', '{"steps": 5, "learning_rate": 1}')
    const refusals: [string[], RegExp][] = [
      [
        ['pretrain', '--config', 'run.json'],
        /^andromeda: unknown key "learning_rate" \(run\.json\).*Did you mean "learningRate"\?$/,
      ],
      [['pretrain', '--set', 'nHead=3'], /^andromeda: width 128 is not divisible by 3 heads/],
      [['corpus', 'add', 'nowhere.txt'], /^andromeda: .*nowhere\.txt/],
      [['runs', 'show', 'run-x'], /^andromeda: there is no run "run-x"/],
      [['generate'], /^andromeda: there is no checkpoint yet\. Train a model/],
    ]
    for (const [args, pattern] of refusals) {
      const refused = await run(...args)
      expect(refused, args.join(' ')).toMatchObject({ code: 1, out: '' })
      expect(lastLine(refused)).toMatch(pattern)
    }
  })

  it('trains a tokenizer that gives back what it was given', async () => {
    const trained = await json('tokenizer', 'train', '--corpus', 'Tales', '--vocabulary', '270')
    expect(trained).toMatchObject({ vocabulary: 270 })
    const text = 'the tide 🌊\tfinds\n'
    const { ids } = await json('tokenizer', 'encode', '--text', text)
    expect((await json('tokenizer', 'decode', ...ids.map(String))).text).toBe(text)
    const { out } = await run('tokenizer', 'decode', '--tokenizer', 'gpt2', '188', '31', '15496')
    expect(out).not.toMatch(/[^\P{Cc}\n\t]/u)
  })

  let trained: { run: string; checkpoint: string; path: string; weightsSha256: string; valLoss: number }
  it('pre-trains a model', async () => {
    trained = await json(...pretrain, '--set', 'steps=40', '--name', 'straight')
    expect(trained).toMatchObject({ steps: 40, status: 'finished' })
    expect(trained.weightsSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(trained.valLoss).toBeGreaterThan(0)
    for (const key of ['minutes', 'tokensPerSecond', 'valBitsPerByte']) expect(trained).toHaveProperty(key)
    expect(existsSync(join(trained.path, 'model.safetensors'))).toBe(true)
  })

  it('generates the same text for the same seed, and streams what the JSON holds', async () => {
    const args = ['generate', '--backend', 'cpu', '--prompt', 'the ', '--max-tokens', '20', '--seed', '5']
    const first = await json(...args)
    const second = await json(...args)
    expect(first).toMatchObject({ text: second.text, tokens: second.tokens, logProbs: second.logProbs })
    expect(first.tokens).toHaveLength(first.logProbs.length)
    expect((await run(...args)).out).toBe(`the ${first.text}\n`)
  })

  it('evaluates a text', async () => {
    const { tokens, loss, bitsPerByte } = await json('evaluate', '--backend', 'cpu', '--text', 'tales.txt')
    expect(tokens).toBeGreaterThan(5000)
    expect(bitsPerByte).toBeCloseTo(loss / Math.LN2, 6)
  })

  it.skipIf(windows)(
    'pauses on Ctrl+C with a checkpoint, and ends with the same bits as never stopped',
    async () => {
      const recipe = [...pretrain, '--set', 'steps=400']
      const stopped = start([...recipe, '--name', 'stopped', '--json'])
      await stopped.says(/step \d+\/400/)
      await new Promise(resolve => setTimeout(resolve, 300))
      stopped.child.kill('SIGINT')
      const paused = await stopped.ended
      expect(paused.code).toBe(1)
      const { run: id, steps, status, checkpoint } = JSON.parse(paused.out)
      expect(status).toBe('paused')
      expect(steps).toBeLessThan(400)
      expect(checkpoint).toBe(`${id}-step-${String(steps).padStart(8, '0')}`)
      expect(lastLine(paused)).toBe(
        `andromeda: the run is paused at step ${steps}. Resume it with: andromeda pretrain --resume ${id}.`,
      )
      const refused = await run('pretrain', '--resume', id, '--set', 'nLayer=2')
      expect(refused).toMatchObject({ code: 1, out: '' })
      const resumed = await json('pretrain', '--backend', 'cpu', '--resume', 'stopped')
      const whole = await json(...recipe)
      expect(resumed).toMatchObject({
        run: id,
        status: 'finished',
        weightsSha256: whole.weightsSha256,
        valLoss: whole.valLoss,
      })
      const longer = await json('pretrain', '--backend', 'cpu', '--resume', id, '--set', 'steps=405')
      expect(longer).toMatchObject({ run: id, steps: 405, status: 'finished' })
    },
  )

  it('shows two runs and where they differ', async () => {
    const { runs } = await json('runs', 'list')
    const names = runs.map(({ name }: { name: string }) => name)
    expect(names).toContain('straight')
    const shown = await json('runs', 'show', 'straight')
    expect(shown.samples.at(-1)).toMatchObject({ step: 40, promptText: 'the ' })
    if (windows) return
    const { differences } = await json('runs', 'diff', 'straight', 'stopped')
    expect(differences.map(({ field }: { field: string }) => field)).toEqual(['config.steps'])
  })

  it('verifies checkpoints, and ends with 1 when a byte was changed', async () => {
    expect(await json('checkpoint', 'verify')).toMatchObject({ verified: true })
    appendFileSync(join(trained.path, 'model.safetensors'), 'x')
    const damaged = await run('checkpoint', 'verify', trained.checkpoint, '--json')
    expect(damaged.code).toBe(1)
    expect(JSON.parse(damaged.out)).toMatchObject({ verified: false })
    expect(lastLine(damaged)).toBe('andromeda: 1 of 1 checkpoints do not verify.')
  })

  it('measures its speed in the agreed keys, and compares two measurements', async () => {
    const bench = ['bench', '--backend', 'wasm', '--size', 'minimal', '--rounds', '1', '--steps', '2']
    const { device, results } = await json(...bench, '--out', 'before.json', '--picture', 'roofline.svg')
    expect(device).toMatchObject({ backend: 'wasm' })
    expect(device.fingerprint).toBeTruthy()
    const keys = ['size', 'mode', 'backend', 'kernels', 'tokensPerSecond', 'dispatches', 'boundBytes']
    for (const row of results)
      for (const key of [
        ...keys,
        'flopsPerSecond',
        ...(row.kernels === 'simd' ? ['peakBytes', 'jsMsPerStep'] : []),
      ])
        expect(row).toHaveProperty(key)
    const rows = results.map(({ mode, kernels }: { mode: string; kernels: string }) => `${mode} ${kernels}`)
    for (const row of ['train stock', 'train composed', 'generate composed']) expect(rows).toContain(row)
    expect(JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8'))).toMatchObject({
      format: 1,
      device,
      results,
    })
    expect(readFileSync(join(folder, 'roofline.svg'), 'utf8')).toMatch(/^<svg /)

    const doubled = results.map((row: { tokensPerSecond: number }) => ({
      ...row,
      tokensPerSecond: 2 * row.tokensPerSecond,
    }))
    const before = JSON.parse(readFileSync(join(folder, 'before.json'), 'utf8'))
    file('after.json', JSON.stringify({ ...before, results: doubled }))
    const compared = await json('bench', '--compare', 'before.json', 'after.json')
    expect(compared.rows).toHaveLength(results.length)
    for (const { ratio } of compared.rows) expect(ratio).toBeCloseTo(2)
    expect((await run('bench', '--compare', 'before.json', 'after.json')).out).toMatch(
      /composed.* ≈ 2\.00 ×[\s\S]*≈: measured in one round/,
    )
    file('other.json', JSON.stringify({ ...before, results: [{ ...before.results[0], size: 'small' }] }))
    const apart = await run('bench', '--compare', 'before.json', 'other.json')
    expect(apart).toMatchObject({ code: 1, out: '' })
    expect(lastLine(apart)).toMatch(/^andromeda: before\.json and other\.json have nothing in common/)
  })

  it.skipIf(windows)('stops measuring on Ctrl+C, and says so', async () => {
    const files = ['--out', 'stopped.json', '--picture', 'stopped.svg']
    const bench = start(['bench', '--backend', 'wasm', '--json', ...files])
    await bench.says(/of \d+ turns/)
    bench.child.kill('SIGINT')
    const stopped = await bench.ended
    expect(stopped).toMatchObject({ code: 1, out: '' })
    expect(lastLine(stopped)).toBe('andromeda: cancelled. Start it again when you like.')
    for (const file of ['stopped.json', 'stopped.svg']) expect(existsSync(join(folder, file))).toBe(false)
  })

  it('prints what it measured when it cannot be written, without a word from TF.js', async () => {
    mkdirSync(join(folder, 'gone'))
    const bench = start([
      ...['bench', '--backend', 'cpu', '--size', 'minimal', '--rounds', '1', '--steps', '1'],
      ...['--out', join('gone', 'report.json')],
    ])
    await bench.says(/of \d+ turns/)
    rmSync(join(folder, 'gone'), { recursive: true })
    const ended = await bench.ended
    expect(ended.code).toBe(1)
    expect(ended.out).toContain('GFLOP/s')
    expect(lastLine(ended)).toMatch(/^andromeda: this path does not exist/)
    expect(ended.err).not.toContain('TensorFlow')
  })

  it('refuses to compare what is no bench, and to write where it cannot, before it measures', async () => {
    const refusals: [string[], RegExp][] = [
      [
        ['--compare', 'tales.txt', 'before.json'],
        /^andromeda: this file is not a bench of Andromeda \(tales\.txt\): expected .*, got something that is no JSON\. Give /,
      ],
      [
        ['--compare', 'before.json', 'nowhere.json'],
        /^andromeda: this path does not exist \(nowhere\.json\)/,
      ],
      [['--out', join('no', 'folder.json')], /^andromeda: this path does not exist/],
    ]
    for (const [args, pattern] of refusals) {
      const refused = await run('bench', ...args)
      expect(refused, args.join(' ')).toMatchObject({ code: 1, out: '' })
      expect(lastLine(refused)).toMatch(pattern)
    }
    for (const args of [
      ['--compare', 'before.json'],
      ['--compare', 'before.json', 'before.json', '--out', 'new.json'],
      ['--out', 'new.json', '--picture', join('.', 'new.json')],
    ])
      expect(await run('bench', ...args), args.join(' ')).toMatchObject({ code: 2, out: '' })
    expect(existsSync(join(folder, 'new.json'))).toBe(false)
  })

  it.skipIf(windows)(
    'serves until Ctrl+C, pausing what runs, and keeps others out of its workspace',
    async () => {
      const server = start(['serve', '--engine', 'node', '--backend', 'cpu', '--json'])
      await server.says(/"url"/)
      const lab = connectAsPage(JSON.parse(server.out()).url)
      const [corpus] = await lab.call('corpora.list', {})
      const tokenizer = (await lab.call('tokenizers.list', {})).find(({ kind }) => kind === 'character')!
      const { run: id } = await lab.call('pretrain.start', {
        tokenizer: tokenizer.id,
        sources: [{ corpus: corpus!.id, weight: 1 }],
        model: { nLayer: 1, nHead: 2, nEmbd: 16, contextLength: 16 },
        config: { steps: 100_000, batchSize: 2 },
      })
      while ((await lab.call('runs.show', { run: id })).step < 3)
        await new Promise(next => setTimeout(next, 20))

      const second = await run('runs', 'list')
      expect(second).toMatchObject({ code: 1, out: '' })
      expect(second.err).toMatch(/^andromeda: /)

      server.child.kill('SIGINT')
      const { code, err } = await server.ended
      expect(code, err).toBe(0)
      await lab.closed
      const { status, step } = await json('runs', 'show', id)
      expect(status).toBe('paused')
      const { checkpoints } = await json('checkpoint', 'list', '--run', id)
      expect(checkpoints[0]).toMatchObject({ step, status: 'verified' })
    },
  )
})
