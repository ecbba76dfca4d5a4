// What the verdict says of questions whose answers are known: truth as well as style, and when to say “I don't know.”.
import type { ShareWithInterval } from '../contract/preferences-contract.ts'
import type { Judgement } from '../contract/reward-contract.ts'
import type { Level, Reason } from './verdict-reason.ts'
import { shareOfMany } from './verdict-words.ts'

/** Of a coin. */
const GUESSING = 0.5
/** Below it a policy would be rewarded for the worse answer two times in five: it cannot be said to judge. */
const CANNOT = 0.6
/** From here on the better answer is rewarded three times in four. */
const CAN = 0.75

type Group = Judgement['group']

/** What the model is said to judge, of each group. */
const abilities: Readonly<Record<Group, string>> = {
  truth: 'truth',
  style: 'style',
  tasks: 'right from wrong answers to tasks',
  abstention: 'when to say “I don’t know.”',
}

/** What to do where a group is not judged. */
const fixes: Readonly<Record<Group, string>> = {
  truth:
    'rank more prompts in which answers differ in truth and in nothing else, or start from a model that knows more',
  style: 'rank more answers that say the same in good and in bad style',
  tasks: 'rank more prompts in which right answers stand beside wrong ones',
  abstention: 'rank “I don’t know.” beside right and wrong answers, on questions of fact and on other tasks',
}

/** Kinds that must not be the wrong way round: a policy would soon say nothing else, or unlearn what it knows. */
const mustHold: ReadonlySet<string> = new Set([
  'true-over-false',
  'true-over-abstention',
  'right-over-wrong',
  'right-over-abstention',
  'good-over-bad-style',
])

function levelOf(kind: string, { share, low, high }: ShareWithInterval): Level {
  if (high < GUESSING && mustHold.has(kind)) return 'red'
  return share >= CAN && low > CANNOT ? 'green' : 'amber'
}

/** Whether the model can be relied on in pairs of this kind. */
export const judgementLevel = ({ kind, accuracy }: Pick<Judgement, 'kind' | 'accuracy'>): Level =>
  levelOf(kind, accuracy)

function remarkOn({ kind, group, accuracy: { share, high } }: Judgement): string {
  if (high < GUESSING) return 'it prefers the worse one'
  if (share < CANNOT)
    return group === 'truth'
      ? 'whatever it judges, style perhaps, it is not truth'
      : kind.startsWith('abstention')
        ? 'phase 4 would reward invention as much as honesty'
        : 'that is close to guessing'
  return share < CAN ? 'better than guessing, but not to be relied on' : 'asked too little to be sure'
}

const reasonOf = (judgement: Judgement): Reason => {
  const { kind, title, group, accuracy } = judgement
  const level = levelOf(kind, accuracy)
  const said = `${title}, in ${shareOfMany(accuracy, 'pairs')}`
  return level === 'green'
    ? { code: group, level, text: `${said}.`, fix: null }
    : { code: group, level, text: `${said}: ${remarkOn(judgement)}.`, fix: fixes[group] }
}

const notMeasured: Reason = {
  code: 'truth',
  level: 'amber',
  text: 'Whether it tells true from false was not measured: nobody here knows the truth about these prompts.',
  fix: 'try it in the playground with answers of which you know that they are true or false; the starter world measures it',
}

/** A reason of its own for each judgement; green needs truth, and style where anything is asked directly. */
export function judgementReasons(judges: readonly Judgement[]): Reason[] {
  const has = (group: Group) => judges.some(judgement => judgement.group === group)
  return [
    ...(has('truth') ? [] : [notMeasured]),
    ...(judges.length === 0 || has('style')
      ? []
      : [
          {
            code: 'style',
            level: 'amber' as const,
            text: 'Whether it tells good style from bad was not measured.',
            fix: 'measure again with questions of style',
          },
        ]),
    ...(['truth', 'style', 'abstention', 'tasks'] as const).flatMap(group =>
      judges.filter(judgement => judgement.group === group).map(reasonOf),
    ),
  ]
}

/** Groups, in words: what it can judge in all its kinds, and what it cannot. */
export function abilitiesOf(judges: readonly Judgement[]): { can: string[]; cannot: string[] } {
  const measured = (Object.keys(abilities) as Group[]).filter(group =>
    judges.some(judgement => judgement.group === group),
  )
  const holds = (group: Group) =>
    judges
      .filter(judgement => judgement.group === group)
      .every(({ kind, accuracy }) => levelOf(kind, accuracy) === 'green')
  return {
    can: measured.filter(holds).map(group => abilities[group]),
    cannot: measured.filter(group => !holds(group)).map(group => abilities[group]),
  }
}
