// A simulated labeler: a stated policy with a stated noise ranks a whole set, so that the ceiling is known.
import { Group, Modal, Radio, Slider, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { type PolicyName, policies, policyNames } from '../../../../../src-shared/starter-world/labeler.ts'
import { ActionButton } from '../../../components/action-button.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { fieldProblem } from '../../../components/sampling-draft.ts'
import { SeedField } from '../../../components/sampling-fields.tsx'
import { formatCount, formatCounted, formatPercent } from '../../../format.ts'
import { call } from '../../../lab.ts'
import { useAction } from '../../../queries.ts'
import { closeSimulate } from './preferences-store.ts'
import { ceilingOf } from './set-words.ts'

/** Why a policy cannot judge this set; null = it can. */
export const policyObstacle = (policy: PolicyName, set: Pick<PreferenceSet, 'bench'>): string | null =>
  policies[policy].needsTask && (set.bench?.world ?? null) === null
    ? 'Needs prompts of the starter world: only there it is known what is true.'
    : null

export function SimulateDialog({ set }: { set: PreferenceSet | undefined }) {
  const first = policyNames.find(policy => set && policyObstacle(policy, set) === null) ?? 'longer-wins'
  const [policy, setPolicy] = useState<PolicyName>(first)
  const [noise, setNoise] = useState(0.1)
  const [seed, setSeed] = useState<number | string>(1)
  const start = useAction(async () => {
    await call('ranking.simulate', { set: set!.id, policy, noise, seed: seed as number })
    closeSimulate()
  })
  if (!set) return null
  const obstacle =
    policyObstacle(policy, set) ??
    (fieldProblem('seed', seed) ? 'Correct the seed first' : null) ??
    (set.sampled === 0 ? 'No answers are sampled yet' : null)
  return (
    <Modal
      opened
      onClose={closeSimulate}
      size={560}
      title={
        <>
          Simulated labeler: <PlainText text={set.name} />
        </>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
      onKeyDown={event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && obstacle === null) void start.run()
      }}
    >
      <Stack gap="md">
        <Text fz="sm" c="dimmed">
          A rule ranks every prompt in the place of a person, and errs at a known rate: so it is known how
          well a reward model can do at best. What it says is called simulated wherever it is shown.
        </Text>
        <Radio.Group label="Policy" value={policy} onChange={value => setPolicy(value as PolicyName)}>
          <Stack gap="xs" mt={4}>
            {policyNames.map(name => {
              const why = policyObstacle(name, set)
              return (
                <Radio
                  key={name}
                  value={name}
                  color="amber"
                  data-autofocus={name === first || undefined}
                  label={policies[name].title}
                  description={why ?? policies[name].meaning}
                  disabled={why !== null}
                />
              )
            })}
          </Stack>
        </Radio.Group>
        <div>
          <Group justify="space-between">
            <Text fz="sm" fw={500}>
              Noise
            </Text>
            <Text fz="sm" className="tabular">
              {formatPercent(noise)}
            </Text>
          </Group>
          <Slider
            color="amber"
            size="sm"
            label={null}
            thumbLabel="Noise"
            thumbProps={{ 'aria-valuetext': formatPercent(noise) }}
            min={0}
            max={0.5}
            step={0.01}
            value={noise}
            onChange={setNoise}
          />
          <Text fz="xs" c="dimmed" mt={4}>
            {noiseSentence(noise)}
          </Text>
        </div>
        <div style={{ width: 140 }}>
          <SeedField value={seed} onChange={setSeed} />
        </div>
        <ErrorNote error={start.error} onClose={start.clear} />
        <Group justify="flex-end" gap="xs">
          <Text fz="xs" c="dimmed" mr="auto">
            Ranks {formatCounted(set.sampled, 'prompt')}
            {set.sampled < set.prompts ? ` of ${formatCount(set.prompts)}, those that are sampled` : ''}.
          </Text>
          <ActionButton variant="default" onClick={closeSimulate}>
            Cancel
          </ActionButton>
          <ActionButton
            color="amber"
            loading={start.busy}
            disabledReason={obstacle}
            onClick={() => void start.run()}
          >
            Rank all
          </ActionButton>
        </Group>
      </Stack>
    </Modal>
  )
}

/** What a noise means for the reward model. */
export const noiseSentence = (noise: number): string =>
  noise === 0
    ? 'It never errs: a reward model could reach 100%.'
    : noise >= 0.5
      ? 'Every pair is turned round half of the time: these labels say nothing, a reward model can only reach 50%. Good as a control.'
      : `Each pair is turned round with this probability: no reward model can exceed ${formatPercent(ceilingOf(noise))} on such labels.`
