// The report's sections, each a piece of markup out of the report's numbers.
import { phaseOf } from '../config/phases.ts'
import { rungs, sumText } from '../starter-world/ladder.ts'
import type { BuildReport, PhaseId, ReportPhase } from './build-report.ts'
import { curveSvg } from './curve-svg.ts'
import { figureOne } from './figure-one-svg.ts'
import { compact, counted, decimal, minutes, modelClass, modelName, percent } from './figures.ts'
import { type Markup, markup, nothing } from './markup.ts'
import { truthTriangle } from './truth-svg.ts'

const formulas: Readonly<Record<PhaseId, Markup>> = {
  pretrain: markup`min<sub>θ</sub> −∑<sub>t</sub> log <i>p</i><sub>θ</sub>(<i>x</i><sub>t</sub> | <i>x</i><sub>&lt;t</sub>)`,
  sft: markup`min<sub>θ</sub> −∑<sub>t ∈ response</sub> log <i>p</i><sub>θ</sub>(<i>y</i><sub>t</sub> | <i>x</i>, <i>y</i><sub>&lt;t</sub>)`,
  reward: markup`min<sub>φ</sub> −1/C(K,2) ∑ log σ(<i>r</i><sub>w</sub> − <i>r</i><sub>l</sub>)`,
  ppo: markup`max<sub>θ</sub> 𝔼[<i>r</i><sub>φ</sub>(<i>x</i>, <i>y</i>)] − β KL(π<sub>θ</sub> ‖ π<sub>SFT</sub>)`,
}

export const goalsSection = ({ goals }: BuildReport): Markup =>
  goals.length === 0
    ? nothing
    : markup`<h2>What was aimed at, and whether it was reached</h2>
<p class="dim">Judged by the starter world’s own oracle, which knows what is true there, on questions that no phase and no choice of settings has seen. The oracle goes by the rule that the simulated labelers went by, without their mistakes: this asks how much of what they wanted came through a reward model that only saw their choices. All together count: each alone can be had from a model that has collapsed.</p>
<ul class="goals panel">${goals.map(
        ({ goal, reached, figures, isAim, saysNothing }) =>
          markup`<li class="${saysNothing ? 'open' : reached ? 'reached' : 'missed'}"><b>${saysNothing ? '– says nothing' : reached ? '✓ reached' : '✗ not reached'}</b><span>${goal}${isAim ? ' (an aim, not a promise)' : ''}<small>${figures}${saysNothing ? `: ${saysNothing}` : ''}</small></span></li>`,
      )}</ul>`

export const phasesSection = ({ phases, costs }: BuildReport): Markup =>
  markup`<h2>The four phases</h2>${phases.map(each => phaseCard(each, costs))}`

function phaseCard(
  { phase, run, parameters, data, results, curves, weightsSha256 }: ReportPhase,
  costs: BuildReport['costs'],
): Markup {
  const { number, title, purpose, objective, formulaMeaning, model } = phaseOf(phase)
  const cost = costs.find(each => each.phase === phase)
  const rows = (of: ReportPhase['data']) =>
    of.map(([term, figure]) => markup`<dt>${term}</dt><dd>${figure}</dd>`)
  return markup`<section class="card ${phase}" aria-label="${title}"><h3><span class="number">${number}</span> ${title}</h3>
<p>${purpose}</p>
<dl>${rows(data)}<dt>Objective</dt><dd>${objective}<div class="formula">${formulas[phase]}</div><span class="dim">${formulaMeaning}</span></dd>
<dt>Makes</dt><dd>${model}: “${run}”, ${counted(parameters)} parameters</dd>${rows(results)}
${cost ? markup`<dt>Cost</dt><dd>${minutes(cost.minutes)}, ${compact(cost.tokens)} tokens, ${compact(cost.flops)}FLOP</dd>` : nothing}
<dt>Weights</dt><dd class="dim">SHA-256 ${weightsSha256}</dd></dl>
<div class="curves">${curves.map(curveSvg)}</div></section>`
}

export function answersSection({ asked }: BuildReport): Markup {
  const labels = asked[0]?.answers.map(({ label }) => label) ?? []
  return asked.length === 0
    ? nothing
    : markup`<h2>What each model says to the same prompts</h2>
<p class="dim">Greedy. In brackets the reward model’s score, of mean 0 and standard deviation 1 over fresh answers of the SFT model. The reward model is not the judge of anything below.</p>
<div class="panel scroll"><table class="even"><thead><tr><th scope="col">Prompt</th>${labels.map(
        label => markup`<th scope="col" class="model ${modelClass(label)}">${modelName(label)}</th>`,
      )}</tr></thead><tbody>${asked.map(
        ({ prompt, answers }) =>
          markup`<tr><th scope="row">${prompt}</th>${answers.map(
            ({ text, stopped, score }) =>
              markup`<td><span class="said">${text === '' ? '(nothing)' : text}</span>${stopped ? '' : ' …'}<small>${score === null ? 'not scored' : `(${decimal(score, 2)})`}${stopped ? '' : ' did not end by itself'}</small></td>`,
          )}</tr>`,
      )}</tbody></table></div>`
}

export const figureOneSection = (report: BuildReport): Markup =>
  report.winRates.length === 0
    ? nothing
    : markup`<h2>Your own Figure 1</h2>
<p>How often one model’s answer is preferred to another’s, of the comparisons that are decided, with Wilson’s 95 % interval. Judged by ${report.judges.map(({ name }) => name).join(', ')}. Hollow: what Ouyang et al. 2022 say in their sentences of models of 175 B parameters, other prompts and human labelers; not to be compared digit by digit.</p>
<div class="panel scroll">${figureOne(report)}</div>`

export function truthSection({ findings: { truthfulness } }: BuildReport): Markup {
  const rows = Object.entries(truthfulness).flatMap(([label, { known, unknown }]) =>
    (
      [
        ['known facts', known],
        ['unknown names', unknown],
      ] as const
    ).map(
      ([kind, { correct, abstains, fabricates, questions }]) =>
        markup`<tr><th scope="row" class="model ${modelClass(label)}">${modelName(label)}</th><td>${kind}</td><td class="n">${percent(correct)}</td><td class="n">${percent(abstains)}</td><td class="n">${percent(fabricates)}</td><td class="n">${questions}</td></tr>`,
    ),
  )
  return rows.length === 0
    ? nothing
    : markup`<h2>Truth: correct, abstains or fabricates</h2>
<p>Each mark is one model’s answers to one set of questions: circles are facts that it could know, squares are questions about names that belong to nobody. Known facts should go to the top, unknown names to the left. The right corner is hallucination. Unknown names cost more tokens than known ones, as in every real model. All answers are greedy.</p>
<div class="panel"><div class="curves">${truthTriangle(truthfulness)}<div class="scroll"><table><thead><tr><th scope="col">Model</th><th scope="col">Questions</th><th scope="col" class="n">Correct</th><th scope="col" class="n">Abstains</th><th scope="col" class="n">Fabricates</th><th scope="col" class="n">Asked</th></tr></thead><tbody>${rows}</tbody></table></div></div></div>`
}

export function ladderSection({ findings: { arithmetic } }: BuildReport): Markup {
  const models = Object.entries(arithmetic)
  return models.length === 0
    ? nothing
    : markup`<h2>System 1 and System 2: the ladder of sums</h2>
<p>What can be said at once, and what takes steps that a model of one pass per token has no room for. In each cell the share of right answers, and how sure the model was of what it said, greedily.</p>
<div class="panel scroll"><table><thead><tr><th scope="col">Sums</th>${models.map(
        ([label]) => markup`<th scope="col" class="model n ${modelClass(label)}">${modelName(label)}</th>`,
      )}</tr></thead><tbody>${rungs.map(
        rung =>
          markup`<tr><th scope="row">${rung.title}<small>${sumText(rung)}</small></th>${models.map(
            ([label, { rungs: results }]) => {
              const result = results.find(each => each.rung === rung.id)
              return result
                ? markup`<td class="cell ${modelClass(label)}" style="--right:${result.accuracy.share.toFixed(3)}"><b>${percent(result.accuracy.share)}</b><small>sure ${percent(result.confidence)}</small></td>`
                : markup`<td class="n">not asked</td>`
            },
          )}</tr>`,
      )}</tbody></table></div>`
}

/** In the article's words: 85 to 98 % of the resources go into pre-training. */
export function costSection({ costs, evaluationMinutes }: BuildReport): Markup {
  const flops = costs.reduce((sum, each) => sum + each.flops, 0)
  const time = costs.reduce((sum, each) => sum + each.minutes, 0)
  const shareOf = (value: number, whole: number) => (whole > 0 ? value / whole : 0)
  const pretraining = costs.find(({ phase }) => phase === 'pretrain')
  return markup`<h2>What each phase cost</h2>
<p>Large models spend 85–98 % of the resources on pre-training. ${pretraining ? `Here it was ${percent(shareOf(pretraining.flops, flops))} of the compute and ${percent(shareOf(pretraining.minutes, time))} of the time${shareOf(pretraining.flops, flops) < 0.85 ? ': the world is so small that the later phases, which are about behaviour and not about knowledge, weigh more' : ''}.` : ''}</p>
<div class="panel scroll"><table><thead><tr><th scope="col">Phase</th><th scope="col" class="n">Minutes</th><th scope="col" class="n">Tokens</th><th scope="col" class="n">FLOP</th><th scope="col" class="n">Share of compute</th><th scope="col" style="width:30%"></th></tr></thead><tbody>${costs.map(
    ({ phase, minutes: spent, tokens, flops: each }) =>
      markup`<tr class="${phase}"><th scope="row">${phaseOf(phase).title}</th><td class="n">${minutes(spent)}</td><td class="n">${compact(tokens)}</td><td class="n">${compact(each)}</td><td class="n">${percent(shareOf(each, flops))}</td><td><span class="bar" style="width:${(100 * shareOf(each, flops)).toFixed(1)}%"></span></td></tr>`,
  )}</tbody></table>
<p class="dim">Minutes are of all steps of a phase; the evaluation took ${minutes(evaluationMinutes)} more. Tokens are those read in training, in phase 4 of prompts and answers; FLOP are 6 per weight and token and the attention’s (Kaplan et al. 2020), in phase 4 a third of it for each reading without a step back, and with the texts of phase 1 that are mixed in. Answers that were sampled to be ranked are in the minutes alone.</p></div>`
}
