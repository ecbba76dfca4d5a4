// What a model knows of the starter world, asked in words: each set of questions answered greedily and judged letter for
// letter (src-shared/starter-world/grading.ts).
import { type Grade, grade, grades, type Question } from '../../../src-shared/starter-world/grading.ts'
import type { BatchAnswer, BatchOptions, QuestionBatches } from '../generation/question-batches.ts'

/** Shares of the answers, 0–1; the three grades sum to 1. */
export type Score = Readonly<Record<Grade, number>> & {
  /** Answers that the model ended itself. */
  readonly stopped: number
  readonly questions: number
}

export interface DrilledAnswer extends BatchAnswer {
  readonly question: Question
  readonly grade: Grade
}

/** Longer than any right answer. */
const MAX_TOKENS = 48
const GREEDY: BatchOptions['sampling'] = { temperature: 0, topK: 0, topP: 1, maxTokens: MAX_TOKENS }

/** Asks through the chat template. @throws LabError as `QuestionBatches.ask` */
export async function drill(
  batches: Pick<QuestionBatches, 'ask'>,
  checkpoint: string,
  questions: readonly Question[],
  options: Pick<BatchOptions, 'signal' | 'onProgress'> = {},
): Promise<DrilledAnswer[]> {
  // Greedy: the seed draws nothing.
  const asked = questions.map(({ prompt }) => ({ prompt, seed: 0 }))
  const answers = await batches.ask(checkpoint, asked, { mode: 'template', sampling: GREEDY, ...options })
  return answers.map((answer, i) => ({
    ...answer,
    question: questions[i]!,
    grade: grade(questions[i]!, answer),
  }))
}

export function scoreOf(answers: readonly DrilledAnswer[]): Score {
  const share = (counts: (answer: DrilledAnswer) => boolean): number =>
    answers.length === 0 ? 0 : answers.filter(counts).length / answers.length
  const shares = Object.fromEntries(grades.map(each => [each, share(({ grade }) => grade === each)]))
  return {
    ...(shares as Record<Grade, number>),
    stopped: share(({ stopped }) => stopped),
    questions: answers.length,
  }
}
