// rank simulate | agreement: labelers that follow a rule, and how far labelers agree.
import { Option } from 'commander'
import type { Agreement, ShareWithInterval } from '../../../src-shared/contract/preferences-contract.ts'
import { predictableShare } from '../../../src-shared/preferences/agreement.ts'
import { type PolicyName, policyNames } from '../../../src-shared/starter-world/policy-names.ts'
import { between, count, type TerminalCommand } from '../command.ts'
import { counted, percent, table } from '../text.ts'
import { findAllPreferences, findPreferences } from './rank.ts'

export const rankSimulate: TerminalCommand<{ policy: PolicyName; noise: number; seed: number }> = {
  name: 'rank simulate',
  summary: 'let a simulated labeler rank a set by a stated rule, with stated mistakes',
  engine: () => 'none',
  declare: command =>
    void command
      .argument('<set>', 'id or name')
      .addOption(
        new Option('--policy <policy>', 'the rule; truth is known of the starter world only')
          .choices(policyNames)
          .default('truth-then-style'),
      )
      .option('--noise <share>', 'of pairs that are turned round, 0 to 0.5', between(0, 0.5), 0.1)
      .option('--seed <seed>', 'same seed, same mistakes', count, 1),
  async run(session, [given], { policy, noise, seed }) {
    const { id } = await findPreferences(session, given!)
    const settings = { policy, noise, seed }
    const { rankings } = await session.job<{ rankings: number }>('ranking.simulate', { set: id, ...settings })
    const { pairs, overruled } = await session.call('preferences.show', { set: id })
    return {
      json: { set: id, ...settings, rankings, overruled, pairs },
      text: `A simulated labeler (${policy}, ${100 * noise} % noise) ranked ${counted(rankings, 'prompt')}${overruled > 0 ? `; of ${counted(overruled, 'prompt')} what a person said counts instead` : ''}; the set holds ${counted(pairs, 'pair')}.`,
    }
  },
}

export const rankAgreement: TerminalCommand = {
  name: 'rank agreement',
  summary: 'how often labelers agree: how far their labels can be relied on',
  engine: () => 'none',
  declare: command => void command.argument('<sets...>', 'ids or names'),
  async run(session, given) {
    const sets = await findAllPreferences(session, given)
    const agreement = await session.call('preferences.agreement', { sets })
    return { json: { sets, ...agreement }, text: agreementText(agreement) }
  },
}

const ceilings = {
  simulated: 'the noise of the simulated labelers',
  self: 'agreement with oneself',
  between: 'agreement between labelers',
  mixed: "people's agreement and the stated noise of the simulated labelers, weighted by their pairs",
} as const

function agreementText({ self, between, ceiling, noCeiling }: Agreement): string {
  const cells = ({ share, low, high, n }: ShareWithInterval) => [
    percent(share),
    `${percent(low)} – ${percent(high)}`,
    n,
  ]
  return [
    table(
      ['who', 'agree', '95 % interval', 'pairs'],
      [
        ...self.map(({ labeler, agreement }) => [`${labeler}, with themselves`, ...cells(agreement)]),
        ...between.map(({ a, b, agreement }) => [`${a} and ${b}`, ...cells(agreement)]),
      ],
      'Agreement is not measured yet: rank prompts that come back, or import what somebody else said of the same ones.',
    ),
    ...(ceiling
      ? [ceilingText(ceiling)]
      : noCeiling && self.length + between.length > 0
        ? [`No ceiling for a reward model. ${noCeiling.text}.`]
        : []),
  ].join('\n')
}

/** Who knows what labelers mean agrees with them more often than they do with each other, where they err by chance. */
function ceilingText({ share, source }: NonNullable<Agreement['ceiling']>): string {
  const most = predictableShare(share)
  const exceeded =
    source === 'self' || source === 'between' ? `; up to ${percent(most)} where labelers err by chance` : ''
  return `Ceiling for a reward model: ${percent(share)}, by ${ceilings[source]}${exceeded}`
}
