// UI ↔ core: phase 2's training.
import * as v from 'valibot'
import { count, id, method, name } from './method.ts'
import { estimate, job, page } from './shapes.ts'

const sftRequest = {
  /** The base: any checkpoint of phase 1 or 2. */
  checkpoint: id,
  sets: v.pipe(v.array(id), v.maxLength(100)),
  /** Fields of sftFields; what is left out takes its default. */
  config: v.record(v.string(), v.unknown()),
}

/** What the chosen rows become with this base's tokenizer and context. */
export const sftExamples = v.object({
  train: count,
  validation: count,
  /** No trained token, or longer than the context: see `sft.refused`. */
  refused: count,
  /** Of the training examples, template included. */
  tokens: count,
  /** Of these, the ones in the loss. */
  trainedTokens: count,
  longest: count,
  /** Rows of the context's length that one epoch is packed into. */
  rowsPerEpoch: count,
  /** Share of those rows' places that stay empty, 0–1. */
  padding: v.number(),
  /** Optimizer steps of the whole run. */
  steps: count,
})
export type SftExamples = v.InferOutput<typeof sftExamples>

export const refusedRow = v.object({
  set: id,
  number: count,
  tokens: count,
  reason: v.string(),
  excerpt: v.string(),
})
export type RefusedRow = v.InferOutput<typeof refusedRow>

/** How a text answered a question; the rules are in src-shared/demonstrations/answer-kinds.ts. */
export const answerKind = v.picklist(['answers', 'asks-more', 'talks-about-it', 'other'])
export type AnswerKind = v.InferOutput<typeof answerKind>

/** What a model does with questions: the article's Gemma example, many times. */
export const questionExhibit = v.object({
  seed: count,
  temperature: v.number(),
  models: v.array(
    v.object({
      checkpoint: id,
      name: v.string(),
      phase: v.picklist(['pretrain', 'sft', 'reward', 'ppo']),
      /** A base is asked as plain text, a fine-tuned model through the template. */
      mode: v.picklist(['template', 'raw']),
      counts: v.record(v.string(), count),
      answers: v.array(v.object({ question: v.string(), text: v.string(), kind: answerKind })),
    }),
  ),
})
export type QuestionExhibit = v.InferOutput<typeof questionExhibit>

export const sftMethods = {
  'sft.estimate': method(
    v.object(sftRequest),
    v.object({ ...estimate.entries, examples: v.nullable(sftExamples) }),
  ),
  'sft.start': method(v.object({ ...sftRequest, name: v.optional(name) }), v.object({ run: id })),
  /** Rows that will not be trained on, with the reason. */
  'sft.refused': method(
    v.object({ checkpoint: id, sets: sftRequest.sets, ...page }),
    v.object({ total: count, rows: v.array(refusedRow) }),
  ),
} as const

export const exhibitMethods = {
  /** Asks every question `repeats` times of each checkpoint; the job's result is a QuestionExhibit, also kept. */
  'exhibit.run': method(
    v.object({
      models: v.pipe(
        v.array(v.object({ checkpoint: id, mode: v.picklist(['template', 'raw']) })),
        v.minLength(1),
        v.maxLength(4),
      ),
      questions: v.pipe(
        v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
        v.minLength(1),
        v.maxLength(50),
      ),
      repeats: v.pipe(count, v.minValue(1), v.maxValue(100)),
      temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
      maxTokens: v.pipe(count, v.minValue(1), v.maxValue(500)),
      seed: count,
    }),
    job,
  ),
  /** The newest exhibit of this workspace; null before the first. */
  'exhibit.latest': method(v.object({}), v.nullable(questionExhibit)),
  /** Questions to start with: of the starter world where the checkpoint was trained on it, else general ones. */
  'exhibit.questions': method(v.object({ checkpoint: id }), v.object({ questions: v.array(v.string()) })),
} as const
