// A workspace with models in it, made on the command line as a person would: the screens have something to talk to at once.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from './lab-test.ts'

const program = fileURLToPath(new URL('../../out/main/terminal.js', import.meta.url))

/** @throws Error with what the program said */
export function andromeda(workspace: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, '--workspace', workspace, '--backend', 'wasm', ...words],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`andromeda ${words.join(' ')}: ${stderr}`)
}

const settings = (fields: Readonly<Record<string, number>>): string[] =>
  Object.entries(fields).flatMap(([key, value]) => ['--set', `${key}=${value}`])

/** Deep enough that a long answer takes seconds: it can be watched, and stopped. */
const shape = { nLayer: 4, nHead: 4, nEmbd: 96, contextLength: 64, batchSize: 4 }

interface Trained {
  readonly text: string
  readonly demonstrations?: readonly { readonly prompt: string; readonly completion: string }[]
  readonly steps?: number
  readonly epochs?: number
  /** Steps between two checkpoints of the base; absent = its last one only. */
  readonly checkpointInterval?: number
}

/** A test whose lab has a base model of a text, and where there are demonstrations one fine-tuned from it. */
export const testWith = (trained: Trained) =>
  test.extend({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is needed from the pattern
    workspace: async ({}, use) => {
      const workspace = trainedWorkspace(trained)
      await use(workspace)
      rmSync(workspace, { recursive: true })
    },
  })

function trainedWorkspace({
  text,
  demonstrations,
  steps = 60,
  epochs = 4,
  checkpointInterval = steps,
}: Trained): string {
  const workspace = mkdtempSync(join(tmpdir(), 'andromeda-trained-'))
  const write = (name: string, content: string) => {
    const path = join(workspace, name)
    writeFileSync(path, content)
    return path
  }
  andromeda(workspace, 'corpus', 'add', write('text.txt', text))
  const pretraining = settings({
    ...shape,
    steps,
    evalInterval: steps,
    checkpointInterval,
    warmupSteps: 5,
    learningRate: 0.003,
  })
  andromeda(workspace, 'pretrain', '--corpus', 'text', '--name', 'forest base', ...pretraining)
  if (!demonstrations) return workspace
  const rows = demonstrations.map(row => JSON.stringify(row)).join('\n')
  andromeda(workspace, 'demonstrations', 'add', write('rows.jsonl', rows))
  andromeda(workspace, 'sft', '--name', 'forest assistant', ...settings({ epochs }))
  return workspace
}
