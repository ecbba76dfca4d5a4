// What is inside a set: its prompts, how well its labelers agree, what was rejected, how it was made.
import { Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import type { PreferenceSet } from '../../../../../src-shared/contract/preferences-contract.ts'
import { ownName } from '../../../../../src-shared/preferences/labeler-name.ts'
import { useApp, useSettings } from '../../../app-state.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { ImportNote, NotesAndFiles, Rejections } from '../../../components/imported-set.tsx'
import { visible } from '../../../components/plain-text.tsx'
import { formatCount, formatCounted, formatMoment } from '../../../format.ts'
import { preferenceSentence } from '../../../import-sentence.ts'
import { call } from '../../../lab.ts'
import { useAction, useQuery } from '../../../queries.ts'
import { AgreementPanel } from './agreement-panel.tsx'
import { sampleOn, usePreferences } from './preferences-store.ts'
import { PromptsBrowser } from './prompts-browser.tsx'
import { nextStep, standingOf } from './set-words.ts'

export function SetDetail({ set }: { set: PreferenceSet }) {
  const [tab, setTab] = useState<string | null>('prompts')
  return (
    <Stack gap="xs">
      <LeftOut set={set} onShowRejected={() => setTab('rejections')} />
      <NextStep set={set} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} color="amber">
        <Tabs.List mb="xs">
          <Tabs.Tab value="prompts">Prompts ({formatCount(set.prompts)})</Tabs.Tab>
          <Tabs.Tab value="agreement">Agreement</Tabs.Tab>
          <Tabs.Tab value="rejections">Rejected ({formatCount(set.rejected)})</Tabs.Tab>
          <Tabs.Tab value="about">How it was made</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="prompts">
          <PromptsBrowser set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="agreement">
          <AgreementPanel set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="rejections">
          <Rejections
            set={set}
            load={(offset, limit) => call('preferences.rejections', { set: set.id, offset, limit })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About set={set} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

/** How far a set is, and the button that goes on with it. */
function NextStep({ set }: { set: PreferenceSet }) {
  const { openBench, show } = useApp()
  const labeler = ownName(useSettings().labeler)
  const unsampled = set.kind === 'bench' && set.sampled < set.prompts
  const sampling = useQuery('ranking.state', unsampled ? { set: set.id, labeler } : null).data?.sampling
  const on = useAction(() => sampleOn(set.id))
  if (set.kind === 'chat')
    return (
      <Group gap="sm">
        <Text fz="sm" c="dimmed">
          Votes that you cast in the Chat tab, each a comparison of two answers to the same message.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => show('chat')}>
          Vote in the Chat tab
        </Button>
      </Group>
    )
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Text fz="sm" c="dimmed" className="tabular">
          {standingOf(set)}
          {set.skipped > 0 && `, ${formatCount(set.skipped)} skipped`}
          {set.allBad > 0 && `, ${formatCount(set.allBad)} all bad`}
          {sampling && '; sampling goes on'}
        </Text>
        {nextStep(set) === 'rank' && (
          <Button size="compact-sm" color="amber" onClick={() => openBench(set.id)}>
            Go on ranking
          </Button>
        )}
        {unsampled && !sampling && (
          <Button size="compact-sm" variant="default" loading={on.busy} onClick={() => void on.run()}>
            Go on sampling
          </Button>
        )}
      </Group>
      <ErrorNote error={on.error} onClose={on.clear} />
    </Stack>
  )
}

/** What the last import into this set left out, until it is closed. */
function LeftOut({ set, onShowRejected }: { set: PreferenceSet; onShowRejected: () => void }) {
  const last = usePreferences(state => state.lastImport)
  if (last?.set !== set.id || last.rejected + last.duplicates + last.contradictions === 0) return null
  return (
    <ImportNote
      sentence={preferenceSentence(last)}
      good={last.rejected + last.contradictions === 0}
      rejected={last.rejected}
      onShowRejected={onShowRejected}
      onClose={() => usePreferences.setState({ lastImport: null })}
    />
  )
}

function About({ set }: { set: PreferenceSet }) {
  const { bench } = set
  return (
    <Stack gap="xs" fz="sm">
      <Text inherit>
        {set.kind !== 'chat' && `Made ${formatMoment(set.createdAt)}: `}
        {formatCounted(set.prompts, 'prompt')}.
        {set.duplicates > 0 &&
          ` ${formatCounted(set.duplicates, 'row that is there already was', 'rows that are there already were')} left out.`}
      </Text>
      {bench && (
        <Text inherit>
          {formatCount(bench.responses)} answers each, sampled from {visible(bench.checkpointName)} at
          temperature {bench.sampling.temperature}, at most {formatCount(bench.sampling.maxTokens)} tokens,
          seed {bench.sampling.seed}; equal answers are shown once.{' '}
          {bench.world !== null && `The prompts are of starter world ${bench.world}.`}
        </Text>
      )}
      <NotesAndFiles notes={set.notes} files={set.files} />
    </Stack>
  )
}
