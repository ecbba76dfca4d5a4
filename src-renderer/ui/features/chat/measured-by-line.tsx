// By whom the answers are measured: the reward model, to be changed or turned off, and the fine-tuned model of the KL.
import { Menu, UnstyledButton } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { memo } from 'react'
import type { RewardChoice } from '../../../../src-shared/contract/chat-contract.ts'
import type { CheckpointSummary } from '../../../../src-shared/contract/lab-contract.ts'
import { useApp } from '../../app-state.ts'
import { checkpointLabel, usableModels } from '../../components/model-choice.ts'
import { visible } from '../../components/plain-text.tsx'
import { Term } from '../../components/term.tsx'
import { toastError } from '../../components/toast.tsx'
import { formatCount } from '../../format.ts'
import { call } from '../../lab.ts'
import { useQuery } from '../../queries.ts'
import classes from './chat.module.css'
import { measureMeanings } from './measure-words.ts'
import type { Models } from './models.ts'
import type { ChatSetup } from './setup.ts'

export const MeasuredByLine = memo(function MeasuredByLine({
  setup: { columns, blind },
  checkpoints,
  models,
}: {
  setup: ChatSetup
  checkpoints: readonly CheckpointSummary[]
  models: Models
}) {
  const asked = { checkpoints: columns.map(({ checkpoint }) => checkpoint) }
  const { data } = useQuery('chat.measures', columns.length > 0 ? asked : null, { keepPrevious: true })
  if (!data) return null
  const references = [...new Set(data.references.filter(each => each !== null))]
  return (
    <div className={classes.measuredBy}>
      <Term meaning={measureMeanings.reward}>Reward</Term>
      <RewardMenu choice={data.choice} reward={data.reward} checkpoints={checkpoints} models={models} />
      <span aria-hidden>·</span>
      <Term meaning={measureMeanings.kl}>KL</Term>
      <span className={classes.oneLine}>
        {references.length === 0
          ? 'against no one: nothing was fine-tuned from these models'
          : blind && columns.length > 1
            ? 'against the fine-tuned model, shown after the vote'
            : `against ${references.map(each => nameOf(each, models)).join(', ')}`}
      </span>
    </div>
  )
})

function RewardMenu({
  choice,
  reward,
  checkpoints,
  models,
}: {
  choice: RewardChoice
  reward: string | null
  checkpoints: readonly CheckpointSummary[]
  models: Models
}) {
  const show = useApp(state => state.show)
  const usable = usableModels(checkpoints, ['reward'])
  const choose = (choice: RewardChoice) => void call('chat.chooseReward', { choice }).catch(toastError)
  const shown =
    reward !== null ? `by ${nameOf(reward, models)}` : choice === 'off' ? 'turned off' : 'by no one yet'
  const mark = (is: boolean) => ({ rightSection: is ? '✓' : undefined })
  return (
    <Menu position="bottom-end" width={440}>
      <Menu.Target>
        <UnstyledButton fz="inherit" className={classes.columnLine} aria-label={`Reward ${shown}: change`}>
          <bdi className={classes.oneLine}>{shown}</bdi>
          <ChevronDown size={12} aria-hidden style={{ flex: 'none' }} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        <Menu.Label>Who scores the answers, in all conversations</Menu.Label>
        <Menu.Item {...mark(choice === 'auto')} onClick={() => choose('auto')}>
          The one that RLHF was trained with, else the newest
        </Menu.Item>
        {usable.map(each => (
          <Menu.Item key={each.id} {...mark(choice === each.id)} onClick={() => choose(each.id)}>
            {checkpointLabel(each)}
          </Menu.Item>
        ))}
        <Menu.Item {...mark(choice === 'off')} onClick={() => choose('off')}>
          No one
        </Menu.Item>
        {usable.length === 0 && (
          <Menu.Item onClick={() => show('reward')}>Phase 3 makes a reward model: go there</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function nameOf(checkpoint: string, models: Models): string {
  const model = models.get(checkpoint)
  return model ? `${visible(model.runName)}, step ${formatCount(model.step)}` : checkpoint
}
