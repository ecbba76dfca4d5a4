// UI ↔ core: the whole pipeline as one action. A build takes the starter world through all four phases, asks every model the
// same questions, and writes a report; it is kept step by step, and goes on wherever it was cut off.
import * as v from 'valibot'
import { trainFields } from '../config/train-config.ts'
import { labErrorFacts } from './errors.ts'
import { count, id, method, nothing } from './method.ts'
import { ok } from './shapes.ts'

/** `standard`: the presets, minutes on any laptop. `smallest`: every step at its least, to try the whole way. */
export const buildSize = v.picklist(['standard', 'smallest'])
export type BuildSize = v.InferOutput<typeof buildSize>

export const buildPhase = v.picklist(['pretrain', 'sft', 'reward', 'ppo', 'evaluate'])
export type BuildPhase = v.InferOutput<typeof buildPhase>

const progress = {
  /** 0–1 */
  done: v.number(),
  /** Spent so far, interruptions left out. */
  seconds: v.number(),
  /** Left, at the pace so far; null when nothing is under way. */
  etaSeconds: v.nullable(v.number()),
}

const buildState = v.picklist(['running', 'paused', 'failed', 'finished'])

export const buildSummary = v.object({
  build: id,
  seed: count,
  size: buildSize,
  phases: v.array(buildPhase),
  createdAt: v.string(),
  /** As in `buildStatus`. */
  state: buildState,
  /** The report's file under exports/; null before it is written. */
  report: v.nullable(v.string()),
})
export type BuildSummary = v.InferOutput<typeof buildSummary>

export const buildStatus = v.object({
  build: id,
  seed: count,
  size: buildSize,
  createdAt: v.string(),
  /** `paused`: cut off, by the person, a closed app or a crash; can go on. */
  state: buildState,
  ...progress,
  phases: v.array(
    v.object({
      phase: buildPhase,
      ...progress,
      steps: v.array(
        v.object({
          step: v.string(),
          title: v.string(),
          state: v.picklist(['waiting', 'active', 'done']),
          done: v.number(),
        }),
      ),
    }),
  ),
  /** The run that is under way, or that the next step will go on with. */
  run: v.nullable(id),
  /** What is made so far. `label`: base, sft, rlhf. */
  models: v.array(v.object({ label: v.string(), checkpoint: id, run: id })),
  /** Models that it made and still needs are gone: it cannot go on unless `restorable` runs, if any, bring them back. */
  gone: v.nullable(v.object({ error: labErrorFacts, restorable: v.array(id) })),
  evaluation: v.nullable(id),
  /** The report's file under exports/; null before it is written. */
  report: v.nullable(v.string()),
  error: v.nullable(labErrorFacts),
})
export type BuildStatus = v.InferOutput<typeof buildStatus>

export const buildMethods = {
  /** The one begun or gone on with last, at a start the newest; null before the first. With what each size is expected to take on this device. */
  'build.show': method(
    nothing,
    v.object({
      build: v.nullable(buildStatus),
      /** `base`: the standard size's phase 1 alone. */
      expectedMinutes: v.object({ standard: v.number(), smallest: v.number(), base: v.number() }),
    }),
  ),
  /** All of them, newest first. */
  'build.list': method(nothing, v.array(buildSummary)),
  /**
   * Begins a new one; an older one that is unfinished stays as it is. `phases`, from the first on; `evaluate` is always done.
   * The job's result is the demo's JSON.
   * @throws `conflict` while one is under way; `bad-input` for a phase whose predecessor is left out
   */
  'build.start': method(
    v.object({
      /** Of the world, and of every run. */
      seed: trainFields.seed.schema,
      size: v.optional(buildSize, 'standard'),
      phases: v.optional(v.pipe(v.array(buildPhase), v.minLength(1))),
    }),
    v.object({ build: id, job: id }),
  ),
  /**
   * Goes on where it was cut off; that of `build.show` when none is named. The job fails at once where a model that is still needed is
   * gone. @throws `conflict` while one is under way; `not-found`
   */
  'build.resume': method(v.object({ build: v.optional(id) }), v.object({ build: id, job: id })),
  /** Stops after what is under way is safe: a run pauses with a checkpoint. What is made stays, and can be gone on with. */
  'build.cancel': method(nothing, ok),
  /** The report as a page that stands alone. @throws `not-found`; `conflict` before everything it tells is there */
  'build.report': method(
    v.object({ build: id, theme: v.optional(v.picklist(['auto', 'light', 'dark']), 'auto') }),
    v.object({ html: v.string() }),
  ),
  /** The same as a file under exports/, with a name of its own. */
  'build.saveReport': method(v.object({ build: id }), v.object({ path: v.string() })),
} as const

export const buildTopics = { build: buildStatus } as const
