// What an exhibit asks by default, and what could be an answer to it: known for the starter world, open otherwise.

import { randomStream } from '../../../src-shared/random/counter.ts'
import { attributes, fill } from '../../../src-shared/starter-world/attributes.ts'
import { taskMaterial } from '../../../src-shared/starter-world/tasks.ts'
import { makeWorld, type World } from '../../../src-shared/starter-world/world.ts'
import type { Db } from '../database/open.ts'
import { findCheckpoint } from '../database/queries/checkpoints.ts'
import { findRun, type Run } from '../database/queries/runs.ts'

/** The first is the article's. */
const GENERAL = [
  'Which is the nearest star?',
  'What is the capital of France?',
  'Why is the sky blue?',
  'How do birds fly?',
  'Who wrote the first dictionary?',
  'What should I cook today?',
] as const
const WORLD_QUESTIONS = 8

/** As demonstrations ask: facts and phrasings that fine-tuning practises. */
export function exhibitQuestions(db: Db, checkpoint: string): string[] {
  const world = starterWorldOf(db, checkpoint)
  if (!world) return [...GENERAL]
  const random = randomStream(world.seed, 'exhibit/questions')
  return random
    .shuffle(taskMaterial(world, 'asked', 'sft').facts)
    .slice(0, WORLD_QUESTIONS)
    .map(({ entity, attribute }) => fill(random.pick<string>(attributes[attribute].questions), entity.name))
}

/** Question → all values of the attribute that it asks for, of every question that the checkpoint's world knows. */
export function knownValues(db: Db, checkpoint: string): ReadonlyMap<string, readonly string[]> {
  const world = starterWorldOf(db, checkpoint)
  return new Map(
    world?.facts.flatMap(({ entity, attribute }) => {
      const { questions, heldOutQuestions, values } = attributes[attribute]
      return [...questions, ...heldOutQuestions].map((phrasing): [string, readonly string[]] => [
        fill(phrasing, entity.name),
        values,
      ])
    }),
  )
}

/** The world that the checkpoint was pre-trained on, itself or an ancestor; undefined for other texts. */
export function starterWorldOf(db: Db, checkpoint: string): World | undefined {
  for (let run = runOf(db, checkpoint); run; run = parentOf(db, run)) {
    for (const { name } of run.data.sources) {
      const seed = /^Starter world (\d{1,15}): /.exec(name)?.[1]
      if (seed !== undefined) return makeWorld(Number(seed))
    }
  }
  return undefined
}

const runOf = (db: Db, checkpoint: string): Run | undefined => {
  const row = findCheckpoint(db, checkpoint)
  return row && findRun(db, row.run)
}

const parentOf = (db: Db, { parentCheckpoint }: Run): Run | undefined =>
  parentCheckpoint === null ? undefined : runOf(db, parentCheckpoint)
