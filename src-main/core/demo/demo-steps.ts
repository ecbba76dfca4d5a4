// The steps of a build, in their order.
import { type BuildPhase, buildPhase } from '../../../src-shared/contract/build-contract.ts'
import { LabError } from '../../../src-shared/contract/errors.ts'
import { evaluationStep } from './demo-evaluate.ts'
import { ppoSteps } from './demo-ppo.ts'
import { pretrainSteps } from './demo-pretrain.ts'
import { judgedStep, rewardSteps } from './demo-reward.ts'
import { askedStep, sftSteps } from './demo-sft.ts'
import { reportStep } from './report-step.ts'
import type { DemoStep } from './step.ts'

/** What of the evaluation there is to do once a phase has run; a base alone has nothing to be compared with. */
const evaluationOf: Readonly<Partial<Record<BuildPhase, readonly DemoStep[]>>> = {
  sft: [askedStep],
  reward: [judgedStep],
}
const training: Readonly<Record<Exclude<BuildPhase, 'evaluate'>, readonly DemoStep[]>> = {
  pretrain: pretrainSteps,
  sft: sftSteps,
  reward: rewardSteps,
  ppo: ppoSteps,
}

/** @param phases as `wholePhases` gives them */
export function demoSteps(phases: readonly BuildPhase[]): DemoStep[] {
  const trained = phases.flatMap(phase => (phase === 'evaluate' ? [] : training[phase]))
  if (!phases.includes('sft')) return trained
  return [
    ...trained,
    ...phases.flatMap(phase => evaluationOf[phase] ?? []),
    evaluationStep,
    ...(phases.includes('ppo') ? [reportStep] : []),
  ]
}

/**
 * In their order, the evaluation with them; `evaluate` alone asks for all.
 * @throws LabError `bad-input` for a phase whose predecessor is left out
 */
export function wholePhases(given: readonly BuildPhase[] = []): BuildPhase[] {
  const trained = buildPhase.options.filter(phase => phase !== 'evaluate')
  const asked = trained.filter(phase => given.includes(phase))
  const needed = asked.length === 0 ? trained : trained.slice(0, trained.indexOf(asked.at(-1)!) + 1)
  if (asked.length > 0 && asked.length < needed.length)
    throw new LabError({
      code: 'bad-input',
      what: 'a phase needs the model of the one before',
      where: '--phases',
      expected: needed.join(','),
      got: given.join(','),
      fix: `use --phases ${needed.join(',')}`,
    })
  return needed.length > 1 ? [...needed, 'evaluate'] : needed
}
