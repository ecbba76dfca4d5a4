// A training run in a process of its own, as a person starts it, so that it can be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { writeDemonstrations } from '../../src-shared/starter-world/demonstrations.ts'
import { sources, writeDocuments } from '../../src-shared/starter-world/documents.ts'
import { writePreferencePrompts } from '../../src-shared/starter-world/preferences.ts'
import { makeWorld } from '../../src-shared/starter-world/world.ts'

const terminal = resolve(import.meta.dirname, '../../out/main/terminal.js')

/** A fresh workspace with a small corpus and a character tokenizer. */
export interface TrainingWorkspace {
  readonly path: string
  readonly corpus: string
  readonly tokenizer: string
  remove(): void
}

/** What `pretrain --json` printed. */
export interface TrainingResult {
  readonly run: string
  readonly checkpoint: string
  /** Of its folder. */
  readonly path: string
  readonly steps: number
  readonly weightsSha256: string
}

/** Starts `andromeda …` and resolves with its output. Rejects when it does not exit with 0 by itself. */
export function andromeda(args: readonly string[]): {
  process: ChildProcess
  json: Promise<Record<string, unknown>>
} {
  if (!existsSync(terminal)) throw new Error('out/main/terminal.js is missing: run `npm run build` first')
  const child = spawn(process.execPath, [terminal, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const json = new Promise<Record<string, unknown>>((settle, fail) => {
    let out = ''
    let err = ''
    child.stdout.on('data', piece => (out += piece))
    child.stderr.on('data', piece => (err += piece))
    child.on('close', code => {
      if (code === 0) settle(JSON.parse(out.trim().split('\n').at(-1)!))
      else
        fail(new Error(`andromeda ${args.join(' ')} ended with ${code ?? 'a signal'}: ${err.slice(-2000)}`))
    })
  })
  // Whoever kills the process does not wait for what it would have printed.
  json.catch(() => {})
  return { process: child, json }
}

export async function trainingWorkspace(): Promise<TrainingWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'andromeda-kills-'))
  const path = join(folder, 'workspace')
  mkdirSync(path)
  const world = makeWorld(3)
  const text = sources.flatMap(source => [...writeDocuments(world, source, 400)]).join('\n\n')
  writeFileSync(join(folder, 'world.txt'), text)
  const at = ['--workspace', path]
  const corpus = (
    await andromeda(['corpus', 'add', join(folder, 'world.txt'), '--name', 'world', ...at]).json
  ).corpus as string
  const tokenizer = (
    await andromeda(['tokenizer', 'train', '--corpus', corpus, '--kind', 'character', ...at]).json
  ).tokenizer as string
  return { path, corpus, tokenizer, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A model of odd sizes that makes a step in milliseconds. */
export const tiny = {
  model: { nLayer: 2, nHead: 2, nEmbd: 24, contextLength: 17 },
  config: { batchSize: 3, gradientAccumulationSteps: 2, evalBatches: 2, sampleTokens: 5 },
}

const { sampleTokens: _, ...rewardConfig } = { ...tiny.config, referenceSamples: 12 }

/** An update of phase 4 that takes as long as a few steps of the others. */
const ppoConfig = {
  ...{ batchSize: 5, numMiniBatches: 2, numPpoEpochs: 2, responseLength: 9, evalBatches: 1 },
  ...{ learningRate: 1e-3, klTarget: 0.5, klHorizon: 50, targetApproxKl: 0.005, valueWarmupUpdates: 3 },
}

type Settings = Record<string, number | string>

/** Of the models that answer. */
const context = 70

/** The checkpoint of a run when it is finished. */
const made = async (run: ReturnType<typeof andromeda>): Promise<string> =>
  (await run.json).checkpoint as string

/** The phases that are killed: the starter of a run in a workspace that has what it needs. */
export const phases = {
  async pretrain(workspace: TrainingWorkspace) {
    return (settings: Settings, more: readonly string[] = []) => pretrain(workspace, settings, more)
  },
  /** Fine-tunes a base that is made for it, on demonstrations of the starter world that fit its context. */
  async sft(workspace: TrainingWorkspace) {
    const base = await made(pretrain(workspace, { steps: 5, contextLength: context }))
    const file = join(workspace.path, '..', 'demonstrations.jsonl')
    const rows = [...writeDemonstrations(makeWorld(3), 900)]
      .filter(({ messages }) => messages.reduce((sum, { content }) => sum + content.length + 2, 0) < context)
      .map(({ messages }) => JSON.stringify({ messages }))
    writeFileSync(file, rows.join('\n'))
    const { set } = await andromeda(['demonstrations', 'add', file, '--workspace', workspace.path]).json
    return (settings: Settings, more: readonly string[] = []) =>
      andromeda([
        ...['sft', '--checkpoint', base, '--demonstrations', set as string],
        ...['--backend', 'wasm', '--workspace', workspace.path],
        ...sets({ ...tiny.config, ...settings }),
        ...more,
      ])
  },
  /** A reward model on a base that is made for it: answers of the starter world beside wrong ones. */
  async reward(workspace: TrainingWorkspace) {
    const base = await made(pretrain(workspace, { steps: 5, contextLength: context }))
    const file = join(workspace.path, '..', 'comparisons.jsonl')
    const rows = [...writePreferencePrompts(makeWorld(3), 2500)].flatMap(({ task, candidates }) => {
      const chosen = task.answers[0]
      const rejected = candidates.find(candidate => !task.answers.includes(candidate))
      const length = task.prompt.length + Math.max(chosen?.length ?? 0, rejected?.length ?? 0)
      return chosen && rejected && length < context - 6
        ? [JSON.stringify({ prompt: task.prompt, chosen, rejected })]
        : []
    })
    writeFileSync(file, rows.join('\n'))
    const { set } = await andromeda(['rank', 'import', file, '--workspace', workspace.path]).json
    return (settings: Settings, more: readonly string[] = []) =>
      andromeda([
        ...['reward', '--checkpoint', base, '--rankings', set as string],
        ...['--backend', 'wasm', '--workspace', workspace.path],
        ...sets({ ...rewardConfig, ...settings }),
        ...more,
      ])
  },
  /** All four models: a base, fine-tuned, with a reward model of the same base; and a rule beside it. */
  async ppo(workspace: TrainingWorkspace) {
    const tuned = await made((await phases.sft(workspace))({ steps: 4 }))
    const judge = await made((await phases.reward(workspace))({ steps: 4 }))
    const file = join(workspace.path, '..', 'prompts.txt')
    const prompts = Array.from({ length: 23 }, (_, i) => `${'who where when'.split(' ')[i % 3]} ${i}?`)
    writeFileSync(file, prompts.join('\n'))
    return (settings: Settings, more: readonly string[] = []) =>
      andromeda([
        ...['ppo', '--checkpoint', tuned, '--prompts', file],
        ...['--reward-model', judge, '--reward', 'regex:e@0.2'],
        ...['--backend', 'wasm', '--workspace', workspace.path],
        ...sets({ ...ppoConfig, ...settings }),
        ...more,
      ])
  },
}
export type KilledPhase = keyof typeof phases

const sets = (fields: Settings): string[] =>
  Object.entries(fields).flatMap(([key, value]) => ['--set', `${key}=${value}`])

/** @param settings fields beside those of the tiny model  @param more options beside */
export const pretrain = (
  workspace: TrainingWorkspace,
  settings: Settings,
  more: readonly string[] = [],
): ReturnType<typeof andromeda> =>
  andromeda([
    ...['pretrain', '--corpus', workspace.corpus, '--tokenizer', workspace.tokenizer],
    ...['--backend', 'wasm', '--workspace', workspace.path],
    ...sets({ ...tiny.model, ...tiny.config, ...settings }),
    ...more,
  ])

/** @param more options beside */
export const resume = (
  workspace: TrainingWorkspace,
  phase: KilledPhase,
  run: string,
  more: readonly string[] = [],
): ReturnType<typeof andromeda> =>
  andromeda([phase, '--resume', run, '--backend', 'wasm', '--workspace', workspace.path, ...more])

/** Reads the workspace's database while nobody owns it. */
export function database<T>(workspace: TrainingWorkspace, read: (db: Database.Database) => T): T {
  const db = new Database(join(workspace.path, 'andromeda.db'))
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** What a run noted first: `started on CPU, 2 threads`. */
export const startedOn = (workspace: TrainingWorkspace, run: string): string =>
  database(workspace, db =>
    db.prepare("SELECT text FROM events WHERE run = ? AND kind = 'started'").pluck().get(run),
  ) as string

/** Every loss of a run by step, as stored. */
export const losses = (workspace: TrainingWorkspace, run: string): Map<number, number> =>
  database(workspace, db => {
    const rows = db
      .prepare("SELECT step, value FROM metrics WHERE run = ? AND name = 'loss' ORDER BY step")
      .all(run)
    return new Map((rows as { step: number; value: number }[]).map(({ step, value }) => [step, value]))
  })

/** Names of a run's checkpoint folders that are complete, or none. */
export function checkpointFolders(workspace: TrainingWorkspace): { run: string; step: string }[] {
  const root = join(workspace.path, 'checkpoints')
  return readdirSync(root)
    .filter(run => run.startsWith('run-'))
    .flatMap(run =>
      readdirSync(join(root, run))
        .filter(step => step.startsWith('step-'))
        .map(step => ({ run, step })),
    )
}

export async function killAndWait(child: ChildProcess): Promise<void> {
  const gone = new Promise(settle => child.once('close', settle))
  child.kill('SIGKILL')
  await gone
}

export const wait = (ms: number): Promise<void> => new Promise(settle => setTimeout(settle, ms))
