// A source that does not fill one window of contextLength inputs and their targets cannot be trained on; said with the
// same words before a run starts and when it opens its data.
import { LabError } from '../contract/errors.ts'

/** Tokens of one window: contextLength inputs and the target behind the last. */
export const windowTokens = (contextLength: number): number => contextLength + 1

/** @param estimated whether `tokens` is a guess from bytes, made before the source is tokenized */
export const shorterThanContext = (
  name: string,
  tokens: number,
  contextLength: number,
  estimated = false,
): LabError =>
  new LabError({
    code: 'bad-input',
    what: `"${name}" is shorter than the context`,
    where: 'sources',
    expected: `at least ${windowTokens(contextLength)} training tokens`,
    got: `${estimated ? 'about ' : ''}${tokens}`,
    fix: 'add text, leave it out of the mixture, or use a shorter context',
  })
