// The loss of PPO as it is computed here, with this run's settings.
import { parsePpoConfig } from '../../../../../src-shared/config/ppo-config.ts'
import type { RunSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import { Formula } from '../../../components/formula.tsx'
import classes from './microscope.module.css'

export function LossFormulas({ config }: Pick<RunSummary, 'config'>) {
  const { cliprange, vfCoef, cliprangeValue, gaeLambda, gamma, ptxCoef } = parsePpoConfig(config)
  const [least, most] = [1 - cliprange, 1 + cliprange].map(bound => Number(bound.toPrecision(6)))
  const discount = gamma === 1 ? '' : String.raw`${gamma}\cdot `
  return (
    <div className={classes.formulas}>
      <Formula
        tex={String.raw`\rho_t = \pi_\theta(y_t)\,/\,\pi_{\mathrm{old}}(y_t)`}
        meaning="The ratio of a token: its probability now over its probability when it was written."
      />
      <Formula
        tex={String.raw`L_\pi = \overline{\max\!\big(-A_t \rho_t,\; -A_t\,\mathrm{clip}(\rho_t, ${least}, ${most})\big)}`}
        meaning={`The policy's loss: make tokens with a positive advantage likelier and others less likely, but no further than a ratio of ${least} to ${most} in one update. The bar is the mean over tokens.`}
      />
      <Formula
        tex={String.raw`L_V = \tfrac12\,\overline{\max\!\big((V_t - R_t)^2,\; (V_t^{\pm ${cliprangeValue}} - R_t)^2\big)}`}
        meaning={`The value model's loss: half its squared distance from the return, where it may move by ${cliprangeValue} in one update.`}
      />
      <Formula
        tex={String.raw`A_t = \sum_k (${discount}${gaeLambda})^k\, \delta_{t+k},\quad \delta_t = r_t + ${discount}V_{t+1} - V_t`}
        meaning="The advantage (GAE): how much better the answer went on than the value model expected, nearer surprises counting more."
      />
      <Formula
        tex={String.raw`L = L_\pi + ${vfCoef}\,L_V${ptxCoef > 0 ? String.raw` + ${ptxCoef}\,L_{\mathrm{ptx}}` : ''}`}
        meaning={
          ptxCoef > 0
            ? "What is minimised: both, the value model's loss weighted, and the loss of pre-training on its own texts, so that less is forgotten."
            : "What is minimised: both, the value model's loss weighted."
        }
      />
    </div>
  )
}
