// What answers are rewarded for: a row a source with its weight; the sum is what PPO raises.
import { ActionIcon, Anchor, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { X } from 'lucide-react'
import type { CheckpointSummary } from '../../../../../src-shared/contract/lab-contract.ts'
import type { RewardKind } from '../../../../../src-shared/contract/ppo-contract.ts'
import { useApp } from '../../../app-state.ts'
import { checkpointLabel } from '../../../components/model-choice.ts'
import { NumberField } from '../../../components/number-field.tsx'
import { Term } from '../../../components/term.tsx'
import { VerdictWord, verdictMeaning } from '../../../components/verdict-light.tsx'
import { useReports } from '../../../reward-reports.ts'
import {
  modelOf,
  newReward,
  type RewardDraft,
  type RewardSurroundings,
  rewardKinds,
  rewardProblem,
} from './rewards.ts'
import classes from './train.module.css'

const kinds = Object.keys(rewardKinds) as RewardKind[]

export function RewardsField({
  rewards,
  around,
  onChange,
}: {
  rewards: readonly RewardDraft[]
  around: RewardSurroundings
  onChange: (rewards: readonly RewardDraft[]) => void
}) {
  const offered = kinds.filter(
    kind =>
      (kind !== 'reward-model' ||
        (around.models.length > 0 && rewards.every(each => each.kind !== 'reward-model'))) &&
      (!rewardKinds[kind].ofWorld || around.world !== null),
  )
  return (
    <Stack gap={8}>
      {rewards.map((reward, i) => (
        <RewardRow
          // biome-ignore lint/suspicious/noArrayIndexKey: sources have no other name than their place
          key={i}
          reward={reward}
          around={around}
          onChange={change => onChange(rewards.map((each, k) => (k === i ? { ...each, ...change } : each)))}
          onRemove={() => onChange(rewards.filter((_, k) => k !== i))}
        />
      ))}
      {around.models.length === 0 && (
        <Text fz="xs" c="dimmed">
          No reward model yet.{' '}
          <Anchor
            component="button"
            type="button"
            fz="xs"
            onClick={() => useApp.getState().showReward('train')}
          >
            Train one in phase 3
          </Anchor>
          , or let rules reward.
        </Text>
      )}
      <Select
        aria-label="Add a reward"
        placeholder={rewards.length === 0 ? 'Choose a reward …' : 'Add a reward …'}
        data={offered.map(value => ({ value, label: rewardKinds[value].label }))}
        renderOption={({ option }) => (
          <div>
            {option.label}
            <Text fz="xs" c="dimmed">
              {rewardKinds[option.value as RewardKind].meaning}
            </Text>
          </div>
        )}
        comboboxProps={{ width: 320, position: 'bottom-start' }}
        value={null}
        onChange={kind => kind && onChange([...rewards, newReward(kind as RewardKind)])}
      />
    </Stack>
  )
}

interface RowProps {
  reward: RewardDraft
  around: RewardSurroundings
  onChange: (change: Partial<RewardDraft>) => void
}

function RewardRow({ reward, around, onChange, onRemove }: RowProps & { onRemove: () => void }) {
  const { label, meaning } = rewardKinds[reward.kind]
  const problem = rewardProblem(reward, around)
  return (
    <div className={classes.reward}>
      <Text fz="sm" className={classes.rewardName}>
        <Term meaning={meaning}>{label}</Term>
      </Text>
      <NumberField
        aria-label={`Weight of ${label}`}
        value={reward.weight}
        leftSection={<span aria-hidden>×</span>}
        onChange={weight => onChange({ weight })}
      />
      <Tooltip label="Remove">
        <ActionIcon size="sm" aria-label={`Remove ${label}`} onClick={onRemove}>
          <X size={14} />
        </ActionIcon>
      </Tooltip>
      {reward.kind === 'reward-model' && (
        <ModelField reward={reward} models={around.models} onChange={onChange} />
      )}
      {reward.kind === 'regex' && (
        <div className={classes.wide}>
          <TextInput
            aria-label="Pattern"
            placeholder="regular expression"
            value={reward.pattern}
            spellCheck={false}
            onChange={event => onChange({ pattern: event.currentTarget.value })}
          />
          <NumberField
            aria-label="Most that counts"
            unit="at most"
            value={reward.most}
            onChange={most => onChange({ most })}
          />
        </div>
      )}
      {reward.kind === 'length' && (
        <div className={classes.wide}>
          <NumberField
            aria-label="Wanted length"
            unit="tokens"
            value={reward.target}
            onChange={target => onChange({ target })}
          />
        </div>
      )}
      {problem && (
        <Text fz="xs" c="var(--lab-bad)" className={classes.whole} role="status">
          {problem}
        </Text>
      )}
    </div>
  )
}

function ModelField({
  reward,
  models,
  onChange,
}: {
  reward: RewardDraft
  models: readonly CheckpointSummary[]
  onChange: RowProps['onChange']
}) {
  const chosen = modelOf(reward, { models })
  const [answer] = useReports(chosen ? [chosen] : [])
  const verdict = answer?.data?.verdict
  return (
    <div className={classes.whole}>
      <Select
        aria-label="Reward model"
        placeholder="Choose a reward model"
        data={models.map(model => ({ value: model.id, label: checkpointLabel(model) }))}
        value={chosen?.id ?? null}
        searchable
        comboboxProps={{ width: 340, position: 'bottom-start' }}
        onChange={checkpoint => onChange({ checkpoint })}
      />
      {chosen && (
        <Text fz="xs" c="dimmed" mt={2}>
          {verdict ? (
            <>
              <VerdictWord level={verdict.level} /> {verdictMeaning(verdict.level)}. {verdict.summary}
            </>
          ) : (
            'Its verdict is not measured yet: see its report in phase 3.'
          )}
        </Text>
      )}
    </div>
  )
}
