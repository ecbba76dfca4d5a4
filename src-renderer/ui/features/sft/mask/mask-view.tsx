// The mask x-ray: one conversation as the trainer sees it, the tokens that the loss counts lit; and the rows that a base
// cannot be trained on.
import { Alert, Group, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { MaskXray } from '../../../../../src-shared/contract/demonstrations-contract.ts'
import type { LabMethods } from '../../../../../src-shared/contract/lab-contract.ts'
import type { InputOf } from '../../../../../src-shared/contract/method.ts'
import { useApp } from '../../../app-state.ts'
import { EmptyState } from '../../../components/empty-state.tsx'
import { ErrorNote } from '../../../components/error-note.tsx'
import { PlainText } from '../../../components/plain-text.tsx'
import { MaskSwatch, TokenStrip } from '../../../components/token-strip.tsx'
import { inListOrder, tokenizerLabel } from '../../../components/tokenizer-names.ts'
import { useQuery } from '../../../queries.ts'
import { baseOptions, defaultBase } from '../base-choice.ts'
import { messagesOf, turnsOf } from '../demonstrations/row-draft.ts'
import { TurnsEditor } from '../demonstrations/turns-editor.tsx'
import { useFineTune } from '../train/recipe-store.ts'
import { hasEmptyResponse, maskSentence } from './mask-counts.ts'
import { lookThrough, showMask, useMask } from './mask-store.ts'
import { RefusedRows } from './refused-rows.tsx'

/** Marks the values of the select that name a tokenizer alone. */
const TOKENIZER = 'tokenizer '

export function MaskView() {
  const checkpoints = useQuery('checkpoints.list', {}).data
  const tokenizers = useQuery('tokenizers.list', {}).data
  const recipeBase = useFineTune(state => state.recipe.checkpoint)
  const { messages, checkpoint: wanted } = useMask()
  const [settled] = useDebouncedValue(messages, 150)
  if (!checkpoints || !tokenizers) return null
  const own = inListOrder(tokenizers).filter(tokenizer => tokenizer.kind !== 'foreign')
  const options = [
    ...baseOptions(checkpoints),
    ...(own.length > 0
      ? [
          {
            group: 'A tokenizer alone',
            items: own.map(t => ({ value: TOKENIZER + t.id, label: tokenizerLabel(t) })),
          },
        ]
      : []),
  ]
  const values = options.flatMap(group => group.items.map(item => item.value))
  const first = [wanted, recipeBase, defaultBase(checkpoints)?.id, ...values].find(
    value => value && values.includes(value),
  )
  if (!first)
    return (
      <EmptyState
        title="No tokenizer yet"
        action={{ label: 'Train a base model', run: () => useApp.getState().showPretrain('train') }}
      >
        The x-ray shows a conversation as tokens, through the tokenizer of a base model. Train one in phase 1
        first.
      </EmptyState>
    )
  const checkpoint = first.startsWith(TOKENIZER) ? null : first
  const through = checkpoint ? { checkpoint } : { tokenizer: first.slice(TOKENIZER.length) }
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" p="md">
      <Stack gap="sm">
        <Title order={2}>Conversation</Title>
        <Select
          label="Seen by"
          data={options}
          value={first}
          searchable
          onChange={value => value && lookThrough(value)}
        />
        <TurnsEditor
          conversation={turnsOf(messages)}
          problem={null}
          onChange={change => showMask(messagesOf({ ...turnsOf(messages), ...change }))}
        />
      </Stack>
      <Stack gap="sm" miw={0}>
        <Xray question={{ messages: [...settled], ...through }} />
        {checkpoint && <RefusedRows checkpoint={checkpoint} />}
      </Stack>
    </SimpleGrid>
  )
}

function Xray({ question }: { question: InputOf<LabMethods['demonstrations.xray']> }) {
  const { data, error, refetch } = useQuery('demonstrations.xray', question, { keepPrevious: true })
  const [visible, setVisible] = useState(false)
  return (
    <section aria-label="Mask x-ray">
      <Group justify="space-between" mb={6}>
        <Title order={2}>What is trained on</Title>
        <Switch
          label="Show whitespace"
          checked={visible}
          onChange={event => setVisible(event.currentTarget.checked)}
        />
      </Group>
      <ErrorNote error={error} retry={{ label: 'Try again', run: refetch }} />
      {data && !error && <Lit xray={data} visible={visible} empty={hasEmptyResponse(question.messages)} />}
    </section>
  )
}

function Lit({ xray, visible, empty }: { xray: MaskXray; visible: boolean; empty: boolean }) {
  return (
    <Stack gap={6}>
      <Text fz="sm" role="status" className="tabular">
        {maskSentence(xray)}
      </Text>
      <Group gap="md" fz="xs" c="dimmed">
        <span>
          <MaskSwatch lit /> trained: the loss counts it
        </span>
        <span>
          <MaskSwatch lit={false} /> read only
        </span>
      </Group>
      <TokenStrip
        label="Conversation"
        pieces={xray.pieces}
        visible={visible}
        tone={index => (xray.trained[index] ? 'lit' : 'unlit')}
        remark={index => (xray.trained[index] ? 'trained: the loss counts it' : 'read only')}
      />
      {empty && (
        <Alert color="amber" variant="light" p="xs" role="alert" title="A response is empty">
          <Text fz="sm">
            It would only teach to stop: the loss counts nothing of it but its end. An import refuses such
            rows.
          </Text>
        </Alert>
      )}
      {xray.problem && (
        <Alert color="red" variant="light" p="xs" role="alert" title="This row would be refused">
          <Text fz="sm">
            <PlainText text={xray.problem} />
          </Text>
        </Alert>
      )}
    </Stack>
  )
}
