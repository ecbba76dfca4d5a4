// How the parts of an evaluation are named wherever they stand.
import type {
  EvaluatedAnswer,
  EvaluatedModel,
  EvaluationReport,
  NamedJudge,
  WinRate,
} from '../../../../src-shared/contract/evaluation-contract.ts'
import { useCases } from '../../../../src-shared/demonstrations/use-cases.ts'
import { modelName, temperatureText } from '../../charts/evaluated-model.ts'
import type { RateGroup } from '../../charts/win-rates.tsx'
import { visible } from '../../components/plain-text.tsx'
import { formatCounted } from '../../format.ts'
import { phaseColor } from '../../phases.ts'

const groups: Readonly<Record<string, string>> = {
  known: 'Known facts',
  unknown: 'Unknown names',
  prompt: 'Prompts',
  ...Object.fromEntries(useCases.map(({ id, title }) => [id, title])),
}
/** Of questions: a use case, or a kind of question about facts. */
export const groupName = (group: string): string =>
  Object.hasOwn(groups, group) ? groups[group]! : visible(group)

/** What the grade of an answer is, and what it is not. */
export const GRADE_MEANING =
  'Graded letter for letter: correct is the right answer and nothing else, abstains is “I don’t know.” and nothing else, anything else fabricates: a right answer in bad style too. The oracle that says who is better is another judge: it takes phrases of bad style out before it looks whether the answer is right.'

/** Of a grade wherever it stands beside another judge's word. */
export const gradeText = (grade: NonNullable<EvaluatedAnswer['grade']>): string =>
  `letter for letter: ${grade}`

/** `RLHF over SFT`. */
export const pairName = ({ a, b }: Pick<WinRate, 'a' | 'b'>): string =>
  `${visible(modelName(a))} over ${visible(modelName(b))}`

const decided = (rates: readonly WinRate[]) =>
  rates.reduce((sum, { wins, losses, ties }) => sum + wins + losses + ties, 0)

/** Whose word it is: `Judged by the starter world’s oracle`, `Judged by you: 10 votes`. */
export function judgedBy(
  judge: Pick<NamedJudge, 'by' | 'name' | 'id'>,
  rates: readonly WinRate[],
  ownJudge: string,
): string {
  if (judge.by === 'oracle') return 'Judged by the starter world’s oracle'
  if (judge.by === 'reward-model') return `Judged by the ${visible(judge.name)}`
  const votes = formatCounted(decided(rates.filter(rate => rate.judge === judge.id)), 'vote')
  return judge.id === ownJudge ? `Judged by you: ${votes}` : `Judged by ${visible(judge.name)}: ${votes}`
}

/** A short name for a switch. */
export const judgeName = (judge: Pick<NamedJudge, 'by' | 'name' | 'id'>, ownJudge: string): string =>
  judge.by === 'oracle'
    ? 'Oracle'
    : judge.id === ownJudge
      ? 'You'
      : judge.by === 'reward-model'
        ? 'Reward model'
        : visible([...judge.name].slice(0, 40).join(''))

export const ownJudgeId = (labeler: string): string => `person:${labeler}`

const accentOf = (label: string, models: readonly EvaluatedModel[]): string =>
  phaseColor(models.find(model => model.label === label)?.phase ?? 'pretrain')

/** Win rates of one judge: a group for each pair, a row for each temperature. */
export function pairGroups(
  report: Pick<EvaluationReport, 'winRates' | 'models'>,
  judge: string,
): RateGroup[] {
  const rates = report.winRates.filter(rate => rate.judge === judge)
  return [...new Set(rates.map(pairName))].map(title => {
    const own = rates.filter(rate => pairName(rate) === title)
    return {
      key: title,
      title,
      accent: accentOf(own[0]!.a, report.models),
      rows: own.map(rate => ({
        ...rate,
        key: `${rate.a} ${rate.b} ${rate.temperature}`,
        name: temperatureText(rate.temperature),
      })),
    }
  })
}

/** The same at one temperature: a row for each use case. */
export function groupsByUseCase(
  report: Pick<EvaluationReport, 'winRatesByGroup' | 'models'>,
  judge: string,
  temperature: number,
): RateGroup[] {
  const rates = report.winRatesByGroup.filter(
    rate => rate.judge === judge && rate.temperature === temperature,
  )
  return [...new Set(rates.map(pairName))].map(title => {
    const own = rates.filter(rate => pairName(rate) === title)
    return {
      key: title,
      title: `${title}, ${temperatureText(temperature)}`,
      accent: accentOf(own[0]!.a, report.models),
      rows: own.map(rate => ({
        ...rate,
        key: `${rate.a} ${rate.b} ${rate.group}`,
        name: groupName(rate.group),
      })),
    }
  })
}
