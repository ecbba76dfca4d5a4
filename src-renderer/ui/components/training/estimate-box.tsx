// What the run will cost and what stands in its way, before it starts.
import { Alert, Group, List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { type LabErrorFacts, sentence } from '../../../../src-shared/contract/errors.ts'
import type { Estimate } from '../../../../src-shared/contract/lab-contract.ts'
import { formatBooks, formatBytes, formatCompact, formatCount } from '../../format.ts'
import { ErrorNote } from '../error-note.tsx'
import { Term } from '../term.tsx'
import { roughTime, tokensPerParameterRemark } from './rough-time.ts'

export function EstimateBox({
  estimate,
  problems,
  error,
  wrongField,
  reads,
}: {
  estimate: Estimate | undefined
  /** What stands in the way of a start. */
  problems: readonly LabErrorFacts[]
  error: LabErrorFacts | null
  /** What is wrong with a field, which the figures do not hold for; null = nothing. */
  wrongField: string | null
  /** What is read, where that is more than tokens per parameter. */
  reads?: ReactNode
}) {
  if (error) return <ErrorNote error={error} />
  if (!estimate) return null
  const { parameters, memory, plannedTokens, tokensPerParameter, tokensPerStep, flops, minutes } = estimate
  // What does not fit is measured; what was made of wrong input is not.
  const isOfNothing = wrongField !== null || problems.some(({ code }) => code === 'bad-input')
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
        style={{ rowGap: 2, ...(isOfNothing ? { opacity: 0.4, textDecoration: 'line-through' } : {}) }}
      >
        <EstimateFact
          name="Parameters"
          meaning={`Embedding ${formatCompact(parameters.embedding)}, blocks ${formatCompact(parameters.blocks)}, head ${formatCompact(parameters.head)}.`}
        >
          {formatCompact(parameters.total)}
        </EstimateFact>
        <EstimateFact
          name="Memory"
          meaning={`Weights ${formatBytes(memory.weights)}, gradients and moments ${formatBytes(memory.optimizer)}, activations ${formatBytes(memory.activations)}${memory.available === null ? '' : `; ${formatBytes(memory.available)} are free`}.`}
        >
          {formatBytes(memory.total)}
        </EstimateFact>
        {reads ?? (
          <>
            <EstimateFact
              name="Reads"
              meaning={`${formatCount(tokensPerStep)} tokens a step, ${formatBooks(plannedTokens)} of 500 pages in all.`}
            >
              {formatCompact(plannedTokens)} tokens
            </EstimateFact>
            <EstimateFact name="Per parameter" meaning={remark.sentence}>
              {formatCompact(Number(tokensPerParameter.toPrecision(2)))} tokens ({remark.word})
            </EstimateFact>
          </>
        )}
        <EstimateFact
          name="Time"
          meaning={`${flops.toExponential(1)} floating-point operations${minutes === null ? '; the speed of this device is not measured yet' : ', at the speed last measured on this device'}.`}
        >
          {minutes === null ? 'not known yet' : `about ${roughTime(minutes)}`}
        </EstimateFact>
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

/** One figure of an estimate, its meaning on hover. */
export function EstimateFact({
  name,
  meaning,
  children,
}: {
  name: string
  meaning: string
  children: ReactNode
}) {
  return (
    <Text inherit component="span">
      <Text inherit component="span" c="dimmed">
        <Term meaning={meaning}>{name}</Term>
      </Text>{' '}
      {children}
    </Text>
  )
}
