// What the run will cost and what stands in its way, before it starts.
import { Alert, Group, List, Text } from '@mantine/core'
import { type LabErrorFacts, sentence } from '../../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../../src-shared/contract/lab-contract.ts'
import { ErrorNote } from '../../../components/error-note.tsx'
import { Term } from '../../../components/term.tsx'
import { formatBooks, formatBytes, formatCompact, formatCount } from '../../../format.ts'
import { roughTime, tokensPerParameterRemark } from './size-rungs.ts'

export function EstimateBox({
  estimate,
  problems,
  error,
  wrongField,
}: {
  estimate: Estimate | undefined
  /** What stands in the way of a start. */
  problems: readonly LabErrorFacts[]
  error: LabErrorFacts | null
  /** What is wrong with a field, which the figures do not hold for; null = nothing. */
  wrongField: string | null
}) {
  if (error) return <ErrorNote error={error} />
  if (!estimate) return null
  const { parameters, memory, plannedTokens, tokensPerParameter, tokensPerStep, flops, minutes } = estimate
  const remark = tokensPerParameterRemark(tokensPerParameter)
  return (
    <div>
      {wrongField && (
        <Text fz="xs" role="status" mb={2}>
          Correct the field first: {wrongField}
        </Text>
      )}
      <Group
        gap="xs"
        fz="xs"
        className="tabular"
        style={{ rowGap: 2, ...(wrongField ? { opacity: 0.4, textDecoration: 'line-through' } : {}) }}
      >
        <Fact
          name="Parameters"
          meaning={`Embedding ${formatCompact(parameters.embedding)}, blocks ${formatCompact(parameters.blocks)}, head ${formatCompact(parameters.head)}.`}
        >
          {formatCompact(parameters.total)}
        </Fact>
        <Fact
          name="Memory"
          meaning={`Weights ${formatBytes(memory.weights)}, gradients and moments ${formatBytes(memory.optimizer)}, activations ${formatBytes(memory.activations)}${memory.available === null ? '' : `; ${formatBytes(memory.available)} are free`}.`}
        >
          {formatBytes(memory.total)}
        </Fact>
        <Fact
          name="Reads"
          meaning={`${formatCount(tokensPerStep)} tokens a step, ${formatBooks(plannedTokens)} of 500 pages in all.`}
        >
          {formatCompact(plannedTokens)} tokens
        </Fact>
        <Fact name="Per parameter" meaning={remark.sentence}>
          {formatCompact(Number(tokensPerParameter.toPrecision(2)))} tokens ({remark.word})
        </Fact>
        <Fact
          name="Time"
          meaning={`${flops.toExponential(1)} floating-point operations${minutes === null ? '; the speed of this device is not measured yet' : ', at the speed last measured on this device'}.`}
        >
          {minutes === null ? 'not known yet' : `about ${roughTime(minutes)}`}
        </Fact>
      </Group>
      {problems.length > 0 && (
        <Alert color="red" variant="light" p="xs" mt={6} role="alert">
          <List fz="sm" spacing={2}>
            {problems.map(problem => (
              <List.Item key={sentence(problem)}>
                {sentence(problem).replace(/^./u, first => first.toUpperCase())}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  )
}

function Fact({ name, meaning, children }: { name: string; meaning: string; children: React.ReactNode }) {
  return (
    <Text inherit component="span">
      <Text inherit component="span" c="dimmed">
        <Term meaning={meaning}>{name}</Term>
      </Text>{' '}
      {children}
    </Text>
  )
}
