// What the commands of all phases do with a run: wait for it, say how it ended, go on with an old one.
import type { Command } from 'commander'
import type { Fields } from '../../src-shared/config/field.ts'
import { LabError, sentence } from '../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../src-shared/contract/lab-contract.ts'
import { metricOf } from '../../src-shared/metrics/metrics.ts'
import { collect, count, type Output } from './command.ts'
import { mergeFields, presetNamed, stepsToResume } from './config-options.ts'
import { findNamed } from './find.ts'
import { readTextFile } from './read-text-file.ts'
import { type Session, unfinished } from './session.ts'
import { counted, duration, fields } from './text.ts'

/** What the commands of all phases take, beside the data of each. */
export interface TrainingOptions {
  preset?: string
  config?: string
  set?: string[]
  name?: string
  seed?: number
  resume?: string
}

/** @param own options of the phase: a run that goes on has its own already */
export function addTrainingOptions(command: Command, own: readonly string[]): void {
  command
    .option('--preset <name>', 'a recipe to start from')
    .option('--config <file>', 'a JSON file of fields')
    .option('--set <key=value>', 'one field of the recipe; repeatable', collect)
    .option('--name <name>', 'what the run is called')
    .option('--seed <seed>', 'same seed, data and device: same bits', count)
    .addOption(
      command
        .createOption('--resume <run>', 'go on with this run; --set steps=N to a longer end')
        .conflicts([...own, 'preset', 'config', 'name', 'seed']),
    )
}

/** The fields that the options give, unchecked. @throws LabError `bad-input`, `not-found` for a preset or a file */
export const givenConfig = (
  { preset, config, set, seed }: TrainingOptions,
  presets: Readonly<Record<string, { readonly config: object }>>,
  fields: Fields,
): Record<string, unknown> =>
  mergeFields(
    {
      preset: preset === undefined ? undefined : presetNamed(preset, presets),
      file: config === undefined ? undefined : { name: config, text: readTextFile(config) },
      set,
      seed,
    },
    { config: fields },
  ).config

/** @throws LabError `not-found`; `bad-input` for a run of another phase or any field but `steps` in --set */
export async function resumeRun(
  session: Session,
  phase: RunSummary['phase'],
  given: string,
  set: readonly string[] = [],
): Promise<Output> {
  const run = findNamed(given, await session.call('runs.list', {}), 'run', 'runs list')
  if (run.phase !== phase)
    throw new LabError({
      code: 'bad-input',
      what: `"${run.name}" is a run of another phase`,
      where: run.id,
      expected: phase,
      got: run.phase,
      fix: `resume it with: andromeda ${run.phase} --resume ${run.id}`,
    })
  const steps = stepsToResume(set)
  await session.call('runs.resume', { run: run.id, ...(steps === undefined ? {} : { steps }) })
  return trainingResult(session, await session.run(run.id))
}

/** The keys of design page §7, and what a person wants to see. */
export async function trainingResult(session: Session, run: RunSummary): Promise<Output> {
  const checkpoints = await session.call('checkpoints.list', { run: run.id })
  const last = checkpoints.toSorted((a, b) => b.step - a.step)[0]
  const {
    eval_loss: valLoss,
    bits_per_byte: valBitsPerByte,
    eval_mean_token_accuracy: valTokenAccuracy,
    eval_accuracy: valPromptAccuracy,
  } = run.latest
  const json = {
    run: run.id,
    checkpoint: last?.id ?? null,
    path: last?.path ?? null,
    steps: run.step,
    minutes: run.seconds / 60,
    tokensPerSecond: run.seconds > 0 ? run.tokens / run.seconds : null,
    // Of phase 4 it is the share that it may have lost against the fine-tuned model, at most: told by that name.
    valLoss: run.phase === 'ppo' ? null : (valLoss ?? null),
    ...(run.phase === 'ppo' ? { heldOutLost: valLoss ?? null } : {}),
    valBitsPerByte: valBitsPerByte ?? null,
    weightsSha256: last?.weightsSha256 ?? null,
    status: run.status,
    tokens: run.tokens,
    parameters: run.parameters,
    fingerprint: run.fingerprint,
    ...(valTokenAccuracy === undefined ? {} : { valTokenAccuracy }),
    ...(run.parentCheckpoint === null ? {} : { parentCheckpoint: run.parentCheckpoint }),
    ...(valPromptAccuracy === undefined ? {} : { valPromptAccuracy }),
    ...(run.data.demonstrations ? { demonstrations: run.data.demonstrations } : {}),
    ...(run.data.preferences ? { preferences: run.data.preferences } : {}),
  }
  const { demonstrations, preferences } = run.data
  const text = fields([
    ['run', `${run.name} (${run.id})`],
    [
      'demonstrations',
      demonstrations &&
        `${demonstrations.train} trained on, ${demonstrations.validation} kept for validation, ${demonstrations.refused} refused`,
    ],
    [
      'preferences',
      preferences &&
        `${counted(preferences.pairs.train, 'pair')} of ${counted(preferences.prompts.train, 'prompt')} trained on, ${preferences.pairs.validation.toLocaleString('en-US')} of ${preferences.prompts.validation.toLocaleString('en-US')} kept for validation, ${counted(preferences.refused, 'prompt')} refused`,
    ],
    ['steps', run.step],
    ['time', duration(run.seconds)],
    ['tokens/s', json.tokensPerSecond === null ? undefined : Math.round(json.tokensPerSecond)],
    [metricOf('eval_loss', run.phase)!.label.toLowerCase(), valLoss?.toFixed(4)],
    ['bits per byte', valBitsPerByte?.toFixed(4)],
    [
      'token accuracy',
      valTokenAccuracy === undefined ? undefined : `${(100 * valTokenAccuracy).toFixed(1)} %`,
    ],
    [
      'accuracy',
      valPromptAccuracy === undefined
        ? undefined
        : `${(100 * valPromptAccuracy).toFixed(1)} %, mean over prompts`,
    ],
    ['checkpoint', last?.path],
  ])
  return { json, text, ...(run.status === 'finished' ? {} : { failure: sentence(unfinished(run)) }) }
}
