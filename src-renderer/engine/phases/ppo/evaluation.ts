// What the policy says to prompts that it never learns from: those that it is compared with the fine-tuned model on, always
// with the same draws, and the fixed ones that a person watches.
import { experienceOf } from './experience.ts'
import { type Reading, readRollouts } from './readings.ts'
import { sampleRollouts, samplingSeed } from './rollouts.ts'
import { mean } from './whitening.ts'

async function answer(
  reading: Reading,
  prompts: readonly Int32Array[],
  step: number,
  of: 'held-out' | 'samples',
) {
  const { spec, model, config } = reading
  const rollouts = await sampleRollouts(model, {
    prompts,
    stopTokens: spec.stopTokens,
    responseLength: config.responseLength,
    seedOf: i => samplingSeed(config.seed, of, i),
  })
  const { rewards, ...readings } = await readRollouts(reading, rollouts!, { step, of })
  return experienceOf(rollouts!, readings, rewards, 0, config)
}

/** Answers the held-out prompts; the core keeps them, and says what it makes of them. @returns metrics */
export async function answerHeldOut(reading: Reading, step: number): Promise<Record<string, number>> {
  const { core, spec } = reading
  const prompts = await core.host('host.heldOutPrompts', { run: spec.run })
  if (prompts.length === 0) return {}
  const { rollouts, scores, kls } = await answer(reading, prompts, step, 'held-out')
  const judged = await core.host('host.heldOutAnswers', {
    run: spec.run,
    step,
    responses: [...rollouts.responses],
    stopped: [...rollouts.stopped],
    scores,
    kls,
  })
  return { eval_score: mean(scores), eval_kl: mean(kls), ...judged }
}

/** Answers the fixed prompts, each with its reward, but for those that fill the context. */
export async function answerSamples(reading: Reading, step: number): Promise<void> {
  const { core, spec } = reading
  const asked = spec.samplePrompts.flatMap(({ tokens }, prompt) =>
    tokens.length < spec.model.contextLength ? [{ prompt, tokens }] : [],
  )
  if (asked.length === 0) return
  const prompts = asked.map(({ tokens }) => tokens)
  const { rollouts, scores } = await answer(reading, prompts, step, 'samples')
  for (const [i, { prompt }] of asked.entries()) {
    const score = scores[i]!
    core.publish('sample', {
      run: spec.run,
      step,
      prompt,
      tokens: Int32Array.from(rollouts.responses[i]!),
      ...(Number.isFinite(score) ? { score } : {}),
    })
  }
}
